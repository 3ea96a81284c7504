"""store, user, anonymise: dealerships, accounts, and customers whose data are to go."""

import secrets
from datetime import UTC, datetime

import click

from dashboard.verbs.common import opened
from data import accounts, db
from data.commands import NotFound, stores
from data.commands import accounts as changes
from data.commands.customers import anonymise as anonymising
from data.customers.finding import identify
from data.person import SYSTEM

GENERATED = 12  # random bytes


@click.group()
def store() -> None:
    """Dealerships."""


@store.command("add")
@click.argument("code")
@click.option("--name", default="", help="As people say it; the code if left out.")
@click.option("--group", help="The dealer group it belongs to.")
@click.option("--timezone", help="Such as Asia/Shanghai; AFTERCARE_TIMEZONE if left out.")
@click.option("--calendar", default="china", show_default=True, help="Code of a calendar.")
def add_store(code: str, name: str, group: str | None, timezone: str | None, calendar: str) -> None:
    """Add the dealership CODE."""
    settings = opened()
    with db.writing(by=SYSTEM) as session:
        stores.add_store(
            session,
            code=code,
            name=name,
            group=group,
            zone=timezone or settings.timezone,
            calendar=calendar,
            at=datetime.now(UTC),
        )
    click.echo(f"Added the store {code}.")


@store.command("list")
def list_stores() -> None:
    """The dealerships, one a line."""
    opened()
    with db.reading(as_=SYSTEM) as session:
        for row in accounts.stores(session):
            click.echo("\t".join((row.code, row.name, row.zone, row.group or "")))


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("login")
@click.option("--role", required=True, type=click.Choice([role.value for role in changes.ROLES]))
@click.option("--name", default="", help="As colleagues say it; the login if left out.")
@click.option("--store", "codes", multiple=True, help="A store the account sees; repeatable.")
@click.option("--all-stores", is_flag=True, help="It sees every store there is and will be.")
@click.option("--password", help="Left out, one is made and shown once; - asks for it.")
def add_user(
    login: str, role: str, name: str, codes: tuple[str, ...], all_stores: bool, password: str | None
) -> None:
    """Open the account LOGIN."""
    opened()
    chosen = _chosen(password)
    with db.writing(by=SYSTEM) as session:
        added = changes.add_user(
            session,
            login=login,
            name=name,
            role=role,
            password=chosen,
            stores=codes,
            all_stores=all_stores,
            at=datetime.now(UTC),
        ).login
    click.echo(f"Added the account {added}.")
    _show_made(password, chosen)


@user.command("passwd")
@click.argument("login")
@click.option("--password", help="Left out, one is made and shown once; - asks for it.")
def change_password(login: str, password: str | None) -> None:
    """Give the account LOGIN a new password; its sessions end."""
    opened()
    chosen = _chosen(password)
    with db.writing(by=SYSTEM) as session:
        changes.set_password(session, login=login, password=chosen, at=datetime.now(UTC))
    click.echo(f"Changed the password of {login}.")
    _show_made(password, chosen)


@user.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Close the account LOGIN; its sessions end."""
    opened()
    with db.writing(by=SYSTEM) as session:
        changes.disable_user(session, login=login, at=datetime.now(UTC))
    click.echo(f"Closed the account {login}.")


@user.command("list")
def list_users() -> None:
    """The accounts, one a line."""
    opened()
    with db.reading(as_=SYSTEM) as session:
        for row in accounts.listed(session):
            seen = "all stores" if row.stores is None else ",".join(row.stores)
            state = "active" if row.active else "closed"
            click.echo("\t".join((row.login, row.name, row.role, seen, state)))


@click.command()
@click.argument("customer")
@click.option("--store", "code", help="CUSTOMER is the dealer's number at this store, not an id.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def anonymise(customer: str, code: str | None, yes: bool) -> None:
    """Take the personal data of CUSTOMER out for good; every figure stays.

    CUSTOMER is the id in the address of the customer file or, with --store, the dealer's own
    number. Backups made before still hold the data.
    """
    opened()
    with db.reading(as_=SYSTEM) as session:
        found = identify(session, customer, code)
    if found is None:
        raise NotFound("There is no customer {customer} here.", customer=customer)
    if not yes:
        click.confirm(f"Take out all personal data of {found.name} ({found.store})?", abort=True)
    with db.writing(by=SYSTEM) as session:
        made_up = secrets.token_hex(GENERATED)
        done = anonymising(session, customer_id=found.id, now=datetime.now(UTC), secret=made_up)
    told = ", ".join(f"{count} {kind}" for kind, count in done.items())
    click.echo(f"Customer {found.id} is anonymous now: {told}.")


VERBS = (store, user, anonymise)


def _chosen(password: str | None) -> str:
    if password == "-":
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    return secrets.token_urlsafe(GENERATED) if password is None else password


def _show_made(given: str | None, made: str) -> None:
    if given is None:
        click.echo(f"Password (shown this once): {made}")
