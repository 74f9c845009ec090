"""Rates and registrations on a date, and who collects for whom."""

from datetime import date

import pytest
from wagtail.models import Site

from directory.models import Merchant
from home.models import PortalSettings
from shop.enums import Tax, TaxClass, TaxCollector
from shop.models import TaxRate
from shop.pricing import Collectors, Line, price_order
from shop.taxes import SellerTaxes, rates_on, sellers_on
from tests.factories import MerchantFactory, TaxRegistrationFactory

pytestmark = pytest.mark.usefixtures("in_levis")

TODAY = date(2026, 11, 22)
NONE, MERCHANT, PORTAL = TaxCollector.NONE, TaxCollector.MERCHANT, TaxCollector.PORTAL


@pytest.fixture
def settings_of(in_levis: Site) -> PortalSettings:
    return PortalSettings.for_site(in_levis)


def seller(merchant: Merchant, settings: PortalSettings, day: date = TODAY) -> SellerTaxes:
    return sellers_on(day, [merchant.pk], settings=settings)[merchant.pk]


def test_the_land_s_rates_are_there_and_food_has_none() -> None:
    assert rates_on(TODAY) == {
        (Tax.GST, TaxClass.STANDARD): 50_000,
        (Tax.GST, TaxClass.GST_ONLY): 50_000,
        (Tax.QST, TaxClass.STANDARD): 99_750,
        (Tax.GST, TaxClass.SNACK): 50_000,
        (Tax.QST, TaxClass.SNACK): 0,
    }


@pytest.mark.parametrize(
    ("day", "taxes_and_total"),
    [(date(2026, 7, 14), (16, 32, 3_73)), (date(2026, 7, 15), (16, 0, 3_41))],
    ids=["V19", "V20"],
)
def test_one_muffin_lost_its_qst_on_a_day(day: date, taxes_and_total: tuple[int, int, int]) -> None:
    order = price_order(
        [Line(0, 3_25, 1, TaxClass.SNACK)],
        rates=rates_on(day),
        collectors=Collectors(MERCHANT, MERCHANT),
        commission_bps=0,
    )
    assert (order.gst_cents, order.qst_cents, order.total_cents) == taxes_and_total


def test_a_new_rate_holds_from_its_day_and_the_old_one_before() -> None:
    TaxRate.objects.create(
        tax=Tax.GST,
        tax_class=TaxClass.STANDARD,
        rate_ppm=60_000,
        effective_from=date(2027, 1, 1),
        source="test",
    )
    days = (date(2026, 12, 31), date(2027, 1, 1))
    assert [rates_on(day)[Tax.GST, TaxClass.STANDARD] for day in days] == [50_000, 60_000]


def test_the_two_registrations_are_independent(settings_of: PortalSettings) -> None:
    merchant = TaxRegistrationFactory(tax=Tax.QST).merchant
    assert seller(merchant, settings_of) == SellerTaxes("", "1234567890 TQ0001", Collectors(NONE, MERCHANT))


@pytest.mark.parametrize(
    ("day", "collector"),
    [
        (date(2025, 12, 31), NONE),
        (date(2026, 1, 1), MERCHANT),
        (date(2026, 6, 29), MERCHANT),
        (date(2026, 6, 30), NONE),
    ],
)
def test_a_registration_holds_from_its_day_until_the_day_before_its_end(
    settings_of: PortalSettings, day: date, collector: TaxCollector
) -> None:
    row = TaxRegistrationFactory(effective_from=date(2026, 1, 1), effective_until=date(2026, 6, 30))
    assert seller(row.merchant, settings_of, day).collectors.gst is collector


def test_the_portal_collects_for_the_unregistered_only_where_it_is_registered_itself(
    settings_of: PortalSettings,
) -> None:
    settings_of.collects_tax_for_unregistered, settings_of.gst_number = True, "123456789 RT0001"
    stranger, registered = MerchantFactory(), TaxRegistrationFactory(tax=Tax.GST).merchant
    assert seller(stranger, settings_of).collectors == Collectors(PORTAL, NONE)
    assert seller(registered, settings_of).collectors == Collectors(MERCHANT, NONE)


def test_all_sellers_are_found_in_one_query(settings_of: PortalSettings, django_assert_num_queries) -> None:
    merchants = [TaxRegistrationFactory().merchant.pk for _i in range(3)]
    with django_assert_num_queries(1):
        assert set(sellers_on(TODAY, merchants, settings=settings_of)) == set(merchants)
