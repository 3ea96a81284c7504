"""Callbacks to customers: the next one, the record form, promises, numbers, and handing over."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from dash import (
    ALL,
    MATCH,
    ClientsideFunction,
    Input,
    NoUpdate,
    Output,
    State,
    clientside_callback,
    no_update,
    set_props,
)

from callbacks import clock, conflicts
from callbacks.shell import edition_in
from dashboard import forms, ids, known, sessions, shell, urls
from dashboard.doors import callback
from dashboard.forms import Typed, a_moment
from dashboard.i18n import _
from dashboard.ids import Call, Shell, Worklist
from dashboard.words import word
from data import db, issues
from data.commands import NotFound, Refused, followups, promises
from data.followups import desk, sheet, worklist
from data.lookups import Session
from data.person import Right
from data.windows import LONGEST_S
from pages.followup.body import body
from pages.followup.choice import FORM
from pages.worklist import mine, parts

Zone = Callable[[], str]  # looked up where a moment was typed in
OURS = ids.field(FORM, ALL)
Reader = Callable[[Mapping[str, Any], Typed, datetime, str], dict[str, Any]]


@callback(
    Output(Worklist.MINE, "children"),
    Output(Worklist.PARTS, "children"),
    Input(Shell.URL, "search"),
    Input(Shell.FRESH, "data"),
    may=(Right.RECORD_FOLLOWUPS,),
    prevent_initial_call=True,
)
def freshen(search: str, _fresh: str) -> tuple[Any, Any]:
    """One's own figures and the ways to narrow the list, for the address as it is."""
    scope, person = clock.scope(search), sessions.current_person()
    with db.reading(as_=person) as session:
        return mine(desk.day(session, scope, person), scope), parts(scope)


@callback(
    Output(Shell.URL, "href", allow_duplicate=True),
    Input(Worklist.NEXT, "n_clicks"),
    State(Shell.URL, "search"),
    State(Shell.URL, "pathname"),
    may=(Right.RECORD_FOLLOWUPS,),
    prevent_initial_call=True,
)
def go_on(clicks: int | None, search: str, path: str) -> str | NoUpdate:
    """Take the next call, if it is nobody's yet, and open it."""
    if not clicks:
        return no_update
    scope, person = clock.scope(search), sessions.current_person()
    with db.writing(by=person) as session:
        found = worklist.next_call(session, scope, person=person)
        if found is not None:
            _take(session, *found)
    if found is not None:
        return urls.followup(*found)
    shell.notify(_("There is no call to make now: later ones stand in the list."), "good")
    return no_update if path.endswith("/worklist") else urls.worklist()


def _take(session: Session, number: str, store: str) -> None:
    """Make a free call one's own."""
    now, person = clock.now(), sessions.current_person()
    found = sheet.find(session, number, store, as_of=now, person=person)
    if found is not None and found.followup.agent_id is None:
        task = found.followup
        followups.take(session, followup_id=task.id, version=task.version, now=now)


@callback(
    Output(Call.BODY, "children"),
    Output(Call.SAVED, "data"),
    Input(Call.SENT, "data"),
    State(Call.ABOUT, "data"),
    State(Call.VERSION, "data"),
    may=(Right.RECORD_FOLLOWUPS,),
    prevent_initial_call=True,
    on_error=conflicts.beside(Call.CLASH, Call.VERSION),
)
def save(sent: dict[str, Any] | None, about: dict[str, Any], version: int) -> Any:
    """Write the call or the try down, and draw the page anew."""
    if not sent:
        return no_update, no_update
    now, person = clock.now(), sessions.current_person()
    with db.writing(by=person, key=forms.attempt_of(sent.get("attempt"))) as session:
        said = _write(session, about, version, sent, now)
    shell.notify(said)
    set_props(Call.CLASH, {"children": None})
    with shell.drawing(), db.reading(as_=person) as session:
        set_props(Shell.FRESH, {"data": edition_in(session)})
        return body(session, _found(session, about), person, as_of=now), sent.get("attempt")


