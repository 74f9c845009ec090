"""The town served by real gunicorn processes beside a test, on its database and its payment sandbox."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from shop.sandbox.server import Sandbox

THREADS = 8
BACKLOG = 1024


@contextmanager
def town(sandbox: Sandbox, *, workers: int, threads: int = THREADS, stock: str = "") -> Iterator[int]:
    """The port of a server with that many processes, of so many threads each.

    ``stock``: a module that it starts with, to change the rules. It inherits the listening socket, so that nobody
    else can take the port and no request comes too early.
    """
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(BACKLOG)
        process = _start(door, sandbox, f"--workers={workers}", f"--threads={threads}", stock=stock)
        try:
            port = door.getsockname()[1]
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=60)


def _start(door: socket.socket, sandbox: Sandbox, *options: str, stock: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.shop.served.settings",
        "SERVED_DATABASE": connection.settings_dict["NAME"],
        "SERVED_STRIPE": sandbox.url,
        "SERVED_STOCK": stock,
    }
    command = [
        sys.executable, "-m", "gunicorn", "tests.shop.served.wsgi", "--preload", *options,
        "--bind", f"fd://{door.fileno()}", "--backlog", str(BACKLOG), "--log-level", "warning", "--timeout", "120",
    ]  # fmt: skip
    return subprocess.Popen(command, env=environment, pass_fds=[door.fileno()])


def _wait_for(port: int) -> None:
    """The socket listens already: the first answer comes when the processes are there."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=120) as answer:
        assert answer.status == 200
