"""What the catalogues lack beside the sentences of the source, and how they follow it: ``make translations``.

French is the language of the source: its catalogue holds the sentences that count something, and no other. Neither
reading nor compiling needs GNU gettext. What is compiled is kept in the repository, for production has no Babel.
"""

import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tests.sentences import ROOT, Key, Sentence, all_sentences

LANGUAGES = ("en", "fr")
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")
TAGS = re.compile(r"</?[a-z][^<>]*>")
FRENCH_TYPOGRAPHY = re.compile(r"[«»]|\u00a0(?:[:;!?]|%(?!\())")
SPACE_AROUND = re.compile(r"\A(\s*).*?(\s*)\Z", re.DOTALL)
LINE_WIDTH = 100
ANY_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

Sentences = dict[Key, Sentence]


def source(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def compiled(language: str) -> Path:
    return source(language).with_suffix(".mo")


@cache
def wanted(language: str) -> Sentences:
    """What the catalogue of that language must hold, and no more."""
    sentences = all_sentences()
    if language == "fr":
        return {key: sentence for key, sentence in sentences.items() if sentence.plural}
    return sentences


def read(language: str) -> Catalog:
    with source(language).open("rb") as file:
        return read_po(file)


def faults(catalog: Catalog, sentences: Sentences, language: str) -> list[str]:
    """Each a line: what is missing, fuzzy, obsolete, or says something else than its sentence. Empty: all is well."""
    entries = _by_key(catalog)
    return [
        *_missing(entries, sentences),
        *_obsolete(catalog, sentences),
        *(fault for entry in entries.values() for fault in _faults_of(entry, language)),
    ]


def is_compiled(language: str) -> bool:
    """The .mo says what the .po says, sentence by sentence, and counts as it does."""
    if not compiled(language).exists():
        return False
    with compiled(language).open("rb") as file:
        kept = read_mo(file)
    anew = read_mo(_compile(read(language)))
    return _strings(kept) == _strings(anew) and kept.plural_expr == anew.plural_expr


def follow(language: str) -> None:
    """The catalogue has every sentence of the source afterwards, new ones still unsaid, and none that is gone.

    French says itself. The .mo is compiled anew.
    """
    header, _blank_line, _entries = source(language).read_text().partition("\n\n")
    followed = Catalog(locale=language)
    entries = _by_key(read(language))
    for key, sentence in wanted(language).items():
        ids = (sentence.text, sentence.plural) if sentence.plural else sentence.text
        followed.add(ids, _said(ids, entries.get(key), language), context=sentence.context or None)
    body = BytesIO()
    write_po(body, followed, width=LINE_WIDTH, sort_output=True, omit_header=True)
    source(language).write_text(f"{header}\n\n{body.getvalue().decode().strip()}\n")
    compiled(language).write_bytes(_compile(read(language)).getvalue())


def _said(ids: str | tuple[str, str], entry: Message | None, language: str) -> str | tuple[str, ...]:
    if language == "fr":
        return ids
    if entry is None or _forms(entry.id) != _forms(ids):
        return ""
    return _forms(entry.string) if isinstance(ids, tuple) else _forms(entry.string)[0]


def _by_key(catalog: Catalog) -> dict[Key, Message]:
    return {(entry.context or "", _forms(entry.id)[0]): entry for entry in catalog if entry.id}


def _strings(catalog: Catalog) -> dict[Key, tuple[str, ...]]:
    return {key: _forms(entry.string) for key, entry in _by_key(catalog).items() if all(_forms(entry.string))}


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Of what is counted there are two; what nobody says yet is empty."""
    return tuple(text) if isinstance(text, list | tuple) else (text or "",)


def _compile(catalog: Catalog) -> BytesIO:
    """The same bytes of the same sentences, whenever it is done."""
    catalog.creation_date = ANY_DAY
    file = BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    return file


def _missing(entries: dict[Key, Message], sentences: Sentences) -> Iterator[str]:
    for key, sentence in sentences.items():
        entry = entries.get(key)
        if entry is None or not all(_forms(entry.string)):
            yield f"missing: {sentence.where}: {sentence.text!r}"
        elif sentence.plural and _forms(entry.id)[1:] != (sentence.plural,):
            yield f"missing plural: {sentence.where}: {sentence.plural!r}"


def _obsolete(catalog: Catalog, sentences: Sentences) -> Iterator[str]:
    yield from (f"obsolete: {key[1]!r}" for key in _by_key(catalog) if key not in sentences)
    yield from (f"obsolete: {entry.id!r}" for entry in catalog.obsolete.values())


def _faults_of(entry: Message, language: str) -> Iterator[str]:
    if entry.fuzzy:
        yield f"fuzzy: {entry.id!r}"
    texts, translations = _forms(entry.id), _forms(entry.string)
    if not all(translations):
        return
    for text, translation in zip(texts, translations, strict=True):
        says = f"{text!r} → {translation!r}"
        if not _fills_the_same(text, translation, counted=texts):
            yield f"placeholders: {says}"
        if Counter(TAGS.findall(text)) != Counter(TAGS.findall(translation)):
            yield f"tags: {says}"
        if _space_around(text) != _space_around(translation):
            yield f"space around: {says}"
        if language == "en" and FRENCH_TYPOGRAPHY.search(translation):
            yield f"set as French: {says}"
        if language == "fr" and text != translation:
            yield f"not the source: {says}"


def _fills_the_same(text: str, translation: str, *, counted: tuple[str, ...]) -> bool:
    """« Une commande » may do without its number; nothing else may lack a blank, and nothing may add one."""
    found, blanks = _placeholders(translation), _placeholders(text)
    if len(counted) > 1 and text == counted[0]:
        return found <= blanks | _placeholders(counted[1])
    return found == blanks


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDERS.findall(text))


def _space_around(text: str) -> tuple[str, ...]:
    found = SPACE_AROUND.match(text)
    return found.groups() if found else ()


def main(arguments: list[str]) -> int:
    """Bring the catalogues of the named languages (both) to the source, and say what they lack.

    With ``--report`` no file changes. 1 where something lacks.
    """
    languages = [language for language in LANGUAGES if language in arguments] or LANGUAGES
    lacking = []
    for language in languages:
        if "--report" not in arguments:
            follow(language)
        lacking += [f"{language}: {fault}" for fault in faults(read(language), wanted(language), language)]
    print(*lacking, f"{len(all_sentences())} sentences, {len(lacking)} faults.", sep="\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
