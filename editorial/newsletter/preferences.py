"""What a subscriber changes without signing in: parts, language, a pause, whom it follows, where its letters go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from directory import mail_refusals
from editorial.models import Subscriber, Subscription
from editorial.newsletter import consents, subscribers
from editorial.newsletter.addresses import plain
from home import audit
from home.models import Consent
from home.tenancy import unjoined
from shop.letters import post_later

PAUSES = {"": timedelta(0), "30": timedelta(days=30), "90": timedelta(days=90)}
"""How long nothing is sent, by the word in the form; the first is not at all."""
LINK_LASTS = timedelta(days=7)
BETWEEN_LETTERS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Wish:
    """``sections``: by their word in ``consents.SECTIONS``. ``followed``: the subscriptions to merchants that stay."""

    sections: frozenset[str]
    language: str
    paused_until: date | None
    followed: frozenset[int]


@transaction.atomic
def prefer(subscriber: Subscriber, wish: Wish, *, now: datetime) -> None:
    """So from now on. What is followed no more has been left, with its consent."""
    fields = {field: name in wish.sections for name, field in consents.SECTIONS.items()}
    rows = unjoined(Subscriber).filter(pk=subscriber.pk)
    rows.update(language=wish.language, paused_until=wish.paused_until, **fields)
    followed = subscribers.standing(subscriber).filter(merchant__isnull=False)
    gone = followed.exclude(pk__in=wish.followed).values_list("pk", flat=True)
    if keys := list(gone):
        subscribers.leave(subscriber, now=now, only=keys)


def until(pause: str, *, now: datetime) -> date | None:
    """The day on which letters come again. Raises KeyError for a pause that is not in ``PAUSES``."""
    days = PAUSES[pause]
    return localdate(now) + days if days else None


# ------------------------------------------------------------------------------------------------ another address


@transaction.atomic
def ask_new_address(subscriber: Subscriber, email: str, *, now: datetime) -> None:
    """A letter goes to the new address; nothing changes until its person says yes. Raises ValueError for no address.

    Says nothing of whether the new address is on the list: whoever holds a link to one learns nothing of another.
    """
    address = plain(email)
    row = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    is_soon = bool(row.new_email_asked_at and row.new_email_asked_at > now - BETWEEN_LETTERS)
    if address == row.email or is_soon or mail_refusals.is_refused(address):
        return
    version = row.address_version + 1
    asked = {"new_email": address, "new_email_asked_at": now, "address_version": version}
    unjoined(Subscriber).filter(pk=row.pk).update(**asked)
    key = f"newsletter_address:{row.pk}:{version}"
    post_later("newsletter_address", row.pk, to=address, site_id=row.site_id, key=key, now=now)


def is_waiting(subscriber: Subscriber, *, now: datetime) -> bool:
    """Whether a new address waits for its proof."""
    asked = subscriber.new_email_asked_at
    return bool(subscriber.new_email and asked and asked > now - LINK_LASTS)


@transaction.atomic
def take_new_address(subscriber: Subscriber, *, now: datetime) -> bool:
    """The new address has been proved: letters go there, consents follow, older links to the preferences are closed.

    False where nothing waits any more, or the address is on the list by itself: then it stays as it is there.
    """
    rows = unjoined(Subscriber).filter(pk=subscriber.pk, new_email=subscriber.new_email)
    if not is_waiting(subscriber, now=now) or _is_taken(subscriber):
        return False
    try:
        with transaction.atomic():
            moved = rows.update(
                email=subscriber.new_email, new_email="", new_email_asked_at=None, set_aside="",
                link_version=subscriber.link_version + 1, ask_version=subscriber.ask_version + 1,
            )  # fmt: skip
    except IntegrityError:  # Somebody subscribed it in between.
        return False
    if not moved:
        return False
    _move_consents(subscriber)
    audit.note("newsletter.moved", subscriber, actor_id=None)
    _tell_old_address(subscriber, now)
    subscriber.refresh_from_db()
    return True


def _tell_old_address(subscriber: Subscriber, now: datetime) -> None:
    """Whoever reads there learns of it, should somebody else have held the link."""
    key = f"newsletter_moved:{subscriber.pk}:{subscriber.address_version}"
    site_id = subscriber.site_id
    post_later("newsletter_moved", subscriber.pk, to=subscriber.email, site_id=site_id, key=key, now=now)


def _is_taken(subscriber: Subscriber) -> bool:
    """By an address with something confirmed; one that only waits makes room: the mailbox has proved itself here."""
    other = Subscriber.objects.filter(email=subscriber.new_email).exclude(pk=subscriber.pk).first()
    if other is None:
        return False
    if other.subscriptions.filter(confirmed_at__isnull=False).exists():
        return True
    other.delete()
    return False


def _move_consents(subscriber: Subscriber) -> None:
    keys = Subscription.objects.filter(subscriber=subscriber, consent__isnull=False).values_list(
        "consent", flat=True
    )
    unjoined(Consent).filter(pk__in=list(keys)).update(email=subscriber.new_email)


def section_words(subscriber: Subscriber) -> Iterable[str]:
    """Those that it wants now."""
    return [name for name, field in consents.SECTIONS.items() if getattr(subscriber, field)]
