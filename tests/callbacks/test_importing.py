"""A spreadsheet by the page: who may send one, what is kept of it, what comes back."""

import csv
import tempfile
import tomllib
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from shutil import copy

import pytest
from dash import no_update
from flask import Flask
from flask_bootstrap import Bootstrap5

import pages
from callbacks import clock, importing, receiving
from dashboard import i18n, ids, security, sessions, shell, uploads
from dashboard.settings import Settings
from dashboard.uploads import ownwords, places, readings, upload
from dashboard.uploads import reader as reading
from data import db, defaults
from data.commands import NotFound, Refused
from data.commands.accounts import add_user
from data.commands.stores import add_store
from data.importing import history, run
from data.importing.job import Job
from data.importing.kinds import KINDS
from data.importing.result import ImportResult
from data.migrations import upgrade
from data.person import SYSTEM, Person, Role
from data.scope import Scope
from pages.importing import words
from pages.importing.columns import FORM, meanings

PASSWORD = "correct horse"
NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
PEOPLE = (("wang", "admin", []), ("li", "admin", ["S2"]), ("chen", "manager", ["S1"]))
ORDERS = "工单号,接待日期,车牌号,备注\nRO1,2025-03-05,粤BE0001,好\nRO2,2025-02-30,粤BE0001,=1+1\n"
ODD = "单据,投诉时间,投诉内容\nT1,2025-03-05,吵\n"
WANG = Person(login="wang", name="wang", role=Role.ADMIN, stores=None)
LI = Person(login="li", name="li", role=Role.ADMIN, stores=frozenset({2}))


@pytest.fixture(scope="module")
def server():
    made = Flask("dashboard")
    Bootstrap5(made)
    i18n.init(made, None)
    security.init(made, Settings(secret_key="s" * 32), pages.right_of)
    receiving.init(made)
    made.config[clock.ZONE] = "Asia/Shanghai"
    return made


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A database file with two stores, administrators of all and of one, and a manager."""
    file = tmp_path_factory.mktemp("importing") / "prepared.db"
    engine = db.connect(f"sqlite:///{file}")
    upgrade(engine)
    with db.writing(by=SYSTEM) as session:
        defaults.fill(session)
        for code in ("S1", "S2"):
            shanghai = {"group": None, "zone": "Asia/Shanghai", "calendar": "china"}
            add_store(session, code=code, name="", at=NOW, **shanghai)
        for login, role, stores in PEOPLE:
            person = {"login": login, "name": login, "role": role, "stores": stores}
            add_user(session, **person, password=PASSWORD, all_stores=not stores, at=NOW)
    engine.dispose()
    return file


@pytest.fixture(autouse=True)
def database(prepared, tmp_path, monkeypatch):
    """A copy of it for each test, and a folder of temporary files that is the test's own."""
    copy(prepared, tmp_path / "test.db")
    engine = db.connect(f"sqlite:///{tmp_path / 'test.db'}")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    yield
    engine.dispose()


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """The importer without its child process, which has tests of its own."""

    def preview(path, kind, *, by, now, **more):
        return run.preview_file(Job(path=path, kind=kind, by=by, now=now, **more))

    def run_import(kind, path, *, on_progress, **more):
        return run.import_file(Job(kind=kind, path=path, **more), on_progress)

    monkeypatch.setattr(upload, "preview", preview)
    monkeypatch.setattr(reading, "run_import", run_import)


def as_(server, login, lang="en"):
    visitor = server.test_client()
    visitor.set_cookie("lang", lang)
    visitor.get("/login")
    form = {"login": login, "password": PASSWORD, "csrf_token": token(visitor)}
    assert visitor.post("/login", data=form).status_code == 303
    return visitor


def token(visitor):
    return visitor.get_cookie("_csrf_token").value


