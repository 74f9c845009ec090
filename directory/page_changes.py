"""What differs between two states of a merchant's page, in words and pictures, for somebody who decides in a minute."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from directory.models import MerchantPage
from home.models import CustomImage
from home.pictures import pictures_of

_WORDS = re.compile(r"\S+\s*|\s+")
"""Each word with the space behind it, so that a new sentence is one run."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that follow one another, and whether the other side has them too."""

    words: str
    is_changed: bool


@dataclass(slots=True)
class Change:
    """One part of the page that differs: its words on both sides, its pictures on both sides."""

    label: str
    before: list[Run] = field(default_factory=list)
    after: list[Run] = field(default_factory=list)
    pictures_before: list[CustomImage] = field(default_factory=list)
    pictures_after: list[CustomImage] = field(default_factory=list)


def changes(before: MerchantPage | None, after: MerchantPage) -> list[Change]:
    """The parts that differ, in the order of the page; all that says something when there was no page before."""
    found = [*_of_words(before, after), *_of_pictures(before, after)]
    _read_pictures(found)
    return found


def _of_words(before: MerchantPage | None, after: MerchantPage) -> Iterator[Change]:
    for label, read in TEXTS:
        old, new = read(before) if before else "", read(after)
        if old != new:
            yield Change(str(label), *runs(old, new))


def runs(old: str, new: str) -> tuple[list[Run], list[Run]]:
    """Both texts in runs of words, those marked that the other has not."""
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    matched = SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes()
    before = [Run("".join(left[i:j]), tag != "equal") for tag, i, j, _k, _l in matched if i != j]
    after = [Run("".join(right[k:n]), tag != "equal") for tag, _i, _j, k, n in matched if k != n]
    return before, after


def story_words(page: MerchantPage) -> str:
    """The story as plain words, block after block."""
    return "\n\n".join(filter(None, (_words_of(block) for block in page.body.raw_data)))


def _words_of(block: dict[str, Any]) -> str:
    value = block["value"]
    texts = [value] if isinstance(value, str) else [text for text in value.values() if isinstance(text, str)]
    with_breaks = [re.sub(r"</p>\s*<p[^>]*>|<br\s*/?>", "\n", text) for text in texts]
    return " – ".join(filter(None, (_plain(text) for text in with_breaks)))


def _plain(html: str) -> str:
    return unescape(strip_tags(html)).strip()


def _captions(page: MerchantPage) -> str:
    return "\n".join(" – ".join(filter(None, (row.alt, row.caption))) for row in page.gallery.all())


TEXTS = (
    (_("Titre"), lambda page: page.title),
    (_("En une phrase"), lambda page: page.intro),
    (_("Histoire"), story_words),
    (_("Ce que montre la photo"), lambda page: page.cover_alt),
    (_("Prénom"), lambda page: page.owner_name),
    (_("Rôle"), lambda page: page.owner_role),
    (_("Mots de la galerie"), _captions),
    (_("Titre pour les moteurs de recherche"), lambda page: page.seo_title),
    (_("Résumé pour les moteurs de recherche"), lambda page: page.search_description),
)

# Each by the keys of its pictures: they are read together, once it is known which are shown.
PICTURES = (
    (_("Photo principale"), lambda page: [page.cover_id]),
    (_("Portrait"), lambda page: [page.owner_photo_id]),
    (_("Photos de l’histoire"), lambda page: [picture.pk for picture in pictures_of(page.body)]),
    (_("Galerie"), lambda page: [row.image_id for row in page.gallery.all()]),
)


def _of_pictures(before: MerchantPage | None, after: MerchantPage) -> Iterator[Change]:
    for label, read in PICTURES:
        old, new = _keys(read(before)) if before else [], _keys(read(after))
        if old != new:
            yield Change(
                str(label),
                pictures_before=[CustomImage(pk=key) for key in old],
                pictures_after=[CustomImage(pk=key) for key in new],
            )


def _keys(keys: Iterable[int | None]) -> list[int]:
    return [key for key in keys if key is not None]


def _read_pictures(found: list[Change]) -> None:
    """In two queries, however many; one that is gone is left out."""
    keys = {row.pk for change in found for row in (*change.pictures_before, *change.pictures_after)}
    if not keys:
        return
    known = CustomImage.objects.prefetch_related("renditions").in_bulk(keys)
    for change in found:
        change.pictures_before = [known[row.pk] for row in change.pictures_before if row.pk in known]
        change.pictures_after = [known[row.pk] for row in change.pictures_after if row.pk in known]
