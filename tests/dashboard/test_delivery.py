"""Mail and webhook against real servers: in the end each message once, whatever breaks between."""

import json
import shutil
import ssl
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr
from sqlalchemy import select

from dashboard import delivery
from dashboard.delivery import hook, mail
from dashboard.settings import Settings
from dashboard.ways import channels
from data import db, outbox
from data.installing import open_database
from data.models import Message, MessageChannel, Store
from data.person import SYSTEM
from data.scope import Scope
from tests.conftest import free_port
from tests.factories import at, store

ROOT = Path(__file__).parents[2]
NOW = at("2026-03-16T08:00")
MINUTE = timedelta(minutes=1)
COMPLAINT = {"number": "C 7/1", "severity": "general", "owner": "王丽", "due_on": "2026-03-20"}
REPORT = {"report": "weekly", "period": "2026-W11", "language": "zh", "format": "docx"}


@pytest.fixture
def url(tmp_path):
    """The address of a database with one store."""
    address = f"sqlite:///{tmp_path / 'post.db'}"
    engine = open_database(address)
    with db.writing(by=SYSTEM) as session:
        store(session).name = "城东店"
    yield address
    engine.dispose()


def put(key, channel=MessageChannel.WEBHOOK, now=NOW, **more):
    plain = {"kind": "complaint_assigned", "data": COMPLAINT}
    if channel is MessageChannel.MAIL:
        plain = {"kind": "report", "data": REPORT, "address": f"{key}@example.com"}
    with db.writing(by=SYSTEM) as session:
        home = session.scalars(select(Store.id)).one()
        outbox.put(session, store_id=home, key=key, channel=channel, now=now, **plain | more)


def deliver(settings, now=NOW):
    return delivery.deliver(settings, clock=lambda: now)


def log(now=NOW):
    """How each message stands, by its key, and what troubled it."""
    with db.reading(as_=SYSTEM) as session:
        rows, _ = outbox.listing(session, Scope(as_of=now))
    return {row["key"]: (row["standing"].value, row["trouble"]) for row in rows}


def work_for(settings, *, begins, hours):
    """Run the job every five minutes, as the worker does."""
    went, now = Counter(), begins
    while now <= begins + timedelta(hours=hours):
        went += Counter(deliver(settings, now))
        now += 5 * MINUTE
    return went


# --- another system ------------------------------------------------------------------------------


class Listener:
    """A server on this machine that hears what is posted; `answer` is its next status."""

    def __init__(self, port):
        self.heard, self.answer, self.headers, self.hold = [], 204, {}, threading.Event()
        self.hold.set()
        self.arrived = threading.Event()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                said = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append((self.path, self.headers, json.loads(said)))
                listener.arrived.set()
                listener.hold.wait()
                if listener.answer is None:
                    return self.connection.close()
                self.send_response(listener.answer)
                for name, value in listener.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.hold.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def listen():
    """listen(port): a listener there; gone at the end."""
    started = []

    def begin(port):
        started.append(Listener(port))
        return started[-1]

    yield begin
    for listener in started:
        listener.close()


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def hooked(url, port):
    """Settings with a webhook on this machine."""
    return Settings(
        database_url=url, webhook_url=SecretStr(f"http://127.0.0.1:{port}/in?key=secret")
    )


def test_an_assignment_arrives_as_json_under_a_name_of_its_own(hooked, listen, port):
    other = listen(port)
    put("assigned:1")
    assert deliver(hooked) == {"sent": 1}
    ((path, headers, said),) = other.heard
    assert path == "/in?key=secret"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert said == {
        "id": headers["Idempotency-Key"],
        "kind": "complaint_assigned",
        "told_at": NOW.isoformat(),
        "store": "S1",
        "store_name": "城东店",
        "path": "/complaints/C%207%2F1?store=S1",
        **COMPLAINT,
    }
    assert log() == {"assigned:1": ("sent", None)}
    assert deliver(hooked, NOW + MINUTE) == {}


def test_an_action_leads_to_its_own_page(hooked, listen, port):
    other = listen(port)
    put("overdue:1", kind="improvement_overdue", data={"number": "A1"})
    deliver(hooked)
    assert other.heard[0][2]["path"] == "/actions/A1?store=S1"