def send(visitor, content=ORDERS, *, name="march.csv", store="S1", kind="repair-orders", **more):
    content = content.encode() if isinstance(content, str) else content
    form = {"store": store, "kind": kind, "file": (BytesIO(content), name), **more}
    headers = {"X-CSRFToken": token(visitor)} if visitor.get_cookie("_csrf_token") else {}
    return visitor.post("/admin/import/file", data=form, headers=headers)


def kept():
    """The folders of all files that are kept."""
    return list(places._root().iterdir())


def sent(content=ORDERS, person=WANG, kind="repair-orders"):
    """A file as it is after it was sent and looked into, without a browser."""

    class File:
        def save(self, dst):
            dst.write_text(content, encoding="utf-8")

    new = uploads.keep(File(), name="march.csv", store="S1", kind=kind, person=person)
    return uploads.look(new, person=person, now=NOW)


# --- who may -------------------------------------------------------------------------------------


def test_nobody_sends_a_file_without_a_login(server):
    assert send(server.test_client()).status_code == 401


def test_who_does_not_administer_sends_nothing(server):
    assert send(as_(server, "chen")).status_code == 403
    assert kept() == []


def test_a_file_without_the_token_of_the_session_is_not_taken(server):
    visitor = as_(server, "wang")
    form = {"store": "S1", "kind": "repair-orders", "file": (BytesIO(b"x"), "x.csv")}
    assert visitor.post("/admin/import/file", data=form).status_code == 400
    assert kept() == []


def test_a_store_of_others_does_not_exist(server):
    answer = send(as_(server, "li"), store="S1")
    assert answer.json == {"error": "There is no store S1."}
    assert kept() == []


def test_nobody_goes_on_with_the_file_of_another(server):
    mine = sent()
    assert uploads.named(WANG, mine.token).name == "march.csv"
    assert uploads.current(LI) is None
    with pytest.raises(Refused, match="no longer here"):
        uploads.named(LI, mine.token)


@pytest.mark.parametrize("said", [None, "", "*", "../x", "0" * 32])
def test_a_made_up_token_finds_nothing(said):
    sent()
    with pytest.raises(Refused, match="no longer here"):
        uploads.named(WANG, said)


# --- what is kept --------------------------------------------------------------------------------


def test_a_file_is_looked_into_and_kept_in_private(server):
    answer = send(as_(server, "wang"))
    found = uploads.current(WANG)
    assert answer.json == {"token": found.token}
    assert found.preview.columns[0] == ("工单号", "number")
    assert found.folder.stat().st_mode & 0o77 == 0
    assert found.folder.parent.stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "There is a header but no data below it."),
        ("zh", "只有表头，下面没有数据。"),
    ],
)
def test_a_refused_file_is_answered_with_a_sentence_and_deleted(server, lang, words):
    answer = send(as_(server, "wang", lang), "工单号,接待日期,车牌号\n")
    assert answer.json == {"error": words}
    assert kept() == []


def test_a_file_that_is_too_large_is_not_taken(server, monkeypatch):
    monkeypatch.setattr(receiving, "FORM", 500)
    monkeypatch.setattr(uploads, "LARGEST", 1000)
    assert send(as_(server, "wang"), "x" * 2000).status_code == 413
    assert kept() == []


def test_any_other_request_stays_small(server, monkeypatch):
    visitor = as_(server, "wang")
    monkeypatch.setitem(server.config, "MAX_CONTENT_LENGTH", 1000)
    form = {"token": "x", "file": (BytesIO(b"x" * 2000), "own.toml")}
    headers = {"X-CSRFToken": token(visitor)}
    assert visitor.post("/admin/import/mapping", data=form, headers=headers).status_code == 413


def test_a_file_keeps_its_name_but_no_folder_of_the_sender(server):
    send(as_(server, "wang"), name="secret/../三月\x07.csv")
    assert uploads.current(WANG).name == "三月�.csv"


def test_a_new_file_takes_the_place_of_the_last_one(server):
    visitor = as_(server, "wang")
    first = send(visitor).json["token"]
    second = send(visitor, name="april.csv").json["token"]
    assert [folder.name.rpartition("-")[2] for folder in kept()] == [second] != [first]