def _write(
    session: Session, about: Mapping[str, Any], version: int, sent: Mapping[str, Any], now: datetime
) -> str:
    """Write it down; what to say of it."""
    zone = partial(_zone, session, about)
    given = {"followup_id": _id(about), "version": version, "now": now}
    typed = _typed(sent)
    if sent.get("way") == "missed":
        return _tried(followups.attempt(session, **given, **_missed(typed, zone)))
    done = followups.record(session, **given, **_talked(sent, typed, now, zone))
    return _recorded(done)


def _zone(session: Session, about: Mapping[str, Any]) -> str:
    """The clocks by which moments are typed in."""
    return desk.zone(session, str(about.get("store"))) or clock.zone()


def _tried(done: Mapping[str, Any]) -> str:
    if done["state"] == "due":
        return _("The try is noted.")
    return _("The try is noted; the call is over: {state}.", state=word("followup", done["state"]))


def _recorded(done: Mapping[str, Any]) -> str:
    if done["complaint"]:
        return _("Saved. Complaint {number} was opened.", number=done["complaint"])
    return _("Saved.")


def _typed(sent: Mapping[str, Any]) -> Typed:
    """The fields as a browser sent them; whatever is no text is empty."""
    found = sent.get("typed")
    pairs = found if isinstance(found, dict) else {}
    return forms.values([{"name": name} for name in pairs], list(pairs.values()))


def _missed(typed: Typed, zone: Zone) -> dict[str, Any]:
    if not typed["result"]:
        raise Refused("Please say what came of the try.")
    own = typed["next_try"] and typed["next_try"] != typed["proposed"]
    return {
        "result": typed["result"],
        "note": typed["note"],
        "channel": typed["channel"] or "phone",
        "next_try_at": a_moment(typed["next_try"], zone()) if own else None,
    }


def _talked(sent: Mapping[str, Any], typed: Typed, now: datetime, zone: Zone) -> dict[str, Any]:
    if not typed["respondent"]:
        raise Refused("Please say who answered.")
    return {
        "respondent": typed["respondent"],
        **_length(sent, now),
        "overall": forms.whole(typed["overall"]),
        "nps": forms.whole(typed["nps"]),
        "answers": _answers(typed),
        "reason": typed["overall.reason"] or None,
        "comment": typed["comment"],
        "promise": _promise(typed, zone),
        "complaint": _complaint(typed),
        "churn": _away(typed),
        "issues": [one for one in _listed(sent.get("used")) if type(one) is int],
    }


