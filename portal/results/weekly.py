"""« Ce que votre page a fait cette semaine », by mail, on Tuesdays.

The week told is the last one that is over, from Monday to Sunday. It leaves the day after the letter « est-ce encore
vrai? » (``portal.still_true``), and a day later still to whom that one was posted the same day: never two on one day.
To the owners who did not stop it, in the language of each.

A week in which nothing was counted or sold is told as well, in a few words with what helps, but at most once in four
weeks: silence that repeats itself is no news.

A row for each owner and week (``ResultsLetter``, unique) says that it was told: whoever of the workers comes first,
one letter leaves. The row keeps the figures, so that a letter that leaves late says what it was put with.
"""

import datetime as dt

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Site

from directory import mail_refusals
from directory.enums import MembershipRole
from directory.hours import ZONE, wall_clock
from directory.models import Membership, Merchant
from home.periods import Period, town_day
from home.tenancy import portal_scope
from portal.results.freezing import Week, freeze, week_of
from portal.results.models import ResultsLetter, ResultsStop
from shop.letters import post_later

SECONDS_BETWEEN = 600
MOST_AT_ONCE = 60
"""Merchants of a portal in one round: an order's mail waits behind no more letters than that."""
WEEKDAYS, HOURS = range(1, 5), range(9, 19)
"""From Tuesday, to Friday where the worker was held up: later, the week is old."""
QUIET_FOR = dt.timedelta(days=28)
KEPT_FOR = dt.timedelta(days=90)


def tell_the_week(now: dt.datetime) -> int:
    """A worker's job: how many letters are new. It looks every ten minutes, by day."""
    here = wall_clock(now)
    if here.weekday() not in WEEKDAYS or here.hour not in HOURS:
        return 0
    if not cache.add("results.weekly", 1, SECONDS_BETWEEN):
        return 0
    return sum(_tell_in(site, now) for site in Site.objects.order_by("pk"))


def _tell_in(site: Site, now: dt.datetime) -> int:
    with portal_scope(site):
        ResultsLetter.objects.filter(first__lt=town_day(now) - KEPT_FOR).delete()
        return sum(tell(merchant, now=now) for merchant in to_tell(now)[:MOST_AT_ONCE])


def to_tell(now: dt.datetime) -> QuerySet[Merchant]:
    """The merchants of the portal in scope some of whose owners have not been told of the week yet."""
    week, today = Period.week_before(town_day(now)), town_day(now)
    waiting = Exists(_owners(week).filter(merchant=OuterRef("pk")))
    asked_today = Q(asked_at__gte=dt.datetime.combine(today, dt.time(), ZONE))
    rows: QuerySet[Merchant] = Merchant.objects.visible().filter(waiting, claimed_at__lt=week.ends_at)
    return rows.exclude(asked_today).select_related("site").order_by("pk")


def _owners(week: Period) -> QuerySet[Membership]:
    """Who want the letter, and have no row for that week."""
    told = ResultsLetter.objects.filter(place=OuterRef("pk"), first=week.first)
    stopped = ResultsStop.objects.filter(place=OuterRef("pk"))
    owners = Membership.objects.filter(role=MembershipRole.OWNER, user__is_active=True)
    return owners.filter(~Exists(told), ~Exists(stopped))


@transaction.atomic
def tell(merchant: Merchant, *, now: dt.datetime) -> int:
    """Post the week's letter to its owners; returns how many are new. 0 where another worker was first."""
    period = Period.week_before(town_day(now))
    places = list(_owners(period).filter(merchant=merchant).select_related("user").order_by("pk"))
    week = week_of(merchant, period, today=town_day(now)) if places else None
    if week is None:
        return 0
    refused = mail_refusals.refused_among(place.user.email for place in places)
    return sum(_tell(place, merchant, week, refused, now) for place in places)


def _tell(place: Membership, merchant: Merchant, week: Week, refused: set[str], now: dt.datetime) -> bool:
    """False where it was told already, or there is nothing to be told. Either way the week is settled."""
    first, is_quiet = week.result.period.first, week.result.is_empty
    letter, is_new = ResultsLetter.objects.get_or_create(
        place=place,
        first=first,
        defaults={
            "site_id": merchant.site_id, "put_at": now, "is_quiet": is_quiet, "figures": freeze(week),
        },
    )  # fmt: skip
    if not is_new or place.user.email.strip().lower() in refused:
        return False
    if is_quiet and _was_quiet(place, first):
        return False
    return _post(letter, place, merchant, now)


def _was_quiet(place: Membership, first: dt.date) -> bool:
    """Whether a quiet week was told to that owner less than four weeks before."""
    return bool(
        ResultsLetter.objects.filter(
            place=place, is_quiet=True, is_posted=True, first__gt=first - QUIET_FOR, first__lt=first
        ).exists()
    )


def _post(letter: ResultsLetter, place: Membership, merchant: Merchant, now: dt.datetime) -> bool:
    letter.is_posted = True
    letter.save(update_fields=["is_posted"])
    key = f"results:{place.pk}:{letter.first:%G-%V}"
    return post_later("results", letter.pk, to=place.user.email, site_id=merchant.site_id, key=key, now=now)