def test_what_lay_too_long_is_deleted():
    mine = sent()
    places.sweep(datetime.now(UTC) + places.KEPT_FOR - timedelta(minutes=1))
    assert uploads.current(WANG) == mine
    places.sweep(datetime.now(UTC) + places.KEPT_FOR + timedelta(minutes=1))
    assert kept() == []


def test_a_folder_open_to_others_is_not_used(tmp_path):
    root = places._root()
    root.chmod(0o755)
    with pytest.raises(PermissionError, match="open to others"):
        places.fresh(WANG)


# --- reading -------------------------------------------------------------------------------------


def test_a_check_stores_nothing_and_keeps_the_file():
    mine = sent()
    reading.read(mine.job(WANG, NOW, dry=True))
    found = uploads.standing(mine, NOW)
    assert (found.dry, found.running, found.result.added, found.result.refused) == (
        True,
        False,
        1,
        1,
    )
    assert mine.there
    assert batches() == []


def test_an_import_is_in_the_history_and_the_file_is_gone():
    mine = sent()
    reading.read(mine.job(WANG, NOW))
    (batch,) = batches()
    assert (batch.file, batch.by, batch.store) == ("march.csv", "wang", "S1")
    assert batch.complete
    assert uploads.standing(mine, NOW).result.batch == batch.id
    assert not mine.there
    assert not (mine.folder / places.LOCK).exists()


def test_a_breakdown_deletes_the_file_and_tells_nobody_what_was_in_it(monkeypatch, capsys):
    def breaks(*_args, **_more):
        raise RuntimeError('  File "/x/storing.py", line 7, in write\nphone 13800000001')

    monkeypatch.setattr(reading, "run_import", breaks)
    monkeypatch.setattr(reading.log, "set_up", lambda settings: None)
    mine = sent()
    reading.read(mine.job(WANG, NOW))
    said = capsys.readouterr()
    assert len(uploads.standing(mine, NOW).reference) == 8
    assert not mine.there
    assert "storing.py:7 write" in said.out + said.err
    assert "13800000001" not in said.out + said.err


def test_however_often_it_is_asked_a_reading_begins_once(monkeypatch):
    begun = []
    monkeypatch.setattr(readings, "_start", begun.append)
    mine, now = sent(), datetime.now(UTC)
    for _ in range(5):
        uploads.begin(mine, person=WANG, now=now, dry=False)
    assert len(begun) == 1
    assert uploads.standing(mine, now).running


def test_a_reading_that_went_silent_is_told_and_may_be_begun_again(monkeypatch):
    begun = []
    monkeypatch.setattr(readings, "_start", begun.append)
    mine, now = sent(), datetime.now(UTC)
    uploads.begin(mine, person=WANG, now=now, dry=False)
    later = now + places.SILENT_FOR + timedelta(seconds=1)
    dead = uploads.standing(mine, later)
    assert (dead.running, dead.result, dead.trouble) == (False, None, None)
    uploads.begin(mine, person=WANG, now=later, dry=False)
    assert len(begun) == 2


def test_a_file_that_is_being_read_is_neither_looked_at_nor_put_away(monkeypatch):
    monkeypatch.setattr(readings, "_start", lambda job: None)
    mine, now = sent(), datetime.now(UTC)
    uploads.begin(mine, person=WANG, now=now, dry=False)
    uploads.forget(WANG, now=now)
    assert uploads.current(WANG) == mine
    with pytest.raises(Refused, match="being read just now"):
        uploads.look(mine, person=WANG, now=now)


def test_a_file_is_read_in_once(monkeypatch):
    mine = sent()
    reading.read(mine.job(WANG, NOW))
    with pytest.raises(Refused, match="read in already"):
        uploads.begin(mine, person=WANG, now=NOW, dry=False)


# --- the steps -----------------------------------------------------------------------------------


