"""A process that is killed at a chosen point of an act. Everything is wrapped from outside: the product knows nothing.

A step is an SQL statement, a COMMIT, a request to Stripe or a mail; a point lies between two steps. A death there comes
after the one and before the other: nothing that anybody else could see happens between them. The child is forked
from the test's own process, so that it is warm, and has a database connection and HTTP connections of its own.
"""

import gc
import json
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
from django.core.mail import EmailMessage
from django.db import connection

from shop.payments import gateway

Act = Callable[[], None]


@dataclass(frozen=True)
class Walk:
    """The points that the child passed, in their order, and whether the last one was its end."""

    points: tuple[str, ...]
    is_killed: bool


@dataclass
class Walker:
    """In the child: passes points, and dies at the fatal one (counted from 1), if there is one."""

    fatal: int | None
    pipe: int
    passed: list[str] = field(default_factory=list)
    last: str = "nothing"

    def reach(self, point: str) -> None:
        self.passed.append(point)
        if len(self.passed) == self.fatal:
            self.tell()
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def around(self, step: str) -> Iterator[None]:
        """A step that fails was taken all the same."""
        self.reach(f"after {self.last}, before {step}")
        try:
            yield
        finally:
            self.last = step

    def tell(self) -> None:
        with os.fdopen(self.pipe, "w", closefd=False) as pipe:
            json.dump(self.passed, pipe)


def walk(act: Act, *, fatal: int | None) -> Walk:
    """Do `act` in a child that is killed at its `fatal`-th point, or comes to its end if there is none.

    Afterwards nothing of the child is left, and what it had not committed is rolled back.
    """
    reader, writer = os.pipe()
    child = _fork()
    if child == 0:
        _live(act, Walker(fatal, writer))
    os.close(writer)
    with os.fdopen(reader) as pipe:
        words = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), words
    _wait_until_alone()
    return Walk(tuple(json.loads(words)), is_killed=status != 0)


def _fork() -> int:
    """The sandbox's threads stay behind in the parent, idle; Python 3.12 warns of any."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _live(act: Act, walker: Walker) -> NoReturn:
    """Nothing of the test's process is torn down by its copy, however this ends."""
    status = 1
    gc.disable()
    try:
        _take_connections_of_its_own()
        _wrap(walker)
        act()
        walker.reach(f"after {walker.last}, before the end")
        walker.tell()
        status = 0
    except BaseException:  # noqa: BLE001 - told to the parent, which fails with it
        os.write(walker.pipe, traceback.format_exc().encode())
    finally:
        os._exit(status)


_of_the_parent: list[Any] = []


def _take_connections_of_its_own() -> None:
    _of_the_parent.append(connection.connection)  # kept, so that it is not closed: its socket is the parent's
    connection.connect()
    gateway._client.cache_clear()


def _wrap(walker: Walker) -> None:
    _wrap_database(walker)
    _wrap_method(requests.Session, "send", lambda _self, asked, **_how: _address(asked), walker)
    _wrap_method(EmailMessage, "send", lambda *_mail, **_how: "MAIL", walker)


def _wrap_database(walker: Walker) -> None:
    commit = connection._commit

    def wrapped(execute: Any, sql: str, *rest: Any) -> Any:
        with walker.around(f"SQL {sql[:60]}"):
            return execute(sql, *rest)

    def wrapped_commit() -> None:
        with walker.around("COMMIT"):
            commit()

    connection.execute_wrappers.append(wrapped)
    connection._commit = wrapped_commit


def _wrap_method(owner: type, name: str, step: Callable[..., str], walker: Walker) -> None:
    method = getattr(owner, name)

    def wrapped(*args: Any, **how: Any) -> Any:
        with walker.around(step(*args, **how)):
            return method(*args, **how)

    setattr(owner, name, wrapped)


def _address(asked: requests.PreparedRequest) -> str:
    return f"HTTP {asked.method} {urlsplit(asked.url).path}"


def _wait_until_alone() -> None:
    """The server notices within milliseconds that the child is gone."""
    others = (
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with connection.cursor() as cursor:
        left = 1
        while left:
            (left,) = cursor.execute(others).fetchone()
