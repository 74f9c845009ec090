"""What a page says and where it leads, by language: for tests that no French is left on English pages, nor the reverse.

``marking`` puts ⟦ ⟧ around each sentence that goes through gettext, whatever its catalogue says: what stands outside of
the marks was never given to translators.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils import translation

from home.languages import is_english

INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
LETTERS = re.compile(r"[^\W\d_]{2,}")
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
SILENT = frozenset({"script", "style", "template"})
SHOWN = frozenset(
    {"alt", "title", "placeholder", "aria-label", "aria-description", "data-basket-unit", "label"}
)
LEADS = frozenset({"href", "action", "formaction", "data-suggestions", "data-url", "data-next"})
NO_LANGUAGE = re.compile(r"^/(?:static|media|admin|documents)/|^/[a-z]+-[0-9a-f]{12}\.css$")
"""Files and machines: one address whatever the language."""


@contextmanager
def marking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On English pages each sentence stands between ⟦ and ⟧; French ones are left as they are."""
    with monkeypatch.context() as patch:
        behind: Any = vars(translation)["_trans"]  # what ``translation.gettext`` and its likes call each time
        for name in ("gettext", "pgettext", "ngettext", "npgettext"):
            patch.setattr(behind, name, _marked(getattr(behind, name)))
        yield


def _marked(say: Any) -> Any:
    def said(*asked: Any) -> str:
        text = str(say(*asked))
        return f"⟦{text}⟧" if is_english() and text.strip() else text

    return said


class Page(HTMLParser):
    """``texts``: what is read or heard outside of marks and of what is said to be French. ``leads``: where links go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.leads: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._marks = 0
        self.feed(html)

    @property
    def _is_skipped(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        language = told.get("lang", "") if tag != "html" else ""
        skipped = tag in SILENT or (not language.startswith("en") if language else self._is_skipped)
        if not skipped:
            self._read(tag, told)
        if "hreflang" not in told and "canonical" not in told.get("rel", ""):
            self.leads += [told[name] for name in LEADS & told.keys()]
        if tag not in VOID:
            self._open.append((tag, skipped))

    def _read(self, tag: str, told: dict[str, str]) -> None:
        said = [told[name] for name in SHOWN & told.keys()]
        if tag == "meta" and told.get("name") == "description":
            said.append(told.get("content", ""))
        if tag == "input" and told.get("type") in {"submit", "button"}:
            said.append(told.get("value", ""))
        self.texts += [without_marked(text) for text in said]

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, _skipped = self._open.pop()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """A sentence may have elements in it: what its mark opened in one text is closed in another."""
        outside = []
        for character in data:
            self._marks += (character == "⟦") - (character == "⟧")
            if not self._marks and character != "⟧":
                outside.append(character)
        if not self._is_skipped:
            self.texts.append(" ".join("".join(outside).split()))


def unmarked(html: str, known: re.Pattern[str]) -> list[str]:
    """Texts with words outside of all marks, other than what ``known`` finds: names, amounts, what people wrote."""
    return [text for text in Page(html).texts if LETTERS.search(known.sub("", text))]


def without_marked(text: str) -> str:
    while (less := INNERMOST.sub("", text)) != text:
        text = less
    return text


def leads_to_french(html: str) -> list[str]:
    """Addresses of this portal's pages without the language of an English page."""
    own = (lead for lead in Page(html).leads if lead.startswith("/") and not lead.startswith("//"))
    return [lead for lead in own if not NO_LANGUAGE.match(lead) and not re.match(r"/en(?:/|$|\?)", lead)]
