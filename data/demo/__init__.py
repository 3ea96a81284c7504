"""A fictional dealer group, the same for a seed, to look at before the real one is connected."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from data import defaults, sums
from data.calendars import calendar_of
from data.commands import Refused
from data.demo import stories
from data.demo.bulk import Book, continue_ids, learn
from data.demo.cars import Car, add_cars
from data.demo.churn import add_churn_cases
from data.demo.complaints import Told, add_complaints
from data.demo.effects import add_effects
from data.demo.followups import add_followups
from data.demo.improvements import add_improvements
from data.demo.known_issues import add_library
from data.demo.orders import Order, add_orders
from data.demo.reminders import add_policies, add_reminders
from data.demo.reviews import add_reviews
from data.demo.stage import Shared, Stage, local_day
from data.demo.stores import add_accounts, add_staff, add_stores
from data.demo.visits import Season
from data.migrations import alone
from data.models import FollowupRule, Store
from data.visits import rebuild as keep_visits

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: rows by table, and the passwords of the demo accounts by login."""

    rows: dict[str, int]
    passwords: dict[str, str]


@dataclass(frozen=True, slots=True)
class Work:
    """What a store worked on: its cars, their orders, the complaints that were told."""

    cars: list[Car]
    orders: list[Order]
    told: list[Told]


def load(
    engine: Engine, *, stores: int = 3, years: int = 3, seed: int = 4, as_of: datetime
) -> Summary:
    """Fill an empty database with a dealer group whose data reach back from `as_of`.

    stores, years: how many, from 1. seed: the same one gives the same rows (password salts apart).
    as_of: a moment with a time zone. All is written, or nothing; then the sums are worked out.
    Raises Refused if the database holds a store already, or if the numbers make no sense.
    """
    _check(stores, years, as_of)
    with engine.begin() as connection, alone(connection), Session(connection) as session:
        refuse_if_filled(connection)
        book = Book(connection)
        stages = set_up(session, book, stores=stores, years=years, seed=seed, as_of=as_of)
        passwords = add_accounts(book, [stage.store_id for stage in stages])
        add_library(stages)
        book.write()
        actions = [_play(stage) for stage in stages]
        keep_visits(connection)
        for stage, mine in zip(stages, actions, strict=True):
            add_effects(stage, session, mine)
        book.write()
        book.write_log()
        for stage, mine in zip(stages, actions, strict=True):  # they read what is there by now
            add_reviews(stage, session, mine)
        book.write()
        continue_ids(connection)
        sums.forget(connection)
        learn(connection)
    sums.refresh(now=as_of)
    return Summary(dict(book.written), passwords)


def set_up(
    session: Session, book: Book, *, stores: int, years: int, seed: int, as_of: datetime
) -> list[Stage]:
    """Write the defaults and the stores; the answer is a stage for each store."""
    defaults.fill(session)
    _remind(session, local_day(as_of))
    found, shared = add_stores(book, stores), Shared.read(session)
    book.write()
    return [
        Stage(
            book=book,
            shared=shared,
            calendar=calendar_of(session, store_id),
            seed=seed,
            as_of=as_of,
            start=local_day(as_of - timedelta(days=years * DAYS_A_YEAR)),
            index=index,
            store_id=store_id,
            code=code,
        )
        for index, (store_id, code) in enumerate(found, start=1)
    ]


def _remind(session: Session, today: date) -> None:
    """Customers are reminded of their service, since some months."""
    rule = session.scalars(select(FollowupRule).where(FollowupRule.code == "next_service")).one()
    rule.active, rule.starts_on = True, today - timedelta(days=stories.REMINDERS_SINCE_DAYS)
    rule.hold_out = stories.HELD_OUT
    session.flush()


def add_work(stage: Stage, *, sales_a_year: float, complaints_per_order: float) -> Work:
    """Note the people of a store, its cars, orders and complaints."""
    add_staff(stage)
    cars = add_cars(stage, Season(stage.calendar, stage.start, stage.today), sales_a_year)
    orders = add_orders(stage, cars)
    return Work(cars, orders, add_complaints(stage, orders, complaints_per_order))


def _play(stage: Stage) -> list[int]:
    """Write down everything that happened in one store; the actions that were taken."""
    work = add_work(
        stage,
        sales_a_year=stories.SALES_A_YEAR,
        complaints_per_order=stories.COMPLAINTS_PER_ORDER,
    )
    add_followups(stage, work.cars, work.orders, work.told)
    add_policies(stage, work.cars)
    add_reminders(stage, work.cars)
    actions, mended = add_improvements(stage, work.told)
    add_churn_cases(stage, work.cars, work.orders, mended)
    stage.book.write()
    return actions


def _check(stores: int, years: int, as_of: datetime) -> None:
    if not 1 <= stores <= 99:
        raise Refused("Demo data has 1 to 99 stores, not {stores}.", stores=stores)
    if not 1 <= years <= 10:
        raise Refused("Demo data reaches back 1 to 10 years, not {years}.", years=years)
    if as_of.tzinfo is None:
        raise Refused("Say in which time zone {moment} is meant.", moment=as_of)


def refuse_if_filled(connection: Connection) -> None:
    """Raise Refused if the database holds a store."""
    count = connection.scalar(select(func.count()).select_from(Store))
    if count:
        raise Refused(
            "The database already holds {count} stores. Demo data goes only into an empty one: "
            "give another database, or leave the demo data out.",
            count=count,
        )
