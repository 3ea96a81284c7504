"""Every page in a real browser: filled, quiet, no wider than the screen, readable for everybody."""

import pytest
from playwright.sync_api import expect

from data.person import RIGHTS, Role
from pages import PAGES, right_of_page
from tests.e2e.conftest import objections

pytestmark = pytest.mark.e2e

LOOKS = {
    "wall": ("zh", "dark", (1920, 1080)),
    "desk": ("en", "light", (1366, 768)),
    "phone": ("zh", "light", (390, 844)),
}
LOGINS = {"manager1": Role.MANAGER, "admin": Role.ADMIN}
UNDRAWN = """() => [...document.querySelectorAll(".bi")]
    .filter(one => getComputedStyle(one, "::before").content === "none")
    .map(one => `not drawn: ${one.className}`)"""
PLAIN = [page for page in PAGES if "<" not in page.PATH]


def open_to(role: Role) -> list[str]:
    rights = {None, *RIGHTS[role]}
    return [page.PATH for page in PLAIN if right_of_page(page) in rights]


def test_every_page_is_seen_by_somebody_here():
    seen = {path for role in LOGINS.values() for path in open_to(role)}
    assert seen == {page.PATH for page in PLAIN}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("login", LOGINS)
def test_the_pages_are_filled_quiet_and_accessible(visit, login, look):
    lang, theme, size = LOOKS[look]
    seen = visit(login, lang=lang, theme=theme, size=size)
    others = open_to(Role.MANAGER) if login == "admin" else []
    paths = [path for path in open_to(LOGINS[login]) if path not in others]
    assert {path: wrong for path in paths if (wrong := faults_of(seen, path))} == {}


def faults_of(seen, path: str) -> list[str]:
    """What is wrong with the page: empty cards or icons, too wide, hard to read, complaints."""
    seen.problems.clear()
    page = seen.open(path)  # fresh: nothing of the page before speaks up
    expect(page.locator(".is-loading")).to_have_count(0, timeout=30_000)
    failed = [card.inner_text()[:80] for card in page.locator(".is-failed").all()]
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found = objections(page)
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    hard = [f"{each['id']}: {node['html']}" for each in grave for node in each["nodes"]]
    hard = [
        fault for fault in hard if 'class="ag-' not in fault
    ]  # the inside of a grid still empty
    failed += page.evaluate(UNDRAWN)
    return [*failed, *([f"{wider} px too wide"] if wider > 0 else []), *hard, *seen.problems]