@pytest.fixture
def at_the_page(server, monkeypatch):
    """Wang at the page, and what was begun."""
    begun = []
    monkeypatch.setattr(readings, "_start", begun.append)
    monkeypatch.setattr(sessions, "current_person", lambda: WANG)
    with server.test_request_context():
        yield begun


def press(do, file, clicks=1, **chosen):
    typed = {"store": file.store, "kind": file.kind, "order": "-"} | {
        f"column-{place}": field or "-" for place, (_name, field) in enumerate(meanings(file))
    }
    typed |= chosen
    fields = [ids.field(FORM, name) for name in typed]
    button = ids.import_step(do)
    return importing.step(clicks, button, list(typed.values()), fields, file.token)


def test_a_page_that_brings_its_buttons_does_nothing(at_the_page):
    assert press("import", sent(), clicks=None) == (no_update, no_update)
    assert at_the_page == []


def test_check_and_import_begin_with_what_was_chosen(at_the_page):
    press("check", sent(), **{"column-3": "-", "order": "dmy", "store": "S2"})
    (job,) = at_the_page
    assert job.dry_run
    assert job.store_code == "S2"
    own = tomllib.loads(job.mapping.read_text("utf-8"))
    assert own == {"columns": {"备注": ""}, "dates": {"order": "dmy"}}
    assert uploads.current(WANG).preview.unread == ["备注"]


