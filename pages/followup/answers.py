"""A call that is over: how it ended and what was answered."""

from dash.development.base_component import Component

from dashboard import formats
from dashboard.i18n import _, language
from dashboard.widgets import card
from dashboard.words import word
from data.followups.sheet import Sheet
from data.models import Question
from pages.followup.file import told


def done(sheet: Sheet) -> Component:
    """What came of the call."""
    task, said, zone = sheet.followup, sheet.response, sheet.store.zone
    facts = (
        (_("How it ended"), word("followup", task.state)),
        (_("When"), task.ended_at and formats.moment(task.ended_at, zone)),
        (_("Caller"), sheet.agent and sheet.agent.name),
        (_("Who answered"), task.respondent and word("respondent", task.respondent)),
        (_("Length of the call"), task.talk_s is not None and spoken(task.talk_s)),
        (_("Overall"), said and said.overall and f"{said.overall} / 5"),
        (_("Would recommend"), said and said.nps is not None and f"{said.nps} / 10"),
        (_("Reason"), said and said.reason and word("low", said.reason)),
        (_("Comment"), said and said.comment),
        *((_wording(question), _answer(sheet, question)) for question in sheet.questions),
    )
    return card(_("What came of the call"), told(facts), width="full")


def spoken(seconds: int) -> str:
    """A length of talk as minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _wording(question: Question) -> str:
    return question.wording_zh if language() == "zh" else question.wording


def _answer(sheet: Sheet, question: Question) -> str | None:
    answer = sheet.answers.get(question.id)
    if answer is None:
        return None
    parts = [
        f"{answer.score} / {question.scale.rpartition('-')[2]}" if answer.score is not None else "",
        word("low", answer.reason) if answer.reason else "",
        answer.remark or "",
    ]
    return " · ".join(part for part in parts if part)
