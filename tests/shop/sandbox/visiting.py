"""A browser without a window: it asks for pages, sends forms, and stays where it is told to go elsewhere."""

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html import unescape


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


@dataclass
class Page:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def words(self) -> str:
        return unescape(re.sub(r"[ \t\n]+", " ", re.sub(r"<[^>]+>", " ", self.text)))

    @property
    def location(self) -> str:
        return self.headers["Location"]


def visit(address: str, form: dict[str, str] | None = None, *, language: str = "") -> Page:
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    asked = urllib.request.Request(address, data, {"Accept-Language": language} if language else {})
    try:
        with urllib.request.build_opener(Stay).open(asked, timeout=20) as response:
            return Page(response.status, response.read().decode(), dict(response.headers))
    except urllib.error.HTTPError as error:
        with error:
            return Page(error.code, error.read().decode(), dict(error.headers))
