"""How many they are: the list by what it wants, and what became of each letter's copies."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localdate

from editorial.models import Mailing, MailingCopy, Subscriber, Subscription
from editorial.newsletter import subscribers
from home.languages import ENGLISH
from home.models import ConsentPurpose


@dataclass(frozen=True, slots=True)
class Figures:
    """Addresses, each counted once in each line."""

    readers: int
    followers: int
    stories: int
    products: int
    campaigns: int
    english: int
    paused: int
    set_aside: int
    waiting: int


def of_the_list(*, now: datetime) -> Figures:
    """Of the portal in scope, in three queries however long the list is."""
    readers = Subscriber.objects.filter(pk__in=subscribers.subscribed(ConsentPurpose.NEWSLETTER).values("pk"))
    told = readers.aggregate(
        readers=Count("pk"),
        stories=Count("pk", filter=Q(wants_stories=True)),
        products=Count("pk", filter=Q(wants_products=True)),
        campaigns=Count("pk", filter=Q(wants_campaigns=True)),
        english=Count("pk", filter=Q(language=ENGLISH)),
        paused=Count("pk", filter=Q(paused_until__gt=localdate(now))),
        set_aside=Count("pk", filter=~Q(set_aside="")),
    )
    asked = Subscription.objects.filter(subscriber=OuterRef("pk"), confirmed_at=None, left_at=None)
    waiting = Subscriber.objects.filter(Exists(asked)).count()
    followers = subscribers.subscribed(ConsentPurpose.MERCHANT_NEWS).count()
    return Figures(**told, followers=followers, waiting=waiting)


def copies_of(mailings: list[Mailing]) -> dict[int, dict[str, int]]:
    """By mailing's key, how many copies are in each state: one query for all."""
    rows = MailingCopy.objects.filter(mailing__in=mailings).order_by().values_list("mailing_id", "state")
    counted: dict[int, dict[str, int]] = {}
    for pk, state, copies in rows.annotate(copies=Count("pk")):
        counted.setdefault(pk, {})[state] = copies
    return counted
