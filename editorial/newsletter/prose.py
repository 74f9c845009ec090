"""The editor's word, for mail programs: links that lead somewhere from a mailbox, and the same words without tags."""

import re
from html.parser import HTMLParser

from wagtail.rich_text import expand_db_html

from editorial.newsletter.marks import marked

_OWN_LINK = re.compile(r'(<a\b[^>]*\bhref=")(/[^"]*)"')
BLOCKS = frozenset({"p", "h2", "h3", "h4", "ul", "ol"})


def absolute(rich_text: str, base: str) -> str:
    """As Wagtail shows it, with the portal's own addresses written out, its links in the letter's own colour."""
    if not plain(rich_text):
        return ""
    shown = _OWN_LINK.sub(lambda found: f'{found[1]}{_out_of(base, found[2])}"', expand_db_html(rich_text))
    return shown.replace("<a ", '<a class="quiet-link" ')


def _out_of(base: str, path: str) -> str:
    """Marked as the letter's; a place within a page, or a file, is left as it is."""
    return base + path if set(path) & set("#?.") else marked(base, path)


def plain(html: str) -> str:
    """The words alone: a blank line between paragraphs, a dash before what is listed, a link behind its words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    words = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(reader.parts))
    return re.sub(r"\n{3,}", "\n\n", words).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.link = dict(attrs).get("href") or ""
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n– ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link:
            self.parts.append(f" ({self.link})")
            self.link = ""
        elif tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))
