"""« Est-ce encore vrai? », once a week by mail.

To the owners of a page that nobody kept lately, of one that has said nothing of a holiday of the week after, and of
one some of whose products leave the shelves soon.

A merchant is taken by a conditional update, in the transaction that posts its letters: whoever of the workers comes
first, one letter leaves. Each holiday lies in one week's letter alone. Once a page is hidden no letter follows: then
the Chamber calls.
"""

import datetime as dt

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Site

from directory import mail_refusals
from directory.enums import MembershipRole
from directory.hours import ONE_DAY, QUEBEC_HOLIDAYS, ZONE, wall_clock
from directory.models import Membership, Merchant, OpeningHours, SpecialHours
from directory.still_true import periods
from home.tenancy import portal_scope, unjoined
from shop import on_shelves
from shop.letters import post_later

SECONDS_BETWEEN = 600
MOST_AT_ONCE = 200
BY_DAY = range(8, 20)
"""The hours at which a letter may arrive."""
ONE_WEEK = 7 * ONE_DAY


def ask_the_week(now: dt.datetime) -> int:
    """A worker's job: how many letters are new. It looks every ten minutes, by day."""
    if wall_clock(now).hour not in BY_DAY or not cache.add("still_true.weekly", 1, SECONDS_BETWEEN):
        return 0
    return sum(_ask_in(site, now) for site in Site.objects.order_by("pk"))


def _ask_in(site: Site, now: dt.datetime) -> int:
    with portal_scope(site):
        return sum(ask(merchant, now=now) for merchant in to_ask(now)[:MOST_AT_ONCE])


def to_ask(now: dt.datetime) -> QuerySet[Merchant]:
    """The merchants of the portal in scope to which this week's letter has not been posted yet."""
    known, today = periods(), wall_clock(now).date()
    owned = Exists(Membership.objects.filter(merchant=OuterRef("pk"), role=MembershipRole.OWNER))
    is_away = Q(vacation_from__lte=today, vacation_until__gte=today)
    silent = Q(confirmed_at__lte=now - known.ask)
    rows: QuerySet[Merchant] = Merchant.objects.visible().filter(owned, claimed_at__isnull=False)
    shown = rows.filter(confirmed_at__gt=now - known.hide).exclude(is_away)
    waiting = shown.filter(Q(asked_at=None) | Q(asked_at__lt=week_begins(now)))
    leaving = Exists(on_shelves.leaving(now).order_by().filter(merchant=OuterRef("pk")))
    return waiting.filter(silent | _owes_a_holiday(today) | leaving).select_related("site").order_by("pk")


def week_begins(now: dt.datetime) -> dt.datetime:
    """Monday's first moment, in town."""
    today = wall_clock(now).date()
    monday = today - dt.timedelta(days=today.weekday())
    return dt.datetime.combine(monday, dt.time(), ZONE)


def holidays_of_next_week(today: dt.date) -> list[dt.date]:
    monday = today - dt.timedelta(days=today.weekday()) + ONE_WEEK
    return [day for n in range(7) if (day := monday + n * ONE_DAY) in QUEBEC_HOLIDAYS]


def _owes_a_holiday(today: dt.date) -> Q:
    """Has hours, and has not said what it does on a holiday of next week."""
    owes = Q(pk__in=())
    for day in holidays_of_next_week(today):
        stated = SpecialHours.objects.filter(merchant=OuterRef("pk"), date=day)
        is_away = Q(vacation_from__lte=day, vacation_until__gte=day)
        owes |= Q(~Exists(stated)) & ~is_away
    return owes & Q(Exists(OpeningHours.objects.filter(merchant=OuterRef("pk"))))


@transaction.atomic
def ask(merchant: Merchant, *, now: dt.datetime) -> int:
    """Post this week's letter to its owners; returns how many are new. 0 where another worker was first."""
    begins = week_begins(now)
    waiting = unjoined(Merchant).filter(Q(asked_at=None) | Q(asked_at__lt=begins), pk=merchant.pk)
    if not waiting.update(asked_at=now):
        return 0
    owners = Membership.objects.filter(
        merchant=merchant, role=MembershipRole.OWNER, user__is_active=True
    ).select_related("user")
    refused = mail_refusals.refused_among(place.user.email for place in owners)
    return sum(
        _post(place, begins, now) for place in owners if place.user.email.strip().lower() not in refused
    )


def _post(place: Membership, begins: dt.datetime, now: dt.datetime) -> bool:
    key = f"still_true:{place.pk}:{begins:%G-%V}"
    site_id = place.merchant.site_id
    return post_later("still_true", place.pk, to=place.user.email, site_id=site_id, key=key, now=now)
