"""/metrics: what a monitor asks about the server, over all its processes, in Prometheus' words."""

import hmac
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from time import monotonic

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from dashboard.doors import EVERYBODY, open_to
from dashboard.settings import Settings
from data import answers, health

routes = Blueprint("metering", __name__)
TOKEN = "AFTERCARE_METRICS_TOKEN"
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where several processes count together
STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
ANSWERED = Counter("aftercare_answers", "Requests answered.", ["route", "status"])
TOOK = Histogram("aftercare_answer_seconds", "How long an answer took.", ["route"], buckets=STEPS)


class Standing:
    """What holds for all processes at once, asked of the database at the moment."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Whether it answers, who is signed in, and how old data and timed jobs are."""
        found = health.ages(now=datetime.now(UTC))
        yield _gauge("database_up", "Whether the database answers.", float(found is not None))
        if found is None:
            return
        yield _gauge("open_sessions", "People signed in.", found.sessions)
        if found.data_s is not None:
            yield _gauge("data_age_seconds", "Since something was last written.", found.data_s)
        jobs = _gauge("job_age_seconds", "Since a timed job was last done.", labels=["job"])
        for job, seconds in found.jobs_s.items():
            jobs.add_metric([job], seconds)
        yield jobs


def init(server: Flask, settings: Settings) -> None:
    """Count what `server` answers, and add /metrics for this machine and for who has the token."""
    token = settings.metrics_token
    server.config[TOKEN] = token.get_secret_value() if token else ""
    server.register_blueprint(routes)
    server.after_request(_count)


@routes.get("/metrics")
@open_to(EVERYBODY)
def metrics() -> Response:
    """The figures; 403 for anybody who is neither on this machine nor has the token."""
    if not (_of_this_machine() or _has_the_token()):
        abort(403)
    told = generate_latest(_registry())
    return Response(told, content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    found = CollectorRegistry()
    if os.environ.get(SHARED):
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    else:
        for counted in (ANSWERED, TOOK, answers.TOLD):
            found.register(counted)
    found.register(Standing())
    return found


def _of_this_machine() -> bool:
    """Whether the request comes from here, and not through a proxy that runs here."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_the_token() -> bool:
    token, given = current_app.config[TOKEN], request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _count(response: Response) -> Response:
    route = _route()
    ANSWERED.labels(route, str(response.status_code)).inc()
    TOOK.labels(route).observe(monotonic() - g.get("began", monotonic()))
    return response


def _route() -> str:
    """What was asked for, without anything that somebody typed."""
    rule = request.url_rule
    return str(g.get("called") or (rule.rule if rule else "none"))


def _gauge(
    name: str, about: str, value: float | None = None, labels: list[str] | None = None
) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"aftercare_{name}", about, value=value, labels=labels)
