"""« Rappelez-moi »: a merchant asks for a call, and the Chamber says when it has called.

One waits at a time: who asks again changes what was asked, and keeps its place.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from directory.models import CallbackRequest, Merchant, Registration
from home import audit
from home.tenancy import unjoined


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked. ``phone`` as a form cleaned it; ``when`` and ``words`` may be empty."""

    phone: Any
    when: str = ""
    words: str = ""

    def on(self, row: CallbackRequest) -> CallbackRequest:
        row.phone, row.when, row.words = self.phone, self.when, self.words
        return row


def waiting_of(about: Merchant | Registration) -> CallbackRequest | None:
    """The call that this merchant, or this way in, waits for."""
    row: CallbackRequest | None = about.callback_requests.filter(called_at=None).first()
    return row


def waiting() -> QuerySet[CallbackRequest]:
    """All calls that wait in the portal, the longest first; a suspended merchant's does not."""
    rows: QuerySet[CallbackRequest] = CallbackRequest.objects.filter(called_at=None)
    return rows.filter(merchant__suspended_at=None).select_related("merchant", "registration", "asked_by")


@transaction.atomic
def ask(about: Merchant | Registration, asking: Asking, *, by_id: int) -> tuple[CallbackRequest, bool]:
    """The call that waits afterwards, and whether it is new."""
    type(about)._default_manager.select_for_update(of=("self",)).get(pk=about.pk)
    known = waiting_of(about)
    if known is not None:
        asking.on(known).save(update_fields=["phone", "when", "words"])
        return known, False
    row = asking.on(CallbackRequest(site_id=about.site_id, asked_by_id=by_id))
    if isinstance(about, Merchant):
        row.merchant = about
    else:
        row.registration, row.merchant = about, None
    row.save()
    audit.note("callback.asked", row, actor_id=by_id, merchant_id=row.merchant_id)
    return row, True


@transaction.atomic
def close(row: CallbackRequest, *, by_id: int, now: datetime) -> bool:
    """« C’est fait ». False when somebody had called already."""
    rows = unjoined(CallbackRequest).filter(pk=row.pk, called_at=None)
    closed = rows.update(called_at=now, called_by_id=by_id)
    if closed:
        audit.note("callback.done", row, actor_id=by_id, merchant_id=row.merchant_id)
    return bool(closed)
