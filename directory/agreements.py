"""The portal's contract as it was accepted: its words, its version, the language then chosen. Written once.

The texts themselves, and what a portal says in them, stand a floor above (``portal.joining.contract``).
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from directory.models import Agreement, Merchant, Registration
from home import audit
from home.tenancy import unjoined

FRENCH, ENGLISH = "fr", "en"


class FrenchFirst(Exception):
    """No other language is agreed to before the French text was shown."""


@transaction.atomic
def accept(
    registration: Registration,
    *,
    by: Any,
    version: str,
    language: str,
    words: str,
    french_shown_at: datetime | None,
    now: datetime,
) -> Agreement:
    """The words as they were on the page. The same words by the same person are kept once. Raises FrenchFirst."""
    if french_shown_at is None or french_shown_at > now:
        raise FrenchFirst
    same = Agreement.objects.filter(
        registration=registration, accepted_by=by, version=version, language=language, words=words
    )
    known: Agreement | None = same.first()
    if known is not None:
        return known
    row: Agreement = Agreement.objects.create(
        site_id=registration.site_id, registration=registration, merchant=registration.merchant, accepted_by=by,
        version=version, language=language, words=words, french_shown_at=french_shown_at, accepted_at=now,
    )  # fmt: skip
    after = {"version": version, "language": language}
    audit.note("agreement.accepted", row, actor_id=by.pk, merchant_id=registration.merchant_id, after=after)
    return row


def of_registration(registration: Registration) -> Agreement | None:
    """The latest that was accepted on the way in."""
    rows = Agreement.objects.filter(registration=registration)
    row: Agreement | None = rows.order_by("-accepted_at", "-pk").first()
    return row


def bind(registration: Registration, merchant: Merchant) -> None:
    """What was accepted on the way in is that merchant's, now that it is known."""
    unjoined(Agreement).filter(registration=registration.pk, merchant=None).update(merchant=merchant)
