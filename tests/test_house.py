"""Promises about everything: every word, every address, every chart, whoever adds the next one."""

import json
import re
from io import StringIO
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from dash import dcc
from dash.development.base_component import Component

from callbacks import clock, tables, warming, widgets
from dashboard import i18n, ids, sessions, theme, urls
from dashboard.app import ROOT
from dashboard.widgets import parts
from data import db
from data.demo.stores import PASSWORD
from data.installing import open_database
from data.person import RIGHTS, SYSTEM, Person, Role
from pages import CHARTS, PAGES, TABLES, TILES, choices, right_of_page
from tests.conftest import NOW
from tests.words import spoken


class Allowed(Person):
    """Somebody who may do everything: no role may, but every card is to be seen."""

    def may(self, right):
        return True


ALLOWED = Allowed(login="m", name="M", role=Role.MANAGER, stores=frozenset({1, 2}))
STYLE = (ROOT / "assets" / "house.css").read_text("utf-8")
PO = i18n.LOCALE / "zh" / "LC_MESSAGES" / "messages.po"
CHINESE = {line.id: line.string for line in read_po(StringIO(PO.read_text("utf-8"))) if line.id}
NAMES = [page.PATH for page in PAGES if "<" not in page.PATH]
LOOKS = list(zip(i18n.LANGUAGES, theme.THEMES, strict=True))  # neither knows of the other


@pytest.fixture(scope="module")
def databases(demo_in, tmp_path_factory):
    """Two addresses: a small dealer group, and nothing at all."""
    folder = tmp_path_factory.mktemp("house")
    empty = f"sqlite:///{folder / 'empty.db'}"
    open_database(empty).dispose()
    return {"full": demo_in(folder), "empty": empty}


@pytest.fixture(scope="module")
def server(application, databases):
    return application.server


@pytest.fixture(params=["full", "empty"])
def filled(request, databases, server, monkeypatch):
    """Each database in turn, at a moment that stands still, seen by somebody who may all."""
    engine = db.connect(databases[request.param])
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(sessions, "current_person", lambda: ALLOWED)
    with server.test_request_context():
        yield request.param
    engine.dispose()


@pytest.fixture
def sign_in(databases, server, monkeypatch):
    """sign_in("admin"): a browser with that person signed in."""
    engine = db.connect(databases["full"])
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def browser_of(login):
        browser = server.test_client()
        browser.get("/login")
        form = {"login": login, "password": PASSWORD, "csrf_token": token(browser)}
        assert browser.post("/login", data=form).status_code == 303
        return browser

    yield browser_of
    engine.dispose()


@pytest.fixture
def visitor(sign_in):
    return sign_in("principal")


def token(browser):
    return browser.get_cookie("_csrf_token").value


def routed(browser, path, search="", on_screen=None):
    """What the router answers for an address, while the page of `on_screen` is on the screen."""
    asked = {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": path},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "state": [{"id": "shell-page", "property": "data", "value": on_screen}],
        "changedPropIds": ["_pages_location.search"],
    }
    browser.get("/")
    answer = browser.post(
        "/_dash-update-component", json=asked, headers={"X-CSRFToken": token(browser)}
    )
    assert answer.status_code == 200, answer.text
    return answer.json["response"]


def shown(browser, path, search=""):
    """What the router puts on an empty screen for an address."""
    return json.dumps(routed(browser, path, search), ensure_ascii=False)


def components(root):
    return [part for _, part in root._traverse_with_paths() if isinstance(part, Component)]


def all_cards():
    return [widget.card() for registry in (CHARTS, TILES, TABLES) for widget in registry]


# --- words ---------------------------------------------------------------------------------------


def test_every_sentence_has_a_chinese_line():
    missing = [f"{place}: {said}" for said, place in spoken().items() if not CHINESE.get(said)]
    assert missing == []


def test_no_chinese_line_is_left_over():
    assert set(CHINESE) - set(spoken()) == set()


