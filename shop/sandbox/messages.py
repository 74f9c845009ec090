"""A request and a response, free of sockets."""

import json
from dataclasses import dataclass, field
from typing import Literal

from shop.sandbox.errors import Json

Disposition = Literal["send", "drop", "reset"]


@dataclass(frozen=True)
class Request:
    """What came over the wire. Header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = "127.0.0.1"


@dataclass
class Response:
    """What goes back; `drop` closes the connection without a word, `reset` breaks it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    disposition: Disposition = "send"


def json_response(body: Json, status: int = 200, **headers: str) -> Response:
    """A JSON answer; header names are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    text = json.dumps(body)
    return Response(status, text.encode(), {"Content-Type": "application/json"} | named)
