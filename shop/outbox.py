"""Effects are rows first. A row is claimed by pushing its time back, done with its own key, then marked sent.

At least once: a worker killed between the effect and the mark does it again with the same key.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from home.tenancy import across_portals, portal_scope
from shop.exceptions import GatewayBroke, GatewayRefused, GatewayUnavailable, NotYet
from shop.models import OutboxMessage

logger = logging.getLogger(__name__)

Handler = Callable[[OutboxMessage, datetime], None]
"""Does the effect. Raises GatewayUnavailable to be tried again, NotYet to be left alone until somebody says
``release``; returns when done or settled otherwise."""

LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=6)
HELD_FOR = timedelta(hours=6)
"""What is held is looked at again by itself, should nobody release it."""
MOST_ATTEMPTS = 60
MAIL = "mail."
"""How the kind of every mail begins."""
BULK = "mail.bulk."
"""How the kind of a mail to many begins: it leaves behind everything else, by ``deliver_bulk``."""


def put(
    *,
    site_id: int,
    key: str,
    kind: str,
    now: datetime,
    recipient: str = "",
    payload: Mapping[str, Any] | None = None,
) -> bool:
    """Write an effect to come. Must run in the transaction that decided it. False when the key is known."""
    _row, created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "site_id": site_id,
            "kind": kind,
            "recipient": recipient,
            "payload": dict(payload or {}),
            "created_at": now,
            "not_before": now,
        },
    )
    return created


def deliver(handlers: Mapping[str, Handler], *, now: datetime, limit: int = 200) -> int:
    """Do the effects that are due, oldest first, and those they bring about; returns how many were done.

    Each is tried once. Several workers may run it: each row is claimed by one. Mails to many are left alone.
    """
    done, last = 0, 0
    while batch := _due(now, after=last, limit=limit):
        done += sum(_deliver_one(pk, site_id, handlers, now) for pk, site_id in batch)
        last = batch[-1][0]
    return done


def deliver_bulk(handlers: Mapping[str, Handler], *, now: datetime, most: int) -> int:
    """At most ``most`` mails to many, oldest first; returns how many were done.

    Before each one, whatever else is due by the clock goes first: then none of them leaves in this round.
    """
    done = 0
    for pk, site_id in _due(now, after=0, limit=most, is_bulk=True):
        if _due(timezone.now(), after=0, limit=1):
            break
        done += _deliver_one(pk, site_id, handlers, now)
    return done


def _due(now: datetime, *, after: int, limit: int, is_bulk: bool = False) -> list[tuple[int, int]]:
    with across_portals():
        rows = OutboxMessage.objects.filter(sent_at=None, given_up_at=None, not_before__lte=now, pk__gt=after)
        rows = rows.filter(kind__startswith=BULK) if is_bulk else rows.exclude(kind__startswith=BULK)
        return list(rows.order_by("pk").values_list("pk", "site_id")[:limit])


def _deliver_one(pk: int, site_id: int, handlers: Mapping[str, Handler], now: datetime) -> bool:
    with portal_scope(site_id):
        message = _claim(pk, now)
        if message is None:
            return False
        try:
            handlers[message.kind](message, now)
        except NotYet:
            _hold(message, now)
            return False
        except (GatewayUnavailable, GatewayRefused, OSError) as error:
            _postpone(message, error, now)
            return False
        except Exception as error:  # One effect that cannot be done must not hold up those behind it.
            logger.exception("outbox %s cannot be done", message.key)
            _postpone(message, error, now)
            return False
        return bool(OutboxMessage.objects.filter(pk=pk, sent_at=None).update(sent_at=now, last_error=""))


def hurry(*, now: datetime) -> None:
    """What waits after a failure is due now; what another worker is doing at this moment is left to it."""
    with across_portals():
        waiting = OutboxMessage.objects.filter(sent_at=None, given_up_at=None, not_before__gt=now)
        waiting.exclude(last_error="").update(not_before=now)


def release(key: str, *, now: datetime) -> None:
    """What was held may be done now."""
    OutboxMessage.objects.filter(key=key, sent_at=None, given_up_at=None).update(not_before=now)


def retry(message: OutboxMessage, *, now: datetime) -> bool:
    """Staff say: again, now. False when it was done meanwhile, or a worker is at it."""
    waiting = OutboxMessage.objects.filter(pk=message.pk, sent_at=None).exclude(
        last_error="", given_up_at=None, not_before__gt=now
    )
    return bool(waiting.update(not_before=now, given_up_at=None))


def _hold(message: OutboxMessage, now: datetime) -> None:
    """Nothing failed: the try does not count."""
    OutboxMessage.objects.filter(pk=message.pk).update(not_before=now + HELD_FOR, attempts=F("attempts") - 1)


def _claim(pk: int, now: datetime) -> OutboxMessage | None:
    """Of two workers one sees its update count; the lease ends by itself if that worker dies."""
    claimed = OutboxMessage.objects.filter(pk=pk, sent_at=None, given_up_at=None, not_before__lte=now).update(
        not_before=now + LEASE, attempts=F("attempts") + 1, last_error=""
    )
    return OutboxMessage.objects.get(pk=pk) if claimed else None


def _postpone(message: OutboxMessage, error: Exception, now: datetime) -> None:
    """Wait twice as long each time. A mail stops after 60 tries, on the record; money never does."""
    wait = min(timedelta(seconds=5 * 2 ** min(message.attempts, 20)), LONGEST_WAIT)
    OutboxMessage.objects.filter(pk=message.pk).update(
        not_before=now + wait,
        last_error=f"{type(error).__name__}: {error}"[:300],
        given_up_at=now if _may_give_up(message) else None,
        payload=_payload_after(message, error),
    )


def _payload_after(message: OutboxMessage, error: Exception) -> dict[str, Any]:
    """Names of its key under which Stripe keeps an error are passed over by the next try."""
    if isinstance(error, GatewayBroke) and error.broken_keys:
        return {**message.payload, "broken_keys": error.broken_keys}
    return message.payload


def _may_give_up(message: OutboxMessage) -> bool:
    return message.kind.startswith(MAIL) and message.attempts >= MOST_ATTEMPTS


def troubles() -> list[str]:
    """Every effect that failed when last tried, or was given up, with what was answered."""
    with across_portals():
        rows = OutboxMessage.objects.filter(sent_at=None).exclude(last_error="", given_up_at=None)
        return [f"{row.key}: {row.last_error}" for row in rows.order_by("pk")]
