"""Signatures short enough for an address that stands dozens of times on a page."""

from django.core.signing import Signer

SIGNATURE_LENGTH = 22
"""Characters of base64: 132 bits, which nobody guesses."""


class ShortSigner(Signer):
    """URL-safe, and of one purpose: what was signed for another is refused. Honours SECRET_KEY_FALLBACKS."""

    def __init__(self, purpose: str, site_id: int) -> None:
        super().__init__(salt=f"achetons.counting.{purpose}.{site_id}", sep=".")

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        return super().signature(value, key)[:SIGNATURE_LENGTH]
