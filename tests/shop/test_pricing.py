"""QUEBEC.md's vectors, and the ways of computing them that must fail."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.enums import Tax, TaxClass, TaxCollector
from shop.pricing import PPM, Collectors, Line, PricedOrder, price_order, share_half_up

RATES = {
    (Tax.GST, TaxClass.STANDARD): 50_000,
    (Tax.GST, TaxClass.GST_ONLY): 50_000,
    (Tax.QST, TaxClass.STANDARD): 99_750,
}
REGISTERED = Collectors(gst=TaxCollector.MERCHANT, qst=TaxCollector.MERCHANT)
QST_ALONE = Collectors(gst=TaxCollector.NONE, qst=TaxCollector.MERCHANT)
STANDARD, ZERO_RATED, GST_ONLY = TaxClass.STANDARD, TaxClass.ZERO_RATED, TaxClass.GST_ONLY


def priced(
    *lines: tuple[int, int, TaxClass],
    collectors: Collectors = REGISTERED,
    discount_cents: int = 0,
    delivery_cents: int = 0,
    deposit_cents: int = 0,
    commission_bps: int = 0,
) -> PricedOrder:
    """Price lines of (unit price in cents, quantity, tax class); the discount is on the first."""
    return price_order(
        [
            Line(i, unit, quantity, tax_class, discount_cents if i == 0 else 0)
            for i, (unit, quantity, tax_class) in enumerate(lines)
        ],
        rates=RATES,
        collectors=collectors,
        commission_bps=commission_bps,
        delivery_cents=delivery_cents,
        deposit_cents=deposit_cents,
    )


def taxes_and_total(order: PricedOrder) -> tuple[int, int, int]:
    return order.gst_cents, order.qst_cents, order.total_cents


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param(priced((100_00, 1, STANDARD)), (5_00, 9_98, 114_98), id="V1"),
        pytest.param(priced((60_00, 1, STANDARD)), (3_00, 5_99, 68_99), id="V2"),
        pytest.param(priced((140_00, 1, STANDARD)), (7_00, 13_97, 160_97), id="V3"),
        pytest.param(priced((10, 1, STANDARD)), (1, 1, 12), id="V4"),
        pytest.param(priced((9, 1, STANDARD)), (0, 1, 10), id="V5"),
        pytest.param(priced((4_99, 1, STANDARD)), (25, 50, 5_74), id="V6"),
        pytest.param(priced((19_99, 3, STANDARD)), (3_00, 5_98, 68_95), id="V7"),
        pytest.param(priced((19_99, 1, STANDARD)), (1_00, 1_99, 22_98), id="V8, one of two merchants"),
        pytest.param(priced((12_00, 1, ZERO_RATED), (4_49, 1, STANDARD)), (22, 45, 17_16), id="V9"),
        pytest.param(priced((29_95, 1, GST_ONLY)), (1_50, 0, 31_45), id="V10"),
        pytest.param(priced((24_00, 1, STANDARD), collectors=QST_ALONE), (0, 2_39, 26_39), id="V11"),
        pytest.param(priced((14_00, 1, STANDARD), deposit_cents=40), (70, 1_40, 16_50), id="V12"),
        pytest.param(priced((60_00, 1, STANDARD), delivery_cents=8_50), (3_43, 6_83, 78_76), id="V13"),
        pytest.param(priced((45_90, 1, STANDARD), discount_cents=4_59), (2_07, 4_12, 47_50), id="V14"),
        pytest.param(priced((10, 10, STANDARD)), (5, 10, 1_15), id="V24"),
    ],
)
def test_vectors_of_quebec(order: PricedOrder, expected: tuple[int, int, int]) -> None:
    assert taxes_and_total(order) == expected


def test_two_merchants_in_one_checkout_are_taxed_apart() -> None:
    each = priced((19_99, 1, STANDARD))
    assert 2 * each.total_cents == 45_96


def test_an_unregistered_merchant_charges_nothing_unless_the_portal_collects() -> None:
    nobody = Collectors(gst=TaxCollector.NONE, qst=TaxCollector.NONE)
    portal = Collectors(gst=TaxCollector.PORTAL, qst=TaxCollector.PORTAL)
    assert taxes_and_total(priced((35_00, 1, STANDARD), collectors=nobody)) == (0, 0, 35_00)
    collected = priced((35_00, 1, STANDARD), collectors=portal)
    assert taxes_and_total(collected) == (1_75, 3_49, 40_24)
    assert collected.portal_tax_cents == 1_75 + 3_49
    assert collected.merchant_share_cents == 35_00


def test_delivery_of_zero_rated_goods_alone_is_not_taxed() -> None:
    assert taxes_and_total(priced((12_00, 1, ZERO_RATED), delivery_cents=8_50)) == (0, 0, 20_50)


def test_delivery_of_books_bears_gst_and_no_qst() -> None:
    assert taxes_and_total(priced((29_95, 1, GST_ONLY), delivery_cents=8_50)) == (1_92, 0, 40_37)


# Wrong ways of computing, each caught by the vectors above.


def half_even(base_cents: int, rate_ppm: int) -> int:
    return int((Decimal(base_cents) * rate_ppm / PPM).quantize(Decimal(1), ROUND_HALF_EVEN))


def floats(base_cents: int, rate_ppm: int) -> int:
    return round(base_cents / 100 * (rate_ppm / PPM) * 100)


def test_half_even_floats_and_a_single_rate_would_be_astray() -> None:
    assert half_even(60_00, 99_750) == 5_98
    assert floats(140_00, 99_750) == 13_96
    assert share_half_up(10, 149_750, PPM) == 1
    assert [share_half_up(base, 99_750, PPM) for base in (60_00, 140_00, 10)] == [5_99, 13_97, 1]


def test_rounding_each_line_would_be_astray() -> None:
    each = priced((19_99, 1, STANDARD))
    assert 3 * each.total_cents == 68_94
    assert priced((19_99, 3, STANDARD)).total_cents == 68_95


cents = st.integers(min_value=0, max_value=10_000_00)
line = st.tuples(
    cents, st.integers(min_value=1, max_value=99), st.sampled_from([STANDARD, ZERO_RATED, GST_ONLY])
)
collector = st.sampled_from(TaxCollector)


def exact(base_cents: int, rate_ppm: int) -> int:
    return int((Decimal(base_cents) * rate_ppm / PPM).quantize(Decimal(1), ROUND_HALF_UP))


@given(
    st.lists(line, min_size=1, max_size=8),
    cents,
    cents,
    st.integers(min_value=0, max_value=5_000),
    st.builds(Collectors, collector, collector),
)
def test_every_order_equals_exact_decimals_and_adds_up(
    lines: list[tuple[int, int, TaxClass]],
    delivery_cents: int,
    deposit_cents: int,
    commission_bps: int,
    collectors: Collectors,
) -> None:
    order = priced(
        *lines,
        collectors=collectors,
        delivery_cents=delivery_cents,
        deposit_cents=deposit_cents,
        commission_bps=commission_bps,
    )
    for tax, charged in ((Tax.GST, order.gst_cents), (Tax.QST, order.qst_cents)):
        taxed = [unit * quantity for unit, quantity, tax_class in lines if RATES.get((tax, tax_class))]
        base = sum(taxed) + (delivery_cents if taxed else 0)
        rate = RATES[tax, STANDARD] if collectors.of(tax) is not TaxCollector.NONE else 0
        assert charged == exact(base, rate)
    assert order.merchant_share_cents + order.commission_cents + order.portal_tax_cents == order.total_cents
    assert order.commission_cents == exact(order.items_cents, commission_bps * 100)
