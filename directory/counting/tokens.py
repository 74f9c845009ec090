"""What the addresses of counting say: on what an act is done, signed, so that nobody counts what no page shows.

``/vu/seen.<subject>.gif`` is a page's image, ``/vu/call.<subject>.gif`` a tap on a telephone number, and
``/sortie/site.<subject>/`` a link that leaves. The subject is signed once and is the same for every visitor; the act
before it is not: each of a merchant's links is there to be followed, and leads to what stands in its row.
"""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.http import base36_to_int, int_to_base36

from directory.counting.seals import ShortSigner
from directory.enums import Act, Subject

PURPOSE = "subject"

LETTERS = {
    Subject.PORTAL: "t",
    Subject.MERCHANT: "m",
    Subject.PRODUCT: "p",
    Subject.STORY: "s",
    Subject.CAMPAIGN: "c",
}
_BY_LETTER = {letter: subject for subject, letter in LETTERS.items()}


class Counted(NamedTuple):
    """What an act is done on, and whom it helps, where it helps one merchant."""

    subject: Subject
    subject_id: int
    merchant_id: int | None = None


def image_address(act: Act, counted: Counted, *, site_id: int) -> str:
    """For SEEN and CALL."""
    return f"/vu/{act}.{signed(counted, site_id=site_id)}.gif"


def leaving_address(act: Act, merchant_id: int, *, site_id: int) -> str:
    """For SITE, SHOP and DIRECTIONS."""
    counted = Counted(Subject.MERCHANT, merchant_id, merchant_id)
    return f"/sortie/{act}.{signed(counted, site_id=site_id)}/"


def signed(counted: Counted, *, site_id: int) -> str:
    return _signed(counted, site_id, settings.SECRET_KEY)


@lru_cache(maxsize=20_000)
def _signed(counted: Counted, site_id: int, secret: str) -> str:
    del secret  # only what it made under this key may be handed out again
    said = f"{LETTERS[counted.subject]}{int_to_base36(counted.subject_id)}"
    if counted.merchant_id is not None:
        said += f"-{int_to_base36(counted.merchant_id)}"
    return ShortSigner(PURPOSE, site_id).sign(said)


def read(token: str, *, site_id: int, acts: tuple[Act, ...]) -> tuple[Act, Counted] | None:
    """None for another act than these, and for a subject that is forged, cut, or of another portal."""
    act, _dot, subject = token.partition(".")
    counted = _read(subject, site_id) if act in acts else None
    return (Act(act), counted) if counted else None


def _read(token: str, site_id: int) -> Counted | None:
    try:
        said = ShortSigner(PURPOSE, site_id).unsign(token)
        numbers = [base36_to_int(number) for number in said[1:].split("-")]
    except (BadSignature, ValueError):
        return None
    return Counted(_BY_LETTER[said[0]], *numbers)