def test_a_chinese_line_has_the_gaps_of_its_sentence():
    assert len(CHINESE) > 2000
    assert [said for said, line in CHINESE.items() if gaps(line) != gaps(said)] == []


def gaps(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "look"), LOOKS)
@pytest.mark.parametrize("path", NAMES)
def test_every_address_answers_in_each_language_and_theme(sign_in, path, language, look):
    page = next(page for page in PAGES if path == page.PATH)
    visitor = sign_in(somebody_who_may(right_of_page(page)))
    visitor.set_cookie("lang", language)
    visitor.set_cookie("theme", look)
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{i18n.HTML_NAMES[language]}" data-bs-theme="{look}">' in answer.text
    heading = page.NAME if language == "en" else i18n.catalog("zh").gettext(page.NAME)
    assert heading in shown(visitor, path)


def somebody_who_may(right):
    roles = {"principal": Role.PRINCIPAL, "manager1": Role.MANAGER, "admin": Role.ADMIN}
    return next(login for login, role in roles.items() if right is None or right in RIGHTS[role])


def test_an_unknown_address_is_404_and_says_what_to_do(visitor):
    assert visitor.get("/nowhere").status_code == 404
    assert "No such page" in shown(visitor, "/nowhere")


@pytest.mark.parametrize(
    "begins", [page.PATH.partition("<")[0] for page in PAGES if "<" in page.PATH]
)
def test_an_address_that_goes_on_behind_a_record_is_no_page(sign_in, begins):
    browser = sign_in("admin" if begins.startswith("/admin") else "manager1")
    assert "No such page" in shown(browser, f"{begins}a/b")
    assert "No such page" in shown(browser, f"{begins}a/b/c")


def searched(part):
    """The columns of the grids in an answer that offer a search."""
    if isinstance(part, dict) and "columnDefs" in part:
        return {column["field"] for column in part["columnDefs"] if "filter" in column}
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return set().union(*map(searched, inside))


@pytest.mark.parametrize(
    ("login", "offered"), [("principal", {"plate", "model"}), ("admin", {"model"})]
)
def test_a_search_for_people_is_offered_to_who_may_see_them(sign_in, login, offered):
    assert searched(routed(sign_in(login), "/retention/vehicles")) == offered


def test_a_page_stays_when_only_its_query_changes(visitor):
    assert "_pages_content" not in routed(visitor, "/", "?period=all", on_screen="/")


@pytest.mark.parametrize("on_screen", [None, "/definitions"])
def test_a_page_that_is_still_under_way_is_drawn_when_its_query_changes(visitor, on_screen):
    assert "_pages_content" in routed(visitor, "/", "?period=all", on_screen=on_screen)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_every_page_says_what_it_is_and_who_may_open_it(page):
    assert page.NAME
    assert page.PATH.startswith("/")
    assert (page.__doc__ or "").strip()


# --- cards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_chart_draws_with_data_and_without(filled, language, server):
    with server.test_request_context(headers={"Cookie": f"lang={language}"}):
        for chart in CHARTS:
            asked = "?period=all", None, None, {"name": chart.name}, ""
            figure, said, state, _ = widgets.draw(*asked)
            assert state in (parts.READY, parts.EMPTY), chart.name
            assert said, chart.name
            assert (figure is None) == (state == parts.EMPTY)
            if filled == "empty":
                assert state == parts.EMPTY, chart.name


def test_every_chart_draws_a_single_row(filled):
    with db.reading(as_=SYSTEM) as session:
        for chart in CHARTS:
            answer = chart.ask(session, clock.scope("?period=all"))
            one = type(answer)(answer.frame.head(1), answer.summary)
            assert chart.draw(one, None).state in (parts.READY, parts.EMPTY), chart.name


def test_what_can_be_chosen_has_an_address_and_is_an_option_of_its_metric():
    for chart in CHARTS:
        for option, choice in chart.choices.items():
            assert choice.key in urls.DRILL, chart.name
            assert choices()[choice.key] is choice, "one key of the address is one choice"
            assert set(choice.values) <= set(chart.metric.options[option]), chart.name
            assert choice.standard in choice.values