def test_what_has_begun_is_not_told_to_be_nothing_though_the_page_fails(at_the_page, monkeypatch):
    monkeypatch.setattr(importing, "drawn", lambda _person: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        press("look", sent())
    assert at_the_page == []
    with pytest.raises(shell.Undrawn):
        press("import", sent())
    assert len(at_the_page) == 1


def test_a_missing_column_can_be_chosen(at_the_page):
    mine = sent(ODD, kind="complaints")
    assert (mine.preview, meanings(mine)[:2]) == (None, [("单据", ""), ("投诉时间", "opened_at")])
    press("import", mine)
    assert at_the_page == []
    press("look", mine, **{"column-0": "number"})
    found = uploads.current(WANG)
    assert found.preview.columns[0] == ("单据", "number")
    press("import", found)
    assert len(at_the_page) == 1


def test_another_kind_begins_with_its_own_words(at_the_page):
    mine = sent(ODD, kind="complaints")
    with pytest.raises(Refused, match="No header was recognised"):
        press("look", mine, kind="employees", **{"column-0": "number"})
    assert uploads.current(WANG) == mine


@pytest.mark.parametrize("chosen", [{"store": "S9"}, {"store": ""}])
def test_a_store_that_is_not_ones_own_is_refused(at_the_page, chosen):
    with pytest.raises(NotFound):
        press("import", sent(), **chosen)


@pytest.mark.parametrize("rubbish", ["nope", "__class__", ["number", "nope"], 7, None])
def test_rubbish_for_a_column_changes_nothing_that_could_be_read(at_the_page, rubbish):
    press("check", sent(), **{"column-3": rubbish})
    assert uploads.current(WANG).own == {}


def test_another_file_puts_this_one_away(at_the_page):
    shown, nothing_runs = press("another", sent())
    assert ids.Import.DROP in str(shown)
    assert nothing_runs
    assert kept() == []


def test_what_is_on_the_page_follows_the_file(at_the_page):
    assert "import-drop" in str(importing.drawn(WANG))
    mine = sent()
    assert "RO1" in str(importing.drawn(WANG))
    reading.read(mine.job(WANG, NOW, dry=True))
    assert "nothing is stored yet" in str(importing.drawn(WANG))
    reading.read(mine.job(WANG, NOW))
    assert "march.csv was read in" in str(importing.drawn(WANG))


def test_every_kind_and_column_has_a_name():
    assert set(words.KINDS) >= set(KINDS)
    assert {kind: set(words.TITLES[kind]) >= set(KINDS[kind].words) for kind in KINDS} == (
        dict.fromkeys(KINDS, True)
    )


# --- own words -----------------------------------------------------------------------------------


def test_a_mapping_goes_with_the_file(server):
    own = '[columns]\n"单据" = "投诉编号"\n[values.severity]\n"红" = "critical"\n'
    toml = {"mapping": (BytesIO(own.encode()), "own.toml")}
    assert "token" in send(as_(server, "wang"), ODD, kind="complaints", **toml).json
    assert uploads.current(WANG).preview.columns[0] == ("单据", "number")


def test_a_mapping_may_come_after_the_file(server):
    visitor = as_(server, "wang")
    mine = send(visitor, ODD, kind="complaints").json["token"]
    form = {"token": mine, "file": (BytesIO('columns = {"单据" = "number"}'.encode()), "own.toml")}
    headers = {"X-CSRFToken": token(visitor)}
    answer = visitor.post("/admin/import/mapping", data=form, headers=headers)
    assert answer.json == {"token": mine}
    assert uploads.current(WANG).preview.columns[0] == ("单据", "number")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"columns = [", "not TOML"),
        (b"\xff\xfe", "not TOML"),
        (b"a = " + b"[" * 5000, "not TOML"),
        (b"[columns]\nx = 'nope'", "not known"),
        (b"#" * (ownwords.LARGEST + 1), "too large"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(content, why):
    with pytest.raises(Refused, match=why):
        ownwords.read(content, "complaints")


@pytest.mark.parametrize("word", ['"', "\\", "a\nb", "\x7f", "🚗", "单据", "'", "#", "\t", ""])
def test_own_words_come_back_as_they_were(word):
    own = {
        "columns": {word: word},
        "values": {"severity": {word: "critical"}},
        "empty": {"words": [word, "x"]},
        "rules": {"shared_phones": True},
        "dates": {"epoch": 1904},
    }
    assert tomllib.loads(ownwords.written(own)) == own


# --- refused rows and history --------------------------------------------------------------------


def batches(person=WANG):
    with db.reading(as_=person) as session:
        return history.latest(session, Scope(as_of=NOW), start=0, count=10)[0]


def rows(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("lang", "titles", "why"),
    [
        ("en", ["Line", "Column", "Why"], "There is no such day in the calendar."),
        ("zh", ["行", "列", "原因"], "日历上没有这一天。"),
    ],
)
@pytest.mark.parametrize("dry", [True, False])
def test_refused_rows_come_as_a_file_in_ones_language(server, lang, titles, why, dry):
    mine = sent()
    reading.read(mine.job(WANG, NOW, dry=dry))
    address = "/admin/import/refused.csv" if dry else f"/admin/import/{batches()[0].id}/refused.csv"
    header, row = rows(as_(server, "wang", lang).get(address))
    assert header == [*titles, "工单号", "接待日期", "车牌号", "备注"]
    assert row == ["3", "接待日期", why, "RO2", "2025-02-30", "粤BE0001", "'=1+1"]


def test_mended_rows_are_read_in_from_that_file(server):
    reading.read(sent().job(WANG, NOW))
    file = as_(server, "wang").get(f"/admin/import/{batches()[0].id}/refused.csv").text
    again = sent(file.replace("2025-02-30", "2025-02-28"))
    reading.read(again.job(WANG, NOW))
    result = uploads.standing(again, NOW).result
    assert isinstance(result, ImportResult)
    assert (result.added, result.refused) == (1, 0)


def test_an_import_into_another_store_is_not_there(server):
    reading.read(sent().job(WANG, NOW))
    number = batches()[0].id
    assert as_(server, "wang").get(f"/admin/import/{number}/refused.csv").status_code == 200
    assert as_(server, "li").get(f"/admin/import/{number}/refused.csv").status_code == 404
    assert as_(server, "chen").get(f"/admin/import/{number}/refused.csv").status_code == 403
    assert batches(LI) == []


def test_without_a_check_there_are_no_rows_of_one(server):
    assert as_(server, "wang").get("/admin/import/refused.csv").status_code == 404
