"""Addresses. The path says which page; the query says which slice of the business.

What a query cannot say readably is ignored, never an error: a link from a mail must open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode
from zoneinfo import ZoneInfo

from data.scope import Scope

PERIODS = (
    "last-4-weeks",
    "last-13-weeks",
    "last-26-weeks",
    "last-12-months",
    "this-month",
    "this-year",
    "all",
)
USUAL = "last-13-weeks"
COMPARISONS = ("previous", "year")
DRILL = (
    "category",
    "severity",
    "owner",
    "bucket",
    "target",
    "state",
    "origin",
    "cause",
    "hand_offs",
    "due",
    "agent",
    "adviser",
    "technician",
    "fault",
    "score",
    "promise",
    "rule",
    "channel",
    "result",
    "weekday",
    "hour",
    "dimension",
    "cohort",
    "class",
    "reason",
    "kind",
    "verdict",
    "words",
    "cell",
    "came",
    "mode",
    "grain",
    "began",
    "away",
    "visits",
    "month",
    "age",
    "warranty",
    "step",
    "list",
    "complaint",
)
MOST, LONGEST = 50, 80
NEW = "new"  # in the place of a number: the form for one more
FIRST, LAST = date(1990, 1, 1), date(2100, 1, 1)
EXPORTS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an address asks for: the slice of the business, as said, not yet worked out.

    `period` names a moving period; `start` and `end` are one's own days and go before it.
    """

    stores: tuple[str, ...] = ()
    period: str = USUAL
    start: date | None = None
    end: date | None = None
    compare: str | None = None
    as_of: str | None = None
    drill: tuple[tuple[str, str], ...] = ()

    def scope(self, *, now: datetime, zone: str) -> Scope:
        """The slice worked out for a reader at `now` by the clocks of `zone`."""
        as_of = _moment(self.as_of, zone) or now
        start, end = self._days(as_of.astimezone(ZoneInfo(zone)).date())
        return Scope(
            as_of=min(as_of, now),
            stores=self.stores,
            start=start,
            end=end,
            drill=self.drill,
            zone=zone,
            live=as_of == now,
        )

    def before(self, scope: Scope) -> Scope | None:
        """The slice to compare with, as it stood then; None when nothing is to be compared."""
        if self.compare is None or scope.start is None:
            return None
        end = scope.end or scope.today
        back = timedelta(days=364 if self.compare == "year" else (end - scope.start).days + 1)
        return replace(scope, start=scope.start - back, end=end - back, as_of=scope.as_of - back)

    def plain(self) -> "View":
        """The same without narrowing: what one page hands to the next."""
        return replace(self, drill=())

    def _days(self, today: date) -> tuple[date | None, date | None]:
        if self.start or self.end:
            return self.start, self.end
        return period_days(self.period, today)


def period_days(period: str, today: date) -> tuple[date | None, date | None]:
    """First and last day of a named period: the finished weeks or months, and the running one."""
    monday = today - timedelta(days=today.weekday())
    starts = {
        "last-4-weeks": monday - timedelta(weeks=4),
        "last-13-weeks": monday - timedelta(weeks=13),
        "last-26-weeks": monday - timedelta(weeks=26),
        "last-12-months": date(today.year - 1, today.month, 1),
        "this-month": today.replace(day=1),
        "this-year": date(today.year, 1, 1),
    }
    return (starts[period], today) if period in starts else (None, None)


def read(search: str | None) -> View:
    """What the query `search` asks for; whatever is unreadable counts as not asked."""
    pairs = [pair for pair in parse_qsl((search or "").lstrip("?")) if _fine(pair)]
    last = dict(pairs)
    start, end = day_in(last.get("from")), day_in(last.get("to"))
    if start and end and start > end:
        start, end = end, start
    own = start or end
    return View(
        stores=_some(pairs, "store"),
        period=USUAL if own else _one_of(last.get("period"), PERIODS) or USUAL,
        start=start,
        end=end,
        compare=_one_of(last.get("compare"), COMPARISONS),
        as_of=last.get("as_of") if _moment(last.get("as_of"), "UTC") else None,
        drill=tuple((key, value) for key in DRILL for value in _some(pairs, key)),
    )


