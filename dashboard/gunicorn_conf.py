"""How gunicorn serves Aftercare; `--bind` and `--workers` on its command line go before this."""

import gc
import os
from contextlib import suppress
from ctypes import CDLL
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from dashboard import log
from dashboard.settings import BadSetting, Settings
from data import db, installing

SHARED = "PROMETHEUS_MULTIPROC_DIR"
GARBAGE = (20_000, 10, 25)  # to go through all that a process remembers stops it for 300 ms
MEMORY = {-8: 2, -1: 2**20, -3: 2**20}  # mallopt: M_ARENA_MAX, M_TRIM_ and M_MMAP_THRESHOLD

bind = "127.0.0.1:8050"
workers = 2
worker_class = "gthread"  # idle connections do not hold up the others
threads = 4  # with more, each request costs the processor half as much again
timeout = 60
graceful_timeout = 20
keepalive = 75  # longer than a proxy's, so that it is never us who hangs up
max_requests = 50_000
max_requests_jitter = 10_000
preload_app = True
pythonpath = str(Path(__file__).parent.parent)
control_socket_disable = True  # it would be opened in somebody's home folder


class logger_class(Logger):  # type: ignore[misc]
    """gunicorn's words in our log, in the shape the settings ask for."""

    def setup(self, cfg: Config) -> None:
        """Hand everything to the process's own handler."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def atoms(self, *about: Any) -> dict[str, Any]:
        """What a line of the access log, where somebody asks for one, may say of a request."""
        said: dict[str, Any] = super().atoms(*about)
        cut = {key: log.without_query(said[key]) for key in ("r", "f")}
        return said | cut | {"q": ""}


def pre_fork(_server: object, _worker: object) -> None:
    """Let what is loaded be shared, and garbage be looked for seldom, and never in that."""
    gc.set_threshold(*GARBAGE)
    gc.collect()
    gc.freeze()


def post_fork(_server: object, _worker: object) -> None:
    """Leave the parent's database connections to the parent."""
    db.engine().dispose(close=False)


def post_worker_init(_worker: object) -> None:
    """Put together what the cards ask, once whoever waited for the start is served."""
    from callbacks import warming  # it counts, so not before COUNTED

    warming.begin()


def child_exit(_server: object, worker: Worker) -> None:
    """What a process counted stays in the sum when it is gone."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: object) -> None:
    """Take away what was counted together."""
    if COUNTED:
        rmtree(COUNTED, ignore_errors=True)


def _give_memory_back() -> None:
    """Let threads share memory, and the system have what was freed: by itself glibc keeps it."""
    with suppress(AttributeError, OSError, TypeError):  # another C library has no such settings
        for setting, value in MEMORY.items():
            CDLL(None).mallopt(setting, value)


_give_memory_back()
COUNTED = "" if os.environ.get(SHARED) else mkdtemp(prefix="aftercare-counted-")
if COUNTED:
    os.environ[SHARED] = COUNTED  # before anything that counts is loaded

try:
    settings = Settings.read()
    log.set_up(settings)
    installing.refuse_harm(settings.database_url)
except (BadSetting, installing.Unusable) as error:
    raise SystemExit(str(error)) from None
