"""A stranger's web on this machine, and a stranger's web that must not be there."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.directory.own_site.web import Web


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as serving:
        yield serving


@pytest.fixture
def in_production(settings) -> None:
    """Nothing of this machine may be read, as everywhere but here."""
    settings.OWN_SITE_MAY_READ_LOOPBACK = False


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whom the process tried to connect to; nobody is."""
    tried: list[Any] = []

    def connect(_line: socket.socket, address: Any) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


def numbers(*answers: list[str]) -> Callable[[str, int], list[str]]:
    """A resolver that gives these answers one after the other, and breaks when it is asked once more."""
    waiting = list(answers)
    return lambda _host, _port: waiting.pop(0)