def search_for(view: View) -> str:
    """The shortest query that asks for `view`."""
    asked: list[tuple[str, Any]] = [
        *(("store", store) for store in view.stores),
        ("period", None if view.period == USUAL else view.period),
        ("from", view.start),
        ("to", view.end),
        ("compare", view.compare),
        ("as_of", view.as_of),
        *view.drill,
    ]
    query = urlencode([(key, value) for key, value in asked if value])
    return f"?{query}" if query else ""


def view_of(*, stores: Sequence[str] = (), **values: str | None) -> View:
    """The view that these values of form fields ask for, checked like an address."""
    pairs = [*(("store", store) for store in stores), *values.items()]
    return read(urlencode([(key, value) for key, value in pairs if value]))


def scope_of(search: str | None, *, now: datetime, zone: str) -> Scope:
    """The scope the query `search` asks for, for a reader at `now` in `zone`."""
    return read(search).scope(now=now, zone=zone)


def page(path: str, view: View | None = None, **drill: Any) -> str:
    """The page at `path` with the slice of `view`, narrowed by `drill` (and by that alone).

    The drill keys `start` and `end` replace the period by one's own days.
    """
    view = view or View()
    days = tuple(day_in(str(drill.pop(key, ""))) for key in ("start", "end"))
    asked = tuple((key, str(drill[key])) for key in DRILL if drill.get(key) not in (None, ""))
    if any(days):
        view = replace(view, start=days[0], end=days[1], period=USUAL)
    return path + search_for(replace(view, drill=asked))


def overview(view: View | None = None) -> str:
    """The first page."""
    return page("/", view)


def complaints(view: View | None = None, **drill: Any) -> str:
    """The complaints, narrowed by severity, bucket, category, owner and the like."""
    return page("/complaints", view, **drill)


def complaint(number: str, store: str) -> str:
    """One case; numbers are a store's own, so the store is part of the address."""
    return f"/complaints/{quote(number, safe='')}?{urlencode({'store': store})}"


def followups(view: View | None = None, **drill: Any) -> str:
    """How the callbacks go, narrowed by rule, agent, channel and the like."""
    return page("/callbacks", view, **drill)


def worklist(view: View | None = None, **drill: Any) -> str:
    """The calls to make now."""
    return page("/callbacks/worklist", view, **drill)


def followup(number: str, store: str) -> str:
    """One call; numbers are a store's own, so the store is part of the address."""
    return f"/callbacks/{quote(number, safe='')}?{urlencode({'store': store})}"


def satisfaction(view: View | None = None, **drill: Any) -> str:
    """What customers answer, narrowed by dimension, adviser and the like."""
    return page("/satisfaction", view, **drill)


def retention(view: View | None = None, **drill: Any) -> str:
    """Who stays and who leaves."""
    return page("/retention", view, **drill)


def vehicles(view: View | None = None, **drill: Any) -> str:
    """The vehicles behind a figure of retention, narrowed by cohort, class, month and the like."""
    return page("/retention/vehicles", view, **drill)


def churn_cases(view: View | None = None, **drill: Any) -> str:
    """The vehicles that are to be won back, narrowed by step, reason and list."""
    return page("/retention/cases", view, **drill)


def churn_case(number: int) -> str:
    """One of them."""
    return f"/retention/cases/{number}"


def wall() -> str:
    """The wall screen."""
    return "/wall"


def screen_link(secret: str) -> str:
    """What makes the browser that opens it a wall screen, once; to be put behind one's address."""
    return f"/wall/link?{urlencode({'once': secret})}"  # in the query, which no log has


