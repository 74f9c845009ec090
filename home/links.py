"""Sealed links: an address that opens one row to whoever holds it, with nothing to guess.

A link names what it is for, the row, and the row's ``link_version``: adding one to that number closes every link given
before. Nothing secret stands in the database, so that a letter in the outbox needs the row's key alone, and the seal is
made when the letter is written.
"""

from typing import NamedTuple

from django.core import signing


class SealedLink(NamedTuple):
    """What a link says: the row's primary key, and the version of its links at the time."""

    pk: int
    version: int


def seal(purpose: str, pk: int, version: int) -> str:
    """URL-safe. ``purpose``: one word for each kind of link; a link for one thing opens no other."""
    return _signer(purpose).sign(f"{pk}-{version}")


def unseal(purpose: str, token: str) -> SealedLink | None:
    """What the link says; None for a forged, cut or foreign one. The caller asks the row whether it still stands."""
    try:
        pk, version = _signer(purpose).unsign(token).split("-")
    except (signing.BadSignature, ValueError):
        return None
    return SealedLink(int(pk), int(version))


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"achetons.link.{purpose}", sep=".")
