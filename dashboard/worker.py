"""The timed jobs, in a process of their own: what is due is planned, told and sent."""

import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from dashboard import delivery
from dashboard.settings import Settings
from dashboard.ways import channels
from data import db, jobs, planning, sessions, sums, telling, throttle
from data.churn import settling
from data.improvements import checking
from data.jobs import Outcome
from data.person import SYSTEM

LOOK_S = 1.0  # so often the process looks whether it was told to stop
STOPS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do once in each span of time; asked for `often`, lest a dead run waits long."""

    name: str
    span: timedelta
    often: timedelta
    work: Callable[[datetime], Outcome]

    def period(self, now: datetime) -> str:
        """The span of time that `now` lies in, by its beginning."""
        began = datetime.min.replace(tzinfo=UTC)
        return f"{now - (now - began) % self.span:%Y-%m-%dT%H:%MZ}"


def _plan(now: datetime) -> Outcome:
    return summary(planning.plan(now=now, late=planning.NOT_LATE))


def _plan_late(now: datetime) -> Outcome:
    return summary(planning.plan(now=now))


def _expire(now: datetime) -> Outcome:
    return {"expired": planning.expire(now=now)}


def _settle(now: datetime) -> Outcome:
    return {"settled": settling.settle(now=now)}


def _tell(now: datetime) -> Outcome:
    return telling.tell(now=now, channels=channels(Settings.read()))


def _deliver(now: datetime) -> Outcome:
    return delivery.deliver(Settings.read(), clock=_now)


def _check(now: datetime) -> Outcome:
    return {**checking.check(now=now)}


def _add_up(now: datetime) -> Outcome:
    return {"days": sums.refresh(now=now)}


def _sweep(now: datetime) -> Outcome:
    with db.writing(by=SYSTEM) as session:
        for kept in (sessions, throttle, jobs):
            kept.sweep(session, now=now)
    return {}


MINUTE = timedelta(minutes=1)
FIVE, TEN = timedelta(minutes=5), timedelta(minutes=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JOBS = (
    Job("add_up", MINUTE, MINUTE, _add_up),
    Job("plan", TEN, TEN, _plan),
    Job("expire", TEN, TEN, _expire),
    Job("settle", TEN, TEN, _settle),
    Job("tell", FIVE, FIVE, _tell),
    Job("deliver", FIVE, FIVE, _deliver),
    Job("check", HOUR, TEN, _check),
    Job("plan_late", DAY, TEN, _plan_late),
    Job("sweep", DAY, TEN, _sweep),
)


def summary(planned: list[planning.Planned]) -> Outcome:
    """How many calls a run planned, in all stores, by kind."""
    return dict(sum((one.counts for one in planned), Counter[str]()))


def work() -> None:
    """Run the jobs until told to stop; one that is running is finished first."""
    told = Event()
    for number in STOPS:
        signal.signal(number, lambda *_: told.set())
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": {"type": "threadpool", "max_workers": 1}},
        job_defaults={"coalesce": True, "misfire_grace_time": None},
    )
    for job in JOBS:
        scheduler.add_job(do, "interval", [job], seconds=job.often.seconds, next_run_time=_now())
    scheduler.start()
    structlog.get_logger().info("working", jobs=[job.name for job in JOBS])
    while not told.wait(LOOK_S):
        pass
    scheduler.shutdown(wait=True)
    structlog.get_logger().info("stopped")


def do(job: Job, clock: Callable[[], datetime] | None = None) -> None:
    """Do a job if it is still to be done in this period; what goes wrong is logged, not fatal."""
    clock = clock or _now
    log, period = structlog.get_logger().bind(job=job.name), job.period(clock())
    try:
        outcome = jobs.run(job.name, period, lambda: job.work(clock()), clock=clock)
    except Exception as error:
        log.error("job failed", period=period, exc_info=error)
        return
    if outcome is not None:
        log.info("job done", period=period, **outcome)


def _now() -> datetime:
    return datetime.now(UTC)