def test_down_for_an_hour_and_up_again_each_arrives_once(hooked, listen, port):
    for number in range(20):
        put(f"assigned:{number}", now=NOW + number * 2 * MINUTE)
    down = work_for(hooked, begins=NOW, hours=1)
    assert set(down) == {"failed"}
    other = listen(port)
    up = work_for(hooked, begins=NOW + timedelta(hours=1), hours=24)
    assert up == {"sent": 20}
    names = [headers["Idempotency-Key"] for _, headers, _ in other.heard]
    assert len(names) == len(set(names)) == 20
    assert set(log().values()) == {("sent", None)}


def test_one_that_is_down_is_asked_once_in_a_run_not_for_every_message(hooked):
    for number in range(5):
        put(f"assigned:{number}")
    assert deliver(hooked) == {"failed": 1}
    assert Counter(log().values()) == {("waiting", None): 4, ("waiting", "unreachable"): 1}


def test_one_that_stays_down_is_given_up_after_a_day(hooked, listen, port):
    put("assigned:1")
    assert work_for(hooked, begins=NOW, hours=30) == {"failed": 11}
    assert log() == {"assigned:1": ("given_up", "unreachable")}
    listen(port)
    assert deliver(hooked, NOW + timedelta(days=2)) == {}


@pytest.mark.parametrize(
    ("answer", "how", "trouble"),
    [
        (200, "sent", None),
        (299, "sent", None),
        (500, "waiting", "busy 500"),
        (503, "waiting", "busy 503"),
        (429, "waiting", "busy 429"),
        (404, "given_up", "refused 404"),
        (401, "given_up", "refused 401"),
        (302, "given_up", "redirected 302"),
        (307, "given_up", "redirected 307"),
        (None, "uncertain", "no_answer"),
    ],
)
def test_what_the_other_side_answers_decides(hooked, listen, port, answer, how, trouble):
    other, elsewhere = listen(port), listen(free_port())
    other.answer = answer
    other.headers = {"Location": f"http://127.0.0.1:{elsewhere.server.server_port}/"}
    put("assigned:1")
    deliver(hooked)
    assert log() == {"assigned:1": (how, trouble)}
    assert (len(other.heard), elsewhere.heard) == (1, [])


def test_an_answer_that_does_not_come_leaves_it_uncertain(hooked, listen, port, monkeypatch):
    monkeypatch.setattr(hook, "TIMEOUT_S", 0.2)
    other = listen(port)
    other.hold.clear()
    put("assigned:1")
    assert deliver(hooked) == {"uncertain": 1}
    other.hold.set()
    work_for(hooked, begins=NOW, hours=2)
    assert len(other.heard) == 1


def test_one_that_breaks_does_not_hold_up_the_others(hooked, listen, port, monkeypatch):
    other = listen(port)
    put("broken", data={})
    put("fine")
    assert deliver(hooked) == {"uncertain": 1}
    assert deliver(hooked, NOW + MINUTE) == {"sent": 1}
    assert len(other.heard) == 1


def test_what_is_not_set_up_waits(url):
    put("assigned:1")
    put("boss", MessageChannel.MAIL)
    settings = Settings(database_url=url, smtp_url=SecretStr("smtp://127.0.0.1"))
    assert channels(settings) == []
    assert deliver(settings) == {}
    assert set(log().values()) == {("waiting", None)}


SENDER = """
import sys
from datetime import datetime
from dashboard import delivery
from dashboard.settings import Settings
from data import db

settings = Settings.read()
db.connect(settings.database_url)
delivery.deliver(settings, clock=lambda: datetime.fromisoformat(sys.argv[1]))
"""


def test_who_dies_before_the_answer_leaves_a_message_that_is_never_sent_twice(
    hooked, listen, port, monkeypatch
):
    other = listen(port)
    other.hold.clear()
    put("assigned:1")
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", hooked.database_url)
    monkeypatch.setenv("AFTERCARE_WEBHOOK_URL", hooked.webhook_url.get_secret_value())
    process = subprocess.Popen([sys.executable, "-c", SENDER, NOW.isoformat()], cwd=ROOT)
    assert other.arrived.wait(60)
    process.kill()
    process.wait()
    other.hold.set()
    assert log(NOW + outbox.LEASE) == {"assigned:1": ("uncertain", None)}
    assert work_for(hooked, begins=NOW, hours=48) == {}
    assert len(other.heard) == 1


