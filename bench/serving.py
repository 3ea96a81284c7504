"""A real server in processes of its own, for as long as something is measured on it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from urllib.request import urlopen

from callbacks import warming

ROOT = Path(__file__).parents[1]
OURS = ("--config", "dashboard/gunicorn_conf.py", "dashboard.app:create_server()")
THREADS = ("--worker-class", "gthread", "--threads", "8", "--preload", "--no-control-socket")
SECRET = "only-to-measure-0123456789abcdef"
LONGEST_START = 120
STARTED = warming.AFTER + 40  # seconds after which a server has drawn all cards


@contextmanager
def serving(url: str) -> Iterator[str]:
    """The address of Aftercare on the database at `url`, with two workers."""
    settings = {"AFTERCARE_DATABASE_URL": url, "AFTERCARE_SECRET_KEY": SECRET}
    with _gunicorn(*OURS, ready="/readyz", **settings) as address:
        yield address


@contextmanager
def serving_beside(module: str, **settings: str) -> Iterator[str]:
    """The address of what a module of the bench makes, with as many workers and threads."""
    with _gunicorn(*THREADS, f"bench.{module}:create_server()", ready="/", **settings) as address:
        yield address


@contextmanager
def serving_another(
    python: Path, application: str, *, ready: str, **settings: str
) -> Iterator[str]:
    """The address of an application of another environment, with as many workers and threads."""
    with _gunicorn(*THREADS, application, ready=ready, python=python, **settings) as address:
        yield address


@contextmanager
def _gunicorn(
    *words: str, ready: str, python: str | Path = sys.executable, **settings: str
) -> Iterator[str]:
    place = f"127.0.0.1:{_free_port()}"
    command = (python, "-m", "gunicorn", "--bind", place, "--workers", "2", *words)
    environment = os.environ | {"AFTERCARE_LOG_LEVEL": "error"} | settings
    with TemporaryFile() as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            if not _answers(server, f"http://{place}{ready}"):
                log.seek(0)
                raise SystemExit(log.read().decode())
            yield f"http://{place}"
        finally:
            server.terminate()
            server.wait(60)


def _answers(server: subprocess.Popen[bytes], address: str) -> bool:
    began = time.monotonic()
    while server.poll() is None and time.monotonic() - began < LONGEST_START:
        try:
            urlopen(address, timeout=5)
            return True
        except OSError:
            time.sleep(0.25)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
