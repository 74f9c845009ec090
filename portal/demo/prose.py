"""Stories and pages as text files: TOML between `+++`, then paragraphs and a few marks.

`## Heading` · `> Quote — who` · `[produit: shop/slug]` · `[commerce: slug]` · `[image: target | alt | caption]` ·
`[galerie]` … `[/galerie]` · `[bloc: recipe]` TOML `[/bloc]`.
"""

import html
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.demo.plans import Said, Shown
from portal.demo.typography import french

_MARK = re.compile(r"^\[(produit|commerce|image): *(.+)\]$")
_TAGS = re.compile(r"&lt;(/?(?:b|i|ul|li))&gt;")


def read(path: Path) -> tuple[dict[str, Any], str]:
    """Front matter and body."""
    _empty, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    return tomllib.loads(front), body


def blocks(body: str) -> tuple[Said, ...]:
    """The body in the order it is read. Raises ValueError for a mark it does not know."""
    return tuple(_blocks(body))


def _blocks(body: str) -> Iterator[Said]:
    body, galleries = _without_galleries(body)
    body, told = _without_told(body)
    for part in (piece.strip() for piece in body.split("\n\n")):
        if part.startswith("\x00"):
            yield Said("gallery", pictures=galleries[int(part.strip("\x00"))])
        elif part.startswith("\x01"):
            yield told[int(part.strip("\x01"))]
        elif part:
            yield _block(part)


def _block(part: str) -> Said:
    if part.startswith("## "):
        return Said("heading", french(part[3:]))
    if part.startswith("> "):
        words, _, who = part[2:].rpartition(" — ")
        return Said("quote", french(words), french(who))
    if found := _MARK.match(part):
        return _marked(*found.groups())
    if part.startswith("["):
        raise ValueError(f"Unknown mark: {part[:60]}")
    return Said("text", _paragraph(part))


def _marked(kind: str, words: str) -> Said:
    if kind == "image":
        return Said("picture", pictures=(_shown(words),))
    return Said({"produit": "product", "commerce": "merchant"}[kind], words.strip())


def _shown(words: str) -> Shown:
    target, alt, caption = (piece.strip() for piece in words.split("|"))
    return Shown(target, french(alt), french(caption))


def _without_galleries(body: str) -> tuple[str, list[tuple[Shown, ...]]]:
    """Galleries taken out and numbered, for their lines are not paragraphs."""
    galleries: list[tuple[Shown, ...]] = []

    def take(found: re.Match[str]) -> str:
        lines = [line for line in found[1].splitlines() if line.strip()]
        galleries.append(tuple(_shown(line.strip()[len("[image:") : -1]) for line in lines))
        return f"\x00{len(galleries) - 1}\x00"

    return re.sub(r"\[galerie\]\n(.*?)\[/galerie\]", take, body, flags=re.DOTALL), galleries


def _without_told(body: str) -> tuple[str, list[Said]]:
    """Blocks of several fields taken out and numbered: their fields may hold empty lines."""
    told: list[Said] = []

    def take(found: re.Match[str]) -> str:
        told.append(Said(found[1], fields=_set(tomllib.loads(found[2]))))
        return f"\x01{len(told) - 1}\x01"

    return re.sub(r"\[bloc: (\w+)\]\n(.*?)\[/bloc\]", take, body, flags=re.DOTALL), told


def _set(value: Any) -> Any:
    """Words, however deep, as they are set in print."""
    if isinstance(value, str):
        return french(value)
    if isinstance(value, list):
        return [_set(each) for each in value]
    return {name: _set(each) for name, each in value.items()} if isinstance(value, dict) else value


def _paragraph(text: str) -> str:
    """Escaped, but for the few tags that our own pages use; a list stands outside the paragraph."""
    safe = _TAGS.sub(r"<\1>", html.escape(french(text), quote=False))
    return safe if safe.startswith("<ul>") else f"<p>{safe}</p>"