def _length(sent: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """When the call began and how long it was: both by the browser's own clock, as stretches.

    A form that stood open for hours says nothing of the length of the call.
    """
    ago, talk = sent.get("ago_s"), sent.get("talk_s")
    if type(ago) is not int or type(talk) is not int or not 0 <= talk <= ago < 10**6:
        return {}
    if talk > LONGEST_S:
        return {}
    return {"started_at": now - timedelta(seconds=ago), "talk_s": talk}


def _answers(typed: Typed) -> dict[str, dict[str, Any]]:
    codes = [name[2:] for name in typed if name.startswith("q.") and name.count(".") == 1]
    found = {code: _answer(typed, f"q.{code}") for code in codes}
    return {code: answer for code, answer in found.items() if {*answer.values()} != {None}}


def _answer(typed: Typed, name: str) -> dict[str, Any]:
    """A score with its reason and remark; these two only where the score is low."""
    score = forms.whole(typed[name])
    low = score is None or score <= 2
    return {
        "score": score,
        "reason": (typed[f"{name}.reason"] or None) if low else None,
        "remark": (typed[f"{name}.remark"] or None) if low else None,
    }


def _promise(typed: Typed, zone: Zone) -> dict[str, Any] | None:
    if not typed["promise"].strip():
        return None
    return {"words": typed["promise"], "due_at": a_moment(typed["promise_due"], zone())}


def _complaint(typed: Typed) -> dict[str, Any] | None:
    """A complaint is opened as soon as it has a category or words."""
    if not typed["category"] and not typed["content"].strip():
        return None
    return {name: typed[name] for name in ("category", "severity", "content")}


def _away(typed: Typed) -> dict[str, str] | None:
    """Why a customer stays away, where that was asked."""
    if not typed["churn"] and not typed["churn_words"].strip():
        return None
    return {"reason": typed["churn"], "words": typed["churn_words"]}


def _listed(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _found(session: Session, about: Mapping[str, Any]) -> sheet.Sheet:
    number, store = str(about.get("number")), str(about.get("store"))
    now, person = clock.now(), sessions.current_person()
    found = sheet.find(session, number, store, as_of=now, person=person)
    if found is None:
        raise NotFound("There is no such callback among yours.")
    return found


def _id(about: Mapping[str, Any]) -> int:
    found = about.get("id")
    return found if type(found) is int and 0 < found < 2**63 else 0


@callback(
    Output(Call.KNOWN, "children"),
    Output(Call.USED, "options"),
    Input(ids.field(FORM, "category"), "value"),
    Input(ids.field(FORM, "content"), "value"),
    may=(Right.RECORD_FOLLOWUPS,),
    prevent_initial_call=True,
)
def suggest(category: str | None, words: str | None) -> tuple[Any, Any]:
    """What the library knows about what the customer says."""
    with db.reading(as_=sessions.current_person()) as session:
        found = issues.suggest(session, category=category or None, words=words or "")
    ticks = [
        {"label": _("Used: {problem}", problem=known.said(one, "problem")), "value": one.id}
        for one in found
    ]
    return known.fold(found) if found else None, ticks


@callback(
    Output(ids.phone(MATCH), "children"),
    Input(ids.reveal(MATCH), "n_clicks"),
    State(ids.reveal(MATCH), "id"),
    State(Call.ABOUT, "data"),
    may=(Right.RECORD_FOLLOWUPS,),
    prevent_initial_call=True,
)
def reveal(clicks: int | None, button: dict[str, str], about: dict[str, Any]) -> str | NoUpdate:
    """Show a number; the log keeps who looked."""
    if not clicks:
        return no_update
    now, which = clock.now(), button["which"]
    with db.writing(by=sessions.current_person()) as session:
        return followups.reveal_phone(session, followup_id=_id(about), now=now, which=which)


@callback(
    Output(ids.promise(MATCH, "place"), "children"),
    Input(ids.promise(MATCH, "keep"), "n_clicks"),
    Input(ids.promise(MATCH, "explain"), "n_clicks"),
    State(ids.promise(MATCH, "words"), "value"),
    State(ids.promise(MATCH, "place"), "id"),
    State(ids.promise(MATCH, "version"), "data"),
    may=(Right.RECORD_FOLLOWUPS,),
    prevent_initial_call=True,
)
def settle(
    kept: int | None, explained: int | None, words: str | None, place: dict[str, Any], version: int
) -> Any:
    """Note that a promise was kept, or that the customer was told why it will be late."""
    if not kept and not explained:
        return no_update
    given = {"promise_id": place["number"], "version": version, "now": clock.now()}
    once = f"{'keep' if kept else 'explain'}:{version}"  # of this promise as it was shown
    with db.writing(by=sessions.current_person(), key=once) as session:
        if kept:
            promises.keep(session, **given)
        else:
            promises.explain(session, **given, words=words or "")
    return _("Kept: noted.") if kept else _("Explained: noted.")


clientside_callback(
    ClientsideFunction("calls", "kept"),
    Output(Call.KEPT, "data"),
    Input(OURS, "value"),
    Input(Call.USED, "value"),
    State(OURS, "id"),
    State(Call.ABOUT, "data"),
)
clientside_callback(
    ClientsideFunction("calls", "sent"),
    Output(Call.SENT, "data"),
    Input(Call.RECORD, "n_clicks"),
    Input(Call.TRY, "n_clicks"),
    State(OURS, "value"),
    State(Call.USED, "value"),
    State(OURS, "id"),
    State(Call.ABOUT, "data"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("calls", "saved"),
    Output(Call.KEPT, "data", allow_duplicate=True),
    Input(Call.SAVED, "data"),
    prevent_initial_call=True,
)
