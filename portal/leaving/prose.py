"""A page's running text as it goes along: its words and their emphasis, and the links that lead out of the portal."""

from collections.abc import Container
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from wagtail.rich_text import expand_db_html

KEPT = frozenset({"p", "b", "strong", "i", "em", "ul", "ol", "li", "br"})
WEB, OTHERS = frozenset({"http", "https"}), frozenset({"mailto", "tel"})


def kept(rich_text: str, *, hosts: Container[str]) -> SafeString:
    """HTML of our own making. A link to the portal (one of ``hosts``, or without a host) is its words alone."""
    reader = _Keeper(hosts)
    reader.feed(expand_db_html(rich_text))
    reader.close()
    return SafeString("".join(reader.parts))  # every part is escaped, or one of KEPT


class _Keeper(HTMLParser):
    def __init__(self, hosts: Container[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hosts = hosts
        self._links: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in KEPT:
            self.parts.append(f"<{tag}>")
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            self._links.append(self._leads_out(address))
            if self._links[-1]:
                self.parts.append(f'<a href="{escape(address)}">')

    def handle_endtag(self, tag: str) -> None:
        if tag in KEPT and tag != "br":
            self.parts.append(f"</{tag}>")
        elif tag == "a" and self._links and self._links.pop():
            self.parts.append("</a>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data, quote=False))

    def _leads_out(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        if parts.scheme in WEB:
            return bool(parts.hostname) and parts.hostname not in self._hosts
        return parts.scheme in OTHERS
