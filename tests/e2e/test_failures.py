"""What a person sees when something fails, and that the page heals by itself."""

import re
import sqlite3
from contextlib import contextmanager

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
    page.unroute_all(behavior="ignoreErrors")


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


def test_who_saves_while_the_connection_dies_can_click_again(visit):
    page = visit("manager1").open("/complaints?state=open")
    page.locator(".ag-center-cols-container a[href^='/complaints/']").first.click()
    page.get_by_text("Add a note").first.click()
    form = page.get_by_role("group", name="Add a note")
    form.locator("textarea").fill("said while the line was bad")
    for address in (CALLS, READY):
        page.route(address, lambda route: route.abort("connectionreset"))
    form.get_by_role("button").click()
    expect(page.locator(WEATHER)).to_contain_text("Offline")
    expect(form.get_by_role("button")).to_be_enabled()
    allow(page)
    expect(page.locator(WEATHER)).to_be_empty()
    expect(form.locator("textarea")).to_have_value("said while the line was bad")
    form.get_by_role("button").click()
    expect(page.locator(".timeline li").first).to_contain_text("while the line was bad")


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
    overview.unroute_all(behavior="ignoreErrors")
    reload.click()
    expect(overview.locator(".is-loading")).to_have_count(0)
    expect(overview.locator(WEATHER)).to_be_empty()


RENEWALS = '.is-failed[id*="retention-renewal"]'
REFERENCE = re.compile(r"The reference is ([0-9a-f]{8})")


@contextmanager
def renamed(installed, *, back, away):
    """The database while somebody has renamed a part of a table there."""
    with sqlite3.connect(installed.database, timeout=30) as own:
        own.execute(away)
    try:
        yield
    finally:
        with sqlite3.connect(installed.database, timeout=30) as own:
            own.execute(back)


def named(part):
    """The reference that the screen shows."""
    return REFERENCE.search(part.inner_text())[1]


def failures(installed, reference):
    """What the log says of the failure with this reference."""
    lines = installed.log.read_text(errors="replace").splitlines()
    return [line for line in lines if f"reference={reference}" in line and "[error" in line]


def test_a_card_that_fails_leaves_the_others_and_comes_back_by_its_button(visit, installed):
    policy = "ALTER TABLE insurance_policy RENAME COLUMN"
    away, back = f"{policy} ends_on TO ended", f"{policy} ended TO ends_on"
    with renamed(installed, back=back, away=away):
        page = visit("principal").open("/retention")
        expect(page.locator(".is-loading")).to_have_count(0)
        failed = page.locator(RENEWALS)
        expect(failed).to_have_count(page.locator(".is-failed").count())
        expect(failed.first).to_contain_text("This could not be worked out")
        assert page.locator(".widget.is-ready").count() > failed.count()
        assert failures(installed, named(failed.first))
    for left in range(failed.count() - 1, -1, -1):
        failed.first.get_by_role("button", name="Try again").click()
        expect(failed).to_have_count(left)
    expect(page.locator(".is-failed")).to_have_count(0)


def test_a_callback_that_fails_before_it_can_speak_is_told_with_its_reference(overview, installed):
    away = "ALTER TABLE login_session RENAME TO gone"
    with renamed(installed, back="ALTER TABLE gone RENAME TO login_session", away=away):
        overview.get_by_label("Period").select_option("this-year")
        told = overview.locator("#shell-toast")
        expect(told).to_contain_text("Something went wrong on our side")
        assert failures(installed, named(told))
    overview.get_by_label("Period").select_option("this-month")
    expect(overview.locator(".is-loading")).to_have_count(0)
    expect(overview.locator(".is-failed")).to_have_count(0)
