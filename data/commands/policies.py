"""How long cases may take (时限标准), by severity: for the cases that are opened from now on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.clock import Unit
from data.commands import NotFound, Refused, command, settings
from data.models import SlaPolicy
from data.person import Right

MOST = {  # two years at most, whatever it is counted in
    Unit.HOURS: 730 * 24,
    Unit.WORKING_HOURS: 500 * 8,
    Unit.DAYS: 730,
    Unit.WORKING_DAYS: 500,
    Unit.MONTHS: 24,
}
LEAST_WARNING, MOST_WARNING = 0.1, 0.95
LONGEST_PAUSE = 365


@command(Right.ADMINISTER)
def set_policy(
    session: Session,
    *,
    severity: str,
    version: int,
    now: datetime,
    reply_amount: int | None,
    reply_unit: str,
    close_amount: int | None,
    close_unit: str,
    warning_share: float | None,
    max_pause_days: int | None,
) -> None:
    """Let cases of this severity have other deadlines; those already opened keep theirs.

    warning_share: the share of the time after which a case is called close to its deadline.
    """
    settings.for_everybody(session)
    settings.alone(session)
    query = select(SlaPolicy).where(SlaPolicy.severity == severity).with_for_update()
    row = session.scalar(query)
    if row is None:
        raise NotFound("There are no deadlines of this severity.")
    values = {
        **_term("reply", reply_amount, reply_unit),
        **_term("close", close_amount, close_unit),
        "warning_share": _share(warning_share),
        "max_pause_days": _pause(max_pause_days),
    }
    subject, about = f"policy {severity}", {"severity": severity}
    settings.edit(session, row, subject, "policy_set", values, version=version, now=now, **about)


def _term(which: str, amount: int | None, unit: str) -> dict[str, int | str]:
    if unit not in list(Unit):
        raise Refused("Choose what the deadline is counted in.")
    most = MOST[Unit(unit)]
    if amount is None or not 1 <= amount <= most:
        raise Refused(
            "A deadline counted in {unit} is a whole number from 1 to {most}.",
            unit=Unit(unit),
            most=most,
        )
    return {f"{which}_amount": amount, f"{which}_unit": Unit(unit).value}


def _share(share: float | None) -> float:
    if share is None or not LEAST_WARNING <= share <= MOST_WARNING:
        raise Refused(
            "Warn when {least} to {most} percent of the time are gone.",
            least=round(LEAST_WARNING * 100),
            most=round(MOST_WARNING * 100),
        )
    return share


def _pause(days: int | None) -> int:
    if days is None or not 1 <= days <= LONGEST_PAUSE:
        raise Refused("A pause may last from 1 to {most} days.", most=LONGEST_PAUSE)
    return days