def improvements(view: View | None = None, **drill: Any) -> str:
    """The improvement actions, narrowed by state, kind, owner, category, verdict and due."""
    return page("/actions", view, **drill)


def new_improvement(*stores: str, **aim: Any) -> str:
    """The form for a new one, filled with what it is aimed at: category, adviser, technician,
    reason or dimension; and the complaint it begins with.
    """
    return page(f"/actions/{NEW}", View(stores=stores), **aim)


def improvement(number: str, store: str) -> str:
    """One improvement action; numbers are a store's own, so the store is part of the address."""
    return f"/actions/{quote(number, safe='')}?{urlencode({'store': store})}"


def review(week: str = "", store: str = "") -> str:
    """The weekly review of this week (2026-W47), else of the latest; of a store, or to choose."""
    query = f"?{urlencode({'store': store})}" if store else ""
    return f"/review/{week}{query}" if week else f"/review{query}"


def report(kind: str, period: str, ending: str, store: str) -> str:
    """A report as a file: weekly of 2026-W47, monthly of 2026-10."""
    return f"/report/{kind}/{quote(period, safe='')}.{ending}?{urlencode({'store': store})}"


def customer(number: int) -> str:
    """A customer's file."""
    return f"/customers/{number}"


def team(view: View | None = None, **drill: Any) -> str:
    """The people's scorecards."""
    return page("/team", view, **drill)


def issues(view: View | None = None, **drill: Any) -> str:
    """The issue library, narrowed by category and words."""
    return page("/issues", view, **drill)


def issue(code: str = "new") -> str:
    """One entry of the issue library, or the form for a new one."""
    return f"/issues/{quote(code, safe='')}"


def data_health(view: View | None = None, **drill: Any) -> str:
    """What is wrong with the data, narrowed by fault."""
    return page("/data-health", view, **drill)


def definitions(code: str = "") -> str:
    """What the metric `code` counts."""
    return f"/definitions#{quote(code)}" if code else "/definitions"


def admin(section: str = "", key: str = "") -> str:
    """The administration: its index, a section of it, or one record there."""
    steps = ("/admin", *(quote(step, safe="") for step in (section, key) if step))
    return "/".join(steps)


def imports() -> str:
    """Reading spreadsheets in, and the list of those that were."""
    return "/admin/import"


def imported(batch: int) -> str:
    """What came of one import."""
    return f"/admin/import/{batch}"


def messages() -> str:
    """Who gets reports by mail, and what became of what was sent."""
    return "/admin/messages"


def refused(batch: int | None = None) -> str:
    """The rows an import refused, as a file; without a number those of one's running check."""
    return f"/admin/import/{batch}/refused.csv" if batch else "/admin/import/refused.csv"


def export(name: str, ending: str, search: str | None = None) -> str:
    """The rows of the chart or table `name` as a file, for the same query as the page."""
    return f"/export/{quote(name, safe='')}.{ending}{search_for(read(search))}"


def _fine(pair: tuple[str, str]) -> bool:
    return len(pair[1]) <= LONGEST and pair[1].isprintable()


def _some(pairs: list[tuple[str, str]], key: str) -> tuple[str, ...]:
    values = dict.fromkeys(value for name, value in pairs if name == key and value)
    return tuple(values)[:MOST]


def _one_of(value: str | None, known: tuple[str, ...]) -> str | None:
    return value if value in known else None


def day_in(text: str | None) -> date | None:
    """The day that `text` writes, 2026-03-16; None if it is none that there may be data of."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if FIRST <= found < LAST else None


def _moment(text: str | None, zone: str) -> datetime | None:
    """A moment; without a zone of its own, by the clocks of `zone`."""
    try:
        found = datetime.fromisoformat((text or "").replace(" ", "+"))  # "+" is " " in a query
    except ValueError:
        return None
    if not FIRST <= found.date() < LAST:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
