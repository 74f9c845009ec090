"""The sentences that people read, as Python and templates write them. (Scripts have none: pages hand them theirs.)

Found without GNU gettext, which a fresh machine lacks.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("portal", "editorial", "shop", "directory", "home")
SAID_ELSEWHERE = {"migrations", "sandbox"}
"""Migrations say nothing to people, and the payment sandbox brings its own two languages."""

CALLS: dict[str, tuple[bool, bool]] = {
    f"{name}{lazy}": (with_context, with_plural)
    for name, with_context, with_plural in (
        ("gettext", False, False),
        ("ngettext", False, True),
        ("pgettext", True, False),
        ("npgettext", True, True),
    )
    for lazy in ("", "_lazy")
} | {"_": (False, False), "gettext_noop": (False, False)}
"""Functions that translate: whether a context comes first, and whether a plural follows."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """``plural`` is empty where nothing is counted, ``context`` where there is none; ``where`` is ``path:line``."""

    text: str
    plural: str
    context: str
    where: str


Key = tuple[str, str]
"""Context and text, by which a catalogue knows a sentence."""


def all_sentences() -> dict[Key, Sentence]:
    """Each once, where it was first met; one that is counted anywhere is counted."""
    found: dict[Key, Sentence] = {}
    for sentence in (*of_python(), *of_templates()):
        key = (sentence.context, sentence.text)
        if key not in found or (sentence.plural and not found[key].plural):
            found[key] = sentence
    return found


def of_python() -> Iterator[Sentence]:
    for path in (path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))):
        if not SAID_ELSEWHERE & set(path.parts):
            yield from of_code(path.read_text(), str(path.relative_to(ROOT)))


def of_code(code: str, name: str) -> Iterator[Sentence]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            where = f"{name}:{node.lineno}"
            if called in CALLS and (sentence := _sentence(called, _texts(node.args), where)):
                yield sentence


def _texts(arguments: Iterable[ast.expr]) -> list[str]:
    """Those that are written out, from the first on: what a variable holds was marked elsewhere."""
    texts = []
    for argument in arguments:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            break
        texts.append(argument.value)
    return texts


def of_templates() -> Iterator[Sentence]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".xml"}:
            yield from of_template(path.read_text(), str(path.relative_to(ROOT)))


def of_template(text: str, name: str) -> Iterator[Sentence]:
    calls = "\n".join(line.strip() for line in templatize(text, origin=name).split("\n"))
    # Babel's own types are narrower than what it yields: one text by itself, several as a tuple.
    found: Any = extract_python(BytesIO(calls.encode()), dict.fromkeys(CALLS, ()), [], {"encoding": "utf-8"})
    for line, called, texts, _comments in found:
        parts = [part for part in (texts if isinstance(texts, tuple) else (texts,)) if part]
        if sentence := _sentence(called, parts, f"{name}:{line}"):
            yield sentence


def _sentence(called: str, texts: list[str], where: str) -> Sentence | None:
    with_context, with_plural = CALLS[called]
    if len(texts) < 1 + with_context + with_plural or not all(texts):
        return None
    context, *rest = texts if with_context else ("", *texts)
    return Sentence(rest[0], rest[1] if with_plural else "", context, where)