def test_workers_that_run_at_once_send_each_message_once(hooked, listen, port):
    other = listen(port)
    for number in range(12):
        put(f"assigned:{number}")
    workers = [threading.Thread(target=deliver, args=(hooked,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    names = [headers["Idempotency-Key"] for _, headers, _ in other.heard]
    assert len(names) == len(set(names)) == 12


# --- mail ----------------------------------------------------------------------------------------


@dataclass
class Made:
    name: str
    mimetype: str
    content: bytes


@dataclass
class Mailbox:
    """What a mail server has taken; `says` is its next answer to a whole mail."""

    taken: list
    says: str = "250 OK"
    to_address: str = "250 OK"
    to_friends_alone: bool = False

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.to_address == "250 OK":
            envelope.rcpt_tos.append(address)
        return self.to_address

    async def handle_DATA(self, server, session, envelope):
        if self.to_friends_alone and not session.authenticated:
            return "530 sign in first"
        if self.says == "hang up":
            self.taken.append(envelope)
            server.transport.abort()
            return "250 OK"
        if self.says.startswith("250"):
            self.taken.append(envelope)
        return self.says


def knows(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == b"right / word", handled=False)


@pytest.fixture
def serve(port):
    """serve(): a mail server on the port, with a mailbox; gone at the end."""
    started = []

    def begin(**more):
        box = Mailbox([])
        server = Controller(box, hostname="127.0.0.1", port=port, **more)
        server.start()
        started.append(server)
        return box

    yield begin
    for server in started:
        server.stop()


@pytest.fixture
def made_before():
    """How a report is really made."""
    return mail._report


@pytest.fixture
def mailing(made_before, url, port, monkeypatch):
    """Settings with a mail server on this machine, and reports that are quickly made."""
    asked = []

    def made(letter):
        asked.append((letter.data, letter.created_at))
        return Made(f"周报 {letter.data['period']}.docx", "application/x-test", b"\x00report")

    monkeypatch.setattr(mail, "_report", made)
    address = SecretStr(f"smtp://127.0.0.1:{port}")
    return Settings(database_url=url, smtp_url=address, mail_from="care@example.com")


def read(envelope) -> datetime:
    return message_from_bytes(envelope.content, policy=default)


def test_a_report_arrives_with_its_attachment_in_the_language_of_the_reader(mailing, serve):
    box = serve()
    put("boss", MessageChannel.MAIL)
    assert deliver(mailing) == {"sent": 1}
    (envelope,) = box.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("care@example.com", ["boss@example.com"])
    message = read(envelope)
    assert message["Subject"] == "售后周例会报告 2026-W11 · 城东店"
    assert (message["To"], message["From"]) == ("boss@example.com", "Aftercare <care@example.com>")
    assert message["Date"].datetime == NOW
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "周报 2026-W11.docx"
    assert attached.get_content() == b"\x00report"
    assert "城东店" in message.get_body().get_content()


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
@pytest.mark.parametrize(("report", "period"), [("weekly", "2026-W11"), ("monthly", "2026-02")])
def test_the_reports_that_can_be_ordered_can_be_made(
    mailing, serve, monkeypatch, made_before, report, period, ending
):
    monkeypatch.setattr(mail, "_report", made_before)
    box = serve()
    said = {"report": report, "period": period, "language": "zh", "format": ending}
    put("boss", MessageChannel.MAIL, data=said)
    assert deliver(mailing) == {"sent": 1}
    (attached,) = read(box.taken[0]).iter_attachments()
    assert attached.get_filename().endswith(f"{period}-S1.{ending}")
    assert attached.get_content().startswith(b"PK")


def test_mail_that_was_down_for_an_hour_arrives_once_under_the_same_name(mailing, serve):
    for number in range(3):
        put(f"boss{number}", MessageChannel.MAIL)
    assert set(work_for(mailing, begins=NOW, hours=1)) == {"failed"}
    box = serve()
    assert work_for(mailing, begins=NOW + timedelta(hours=1), hours=24) == {"sent": 3}
    names = [read(envelope)["Message-ID"] for envelope in box.taken]
    assert len(set(names)) == 3
    assert all(name.endswith("@example.com>") for name in names)
    assert all(read(envelope)["Date"].datetime == NOW for envelope in box.taken)


@pytest.mark.parametrize(
    ("says", "how", "trouble"),
    [
        ("451 try later", "waiting", "busy 451"),
        ("554 no", "given_up", "refused 554"),
        ("hang up", "uncertain", "no_answer"),
    ],
)
def test_what_the_mail_server_says_decides(mailing, serve, says, how, trouble):
    box = serve()
    box.says = says
    put("boss", MessageChannel.MAIL)
    deliver(mailing)
    assert log() == {"boss": (how, trouble)}
    box.says = "250 OK"
    work_for(mailing, begins=NOW + MINUTE, hours=2)
    assert len(box.taken) == (0 if how == "given_up" else 1)


def test_an_address_that_does_not_exist_is_given_up_and_the_others_get_theirs(mailing, serve):
    box = serve()
    box.to_address = "550 no such mailbox"
    put("gone", MessageChannel.MAIL)
    assert deliver(mailing) == {"failed": 1}
    box.to_address = "250 OK"
    put("boss", MessageChannel.MAIL)
    assert deliver(mailing, NOW + MINUTE) == {"sent": 1}
    assert log()["gone"] == ("given_up", "refused 550")


@pytest.mark.parametrize(
    ("password", "how", "trouble"),
    [("right%20%2F%20word", "sent", None), ("wrong", "waiting", "login_refused")],
)
def test_the_name_and_password_of_the_address_are_used(
    mailing, serve, port, password, how, trouble
):
    serve(authenticator=knows, auth_require_tls=False).to_friends_alone = True
    address = SecretStr(f"smtp://care:{password}@127.0.0.1:{port}")
    put("boss", MessageChannel.MAIL)
    deliver(mailing.model_copy(update={"smtp_url": address}))
    assert log() == {"boss": (how, trouble)}


def test_a_password_does_not_travel_in_clear_to_another_machine(mailing, serve, port, monkeypatch):
    monkeypatch.setattr(mail, "NEAR", ())
    box = serve(authenticator=knows, auth_require_tls=False)
    address = SecretStr(f"smtp://care:right@127.0.0.1:{port}")
    put("boss", MessageChannel.MAIL)
    deliver(mailing.model_copy(update={"smtp_url": address}))
    assert (log(), box.taken) == ({"boss": ("waiting", "no_encryption")}, [])


@pytest.fixture
def certificate(tmp_path):
    """A certificate of this machine that nobody vouches for, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    files = [tmp_path / "certificate.pem", tmp_path / "key.pem"]
    made = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    of = ["-nodes", "-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1"]
    out = ["-out", files[0], "-keyout", files[1]]
    subprocess.run([*made, *of, *out], check=True, capture_output=True)
    return files


@pytest.mark.parametrize(
    ("vouched", "how", "trouble"), [(True, "sent", None), (False, "waiting", "untrusted")]
)
def test_a_line_is_encrypted_to_a_server_that_can_prove_who_it_is(
    mailing, serve, port, certificate, monkeypatch, vouched, how, trouble
):
    monkeypatch.setattr(mail, "NEAR", ())
    if vouched:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    serve(authenticator=knows, tls_context=context).to_friends_alone = True
    address = SecretStr(f"smtp://care:right%20%2F%20word@127.0.0.1:{port}")
    put("boss", MessageChannel.MAIL)
    deliver(mailing.model_copy(update={"smtp_url": address}))
    assert log() == {"boss": (how, trouble)}


def test_a_report_that_breaks_is_tried_again(mailing, serve, monkeypatch):
    box, whole = serve(), mail._report

    def broken(letter):
        raise ZeroDivisionError

    monkeypatch.setattr(mail, "_report", broken)
    put("boss", MessageChannel.MAIL)
    assert deliver(mailing) == {"failed": 1}
    assert log() == {"boss": ("waiting", "no_report")}
    monkeypatch.setattr(mail, "_report", whole)
    assert work_for(mailing, begins=NOW, hours=1) == {"sent": 1}
    assert len(box.taken) == 1


def test_nothing_secret_is_kept_with_a_message(hooked):
    put("assigned:1")
    deliver(hooked)
    with db.reading(as_=SYSTEM) as session:
        message = session.scalars(select(Message)).one()
    assert "secret" not in f"{message.trouble} {message.data}"
