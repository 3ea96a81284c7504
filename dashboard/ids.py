"""The names pages and callbacks know the screen by. Whole strings, so that grep finds them."""

import json
from enum import StrEnum
from typing import Any


class Shell(StrEnum):
    """Parts of the frame that are on every page."""

    URL = "shell-url"
    GO = "shell-go"
    PAGE = "shell-page"
    REFRESH = "shell-refresh"
    FRESH = "shell-fresh"
    THEME = "shell-theme"
    THEME_SWITCH = "shell-theme-switch"
    LOOK = "shell-look"
    CLICK = "shell-click"
    FAULTS = "shell-faults"
    TOAST = "shell-toast"
    MENU = "shell-menu"
    MENU_BUTTON = "shell-menu-button"
    DATA_TIME = "shell-data-time"
    PRINT = "shell-print"


class Filter(StrEnum):
    """The filter bar: what of the business is looked at, and as of when."""

    BAR = "filter-bar"
    STORES = "filter-stores"
    PERIOD = "filter-period"
    OWN_PERIOD = "filter-own-period"
    START = "filter-start"
    END = "filter-end"
    COMPARE = "filter-compare"
    AS_OF = "filter-as-of"
    NOW = "filter-now"
    DRILL = "filter-drill"


def nav(path: Any) -> dict[str, Any]:
    """The navigation link to this path; ALL for every one."""
    return {"type": "nav", "path": path}


def drop(key: Any, value: Any) -> dict[str, Any]:
    """The chip that takes one narrowing (category, severity, …) back; ALL for every one."""
    return {"type": "drop", "key": key, "value": value}


class Kind(StrEnum):
    """What a card holds. Part of its ids, so that the callbacks of one kind match it alone."""

    CHART = "chart"
    TILE = "tile"
    GRID = "grid"
    LIST = "list"


def card(kind: Kind, name: Any) -> dict[str, Any]:
    """The frame of a widget; its class says whether it loads, is empty or failed."""
    return {"type": f"{kind}-card", "name": name}


def said(kind: Kind, name: Any) -> dict[str, Any]:
    """The words above a widget: its headline, its denominator, or why there is nothing."""
    return {"type": f"{kind}-said", "name": name}


def further(name: Any) -> dict[str, Any]:
    """The place of a card further down the page, until it is near the screen."""
    return {"type": "further", "name": name}


def retry(kind: Kind, name: Any) -> dict[str, Any]:
    """The button that asks again after a failure."""
    return {"type": f"{kind}-retry", "name": name}


def chart(name: Any) -> dict[str, Any]:
    """The graph with this name; MATCH or ALL for any."""
    return {"type": "chart", "name": name}


def drawing(name: Any) -> dict[str, Any]:
    """What the graph is to show, before the browser puts the theme on it."""
    return {"type": "drawing", "name": name}


def tile(name: Any) -> dict[str, Any]:
    """The inside of the tile with this name."""
    return {"type": "tile", "name": name}


def mark(name: Any, metric: Any) -> dict[str, Any]:
    """The mark on a tile whose metric a fault in the data could move."""
    return {"type": "mark", "name": name, "metric": metric}


def mark_words(name: Any, metric: Any) -> dict[str, Any]:
    """What that mark says to a screen reader."""
    return {"type": "mark-words", "name": name, "metric": metric}


def table(name: Any) -> dict[str, Any]:
    """The grid with this name."""
    return {"type": "table", "name": name}


def listing(name: Any) -> dict[str, Any]:
    """The same table as a list of cards, for narrow screens."""
    return {"type": "listing", "name": name}


def more(name: Any) -> dict[str, Any]:
    """The button that lengthens such a list."""
    return {"type": "more", "name": name}


def choice(key: Any) -> dict[str, Any]:
    """The buttons that choose what charts show; `key` is its key in the address."""
    return {"type": "choice", "key": key}


class Case(StrEnum):
    """The page of one complaint."""

    BODY = "case-body"
    ID = "case-id"
    VERSION = "case-version"
    CLASH = "case-clash"
    PHONE = "case-phone"
    REVEAL = "case-reveal"


def field(form: Any, name: Any) -> dict[str, Any]:
    """A field of a form."""
    return {"type": "field", "form": form, "name": name}


def save(form: Any) -> dict[str, Any]:
    """The button that saves a form."""
    return {"type": "save", "form": form}


def attempt(form: Any) -> dict[str, Any]:
    """What names one attempt to save a form."""
    return {"type": "attempt", "form": form}


def as_html(identity: dict[str, Any]) -> str:
    """What the browser calls an element whose id is a dict."""
    return json.dumps(identity, sort_keys=True, separators=(",", ":"))


class Import(StrEnum):
    """Reading a spreadsheet in."""

    BODY = "import-body"
    ARRIVED = "import-arrived"
    TOKEN = "import-token"
    TICK = "import-tick"
    STORE = "import-store"
    KIND = "import-kind"
    HEADINGS = "import-headings"
    DROP = "import-drop"


def import_step(do: Any) -> dict[str, Any]:
    """The button that does the next step of an import; MATCH for any."""
    return {"type": "import-step", "do": do}


class Library(StrEnum):
    """The issue library: the list, and the page of one entry."""

    SEARCH = "library-search"
    CATEGORY = "library-category"
    LIST = "library-list"
    BODY = "library-body"
    ID = "library-code"
    VERSION = "library-version"
    CLASH = "library-clash"


