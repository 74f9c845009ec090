"""The town served by real gunicorn processes beside a test, on its database and its payment sandbox."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection

from shop.sandbox.server import Sandbox

THREADS = 8


@contextmanager
def servers(sandbox: Sandbox, *, processes: int, stock: str = "") -> Iterator[list[str]]:
    """The addresses of that many server processes. ``stock``: a module that each starts with, to change the rules."""
    with ExitStack() as stack:
        doors = [stack.enter_context(socket.socket()) for _i in range(processes)]
        for door in doors:
            door.bind(("127.0.0.1", 0))
            door.listen(64)
        for door in doors:
            stack.enter_context(_server(door, sandbox, stock))
        urls = [f"http://localhost:{door.getsockname()[1]}" for door in doors]
        for url in urls:
            _wait_for(url)
        yield urls


@contextmanager
def _server(door: socket.socket, sandbox: Sandbox, stock: str) -> Iterator[None]:
    """It inherits the listening socket, so that nobody else can take the port and no request comes too early."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.shop.served.settings",
        "SERVED_DATABASE": connection.settings_dict["NAME"],
        "SERVED_STRIPE": sandbox.url,
        "SERVED_STOCK": stock,
    }
    command = [sys.executable, "-m", "gunicorn", "tests.shop.served.wsgi", "--threads", str(THREADS),
               "--bind", f"fd://{door.fileno()}", "--log-level", "warning", "--timeout", "120"]  # fmt: skip
    process = subprocess.Popen(command, env=environment, pass_fds=[door.fileno()])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(url: str) -> None:
    """The socket listens already: the first answer comes when the process is there."""
    with urllib.request.urlopen(f"{url}/healthz", timeout=120) as answer:
        assert answer.status == 200
