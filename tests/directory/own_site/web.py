"""A little of the web on this machine: sites made of a few replies, and what was asked of them."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(self.status)
        if self.kind:
            asked.send_header("Content-Type", self.kind)
        asked.send_header("Content-Length", str(len(self.body)))
        for name, value in self.headers.items():
            asked.send_header(name, value)
        asked.end_headers()
        asked.wfile.write(self.body)


def html(words: str, **how: Any) -> Reply:
    return Reply(words.encode(), **how)


def data(value: Any, **how: Any) -> Reply:
    return Reply(json.dumps(value).encode(), **{"kind": "application/json", **how})


def moved(to: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": to})


class Web:
    """Serves ``replies`` by path without its query; whatever else is 404. ``released`` lets slow answers go."""

    def __init__(self, replies: Mapping[str, Answer] | None = None) -> None:
        self.replies: dict[str, Answer] = dict(replies or {})
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.released = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.asked.append(self.path)
                web.headers.append(dict(self.headers))
                self.close_connection = True
                answer = web.replies.get(self.path.partition("?")[0], Reply(status=404))
                try:
                    answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    return

            def log_message(self, *_words: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