def issue_save(form: Any) -> dict[str, Any]:
    """The button that saves a form of the issue library; MATCH for any."""
    return {"type": "library-save", "form": form}


class Worklist(StrEnum):
    """The list of calls to make."""

    NEXT = "worklist-next"
    MINE = "worklist-mine"
    PARTS = "worklist-parts"


class Call(StrEnum):
    """The page of one callback: the record form, and what the browser keeps of it."""

    BODY = "call-body"
    CLASH = "call-clash"
    ABOUT = "call-about"
    VERSION = "call-version"
    KEPT = "call-kept"
    SENT = "call-sent"
    SAVED = "call-saved"
    RECORD = "call-record"
    TRY = "call-try"
    USED = "call-used"
    KNOWN = "call-known"
    STATUS = "call-status"
    AGAIN = "call-again"
    CLOCK = "call-clock"


def phone(which: Any) -> dict[str, Any]:
    """The place of a number that is hidden until it is asked for; MATCH for any."""
    return {"type": "call-phone", "which": which}


def reveal(which: Any) -> dict[str, Any]:
    """The button that shows such a number."""
    return {"type": "call-reveal", "which": which}


def promise(number: Any, part: Any) -> dict[str, Any]:
    """A promise on the page of a callback: its place, its words, and the buttons for it."""
    return {"type": f"promise-{part}", "number": number}


class CustomerFile(StrEnum):
    """The page of one customer."""

    BODY = "customer-body"
    ID = "customer-id"
    VERSION = "customer-version"
    CLASH = "customer-clash"
    WORTH = "customer-worth"
    WORTH_VERSION = "customer-worth-version"


def customer_save(form: Any) -> dict[str, Any]:
    """The button that saves a form of the customer file; MATCH for any."""
    return {"type": "customer-save", "form": form}


def worth_save(form: Any) -> dict[str, Any]:
    """The button that keeps the formula of a customer's value for everybody."""
    return {"type": "worth-save", "form": form}


def customer_phone(which: Any) -> dict[str, Any]:
    """The place of a customer's number that is hidden until it is asked for."""
    return {"type": "customer-phone", "which": which}


def customer_reveal(which: Any) -> dict[str, Any]:
    """The button that shows it."""
    return {"type": "customer-reveal", "which": which}


class CallList(StrEnum):
    """The vehicles behind a figure, and putting them on the call list."""

    SENTENCE = "call-list-sentence"
    OPEN = "call-list-open"
    DIALOG = "call-list-dialog"
    BODY = "call-list-body"
    CHOSEN = "call-list-chosen"
    ATTEMPT = "call-list-attempt"
    SAVE = "call-list-save"


class ChurnFile(StrEnum):
    """The page of one vehicle that is to be won back."""

    BODY = "churn-body"
    ID = "churn-id"
    VERSION = "churn-version"
    CLASH = "churn-clash"


def churn_save(form: Any) -> dict[str, Any]:
    """The button that saves a form about a churn case; MATCH for any."""
    return {"type": "churn-save", "form": form}


def reason_save(form: Any) -> dict[str, Any]:
    """The button that saves a form about all cases of a reason; MATCH for any."""
    return {"type": "reason-save", "form": form}


class Post(StrEnum):
    """The page of what goes out by mail and webhook."""

    BODY = "post-body"
    ID = "post-id"
    VERSION = "post-version"
    CLASH = "post-clash"


def post_do(form: Any) -> dict[str, Any]:
    """The button that orders or ends a report, or sends a message again; MATCH for any."""
    return {"type": "post-do", "form": form}


class Admin(StrEnum):
    """The pages of the administration."""

    BODY = "admin-body"
    ID = "admin-id"
    CLASH = "admin-clash"


def admin_save(form: Any) -> dict[str, Any]:
    """The button that saves a setting; MATCH for any."""
    return {"type": "admin-save", "form": form}


def admin_version(form: Any) -> dict[str, Any]:
    """The version of the setting that a form starts from."""
    return {"type": "admin-version", "form": form}


class Board(StrEnum):
    """The improvement actions in columns, by where they stand."""

    COLUMNS = "board-columns"


class ActionFile(StrEnum):
    """The page of one improvement action, and the form for a new one."""

    BODY = "action-body"
    ID = "action-id"
    VERSION = "action-version"
    CLASH = "action-clash"
    TREND = "action-trend"
    TREND_DRAWN = "action-trend-drawn"


def action_save(form: Any) -> dict[str, Any]:
    """The button that saves a form of an improvement action; MATCH for any."""
    return {"type": "action-save", "form": form}


def begin(page: Any) -> dict[str, Any]:
    """The way to a new improvement action from a page, aimed at what the page shows."""
    return {"type": "action-begin", "page": page}


def bulk(table: Any, part: Any) -> dict[str, Any]:
    """A part of what is done to the chosen rows of a table together: bar, dialog, save button."""
    return {"type": f"bulk-{part}", "table": table}


class ReviewPage(StrEnum):
    """The page of one weekly review."""

    BODY = "review-body"
    ID = "review-id"
    WEEK = "review-week"
    VERSION = "review-version"
    CLASH = "review-clash"


def review_save(form: Any) -> dict[str, Any]:
    """The button that saves a form of the weekly review; MATCH for any."""
    return {"type": "review-save", "form": form}
