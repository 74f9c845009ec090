from datetime import UTC, date, datetime

import pytest

from directory import tiers
from directory.entitlements import Standing, Subscribed
from directory.enums import Tier
from directory.models import Merchant, Plan
from directory.tiers import Paid
from home.models import AuditEntry, PortalSettings
from tests.factories import MerchantFactory, UserFactory

BEFORE = datetime(2027, 4, 30, 16, tzinfo=UTC)
AFTER = datetime(2027, 5, 2, 16, tzinfo=UTC)
PAID: dict[int, Paid] = {}


def paid_of(merchant_id: int) -> Paid:
    return PAID.get(merchant_id, Paid())


@pytest.fixture(autouse=True)
def _nobody_paid(settings):
    PAID.clear()
    settings.PLAN_FACTS = "tests.directory.test_tiers.paid_of"


@pytest.fixture
def merchant(in_levis) -> Merchant:
    """It sells; that costs 39 $ a month from May on."""
    Plan.objects.create(site=in_levis, tier=Tier.TRANSACTIONAL, monthly_price_cents=39_00)
    PortalSettings.objects.update_or_create(site=in_levis, defaults={"free_until": date(2027, 4, 30)})
    return MerchantFactory(tier=Tier.TRANSACTIONAL)


def kept(merchant: Merchant) -> tuple[str, str]:
    row = Merchant.objects.get(pk=merchant.pk)
    return row.tier, row.chosen_tier


def acts(merchant: Merchant) -> list[str]:
    rows = AuditEntry.objects.filter(merchant=merchant.pk).order_by("pk")
    return list(rows.values_list("action", flat=True))


def test_settle_changes_nothing_while_it_is_free(merchant):
    assert tiers.settle(merchant, now=BEFORE) is None
    assert kept(merchant) == ("transactional", "")
    assert acts(merchant) == []


def test_the_free_period_ends_without_a_choice_and_the_tier_falls_once(merchant):
    move = tiers.settle(merchant, now=AFTER)
    assert move
    assert (move.is_fall, move.now.standing) == (True, Standing.NOT_SUBSCRIBED)
    assert kept(merchant) == ("listing", "transactional")
    assert tiers.settle(merchant, now=AFTER) is None
    assert acts(merchant) == ["plan.fell"]


def test_what_was_wanted_comes_back_whole_once_it_is_paid(merchant):
    tiers.settle(merchant, now=AFTER)
    PAID[merchant.pk] = Paid(Subscribed(Tier.TRANSACTIONAL, "active"))
    move = tiers.settle(merchant, now=AFTER)
    assert move
    assert not move.is_fall
    assert kept(merchant) == ("transactional", "")
    assert acts(merchant) == ["plan.fell", "plan.rose"]


def test_a_merchant_goes_down_and_up_again_at_will_while_it_is_free(merchant):
    person = UserFactory()
    tiers.choose(merchant, Tier.LISTING, by_id=person.pk, now=BEFORE)
    assert kept(merchant) == ("listing", "")
    tiers.choose(merchant, Tier.TRANSACTIONAL, by_id=person.pk, now=BEFORE)
    assert kept(merchant) == ("transactional", "")
    assert set(AuditEntry.objects.values_list("actor", flat=True)) == {person.pk}


def test_choosing_what_is_to_be_paid_is_remembered_and_gives_nothing_yet(merchant):
    tiers.settle(merchant, now=AFTER)
    tiers.choose(merchant, Tier.LISTING, by_id=None, now=AFTER)
    assert kept(merchant) == ("listing", "")
    assert tiers.choose(merchant, Tier.TRANSACTIONAL, by_id=None, now=AFTER) is None
    assert kept(merchant) == ("listing", "transactional")


def test_a_merchants_own_date_goes_before_its_portals(merchant):
    Merchant.objects.filter(pk=merchant.pk).update(free_until=date(2027, 6, 1))
    assert tiers.settle(merchant, now=AFTER) is None
    Merchant.objects.filter(pk=merchant.pk).update(free_until=date(2027, 4, 1))
    assert tiers.settle(merchant, now=BEFORE)


def test_an_instance_in_hand_that_is_old_decides_nothing(merchant):
    old = Merchant.objects.get(pk=merchant.pk)
    tiers.choose(merchant, Tier.LISTING, by_id=None, now=BEFORE)
    assert tiers.settle(old, now=BEFORE) is None
    assert (old.tier, kept(merchant)) == ("listing", ("listing", ""))
