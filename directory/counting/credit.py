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

CLOCKS_DIFFER = dt.timedelta(minutes=1)
"""By how much one server's clock may be ahead of another's."""

PURPOSE = "credit"


class Credit(NamedTuple):
    """What is credited: a page (story, campaign, letter, flyer) by its primary key, and when it was left."""

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
    """None for a token that is forged, cut, of another portal, or left more than VISIT ago."""
    try:
        said = ShortSigner(PURPOSE, site_id).unsign(token)
        page_id, left_at = (base36_to_int(number) for number in said[1:].split("-"))
    except (BadSignature, ValueError):
        return None
    credit = Credit(_BY_LETTER[said[0]], page_id, dt.datetime.fromtimestamp(left_at, dt.UTC))
    return credit if -CLOCKS_DIFFER <= now - credit.left_at <= VISIT else None


_BY_LETTER = {source.value[0]: source for source in Source.credited()}
