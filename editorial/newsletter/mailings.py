"""How a letter leaves: asked for, frozen, spread over its addresses, sent one by one, nobody twice.

Every step may be cut off anywhere. Copies are made in the order of the subscribers' keys, each with its outbox row in
the same transaction, so that a sending goes on where it stopped. They leave behind whatever else is due
(``shop.outbox.deliver_bulk``): the mails of orders never wait for the Journal's.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from editorial.models import (
    CopyState,
    Mailing,
    MailingCopy,
    MailingStatus,
    NewsletterPage,
    Subscriber,
)
from editorial.newsletter import composing, leaving, subscribers
from home import audit
from home.tenancy import across_portals, portal_scope, unjoined
from shop import outbox
from shop.models import OutboxMessage

SCHEDULED, SENDING, SENT, STOPPED = MailingStatus
EDGES = {SCHEDULED: (SENDING, STOPPED), SENDING: (SENT, STOPPED), STOPPED: (SCHEDULED,), SENT: ()}
"""One that was stopped before its hour may be asked for again; one that was stopped on its way never."""

A_HANDFUL = 100
"""Copies made at a time; the next when fewer than this wait."""
A_ROUND = 20
"""Mails that leave in one round of the worker."""


class CannotSend(Exception):
    """Not this letter, or not now; ``reason`` says in French what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# ------------------------------------------------------------------------------------------------ what staff ask


@transaction.atomic
def schedule(page: NewsletterPage, *, send_at: datetime, by_id: int | None, now: datetime) -> Mailing:
    """The letter leaves at that moment. Raises CannotSend for one that is no public page, or that left already."""
    if reason := composing.why_not(page):
        raise CannotSend(reason)
    fresh = {"send_at": send_at, "asked_by_id": by_id, "asked_at": now, "subject": composing.subject_of(page)}
    mailing, is_new = Mailing.objects.get_or_create(
        page=page, defaults={"site_id": composing.site_of(page).pk, **fresh}
    )
    if not is_new and not _is_asked_again(mailing, fresh):
        raise CannotSend(str(composing.ALREADY_SENT))
    audit.note("newsletter.scheduled", mailing, actor_id=by_id, after={"send_at": send_at.isoformat()})
    mailing.refresh_from_db()
    return mailing


def _is_asked_again(mailing: Mailing, fresh: Mapping[str, object]) -> bool:
    """Before its hour, or after it was stopped before it."""
    rows = unjoined(Mailing).filter(pk=mailing.pk, frozen_at=None, status__in=(SCHEDULED, STOPPED))
    return bool(rows.update(status=SCHEDULED, **fresh))


@transaction.atomic
def stop(mailing: Mailing, *, by_id: int | None, now: datetime) -> bool:
    """What has not left does not leave. False when nothing was left to stop."""
    rows = unjoined(Mailing).filter(pk=mailing.pk, status__in=(SCHEDULED, SENDING))
    if not rows.update(status=STOPPED, finished_at=now):
        return False
    waiting = unjoined(MailingCopy).filter(mailing=mailing.pk, state=CopyState.WAITING)
    waiting.update(state=CopyState.LEFT_OUT, moved_at=now)
    audit.note("newsletter.stopped", mailing, actor_id=by_id)
    return True


def counts(mailing: Mailing) -> Counter[str]:
    """How many copies are in each state, by ``CopyState``."""
    rows = MailingCopy.objects.filter(mailing=mailing).order_by().values_list("state")
    return Counter(dict(rows.annotate(copies=Count("pk"))))


# ------------------------------------------------------------------------------------------------ the worker's round


def carry_on(now: datetime) -> int:
    """The worker's job: begin what is due, make the next copies, let some leave, end what is done."""
    with across_portals():
        rows = Mailing.objects.filter(status=SCHEDULED, send_at__lte=now) | Mailing.objects.filter(
            status=SENDING
        )
        moving = list(rows.order_by("pk").values_list("pk", "site_id"))
    moved = sum(_move(pk, site_id, now) for pk, site_id in moving)
    left = outbox.deliver_bulk(leaving.HANDLERS, now=now, most=A_ROUND)
    return moved + left + sum(_finish(pk, site_id, now) for pk, site_id in moving)


def _move(pk: int, site_id: int, now: datetime) -> int:
    with portal_scope(site_id):
        mailing = Mailing.objects.select_related("page", "site").get(pk=pk)
        if mailing.status == SCHEDULED and not _begin(mailing, now):
            return 0
        return spread(mailing, now=now)


def _begin(mailing: Mailing, now: datetime) -> bool:
    """Its words are frozen. False, and stopped, where its page is no public page any more."""
    page = mailing.page
    if page is None or composing.why_not(page):
        unjoined(Mailing).filter(pk=mailing.pk, status=SCHEDULED).update(status=STOPPED, finished_at=now)
        return False
    words = composing.in_every_language(page, now=now)
    rows = unjoined(Mailing).filter(pk=mailing.pk, status=SCHEDULED)
    frozen = {"words": words, "frozen_at": now, "subject": composing.subject_of(page)}
    begun = bool(rows.update(status=SENDING, **frozen))
    mailing.refresh_from_db()
    return begun


def readers(now: datetime) -> QuerySet[Subscriber]:
    """Whom a letter goes to, in the portal in scope, if nothing changes until it leaves."""
    return subscribers.may_be_written_to(subscribers.subscribed(), now=now)


@transaction.atomic
def spread(mailing: Mailing, *, now: datetime) -> int:
    """A handful of copies more, if few wait; returns how many. An address gets one copy, whoever spreads how often."""
    locked = Mailing.objects.select_for_update(of=("self",)).get(pk=mailing.pk)
    waiting = MailingCopy.objects.filter(mailing=locked, state=CopyState.WAITING).count()
    if locked.status != SENDING or locked.is_spread or waiting >= A_HANDFUL:
        return 0
    keys = list(
        readers(now).filter(pk__gt=locked.reached).order_by("pk").values_list("pk", flat=True)[:A_HANDFUL]
    )
    _make_copies(locked, keys, now)
    reached = {"reached": keys[-1]} if keys else {}
    unjoined(Mailing).filter(pk=locked.pk).update(is_spread=len(keys) < A_HANDFUL, **reached)
    return len(keys)


def _make_copies(mailing: Mailing, keys: list[int], now: datetime) -> None:
    rows = [MailingCopy(mailing=mailing, subscriber_id=key, moved_at=now) for key in keys]
    MailingCopy.objects.bulk_create(rows, ignore_conflicts=True)
    copies = MailingCopy.objects.filter(mailing=mailing, subscriber__in=keys)
    # No recipient: whoever may look at the outbox may not read the list of subscribers.
    messages = [
        OutboxMessage(
            site_id=mailing.site_id,
            key=f"{leaving.KIND}:{mailing.pk}:{subscriber_id}",
            kind=leaving.KIND,
            payload={"copy": pk},
            created_at=now,
            not_before=now,
        )
        for pk, subscriber_id in copies.order_by("pk").values_list("pk", "subscriber_id")
    ]
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)


def _finish(pk: int, site_id: int, now: datetime) -> bool:
    """Sent, once every copy has come to something."""
    with portal_scope(site_id):
        under_way = (CopyState.WAITING, CopyState.LEAVING)
        if MailingCopy.objects.filter(mailing=pk, state__in=under_way).exists():
            return False
        rows = unjoined(Mailing).filter(pk=pk, status=SENDING, is_spread=True)
        return bool(rows.update(status=SENT, finished_at=now))
