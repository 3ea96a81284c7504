"""What a person sees when something fails, and that the page heals by itself."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

CALLS = "**/_dash-update-component*"
READY = "**/readyz"
WEATHER = "#weather"


@pytest.fixture
def overview(visit):
    page = visit("principal").open("/")
    expect(page.locator(".is-loading")).to_have_count(0)
    return page


def refuse(page, status, edition=None):
    """Everything is answered so; with an edition as by us, without one as by a proxy."""
    headers = {"Aftercare-Edition": edition} if edition else {}
    for address in (CALLS, READY):
        page.route(address, lambda route: route.fulfill(status=status, headers=headers))


def allow(page):
    for address in (CALLS, READY):
        page.unroute(address)


def edition_of(page, site):
    return page.request.get(f"{site}/healthz").headers["aftercare-edition"]


def asked_anew(request):
    """Whether a card asks because the site is back."""
    return '"back-' in (request.post_data or "")


def test_a_database_that_is_gone_is_told_and_the_cards_come_back_by_themselves(overview, site):
    refuse(overview, 503, edition_of(overview, site))
    overview.evaluate("dash_clientside.set_props('shell-refresh', {n_intervals: 99})")
    expect(overview.locator(WEATHER)).to_contain_text("The database does not answer")
    with overview.expect_request(asked_anew):  # nobody clicks
        allow(overview)
        expect(overview.locator(WEATHER)).to_be_empty()
    expect(overview.locator(".is-loading")).to_have_count(0)
    expect(overview.locator(".is-failed")).to_have_count(0)


def test_a_server_that_is_gone_behind_its_proxy_is_told_as_offline(overview):
    refuse(overview, 502)
    overview.get_by_label("Period").select_option("this-year")
    expect(overview.locator(WEATHER)).to_contain_text("Offline")
    allow(overview)
    expect(overview.locator(WEATHER)).to_be_empty()


def test_a_page_that_never_came_is_there_afterwards(overview, site):
    refuse(overview, 503, edition_of(overview, site))
    overview.get_by_role("link", name="Definitions", exact=True).click()
    expect(overview.locator(WEATHER)).to_contain_text("The database does not answer")
    allow(overview)
    expect(overview.locator("h1")).to_have_text("Definitions")


def test_a_new_version_is_offered_and_what_was_typed_stays_until_one_reloads(overview):
    def older(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"aftercare-edition": "other"})

    overview.route(CALLS, older)
    overview.get_by_label("Period").select_option("this-year")
    reload = overview.get_by_role("button", name="Reload")
    expect(overview.locator(WEATHER)).to_contain_text("A new version is here.")
    expect(overview.get_by_label("Period")).to_have_value("this-year")
    overview.unroute(CALLS)
    reload.click()
    expect(overview.locator(".is-loading")).to_have_count(0)
    expect(overview.locator(WEATHER)).to_be_empty()
