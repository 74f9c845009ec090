"""What a merchant may do now: every combination of facts, against an oracle that reads the contract's sentences."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from directory.entitlements import Facts, Standing, Subscribed, entitlement
from directory.enums import Tier

NOW = datetime(2027, 4, 30, 16, tzinfo=UTC)
LAST_NIGHT_IN_LEVIS = datetime(2027, 5, 1, 3, 59, tzinfo=UTC)
MIDNIGHT_IN_LEVIS = datetime(2027, 5, 1, 4, tzinfo=UTC)
TODAY = date(2027, 4, 30)
PAID_UNTIL = datetime(2027, 5, 20, tzinfo=UTC)
NEXT_TRY = datetime(2027, 5, 3, tzinfo=UTC)

LISTING, LINKED, SELLS = Tier.LISTING, Tier.LINKED_SHOP, Tier.TRANSACTIONAL
STATUSES = (
    "active", "trialing", "past_due", "unpaid", "canceled", "incomplete", "incomplete_expired", "paused", "of 2031",
)  # fmt: skip
PRICES = ({}, {SELLS: 39_00}, {LINKED: 19_00, SELLS: 39_00}, {LINKED: 19_00})
FREE = (None, date(2027, 4, 29), TODAY, date(2027, 5, 1))
SUBSCRIPTIONS = (
    None,
    *(Subscribed(t, s, PAID_UNTIL, next_try=NEXT_TRY) for t in (LINKED, SELLS) for s in STATUSES),
)


def may_have(tier, prices, free, sub) -> bool:
    """Is that option given? Said option by option, where the rule under test walks through cases."""
    reasons = {
        "it is a listing": tier == LISTING,
        "it costs nothing here": prices.get(tier, 0) == 0,
        "nothing is to be paid yet": free is None or free >= TODAY,
        "it is paid for, or late": sub is not None
        and sub.status in {"active", "trialing", "past_due"}
        and (sub.tier, tier) in {(SELLS, SELLS), (SELLS, LINKED), (LINKED, LINKED)},
    }
    return any(reasons.values())


def best(chosen, prices, free, sub) -> Tier:
    """The chosen one where it is given; else the one that is paid for; else a listing, never more than was chosen."""
    if may_have(chosen, prices, free, sub):
        return chosen
    paid = sub is not None and sub.status in {"active", "trialing", "past_due"}
    return LINKED if paid and chosen == SELLS and sub.tier == LINKED else LISTING


EVERYTHING = list(product(Tier, PRICES, FREE, SUBSCRIPTIONS, (True, False), (True, False)))


def test_every_combination_gives_the_tier_of_the_contract_and_lets_sell_only_who_may():
    assert len(EVERYTHING) == 3 * 4 * 4 * 19 * 4
    for chosen, prices, free, sub, may_be_paid, is_suspended in EVERYTHING:
        facts = Facts(chosen, prices, free, sub, may_be_paid, is_suspended)
        found = entitlement(facts, now=NOW)
        tier = best(chosen, prices, free, sub)
        assert found.tier == tier, facts
        assert found.may_sell == (tier == SELLS and may_be_paid and not is_suspended), facts
        assert found.lacks == (None if tier == chosen else chosen), facts


def test_a_listing_is_never_fallen_and_nothing_fallen_is_more_than_a_listing():
    for chosen, prices, free, sub, *_rest in EVERYTHING:
        found = entitlement(Facts(chosen, prices, free, sub), now=NOW)
        assert found.standing.is_fallen == (chosen != LISTING and found.tier == LISTING)


def test_paying_more_never_gives_less():
    given = {LISTING: 0, LINKED: 1, SELLS: 2}
    for chosen, prices, free, status in product(Tier, PRICES, FREE, STATUSES):
        less, more = (
            entitlement(Facts(chosen, prices, free, Subscribed(t, status)), now=NOW) for t in (LINKED, SELLS)
        )
        assert given[less.tier] <= given[more.tier]


@pytest.mark.parametrize(
    ("now", "standing"),
    [(LAST_NIGHT_IN_LEVIS, Standing.FREE_PERIOD), (MIDNIGHT_IN_LEVIS, Standing.NOT_SUBSCRIBED)],
)
def test_the_free_period_ends_at_the_portals_midnight(now, standing):
    facts = Facts(SELLS, {SELLS: 39_00}, TODAY, None)
    assert entitlement(facts, now=now).standing == standing


@pytest.mark.parametrize(
    ("status", "standing", "until"),
    [
        ("trialing", Standing.TRIAL, PAID_UNTIL),
        ("active", Standing.SUBSCRIBED, PAID_UNTIL),
        ("past_due", Standing.GRACE, NEXT_TRY),
        ("unpaid", Standing.UNPAID, None),
        ("canceled", Standing.ENDED, None),
        ("incomplete", Standing.NOT_SUBSCRIBED, None),
        ("paused", Standing.UNPAID, None),
    ],
)
def test_after_the_free_period_a_subscription_says_why_and_until_when(status, standing, until):
    sub = Subscribed(SELLS, status, PAID_UNTIL, next_try=NEXT_TRY)
    found = entitlement(Facts(SELLS, {SELLS: 39_00}, date(2027, 4, 29), sub), now=NOW)
    assert (found.standing, found.until) == (standing, until)


def test_a_subscription_that_was_asked_to_stop_holds_to_its_end_and_says_so():
    sub = Subscribed(SELLS, "active", PAID_UNTIL, is_ending=True)
    found = entitlement(Facts(SELLS, {SELLS: 39_00}, date(2027, 4, 29), sub), now=NOW)
    assert (found.tier, found.until, found.is_ending) == (SELLS, PAID_UNTIL, True)
