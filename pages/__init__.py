"""What there is to see. One module per page; this is the site map.

A page module has PATH, NAME and `layout(*, scope, **path)`; and, where it has any, RIGHT (who may
open it), GROUP and ICON (its place in the navigation), CHARTS, TILES and TABLES.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import unquote

import dash
from dash import State, ctx, dcc, no_update
from dash.development.base_component import Component

from dashboard import sessions
from dashboard.i18n import _
from dashboard.ids import Shell
from dashboard.widgets import Chart, Choice, Table, Tile, page_head
from data.commands import NotFound
from data.person import Right
from data.scope import Scope
from pages import (
    admin,
    churn_case,
    churn_cases,
    complaint,
    complaints,
    customer,
    data_health,
    definitions,
    followup,
    followups,
    importing,
    improvement,
    improvements,
    issue,
    issues,
    messages,
    not_found_404,
    overview,
    retention,
    review,
    satisfaction,
    team,
    vehicles,
    worklist,
)
from pages.admin import calendars as admin_calendars
from pages.admin import categories as admin_categories
from pages.admin import norms as admin_norms
from pages.admin import policies as admin_policies
from pages.admin import rules as admin_rules
from pages.admin import screens as admin_screens
from pages.admin import targets as admin_targets
from pages.admin import user as admin_user
from pages.admin import users as admin_users
from pages.importing import batch
from pages.review import week

PAGES: tuple[ModuleType, ...] = (
    overview,
    complaints,
    complaint,
    followups,
    worklist,
    followup,
    satisfaction,
    retention,
    vehicles,
    churn_cases,
    churn_case,
    customer,
    improvements,
    improvement,
    review,
    week,
    issues,
    issue,
    team,
    definitions,
    data_health,
    importing,
    batch,
    admin,
    admin_targets,
    admin_users,
    admin_user,
    admin_screens,
    admin_rules,
    admin_policies,
    admin_calendars,
    admin_categories,
    admin_norms,
    messages,
)
ROUTER = "_pages_location"
ASKED_TOO: dict[Any, Any] = {
    "shown": State(Shell.PAGE, "data", allow_optional=True)
}  # with the address
ScopeOf = Callable[[str | None], Scope]


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """The name, unique among its kind."""


Widget = TypeVar("Widget", bound=Named)


class Registry(Generic[Widget]):
    """The widgets of one kind on all pages, by name, each with the right its page needs."""

    def __init__(self, kind: str) -> None:
        self._found: dict[str, tuple[Widget, Right | None]] = {}
        for page in PAGES:
            for widget in getattr(page, kind, ()):
                assert widget.name not in self._found, f"two widgets are called {widget.name}"
                self._found[widget.name] = (widget, right_of_page(page))

    def of(self, name: object) -> Widget:
        """The widget called `name`, if the person who asks may see its page; else NotFound."""
        widget, right = self._found.get(str(name), (None, None))
        if widget is None or (right is not None and not sessions.current_person().may(right)):
            raise NotFound("There is no such record in your stores.")
        return widget

    def __iter__(self) -> Iterator[Widget]:
        return (widget for widget, _right in self._found.values())


def right_of_page(page: ModuleType) -> Right | None:
    """The right without which `page` stays closed: seeing figures, unless it says otherwise."""
    right: Right | None = getattr(page, "RIGHT", Right.SEE_FIGURES)
    return right


CHARTS: Registry[Chart] = Registry("CHARTS")
TILES: Registry[Tile] = Registry("TILES")
TABLES: Registry[Table] = Registry("TABLES")


def choices() -> dict[str, Choice]:
    """What the reader may choose about charts, by its key in the address."""
    return {choice.key: choice for chart in CHARTS for choice in chart.choices.values()}


def find(path: str) -> tuple[ModuleType, dict[str, str]] | None:
    """The page at `path` and what the path says (`/complaints/7` is number 7); None if none."""
    steps = path.strip("/").split("/")
    for page in PAGES:
        names = page.PATH.strip("/").split("/")
        if len(names) == len(steps):
            said = dict(zip(names, steps, strict=True))
            if all(name == step or (_is_gap(name) and step) for name, step in said.items()):
                gaps = {name: step for name, step in said.items() if _is_gap(name)}
                return page, {name[1:-1]: unquote(step) for name, step in gaps.items()}
    return None


def right_of(path: str) -> Right | None:
    """The right that the page at `path` needs; None if there is no such page."""
    found = find(path)
    return right_of_page(found[0]) if found else None


def register(scope_of: ScopeOf) -> None:
    """Give every page its address. `scope_of` works out the scope of a query, now."""
    for order, page in enumerate(PAGES):
        dash.register_page(  # type: ignore[no-untyped-call]
            page.__name__,
            path=None if _is_gap(page.PATH.rsplit("/", 1)[-1]) else page.PATH,
            path_template=page.PATH if "<" in page.PATH else None,
            name=page.NAME,
            title=_titled(page),
            layout=_staying(page, scope_of),
            order=order,
            nav="<" not in page.PATH and hasattr(page, "GROUP"),
            group=getattr(page, "GROUP", None),
            icon=getattr(page, "ICON", None),
            right=right_of_page(page),
            image="",  # or Dash looks through the assets for one, for each page
        )
    dash.register_page(  # type: ignore[no-untyped-call]
        not_found_404.__name__, layout=not_found_404.layout, title=_titled(not_found_404)
    )


def _titled(page: ModuleType) -> Callable[..., str]:
    return lambda **_path: f"{_(page.NAME)} · Aftercare"


def _staying(page: ModuleType, scope_of: ScopeOf) -> Callable[..., Any]:
    """Draw a page for the address as it is; leave it in place while only its query changes.

    Whether it is in place the browser says: a page whose answer is still under way is not. Dash
    mixes the query into what the path says, so that ?number=8 would beat /complaints/7: what the
    path says is read from the path alone.
    """

    @wraps(page.layout)
    def stay_or_draw(*, shown: str | None = None, **_mixed: Any) -> Any:
        path = _asked("pathname")
        if path and path == shown:
            return no_update
        right = right_of_page(page)
        if right is not None and not sessions.current_person().may(right):
            return _closed()
        found = find(path)
        if found is None:  # Dash takes a slash for part of what the path says
            return not_found_404.layout()
        drawn = page.layout(scope=scope_of(_asked("search")), **found[1])
        return [dcc.Store(id=Shell.PAGE, data=path), drawn]

    return stay_or_draw


def _asked(part: str) -> str:
    return str(ctx.inputs.get(f"{ROUTER}.{part}") or "")


def _closed() -> Component:
    return page_head(_("Your role does not allow this."))


def _is_gap(name: str) -> bool:
    return name.startswith("<") and name.endswith(">")
