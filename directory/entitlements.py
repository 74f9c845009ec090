"""What a merchant may do now: one pure function of what it chose, what that costs, and what was paid.

Who collects the facts, and writes down what follows from them, is ``directory.tiers``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from directory.enums import Tier

RANK = {Tier.LISTING: 0, Tier.LINKED_SHOP: 1, Tier.TRANSACTIONAL: 2}
"""Each option brings all that the ones before it bring."""

IN_ORDER = frozenset({"active", "trialing"})
LATE = frozenset({"past_due"})
NEVER_BEGUN = frozenset({"incomplete", "incomplete_expired"})
"""Stripe's words for a subscription. Any other, known or new, gives nothing."""


class Standing(StrEnum):
    """Why the tier that holds is that one."""

    LISTING = "listing"
    FREE_OPTION = "free_option"
    FREE_PERIOD = "free_period"
    TRIAL = "trial"
    SUBSCRIBED = "subscribed"
    GRACE = "grace"
    NOT_SUBSCRIBED = "not_subscribed"
    UNPAID = "unpaid"
    ENDED = "ended"

    @property
    def is_fallen(self) -> bool:
        """The merchant wanted more than a listing, and has no more than that."""
        return self in (Standing.NOT_SUBSCRIBED, Standing.UNPAID, Standing.ENDED)


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A merchant's subscription, as Stripe told it. ``until``: the end of what is paid, or of the trial.

    ``is_ending``: it was asked to stop there. ``next_try``: when a late payment will be tried again, if it will.
    """

    tier: Tier
    status: str
    until: datetime | None = None
    is_ending: bool = False
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """``prices``: cents a month by option, before taxes; one that is missing is free.

    ``free_until``: the last free day, included; None: no end was set, nothing is to be paid.
    ``may_be_paid``: its Stripe account may receive what it sells.
    """

    chosen: Tier
    prices: Mapping[Tier, int]
    free_until: date | None
    subscription: Subscribed | None
    may_be_paid: bool = False
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Entitlement:
    """``tier``: the one that holds. ``until``: the end of what is given, where one is known (a free period's last
    day; the end of what is paid; in grace, the next try). ``lacks``: the option that was chosen and is not given."""

    tier: Tier
    standing: Standing
    may_sell: bool
    until: date | datetime | None = None
    lacks: Tier | None = None
    is_ending: bool = False

    @property
    def is_in_grace(self) -> bool:
        return self.standing == Standing.GRACE


def entitlement(facts: Facts, *, now: datetime) -> Entitlement:
    """What holds at that moment. A suspended merchant keeps its tier, and sells nothing."""
    tier, standing, until = _what_holds(facts, now)
    sub = facts.subscription
    return Entitlement(
        tier=tier,
        standing=standing,
        may_sell=tier == Tier.TRANSACTIONAL and facts.may_be_paid and not facts.is_suspended,
        until=until,
        lacks=facts.chosen if tier != facts.chosen else None,
        is_ending=bool(sub and sub.is_ending and standing in (Standing.SUBSCRIBED, Standing.TRIAL)),
    )


def _what_holds(facts: Facts, now: datetime) -> tuple[Tier, Standing, date | datetime | None]:
    chosen, sub = facts.chosen, facts.subscription
    if chosen == Tier.LISTING:
        return chosen, Standing.LISTING, None
    if not facts.prices.get(chosen):
        return chosen, Standing.FREE_OPTION, None
    if sub and sub.status in IN_ORDER and RANK[sub.tier] >= RANK[chosen]:
        return chosen, _standing(sub), sub.until
    if is_free(facts.free_until, now):
        return chosen, Standing.FREE_PERIOD, facts.free_until
    if sub and sub.status in IN_ORDER | LATE:
        # What is paid for holds, even when more was chosen since.
        lower = min(chosen, sub.tier, key=lambda tier: RANK[tier])
        return lower, _standing(sub), sub.next_try if sub.status in LATE else sub.until
    return Tier.LISTING, _fallen(sub), None


def is_free(free_until: date | None, now: datetime) -> bool:
    """Nothing is to be paid yet. The free period ends with its last day, in the portal's time."""
    return free_until is None or timezone.localdate(now) <= free_until


def _standing(sub: Subscribed) -> Standing:
    if sub.status in LATE:
        return Standing.GRACE
    return Standing.TRIAL if sub.status == "trialing" else Standing.SUBSCRIBED


def _fallen(sub: Subscribed | None) -> Standing:
    if sub is None or sub.status in NEVER_BEGUN:
        return Standing.NOT_SUBSCRIBED
    return Standing.ENDED if sub.status == "canceled" else Standing.UNPAID
