"""What the list holds about a person, and when it forgets."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from editorial.models import MailingCopy, Subscriber, Subscription
from editorial.newsletter import consents, subscribers
from home.models import Consent
from home.tenancy import unjoined

KEPT_COPIES = timedelta(days=365)


def held_on(emails: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One row for each thing asked for, of these addresses in the portal in scope."""
    rows = Subscription.objects.filter(subscriber__in=subscribers.of_addresses(emails))
    for row in rows.select_related("subscriber", "merchant"):
        yield {
            "courriel": row.subscriber.email,
            "but": row.get_purpose_display(),
            "commerce": row.merchant.name if row.merchant else "",
            "langue": row.subscriber.language,
            "demande_le": row.asked_at.isoformat(),
            "confirme_le": row.confirmed_at.isoformat() if row.confirmed_at else None,
            "quitte_le": row.left_at.isoformat() if row.left_at else None,
        }


def consents_of(emails: Iterable[str]) -> QuerySet[Consent]:
    """Given by these addresses in the portal in scope, without an account."""
    known = list(subscribers.plain_ones(emails))
    rows: QuerySet[Consent] = Consent.objects.filter(user=None, email__in=known)
    return rows


def withdraw(consent: Consent, *, now: datetime) -> bool:
    """The consent is taken back, and what it allowed is left. False when it had been before."""
    row = Subscription.objects.filter(consent=consent, left_at=None).select_related("subscriber").first()
    if row is not None and subscribers.leave(row.subscriber, now=now, only=[row.pk]):
        return True
    return bool(consents.withdraw(Consent.objects.filter(pk=consent.pk), now=now))


def forget(emails: Iterable[str], *, now: datetime) -> None:
    """These addresses are on no list of the portals in scope afterwards; the proof of a consent stays, without them."""
    known = list(emails)
    keys = list(consents_of(known).values_list("pk", flat=True))
    consents.withdraw(Consent.objects.filter(pk__in=keys), now=now)
    unjoined(Consent).filter(pk__in=keys).update(email="")
    subscribers.of_addresses(known).delete()


def forget_old(now: datetime) -> int:
    """What nobody confirmed, who left long ago, and who got which letter. Every portal is in scope."""
    unconfirmed = Subscription.objects.filter(
        confirmed_at=None, left_at=None, asked_at__lt=now - subscribers.FORGOTTEN_AFTER
    )
    left = Subscription.objects.filter(left_at__lt=now - subscribers.KEPT_AFTER_LEAVING)
    gone = unconfirmed.delete()[0] + left.delete()[0]
    anything = Subscription.objects.filter(subscriber=OuterRef("pk"))
    nobody = Subscriber.objects.filter(~Exists(anything), created_at__lt=now - subscribers.FORGOTTEN_AFTER)
    old = unjoined(MailingCopy).filter(moved_at__lt=now - KEPT_COPIES, subscriber__isnull=False)
    return gone + nobody.delete()[0] + old.update(subscriber=None)
