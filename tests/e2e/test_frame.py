"""The frame in a real browser: filters, language, theme, phone, and what happens when it fails."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD, objections

pytestmark = pytest.mark.e2e

PHONE = (390, 844)
LOOKS = [  # test_pages has the others
    ("en", "dark", (1920, 1080)),
    ("zh", "dark", (1366, 768)),
    ("en", "light", PHONE),
]


@pytest.mark.parametrize(("lang", "theme", "size"), LOOKS)
def test_every_card_is_filled_and_nothing_complains(visit, lang, theme, size):
    seen = visit("principal", lang=lang, theme=theme, size=size)
    page = seen.open("/")
    expect(page.locator(".is-loading")).to_have_count(0)
    expect(page.locator(".is-failed")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    assert seen.problems == []


def test_somebody_signs_in_and_is_told_when_it_was_wrong(browser, site):
    page = browser.new_page()
    page.goto(f"{site}/complaints")
    for password, found in (("wrong", "Login and password do not go together."), (PASSWORD, "")):
        page.fill("input[name=login]", "manager1")
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        expect(page.locator("#problem")).to_have_count(1 if found else 0)
    expect(page).to_have_url(f"{site}/complaints")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.close()


def test_a_filter_is_in_the_address_and_an_address_in_the_filter(visit):
    seen = visit("principal")
    page = seen.open("/")
    page.get_by_label("Period").select_option("this-year")
    expect(page).to_have_url(re.compile(r"\?period=this-year"))
    seen.open("/?compare=year&period=last-4-weeks")
    expect(page.get_by_label("Compare with")).to_have_value("year")
    expect(page.get_by_label("Period")).to_have_value("last-4-weeks")
    expect(page.locator(".tile", has_text="Before:").first).to_be_visible()
    page.get_by_role("link", name="Definitions", exact=True).click()
    expect(page).to_have_url(re.compile(r"/definitions\?period=last-4-weeks&compare=year"))
    assert seen.problems == []


def test_ones_own_days_can_be_chosen(visit):
    page = visit("principal").open("/")
    page.get_by_label("Period").select_option("own")
    expect(page.get_by_label("From", exact=True)).not_to_have_value("")
    page.get_by_label("From", exact=True).fill("2026-01-05")
    page.get_by_label("From", exact=True).blur()
    expect(page).to_have_url(re.compile("from=2026-01-05"))


def test_a_narrowing_is_shown_and_can_be_taken_back(visit):
    page = visit("principal").open("/complaints?severity=critical")
    page.get_by_role("button", name="Severity: Critical").click()
    expect(page).not_to_have_url(re.compile("severity"))
    expect(page.locator(".chip")).to_have_count(0)


def test_the_theme_changes_charts_too_and_is_kept(visit):
    seen = visit("principal", theme="light")
    page = seen.open("/complaints?period=last-12-months")
    bar = page.locator("path[style*='fill: rgb(47, 102, 144)']").first
    expect(bar).to_be_attached()
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("path[style*='fill: rgb(125, 180, 221)']").first).to_be_attached()
    expect(bar).not_to_be_attached()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert seen.problems == []


def test_the_language_changes_and_is_kept(visit):
    page = visit("principal").open("/")
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("h1")).to_have_text("总览")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.reload()
    expect(page.get_by_role("button", name="English")).to_be_visible()


def test_news_that_leave_a_card_as_it_is_do_not_draw_it_again(visit):
    seen, then = visit("principal"), date.today() - timedelta(days=30)  # now, ages go on by minutes
    page = seen.open(f"/complaints?period=all&as_of={then}")
    expect(page.locator(".is-ready").first).to_be_visible(timeout=20_000)
    expect(page.locator(".is-loading")).to_have_count(0, timeout=20_000)
    cards = page.locator("[id*=chart-card], [id*=tile-card]").count()
    told = []

    def hear(response):
        if re.search("(chart|tile)-card", response.request.post_data or ""):
            told.append(response)

    page.on("response", hear)
    page.evaluate("dash_clientside.set_props('shell-fresh', {data: 'something new'})")
    while len(told) < cards:
        page.wait_for_event("response")
    assert all(answer.json()["response"] == {} for answer in told)
    assert seen.problems == []


def test_what_may_be_wrong_with_figures_is_asked_when_they_are_there(visit):
    seen, told = visit("principal"), []
    page = seen.page
    page.on("response", lambda answer: told.append(answer.request.post_data or ""))
    page.on("request", lambda asked: _of_marks(asked) and told.append("marks"))
    seen.open("/")
    expect(page.locator(".is-loading")).to_have_count(0)
    while "marks" not in told:
        page.wait_for_event("request")
    before = told[: told.index("marks")]
    assert sum('"type":"tile"' in body for body in before) == page.locator(".tile").count()
    assert seen.problems == []


def _of_marks(asked):
    """The request that names marks; the frame asks once without any."""
    body = asked.post_data or ""
    return '"output":"shell-faults.data"' in body and '"type":"mark"' in body


HAPPENS = """() => {
  const { subscribe, dispatch } = window.store;
  let told = 0;
  const leave = subscribe(() => told += 1);
  const twice = () => { for (const _ of [1, 2]) dispatch({ type: "nothing" }); return told; };
  const atOnce = twice();
  return Promise.resolve().then(() => {
    const later = told;
    const button = document.createElement("button");
    button.onclick = twice;
    button.click();
    leave();
    return [atOnce, later, told];
  });
}"""


def test_components_are_told_once_of_all_that_happens_at_one_go_and_at_once_by_hand(visit):
    page = visit("principal").open("/")
    expect(page.locator(".is-loading")).to_have_count(0)
    assert page.evaluate(HAPPENS) == [0, 1, 3]


@pytest.mark.parametrize(
    "near",
    ["document.querySelector('.grid').scrollIntoView()", "dispatchEvent(new Event('beforeprint'))"],
)
def test_a_grid_further_down_comes_with_its_script_when_it_is_needed(visit, near):
    seen, scripts = visit("principal"), []
    page = seen.page
    page.on("request", lambda asked: scripts.append(asked.url) if "ag_grid" in asked.url else None)
    page.goto(f"{seen.site}/complaints")
    expect(page.locator(".widget.is-ready").first).to_be_visible()
    expect(page.locator(".grid:empty")).to_have_count(1)
    assert scripts == []
    page.evaluate(near)
    expect(page.locator(".grid .ag-row").first).to_be_attached()
    assert scripts != []


def test_a_card_further_down_says_its_name_and_asks_only_when_it_is_near(visit):
    seen, asked = visit("principal"), []
    page = seen.page
    page.on("request", lambda each: asked.append(each.post_data or ""))
    page.goto(f"{seen.site}/complaints")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    card = page.get_by_role("region", name="Complaints per 1,000 orders, by week")
    expect(card.get_by_role("heading")).to_be_attached()
    expect(card.locator(".js-plotly-plot")).to_have_count(0)
    assert not any("complaints-per-1000-trend" in each for each in asked)
    card.scroll_into_view_if_needed()
    expect(card.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert any("complaints-per-1000-trend" in each for each in asked)
    assert seen.problems == []


def test_printing_waits_for_the_cards_further_down(visit):
    seen = visit("principal")
    page = seen.page
    page.add_init_script(
        "window.print = () => { window.printed = document.querySelectorAll('.is-ready').length }"
    )
    page.goto(f"{seen.site}/complaints")
    expect(page.locator(".is-further")).not_to_have_count(0)
    page.keyboard.press("Control+p")
    page.wait_for_function("() => window.printed")
    expect(page.locator(".is-further, .is-loading, .grid:empty")).to_have_count(0)
    assert page.evaluate("window.printed") > 20
    assert seen.problems == []


def test_what_stands_still_leads_on_without_loading_everything_again(visit):
    page = visit("principal").open("/?period=last-12-months")
    page.evaluate("window.stays = true")
    page.locator(".tile a.tile-value").first.click()
    expect(page.locator("h1")).not_to_have_text("Overview")
    assert page.evaluate("window.stays")


def test_a_file_holds_the_rows_as_the_page_is_narrowed(visit):
    page = visit("principal").open("/complaints?period=last-12-months")
    card = page.get_by_role("region", name="Open complaints by age and severity")
    card.locator(".export summary").click()
    file = card.get_by_role("link", name="CSV")
    expect(file).to_have_attribute("href", re.compile(r"/export/.+\.csv\?period=last-12-months$"))
    page.get_by_label("Period").select_option("this-year")
    expect(page).to_have_url(re.compile("this-year"))
    with page.expect_download() as saved:
        file.click()
    assert "period=this-year" in saved.value.url


def test_a_click_in_a_chart_opens_the_list_behind_it(visit):
    page = visit("principal").open("/complaints")
    expect(page.locator(".is-loading")).to_have_count(0, timeout=20_000)
    point_at_tallest_bar(
        page, page.get_by_role("region", name="Open complaints by age and severity")
    )
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("bucket="))
    expect(page.locator(".chip").last).to_contain_text("Age")


TALLEST = """bars => bars
    .map((bar, place) => [bar.getBoundingClientRect().height, place])
    .sort((a, b) => b[0] - a[0])[0][1]"""


def point_at_tallest_bar(page, card):
    """Put the mouse on it; plotly lays its own surface over the bars and may still be moving."""
    for step in range(40):
        bars = card.locator("g.points path")
        bar = bars.nth(bars.evaluate_all(TALLEST))
        bar.scroll_into_view_if_needed()
        box = bar.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2 + step % 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(250)
        if card.locator(".hovertext").count():
            return
    pytest.fail("hovering over the bar shows nothing")


def test_a_definition_is_one_click_away(visit):
    page = visit("principal").open("/")
    page.get_by_role("link", name="What “First reply in time” counts").click()
    expect(page).to_have_url(re.compile("/definitions#first_reply_compliance"))
    expect(page.locator("#first_reply_compliance")).to_be_in_viewport()


def test_a_phone_gets_its_navigation_behind_a_button_and_lists_for_grids(visit):
    seen = visit("principal", size=PHONE)
    page = seen.open("/complaints")
    expect(page.locator(".ag-root")).to_have_count(0)
    expect(page.locator(".list tbody tr").first).to_be_visible()
    link = page.get_by_role("link", name="Overview")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Pages").click()
    link.click()
    expect(page).to_have_url(re.compile(r"/(\?|$)"))
    expect(page.locator("h1")).to_have_text("Overview")
    expect(link).to_be_hidden()
    assert seen.problems == []


def test_a_long_name_breaks_on_a_phone(visit):
    page = visit("principal", size=PHONE).open("/data-health")
    expect(page.locator(".is-loading")).to_have_count(0)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0


def test_without_a_network_the_page_says_so_and_comes_back(visit):
    page = visit("principal").open("/")
    expect(page.locator(".is-loading")).to_have_count(0)
    page.context.set_offline(True)
    expect(page.locator("#weather")).to_contain_text("Offline")
    page.context.set_offline(False)
    expect(page.locator("#weather")).to_be_empty()


def test_whoever_is_signed_out_meanwhile_is_told(visit):
    page = visit("principal").open("/")
    expect(page.locator(".is-loading")).to_have_count(0)
    page.context.clear_cookies(name="aftercare")
    page.get_by_label("Period").select_option("this-year")
    expect(page.locator("#weather")).to_contain_text("You are signed out.")
    expect(page.get_by_role("link", name="Sign in again")).to_have_attribute(
        "href", re.compile(r"^/login\?next=%2F")
    )


def test_the_menus_close_with_escape_and_with_a_click_beside_them(visit):
    page = visit("principal").open("/")
    account = page.locator("details.account")
    account.locator("summary").click()
    expect(account.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(account.get_by_role("button", name="Sign out")).to_be_hidden()
    account.locator("summary").click()
    page.locator("h1").click()
    expect(account.get_by_role("button", name="Sign out")).to_be_hidden()


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit("principal").open("/")
    page.locator("body").press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    skip.press("Enter")
    expect(page.locator("#content")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/definitions"])
def test_the_pages_are_accessible(visit, theme, path):
    page = visit("principal", theme=theme).open(path)
    expect(page.locator(".is-loading")).to_have_count(0)
    found = objections(page)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
