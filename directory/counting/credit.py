"""What led somebody here: ``?de=`` names the story, campaign, letter or flyer, signed, and for one visit.

It says nothing of who follows the link: everybody who read the same page at the same time carries the same one.
"""

import datetime as dt
from typing import NamedTuple

from django.core.signing import BadSignature
from django.utils.http import base36_to_int, int_to_base36

from directory.counting.seals import ShortSigner
from directory.enums import Source

VISIT = dt.timedelta(hours=4)
"""How long after leaving a page an act is still credited to it."""

LETTER_LASTS = dt.timedelta(days=60)
"""A letter waits in its mailbox: its links name it for as long as its unsubscribe link must work (CASL, s. 11)."""

CLOCKS_DIFFER = dt.timedelta(minutes=1)
"""By how much one server's clock may be ahead of another's."""

PURPOSE = "credit"


class Credit(NamedTuple):
    """What is credited: a page (story, campaign, letter) by its primary key, 0 for what has none, and when it was left.

    A letter is left when one of its links is followed, whenever it was written.
    """

    source: Source
    page_id: int
    left_at: dt.datetime


def sign_credit(source: Source, page_id: int, *, site_id: int, now: dt.datetime) -> str:
    """For ``?de=``; URL-safe, about 35 characters. Raises ValueError for a source that is never credited."""
    letter = {credited: letter for letter, credited in _BY_LETTER.items()}.get(source)
    if letter is None:
        raise ValueError(f"nothing is credited to {source}")
    said = f"{letter}{int_to_base36(page_id)}-{int_to_base36(int(now.timestamp()))}"
    return ShortSigner(PURPOSE, site_id).sign(said)


def read_credit(token: str, *, site_id: int, now: dt.datetime) -> Credit | None:
    """None for a token that is forged, cut, of another portal, or left more than VISIT ago (a letter: LETTER_LASTS)."""
    try:
        said = ShortSigner(PURPOSE, site_id).unsign(token)
        page_id, left_at = (base36_to_int(number) for number in said[1:].split("-"))
    except (BadSignature, ValueError):
        return None
    source, made = _BY_LETTER[said[0]], dt.datetime.fromtimestamp(left_at, dt.UTC)
    is_letter = source == Source.NEWSLETTER
    if not -CLOCKS_DIFFER <= now - made <= (LETTER_LASTS if is_letter else VISIT):
        return None
    return Credit(source, page_id, now if is_letter else made)


_BY_LETTER = {source.value[0]: source for source in Source.credited()}
