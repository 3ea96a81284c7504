"""Writes of those who run the installation: accounts, screens, mail, the issue library."""

from datetime import date, timedelta

from data import outbox
from data.commands import accounts, issues, messages, screens, stores, subscriptions
from data.models import Message, ScreenToken, Subscription, UserStore
from data.screens import hashed
from tests import factories
from tests.examples.house import NOW, TODAY, example

declared = (accounts, issues, messages, screens, stores, subscriptions)
PASSWORD = "correct horse battery"


def known(house, **more):
    """A known problem, shared by all stores."""
    row = factories.known_issue(house.session, f"K-{house.store.code}", "漏油", **more)
    return {"code": row.code, "version": row.version, "now": NOW}


TEXTS = {"problem": "Oil leaks", "problem_zh": "漏油", "answer": "Tighten", "answer_zh": "拧紧"}
SAID = TEXTS | {"interim": "Top it up", "interim_zh": "加油", "words": "oil, leak"}
SAID |= {"category": "engine", "review_on": date(2026, 9, 1)}


@example("issues.add", shared=True)
def add_issue(house):
    return {"now": NOW} | SAID


@example("issues.edit", shared=True)
def edit_issue(house):
    return known(house) | SAID


@example("issues.retire", shared=True)
def retire_issue(house):
    return known(house)


@example("issues.restore", shared=True)
def restore_issue(house):
    return known(house, active=False)


@example("issues.reviewed", shared=True)
def reviewed(house):
    return known(house) | {"review_on": date(2026, 9, 1), "today": TODAY}


def account(house, **more):
    login = f"someone-{house.store.code}".lower()
    made = factories.account(house.session, "agent", house.store, login=login)
    house.session.add(UserStore(user_id=made.id, store=house.store.id))
    house.session.flush()
    return {"login": login, "version": 1, "at": NOW}


@example("accounts.add_user")
def add_user(house):
    who = {"login": "wang", "name": "Wang", "role": "agent", "password": PASSWORD}
    return who | {"stores": [house.store.code], "all_stores": False, "at": NOW}


@example("accounts.change_user")
def change_user(house):
    said = {"name": "Wang", "role": "manager", "stores": [house.store.code], "all_stores": False}
    return account(house) | said


@example("accounts.set_password")
def set_password(house):
    return account(house) | {"password": PASSWORD}


@example("accounts.disable_user")
def disable_user(house):
    return account(house)


@example("accounts.enable_user")
def enable_user(house):
    given = account(house)
    accounts.disable_user(house.session, login=given["login"], at=NOW)
    return given | {"version": 2}


@example("stores.add_store", shared=True)
def add_store(house):
    said = {"code": "S3", "name": "Harbour", "group": "South", "zone": "Asia/Shanghai"}
    return said | {"calendar": "china", "at": NOW}


def screen(house, **more):
    given = {"name": "Hall", "token_hash": house.store.code, "store": house.store.id}
    row = ScreenToken(created_at=NOW, **given | more)
    house.session.add(row)
    house.session.flush()
    return {"screen_id": row.id, "version": row.version, "now": NOW}


LOOK = {"name": "Workshop", "language": "zh", "opens": "07:00", "closes": "19:00"}


@example("screens.add_screen")
def add_screen(house):
    return LOOK | {"secret": "a-secret", "now": NOW, "store": house.store.code}


@example("screens.edit_screen")
def edit_screen(house):
    return screen(house) | LOOK


@example("screens.renew_link")
def renew_link(house):
    return screen(house) | {"secret": "another-secret"}


@example("screens.revoke_screen")
def revoke_screen(house):
    return screen(house)


@example("screens.link_screen")
def link_screen(house):
    screen(house, link_hash=hashed("a-secret"), link_until=NOW + timedelta(hours=1))
    return {"secret": "a-secret", "key": "the-browser's", "now": NOW}


@example("subscriptions.subscribe")
def subscribe(house):
    what = {"report": "weekly", "language": "zh", "format": "xlsx"}
    return what | {"store": house.store.code, "address": "boss@example.com", "now": NOW}


@example("subscriptions.unsubscribe")
def unsubscribe(house):
    what = {"report": "weekly", "language": "zh", "format": "xlsx"}
    row = Subscription(store_id=house.store.id, address="boss@example.com", **what)
    house.session.add(row)
    house.session.flush()
    return {"subscription_id": row.id, "version": row.version, "now": NOW}


@example("messages.retry")
def retry(house):
    given = {"key": "a", "channel": outbox.MessageChannel.WEBHOOK, "kind": "told", "data": {}}
    times = {"created_at": NOW, "next_try_at": NOW, "given_up_at": NOW, "trouble": "away"}
    row = Message(store_id=house.store.id, **given, **times)
    house.session.add(row)
    house.session.flush()
    return {"message_id": row.id, "now": NOW}