def test_every_card_can_be_drawn_ahead(filled, monkeypatch):
    monkeypatch.setattr(warming, "RESTING", 0)
    assert warming.draw_all() == 0


def test_every_tile_is_filled_with_data_and_without(filled):
    for tile in TILES:
        inside, _, state, _ = widgets.fill("?compare=year", None, None, {"name": tile.name}, "")
        assert state == parts.READY, tile.name
        assert "nan" not in str(inside), tile.name


def test_every_table_is_filled_with_data_and_without(filled):
    for table in TABLES:
        request = {"startRow": 0, "endRow": 50, "sortModel": [], "filterModel": {}}
        answer, _, state = tables.rows(request, {"name": table.name}, "")
        assert state == (parts.READY if answer["rowCount"] else parts.EMPTY), table.name
        listed = tables.listing("", None, None, None, {"name": table.name})
        assert listed[2] == state


def test_no_graph_offers_the_cloud_button_or_the_logo(server):
    with server.test_request_context():
        graphs = [
            part for card in all_cards() for part in components(card) if type(part) is dcc.Graph
        ]
    assert len(graphs) == len(list(CHARTS))
    for graph in graphs:
        assert graph.config["showSendToCloud"] is False
        assert graph.config["displaylogo"] is False
        assert graph.config["displayModeBar"] is False


def test_ids_are_unique_over_all_cards(server):
    with server.test_request_context():
        found = [
            str(part.id) for card in all_cards() for part in components(card) if hasattr(part, "id")
        ]
    assert len(found) == len(set(found))


def test_a_card_opens_only_for_who_may_open_its_page(server, monkeypatch):
    screen = Person(login="s", name="S", role=Role.SCREEN, stores=frozenset())  # has no right
    monkeypatch.setattr(sessions, "current_person", lambda: screen)
    with server.test_request_context():
        for registry in (CHARTS, TILES, TABLES):
            for widget in registry:
                with pytest.raises(Exception, match="no such record"):
                    registry.of(widget.name)


# --- the look ------------------------------------------------------------------------------------

SAME_NAMES = [name for name in theme.PALETTE if f"--{name}:" in STYLE and name != "warn"]


@pytest.mark.parametrize("shade", [0, 1])
@pytest.mark.parametrize("name", SAME_NAMES)
def test_charts_and_page_have_the_same_colours(name, shade):
    block = STYLE.split('[data-bs-theme="dark"]')[shade]
    assert re.search(rf"--{name}: {theme.PALETTE[name][shade]};", block)


def test_no_two_meanings_share_a_colour_so_the_dark_exchange_is_exact():
    assert len(theme.look()["exchange"]) == len(theme.PALETTE)


def test_nothing_is_fetched_from_elsewhere(visitor):
    page = visitor.get("/").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "//" not in STYLE.replace("http://www.w3.org", "")


def test_every_widget_has_its_own_id_kind():
    kinds = {ids.card(kind, "x")["type"] for kind in ids.Kind}
    assert len(kinds) == len(ids.Kind)


def test_every_table_is_sorted_and_searched_by_each_column_that_says_so(filled):
    """By somebody who is kept to stores: what cannot be kept to them would be refused."""
    for table in TABLES:
        for column in table.columns:
            sort = [{"colId": column.field, "sort": "asc"}] if column.sort else []
            find = {column.field: {"filter": "1"}} if column.find else {}
            request = {"startRow": 0, "endRow": 50, "sortModel": sort, "filterModel": find}
            for asked in (request, {**request, "sortModel": []}):
                answer, _, state = tables.rows(asked, {"name": table.name}, "?period=all")
                assert state in (parts.READY, parts.EMPTY), (table.name, column.field)
                assert len(answer["rowData"]) == min(answer["rowCount"], 50)
