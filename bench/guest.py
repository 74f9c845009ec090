"""A browser without a network: its requests go straight into a WSGI application, its cookies and forms are real."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

FORM_TYPE = "application/x-www-form-urlencoded"
INPUT = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class Application(Protocol):
    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]: ...


@dataclass
class Answer:
    """What came back. ``hidden``: the values that the page's forms carry along."""

    status: int
    location: str
    page: str

    @property
    def hidden(self) -> dict[str, str]:
        inputs = (dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(self.page))
        return {each["name"]: unescape(each["value"]) for each in inputs if {"name", "value"} <= each.keys()}


@dataclass
class Guest:
    """Nobody's account, one portal: the one at http://localhost."""

    application: Application
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def get(self, address: str) -> Answer:
        """Raises AssertionError for an answer that is no page and no redirection."""
        return self._ask("GET", address, b"")

    def post(self, address: str, form: dict[str, Any]) -> Answer:
        """With the token that the last page's cookie holds. Raises AssertionError as `get` does."""
        token = self.cookies["csrftoken"].value if "csrftoken" in self.cookies else ""
        return self._ask("POST", address, urlencode({"csrfmiddlewaretoken": token, **form}).encode())

    def _ask(self, method: str, address: str, body: bytes) -> Answer:
        told: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_error: Any) -> None:
            told.update(status=int(status[:3]), headers=headers)

        response = self.application(self._environ(method, address, body), start_response)
        page = b"".join(response).decode()
        if close := getattr(response, "close", None):
            close()
        return self._keep(told["status"], told["headers"], page)

    def _keep(self, status: int, headers: list[tuple[str, str]], page: str) -> Answer:
        for name, value in headers:
            if name == "Set-Cookie":
                self.cookies.load(value)
        location = dict(headers).get("Location", "")
        assert status < 400, (status, page[:2000])
        return Answer(status, location, page)

    def _environ(self, method: str, address: str, body: bytes) -> dict[str, Any]:
        parts = urlsplit(address)
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            **({"HTTP_ORIGIN": "http://localhost"} if method == "POST" else {}),
            "HTTP_COOKIE": "; ".join(f"{name}={each.coded_value}" for name, each in self.cookies.items()),
            "CONTENT_TYPE": FORM_TYPE,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
