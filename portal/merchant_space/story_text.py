"""A page's story as its merchant writes it: paragraphs. What plain paragraphs cannot show stays where it is, untouched.

A passage is a run of text blocks without any formatting; between passages stand the blocks that only the Journal edits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

TEXT = "text_block"
Block = dict[str, Any]


@dataclass(slots=True)
class Part:
    """A passage to write in (``is_text``), or one block to leave alone, told in ``words``."""

    is_text: bool
    words: str
    blocks: list[Block] = field(default_factory=list)


def parts_of(blocks: Sequence[Block]) -> list[Part]:
    """The story in its order. There is always a passage to write in: an empty one comes last where there is none."""
    parts: list[Part] = []
    for block in blocks:
        words = plain_words(block["value"]) if block["type"] == TEXT else None
        if words is None:
            parts.append(Part(is_text=False, words=_told(block), blocks=[block]))
        elif parts and parts[-1].is_text:
            parts[-1].words += f"\n\n{words}"
            parts[-1].blocks.append(block)
        else:
            parts.append(Part(is_text=True, words=words, blocks=[block]))
    return parts if any(part.is_text for part in parts) else [*parts, Part(is_text=True, words="")]


def written(blocks: Sequence[Block], texts: Sequence[str]) -> list[Block]:
    """The story's blocks with each passage's words anew; a passage that did not change keeps its very blocks.

    Passages without a text, or texts beyond the last passage, do not occur: raises ValueError.
    """
    parts = parts_of(blocks)
    passages = [part for part in parts if part.is_text]
    for part, text in zip(passages, texts, strict=True):
        if _lines(text) != _lines(part.words):
            part.blocks = _as_blocks(text, part.blocks)
    return [block for part in parts for block in part.blocks]


def plain_words(html: str) -> str | None:
    """The words of a text block, a blank line between paragraphs; None where it holds more than paragraphs."""
    reader = _PlainReader()
    reader.feed(str(html))
    reader.close()
    return None if reader.has_more else "\n\n".join(filter(None, map(str.strip, reader.paragraphs)))


class _PlainReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.paragraphs, self.has_more = [""], False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "p":
            self.paragraphs.append("")
        elif tag == "br":
            self.paragraphs[-1] += "\n"
        else:
            self.has_more = True

    def handle_data(self, data: str) -> None:
        self.paragraphs[-1] += data


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _as_blocks(text: str, before: Sequence[Block]) -> list[Block]:
    """One block, with the key of the first it replaces, so that a comparison shows a change and not a new text."""
    paragraphs = [part.strip() for part in text.replace("\r", "").split("\n\n") if part.strip()]
    if not paragraphs:
        return []
    html = "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br/>')}</p>" for part in paragraphs)
    key = before[0].get("id") if before else None
    return [{"type": TEXT, "value": html, "id": key or str(uuid4())}]


def _told(block: Block) -> str:
    value = block["value"]
    if block["type"] == "heading_block":
        return _("Intertitre\u00a0: «\u00a0%(words)s\u00a0»") % {"words": value}
    if block["type"] == "quote_block":
        return _("Citation\u00a0: «\u00a0%(words)s\u00a0»") % {"words": value.get("quote", "")}
    if block["type"] == "picture_block":
        return _("Photo\u00a0: %(words)s") % {"words": value.get("alt", "")}
    return _("Passage mis en forme par le Journal")
