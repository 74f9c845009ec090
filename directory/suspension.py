"""Suspending a merchant, and opening its doors again. Nothing is deleted; everything is closed at once.

Its page, products and search results follow ``Merchant.suspended_at`` by themselves, and so do baskets, which say so,
its screens and the help given there. What does not look at that row is closed here: sessions, and scheduled publishing.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from wagtail.models import Revision

from directory.models import Membership, Merchant, MerchantPage
from home import audit
from home.models import AuditEntry
from home.tenancy import unjoined

SUSPENDED, RESTORED = "merchant.suspended", "merchant.restored"


@transaction.atomic
def suspend(merchant: Merchant, *, reason: str, actor_id: int | None, now: datetime) -> bool:
    """No shopper finds the merchant, and its people are signed out. False when it was suspended already."""
    closed = unjoined(Merchant).filter(pk=merchant.pk, suspended_at=None).update(suspended_at=now)
    if not closed:
        return False
    scheduled = _unschedule(merchant)
    _sign_out(merchant)
    audit.note(
        SUSPENDED,
        merchant,
        actor_id=actor_id,
        merchant_id=merchant.pk,
        before={"scheduled": scheduled},
        after={"reason": reason},
    )
    return True


@transaction.atomic
def restore(merchant: Merchant, *, actor_id: int | None, now: datetime) -> bool:
    """Its doors are open again, and what is still to come is scheduled again. False when it was not suspended."""
    opened = unjoined(Merchant).filter(pk=merchant.pk, suspended_at__isnull=False).update(suspended_at=None)
    if not opened:
        return False
    _schedule_again(merchant, now)
    audit.note(RESTORED, merchant, actor_id=actor_id, merchant_id=merchant.pk)
    return True


def reason_of(merchant: Merchant) -> str:
    """Why it is suspended, in the words of who did it; empty where nobody wrote any."""
    last = _last_suspension(merchant)
    return str(last.after.get("reason", "")) if last else ""


def _last_suspension(merchant: Merchant) -> AuditEntry | None:
    rows = AuditEntry.objects.filter(merchant=merchant.pk, action=SUSPENDED)
    last: AuditEntry | None = rows.order_by("-pk").first()
    return last


def _sign_out(merchant: Merchant) -> None:
    for member in Membership.objects.filter(merchant=merchant.pk).select_related("user").order_by("user"):
        member.user.end_sessions()


def _revisions(merchant: Merchant) -> Any:
    pages = MerchantPage.objects.filter(merchant=merchant.pk).values_list(Cast("pk", CharField()))
    return Revision.objects.filter(base_content_type__model="page", object_id__in=pages)


def _unschedule(merchant: Merchant) -> dict[str, str]:
    """The hours at which revisions would have gone live, by their keys, which is what ``restore`` reads."""
    rows = _revisions(merchant).filter(approved_go_live_at__isnull=False)
    hours = {str(pk): at.isoformat() for pk, at in rows.values_list("pk", "approved_go_live_at")}
    Revision.objects.filter(pk__in=list(hours)).update(approved_go_live_at=None)
    return hours


def _schedule_again(merchant: Merchant, now: datetime) -> None:
    last = _last_suspension(merchant)
    hours = last.before.get("scheduled", {}) if last else {}
    for pk, written in hours.items():
        at = parse_datetime(written)
        if at is not None and at > now:
            _revisions(merchant).filter(pk=pk).update(approved_go_live_at=at)
