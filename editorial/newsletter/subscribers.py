"""Who is written to: asked for by anybody, confirmed by whoever reads the mailbox, left in one act.

Nothing here tells whoever asks whether an address was known: ``ask`` returns nothing, and the letter that follows is
read by the address's own person alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.timezone import localdate
from wagtail.models import Site

from directory import mail_refusals
from directory.models import Merchant
from editorial.models import Subscriber, Subscription, WhyAside
from editorial.newsletter import consents
from editorial.newsletter.addresses import plain
from home import audit
from home.languages import FRENCH, LANGUAGES
from home.models import Consent, ConsentPurpose
from home.tenancy import portal_scope, unjoined
from shop.letters import post_later

FORGOTTEN_AFTER = timedelta(days=7)
"""What nobody confirmed; the letter says so."""
KEPT_AFTER_LEAVING = timedelta(days=90)
"""So that the link of an old letter still answers (sixty days are the law's least: CASL, s. 11)."""
BETWEEN_LETTERS = timedelta(minutes=10)
LETTERS = (ConsentPurpose.NEWSLETTER, ConsentPurpose.MERCHANT_NEWS)
"""What we send. MERCHANT_OWN lets a merchant have the address, and sends nothing."""
MOST_LETTERS_A_DAY = 5
"""To one address, whoever asks: a form open to all must not fill a stranger's mailbox."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``where``: which form asked. ``sections``: what is wanted, by its word in ``consents.SECTIONS``; none is all."""

    where: str = ""
    sections: tuple[str, ...] = ()


def ask(
    site: Site,
    email: str,
    *,
    purpose: ConsentPurpose,
    merchant: Merchant | None = None,
    locale: str,
    now: datetime,
    asked: Asked = Asked(),
) -> None:
    """Somebody typed this address: a letter goes there, and nothing more happens until its person confirms.

    ``purpose``: NEWSLETTER, or MERCHANT_NEWS or MERCHANT_OWN with the merchant, of that portal. ``locale``: as
    ``home.languages`` names them. Raises ValueError for what is no address. Twice is normal: one letter in ten minutes
    stands for all that waits.
    """
    address = plain(email)
    with portal_scope(site), transaction.atomic():
        if mail_refusals.is_refused(address):
            return
        subscriber = _row_of(site, address, locale, asked, now)
        if subscriber.set_aside != WhyAside.COMPLAINED:
            _wait(subscriber, purpose, merchant, asked.where, now)
            _tell(subscriber, now)


def _row_of(site: Site, address: str, locale: str, asked: Asked, now: datetime) -> Subscriber:
    """Locked. Only a new one takes the language and the choices: nobody changes a stranger's by typing its address."""
    language = locale if locale in dict(LANGUAGES) else FRENCH
    chosen = set(asked.sections)
    wanted = {field: name in chosen for name, field in consents.SECTIONS.items()} if chosen else {}
    row, _new = Subscriber.objects.get_or_create(
        site=site, email=address, defaults={"language": language, "created_at": now, **wanted}
    )
    locked: Subscriber = Subscriber.objects.select_for_update().get(pk=row.pk)
    return locked


def _wait(
    subscriber: Subscriber, purpose: ConsentPurpose, merchant: Merchant | None, where: str, now: datetime
) -> None:
    """The subscription waits to be confirmed; one that stands is left as it is."""
    row, is_new = Subscription.objects.get_or_create(
        subscriber=subscriber,
        purpose=purpose,
        merchant=merchant,
        defaults={"asked_at": now, "asked_where": where},
    )
    if not is_new and not row.stands:
        again = {
            "asked_at": now,
            "asked_where": where,
            "confirmed_at": None,
            "left_at": None,
            "consent": None,
        }
        unjoined(Subscription).filter(pk=row.pk).update(**again)


def _tell(subscriber: Subscriber, now: datetime) -> None:
    """To confirm, or that it is on the list already: what the letter says is decided when it is written."""
    if subscriber.told_at and subscriber.told_at > now - BETWEEN_LETTERS:
        return
    is_same_day = bool(subscriber.told_at) and localdate(subscriber.told_at) == localdate(now)
    times = subscriber.told_times + 1 if is_same_day else 1
    if times > MOST_LETTERS_A_DAY:
        return
    unjoined(Subscriber).filter(pk=subscriber.pk).update(told_at=now, told_times=times)
    post_later(
        "newsletter_confirmation",
        subscriber.pk,
        to=subscriber.email,
        site_id=subscriber.site_id,
        key=f"newsletter:{subscriber.pk}:{now:%y%m%d%H%M%S}",
        now=now,
    )


# ------------------------------------------------------------------------------------------------ confirming, leaving


def waiting(subscriber: Subscriber, *, now: datetime) -> QuerySet[Subscription]:
    """What was asked for this address in the last days and nobody has confirmed yet."""
    rows: QuerySet[Subscription] = Subscription.objects.filter(
        subscriber=subscriber, confirmed_at=None, left_at=None, asked_at__gt=now - FORGOTTEN_AFTER
    )
    return rows.select_related("merchant")


def standing(subscriber: Subscriber) -> QuerySet[Subscription]:
    """What this address receives: confirmed, and not left."""
    rows: QuerySet[Subscription] = Subscription.objects.filter(
        subscriber=subscriber, confirmed_at__isnull=False, left_at=None
    )
    return rows.select_related("merchant")


@transaction.atomic
def confirm(subscriber: Subscriber, shown: Iterable[int], *, now: datetime) -> int:
    """Whoever reads the mailbox says yes to the subscriptions that it was shown; returns how many are new.

    Each is consented to once, whoever posts it how often: the database says which worker came first. What was not
    shown, or has run out, is left alone. An address set aside because mails came back is tried again.
    """
    confirmed = sum(
        _confirm_one(row, subscriber, now) for row in waiting(subscriber, now=now).filter(pk__in=shown)
    )
    if confirmed:
        unjoined(Subscriber).filter(pk=subscriber.pk, set_aside=WhyAside.BOUNCED).update(set_aside="")
    return confirmed


def _confirm_one(row: Subscription, subscriber: Subscriber, now: datetime) -> bool:
    if not _is_first_to_confirm(row, now):
        return False
    consent = consents.record(row, subscriber)
    unjoined(Subscription).filter(pk=row.pk).update(consent=consent)
    audit.note("newsletter.confirmed", row, actor_id=None, after={"purpose": row.purpose})
    return True


def _is_first_to_confirm(row: Subscription, now: datetime) -> bool:
    """Of two workers one sees its update count."""
    return bool(
        unjoined(Subscription).filter(pk=row.pk, confirmed_at=None, left_at=None).update(confirmed_at=now)
    )


@transaction.atomic
def leave(subscriber: Subscriber, *, now: datetime, only: Iterable[int] | None = None) -> int:
    """Nothing more is sent: of everything, or of the subscriptions ``only`` names. Returns how many stood until now.

    Twice is normal, and 0. What waited for a yes is forgotten, and no link given before confirms anything again.
    """
    rows = Subscription.objects.filter(subscriber=subscriber)
    if only is not None:
        rows = rows.filter(pk__in=only)
    left = sum(_leave_one(row, now) for row in rows.filter(confirmed_at__isnull=False, left_at=None))
    rows.filter(confirmed_at=None).delete()
    if only is None:
        _close_confirmations(subscriber)
    return left


def _leave_one(row: Subscription, now: datetime) -> bool:
    stands = unjoined(Subscription).filter(pk=row.pk, confirmed_at__isnull=False, left_at=None)
    if not stands.update(left_at=Greatest("confirmed_at", now)):
        return False
    if row.consent_id:
        consents.withdraw(Consent.objects.filter(pk=row.consent_id), now=now)
    audit.note("newsletter.left", row, actor_id=None, after={"purpose": row.purpose})
    return True


def _close_confirmations(subscriber: Subscriber) -> None:
    unjoined(Subscriber).filter(pk=subscriber.pk).update(ask_version=subscriber.ask_version + 1)
    subscriber.ask_version += 1


# ------------------------------------------------------------------------------------------------ lists of them


def subscribed(*purposes: ConsentPurpose) -> QuerySet[Subscriber]:
    """Of the portal in scope: who confirmed one of these purposes (any letter, where none is named) and stays."""
    rows = Subscription.objects.filter(subscriber=OuterRef("pk"), confirmed_at__isnull=False, left_at=None)
    found: QuerySet[Subscriber] = Subscriber.objects.filter(
        Exists(rows.filter(purpose__in=purposes or LETTERS))
    )
    return found


def may_be_written_to(rows: QuerySet[Subscriber], *, now: datetime) -> QuerySet[Subscriber]:
    """Without the addresses that staff set aside, and those of people who asked for a pause."""
    is_paused = Q(paused_until__gt=localdate(now))
    return rows.filter(set_aside="").exclude(is_paused)


def followers_of(merchant: Merchant) -> QuerySet[Subscriber]:
    """Who follows this merchant by mail, and confirmed it."""
    rows = Subscription.objects.filter(
        subscriber=OuterRef("pk"), merchant=merchant, purpose=ConsentPurpose.MERCHANT_NEWS,
        confirmed_at__isnull=False, left_at=None,
    )  # fmt: skip
    found: QuerySet[Subscriber] = Subscriber.objects.filter(Exists(rows))
    return found


def given_to(merchant: Merchant) -> QuerySet[Subscription]:
    """The addresses whose people let this merchant have them, for news of its own; each with its consent."""
    rows: QuerySet[Subscription] = Subscription.objects.filter(
        merchant=merchant, purpose=ConsentPurpose.MERCHANT_OWN, confirmed_at__isnull=False, left_at=None
    )
    return rows.filter(consent__withdrawn_at=None).select_related("subscriber", "consent").order_by("pk")


def of_addresses(emails: Iterable[str]) -> QuerySet[Subscriber]:
    """The rows of these addresses in the portal in scope."""
    found: QuerySet[Subscriber] = Subscriber.objects.filter(email__in=set(plain_ones(emails)))
    return found


def plain_ones(emails: Iterable[str]) -> Iterator[str]:
    """As the list writes them; what is no address is passed over."""
    for email in emails:
        try:
            yield plain(email)
        except ValueError:
            continue


@transaction.atomic
def set_aside(subscriber: Subscriber, why: str, *, by_id: int | None) -> bool:
    """Staff: nothing is sent there any more, or again (``why`` empty). False when it stood so already."""
    changed = unjoined(Subscriber).filter(pk=subscriber.pk).exclude(set_aside=why).update(set_aside=why)
    if changed:
        audit.note("newsletter.set_aside", subscriber, actor_id=by_id, after={"why": why})
    return bool(changed)
