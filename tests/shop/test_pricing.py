"""QUEBEC.md's vectors, and the ways of computing them that must fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop import pricing
from shop.enums import Funder, Tax, TaxClass, TaxCollector
from shop.pricing import (
    BPS,
    PPM,
    Amount,
    Collectors,
    Line,
    NotRefundable,
    Parts,
    PricedOrder,
    SoldLine,
    Units,
    Whole,
    Wish,
    applied_rate,
    discounts,
    left_to_pay,
    most_portal_discount,
    price_order,
    share_half_up,
    split,
    split_refund,
)

RATES = {
    (Tax.GST, TaxClass.STANDARD): 50_000,
    (Tax.GST, TaxClass.GST_ONLY): 50_000,
    (Tax.QST, TaxClass.STANDARD): 99_750,
    (Tax.GST, TaxClass.SNACK): 50_000,
    (Tax.QST, TaxClass.SNACK): 0,
}
RATES_ON_JULY_14 = {**RATES, (Tax.QST, TaxClass.SNACK): 99_750}
REGISTERED = Collectors(gst=TaxCollector.MERCHANT, qst=TaxCollector.MERCHANT)
QST_ALONE = Collectors(gst=TaxCollector.NONE, qst=TaxCollector.MERCHANT)
NOBODY = Collectors(gst=TaxCollector.NONE, qst=TaxCollector.NONE)
PORTAL = Collectors(gst=TaxCollector.PORTAL, qst=TaxCollector.PORTAL)
STANDARD, ZERO_RATED, GST_ONLY = TaxClass.STANDARD, TaxClass.ZERO_RATED, TaxClass.GST_ONLY


def goods(unit_cents: int, quantity: int = 1, tax_class: TaxClass = STANDARD, **more: int) -> Line:
    return Line(0, unit_cents, quantity, tax_class, **more)


def priced(
    *lines: Line,
    collectors: Collectors = REGISTERED,
    delivery_cents: int = 0,
    commission_bps: int = 0,
    rates: pricing.TaxRates = RATES,
) -> PricedOrder:
    return price_order(
        lines,
        rates=rates,
        collectors=collectors,
        commission_bps=commission_bps,
        delivery_cents=delivery_cents,
    )


@dataclass(frozen=True)
class Vector:
    """One row of QUEBEC.md: the order, its two taxes and its total in cents."""

    name: str
    price: Callable[[], PricedOrder]
    expected: tuple[int, int, int]

    def holds(self) -> bool:
        order = self.price()
        return (order.gst_cents, order.qst_cents, order.total_cents) == self.expected


def vector(name: str, *lines: Line, expected: tuple[int, int, int], **how: object) -> Vector:
    return Vector(name, lambda: priced(*lines, **how), expected)


VECTORS = (
    vector("V1", goods(100_00), expected=(5_00, 9_98, 114_98)),
    vector("V2", goods(60_00), expected=(3_00, 5_99, 68_99)),
    vector("V3", goods(140_00), expected=(7_00, 13_97, 160_97)),
    vector("V4", goods(10), expected=(1, 1, 12)),
    vector("V5", goods(9), expected=(0, 1, 10)),
    vector("V6", goods(4_99), expected=(25, 50, 5_74)),
    vector("V7", goods(19_99, 3), expected=(3_00, 5_98, 68_95)),
    vector("V8, each of two merchants", goods(19_99), expected=(1_00, 1_99, 45_96 // 2)),
    vector("V9", goods(12_00, tax_class=ZERO_RATED), goods(4_49), expected=(22, 45, 17_16)),
    vector("V10", goods(29_95, tax_class=GST_ONLY), expected=(1_50, 0, 31_45)),
    vector("V11", goods(24_00), collectors=QST_ALONE, expected=(0, 2_39, 26_39)),
    vector("V12", goods(3_50, 4, unit_deposit_cents=10), expected=(70, 1_40, 16_50)),
    vector("V13", goods(60_00), delivery_cents=8_50, expected=(3_43, 6_83, 78_76)),
    vector("V14", goods(45_90, discount_cents=4_59), expected=(2_07, 4_12, 47_50)),
    vector("V15", goods(50_00, tax_class=TaxClass.GIFT_CARD), expected=(0, 0, 50_00)),
    vector("V16, before the gift card", goods(100_00), expected=(5_00, 9_98, 64_98 + 50_00)),
    vector("V17", goods(35_00), collectors=NOBODY, expected=(0, 0, 35_00)),
    vector("V18", goods(35_00), collectors=PORTAL, expected=(1_75, 3_49, 40_24)),
    vector("V19", goods(3_25, tax_class=TaxClass.SNACK), rates=RATES_ON_JULY_14, expected=(16, 32, 3_73)),
    vector("V20", goods(3_25, tax_class=TaxClass.SNACK), expected=(16, 0, 3_41)),
    vector("V21, a plan's month", goods(39_00), expected=(1_95, 3_89, 44_84)),
    vector(
        "V22",
        goods(5_49, tax_class=ZERO_RATED),
        goods(4_49),
        goods(29_95, tax_class=GST_ONLY),
        goods(12_50),
        goods(6_99, unit_deposit_cents=60),
        expected=(2_70, 2_39, 65_11),
    ),
    vector("V24", goods(10, 10), expected=(5, 10, 1_15)),
)
"""V23 is about refunds: it stands below, and so does what is left to pay in V16."""


def wrong_vectors() -> list[str]:
    return [each.name for each in VECTORS if not each.holds()]


def test_vectors_of_quebec() -> None:
    assert wrong_vectors() == []


def test_v8_two_merchants_in_one_checkout_are_taxed_apart() -> None:
    each = priced(goods(19_99))
    assert (2 * each.gst_cents, 2 * each.qst_cents, 2 * each.total_cents) == (2_00, 3_98, 45_96)


def test_v16_a_gift_card_pays_and_changes_no_tax() -> None:
    assert left_to_pay(priced(goods(100_00)).total_cents, 50_00) == 64_98
    assert left_to_pay(30_00, 50_00) == 0


# ----------------------------------------------------------- wrong ways of computing, which the vectors must tell apart


def half_even(amount_cents: int, numerator: int, denominator: int) -> int:
    return int((Decimal(amount_cents) * numerator / denominator).quantize(Decimal(1), ROUND_HALF_EVEN))


def floats(amount_cents: int, numerator: int, denominator: int) -> int:
    return round(amount_cents / 100 * (numerator / denominator) * 100)


def rounded_down(amount_cents: int, numerator: int, denominator: int) -> int:
    return amount_cents * numerator // denominator


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [(half_even, "V2"), (floats, "V3"), (rounded_down, "V1")],
)
def test_another_rounding_fails_the_vectors(
    monkeypatch: pytest.MonkeyPatch, wrong: Callable[[int, int, int], int], caught_by: str
) -> None:
    monkeypatch.setattr(pricing, "share_half_up", wrong)
    assert caught_by in wrong_vectors()


def single_rate(
    tax: Tax, lines: Sequence[Line], rates: pricing.TaxRates, collectors: Collectors, delivery_cents: int
) -> int:
    """Both taxes as one rate, rounded once: what the receipt could never show apart."""
    if tax is Tax.GST:
        return 0
    both = [
        (
            line.amount_cents,
            sum(applied_rate(t, line.tax_class, rates=rates, collectors=collectors) for t in Tax),
        )
        for line in lines
    ]
    return pricing._tax_on([*both, (delivery_cents, max(rate for _cents, rate in both))])


def each_line_apart(
    tax: Tax, lines: Sequence[Line], rates: pricing.TaxRates, collectors: Collectors, delivery_cents: int
) -> int:
    found = 0
    for line in lines:
        rate = applied_rate(tax, line.tax_class, rates=rates, collectors=collectors)
        found += line.quantity * share_half_up(line.amount_cents // line.quantity, rate, PPM)
    return found + share_half_up(delivery_cents, rate, PPM)


def qst_on_top_of_gst(
    tax: Tax, lines: Sequence[Line], rates: pricing.TaxRates, collectors: Collectors, delivery_cents: int
) -> int:
    gst = right_tax(Tax.GST, lines, rates, collectors, delivery_cents)
    if tax is Tax.GST:
        return gst
    return right_tax(Tax.QST, lines, rates, collectors, delivery_cents) + share_half_up(gst, 99_750, PPM)


def delivery_never_taxed(
    tax: Tax, lines: Sequence[Line], rates: pricing.TaxRates, collectors: Collectors, delivery_cents: int
) -> int:
    return right_tax(tax, lines, rates, collectors, 0)


right_tax = pricing._tax_of_order


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (single_rate, "V4"),
        (each_line_apart, "V7"),
        (each_line_apart, "V24"),
        (qst_on_top_of_gst, "V1"),
        (delivery_never_taxed, "V13"),
    ],
)
def test_another_way_to_tax_fails_the_vectors(
    monkeypatch: pytest.MonkeyPatch, wrong: Callable[..., int], caught_by: str
) -> None:
    monkeypatch.setattr(pricing, "_tax_of_order", wrong)
    assert caught_by in wrong_vectors()


def test_one_rate_for_both_taxes_is_a_cent_astray_even_in_the_total(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pricing, "_tax_of_order", single_rate)
    assert priced(goods(10)).total_cents == 11


# ------------------------------------------------------------------------------------------------ delivery, commission


def test_delivery_of_zero_rated_goods_alone_is_not_taxed() -> None:
    order = priced(goods(12_00, tax_class=ZERO_RATED), delivery_cents=8_50)
    assert (order.gst_cents, order.qst_cents, order.total_cents) == (0, 0, 20_50)


def test_delivery_of_books_bears_gst_and_no_qst() -> None:
    order = priced(goods(29_95, tax_class=GST_ONLY), delivery_cents=8_50)
    assert (order.gst_cents, order.qst_cents, order.total_cents) == (1_92, 0, 40_37)


def test_one_taxable_thing_among_food_has_all_of_the_delivery_taxed() -> None:
    order = priced(goods(12_00, tax_class=ZERO_RATED), goods(4_49), delivery_cents=8_50)
    assert (order.gst_cents, order.qst_cents) == (65, 1_30)


def test_an_unregistered_merchants_taxes_stay_with_the_portal_that_collects_them() -> None:
    order = priced(goods(35_00), collectors=PORTAL, commission_bps=500)
    assert (order.portal_tax_cents, order.commission_cents) == (5_24, 1_75)
    assert order.merchant_share_cents == 35_00 - 1_75


def test_a_discount_of_the_merchants_lowers_the_commission_and_its_share() -> None:
    order = priced(goods(50_00, discount_cents=5_00), commission_bps=1_000, collectors=NOBODY)
    assert (order.commission_cents, order.merchant_share_cents, order.discount_cents) == (4_50, 40_50, 5_00)


def test_a_discount_of_the_portals_comes_out_of_its_commission_alone() -> None:
    without = priced(goods(50_00), commission_bps=1_000, collectors=NOBODY)
    order = priced(
        goods(50_00, discount_cents=3_00, funder=Funder.PORTAL), commission_bps=1_000, collectors=NOBODY
    )
    assert order.merchant_share_cents == without.merchant_share_cents == 45_00
    assert (order.commission_cents, order.total_cents) == (2_00, 47_00)


def test_the_portal_cannot_give_more_than_its_commission() -> None:
    assert most_portal_discount(50_00, 1_000) == 5_00
    with pytest.raises(ValueError, match="does not pay"):
        priced(goods(50_00, discount_cents=5_01, funder=Funder.PORTAL), commission_bps=1_000)


# ---------------------------------------------------------------------------------------------- splitting and discounts


@pytest.mark.parametrize(
    ("cents", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (100, [1, 2], [33, 67]),
        (5, [0, 3, 0, 2], [0, 3, 0, 2]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
        (1, [1, 1, 2], [0, 0, 1]),
    ],
)
def test_splitting_loses_no_cent(cents: int, weights: list[int], parts: list[int]) -> None:
    assert split(cents, weights) == parts


def test_there_must_be_something_to_split_over() -> None:
    with pytest.raises(ValueError, match="nothing to split"):
        split(1, [0, 0])


@given(st.integers(0, 100_000), st.lists(st.integers(0, 100_000), min_size=1, max_size=9))
def test_every_part_is_within_a_cent_of_its_exact_share(cents: int, weights: list[int]) -> None:
    whole = sum(weights)
    if not whole:
        return
    parts = split(cents, weights)
    assert sum(parts) == cents
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(cents * weight, whole)) < 1
        if cents <= whole:
            assert 0 <= part <= weight


@pytest.mark.parametrize(
    ("how", "off"),
    [
        ({"percent_bps": 1_000}, [1_00, 50, 0]),
        ({"percent_bps": 10_000}, [10_00, 4_99, 0]),
        ({"amount_cents": 3_00}, [2_00, 1_00, 0]),
        ({"amount_cents": 50_00}, [10_00, 4_99, 0]),
        ({"amount_cents": 3_00, "most_cents": 1_50}, [1_00, 50, 0]),
        ({"percent_bps": 1_000, "most_cents": 0}, [0, 0, 0]),
    ],
)
def test_a_discount_is_spread_over_its_lines(how: dict[str, int], off: list[int]) -> None:
    assert discounts([10_00, 4_99, 0], **how) == off


def test_v14_a_tenth_off_is_rounded_once() -> None:
    assert discounts([45_90], percent_bps=1_000) == [4_59]
    assert sum(discounts([5, 5, 5], percent_bps=1_000)) == 2  # Each alone would give 3.


# -------------------------------------------------------------------------------------------- against exact fractions

cents = st.integers(min_value=0, max_value=10_000_00)
collector = st.sampled_from(TaxCollector)
collectors_drawn = st.builds(Collectors, collector, collector)
bps = st.integers(min_value=0, max_value=5_000)
tax_class = st.sampled_from([STANDARD, ZERO_RATED, GST_ONLY, TaxClass.SNACK, TaxClass.GIFT_CARD])


@st.composite
def drawn_lines(draw: st.DrawFn) -> list[Line]:
    """Up to eight lines; some with a discount of the merchant's, up to all of the line."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        unit, quantity = draw(cents), draw(st.integers(1, 99))
        off = draw(st.integers(0, unit * quantity)) if draw(st.booleans()) else 0
        deposit = draw(st.sampled_from([0, 10, 25]))
        found.append(Line(number, unit, quantity, draw(tax_class), off, unit_deposit_cents=deposit))
    return found


def exact(base_cents: int, rate: int, unit: int = PPM) -> int:
    return floor(Fraction(base_cents * rate, unit) + Fraction(1, 2))


@given(drawn_lines(), cents, bps, collectors_drawn)
def test_every_order_equals_exact_fractions_and_adds_up(
    lines: list[Line], delivery_cents: int, commission_bps: int, collectors: Collectors
) -> None:
    order = priced(
        *lines, delivery_cents=delivery_cents, commission_bps=commission_bps, collectors=collectors
    )
    for tax, charged in ((Tax.GST, order.gst_cents), (Tax.QST, order.qst_cents)):
        taxed = [line.amount_cents for line in lines if RATES.get((tax, line.tax_class))]
        base = sum(taxed) + (delivery_cents if taxed else 0)
        rate = RATES[tax, STANDARD] if collectors.of(tax) is not TaxCollector.NONE else 0
        assert charged == exact(base, rate)
    assert order.merchant_share_cents + order.commission_cents + order.portal_tax_cents == order.total_cents
    assert order.commission_cents == exact(order.items_cents, commission_bps, BPS)
    assert order.deposit_cents == sum(line.unit_deposit_cents * line.quantity for line in lines)


@given(st.lists(st.tuples(cents, st.integers(1, 9)), min_size=1, max_size=6), bps, st.integers(0, 10_000))
def test_whatever_the_portal_gives_the_merchant_gets_the_same(
    units: list[tuple[int, int]], commission_bps: int, percent_bps: int
) -> None:
    plain = [Line(0, unit, quantity, STANDARD) for unit, quantity in units]
    most = most_portal_discount(sum(line.amount_cents for line in plain), commission_bps)
    off = discounts([line.amount_cents for line in plain], percent_bps=percent_bps, most_cents=most)
    given_away = [
        Line(0, line.unit_price_cents, line.quantity, STANDARD, cents_off, Funder.PORTAL)
        for line, cents_off in zip(plain, off, strict=True)
    ]
    before = priced(*plain, commission_bps=commission_bps, collectors=NOBODY)
    after = priced(*given_away, commission_bps=commission_bps, collectors=NOBODY)
    assert after.merchant_share_cents == before.merchant_share_cents
    assert after.commission_cents == before.commission_cents - sum(off) >= 0


# ------------------------------------------------------------------------------------------------------------- refunds


@dataclass
class Sale:
    """An order that was paid, and what of it went back."""

    lines: list[SoldLine]
    paid: Parts
    given_back: Parts = field(default_factory=Parts)

    def refund(self, wish: Wish) -> Parts:
        found = split_refund(wish, lines=self.lines, paid=self.paid, given_back=self.given_back)
        back = {line.line_id: line.quantity for line in found.lines}
        if found.lines:
            assert sum(line.items_cents for line in found.lines) == found.parts.items_cents
        self.lines = [returned(line, back.get(line.line_id, 0)) for line in self.lines]
        self.given_back = Parts(
            *(getattr(self.given_back, part) + getattr(found.parts, part) for part in PARTS)
        )
        return found.parts


PARTS = ("items_cents", "delivery_cents", "deposit_cents", "gst_cents", "qst_cents")


def returned(line: SoldLine, units: int) -> SoldLine:
    return SoldLine(
        line.line_id,
        line.quantity,
        line.refunded_quantity + units,
        line.amount_cents,
        line.unit_deposit_cents,
        line.gst_rate_ppm,
        line.qst_rate_ppm,
    )


def sale(*lines: Line, delivery_cents: int = 0, collectors: Collectors = REGISTERED) -> Sale:
    order = priced(*lines, delivery_cents=delivery_cents, collectors=collectors)
    rates = {
        tax: [applied_rate(tax, line.tax_class, rates=RATES, collectors=collectors) for line in lines]
        for tax in Tax
    }
    sold = [
        SoldLine(
            i,
            line.quantity,
            0,
            line.amount_cents,
            line.unit_deposit_cents,
            rates[Tax.GST][i],
            rates[Tax.QST][i],
        )
        for i, line in enumerate(lines)
    ]
    return Sale(sold, Parts(*(getattr(order, part) for part in PARTS)))


def test_v23_one_by_one_adds_up_to_what_was_paid() -> None:
    sold = sale(goods(19_99, 3))
    backs = [sold.refund(Units({0: 1})) for _i in range(3)]
    assert [back.gst_cents for back in backs] == [1_00, 1_00, 1_00]
    assert [back.qst_cents for back in backs] == [1_99, 2_00, 1_99]
    assert [back.total_cents for back in backs] == [22_98, 22_99, 22_98]
    assert sold.given_back == sold.paid


def test_units_take_their_deposit_and_leave_the_delivery() -> None:
    sold = sale(goods(3_50, 4, unit_deposit_cents=10), delivery_cents=8_50)
    back = sold.refund(Units({0: 2}))
    assert (back.items_cents, back.deposit_cents, back.delivery_cents) == (7_00, 20, 0)
    sold.refund(Units({0: 2}))
    assert sold.refund(Whole()) == Parts(delivery_cents=8_50, gst_cents=43, qst_cents=85)
    assert sold.given_back == sold.paid


def test_a_discounted_line_gives_back_what_its_units_cost() -> None:
    sold = sale(goods(10_00, 3, discount_cents=1_00), collectors=NOBODY)
    assert [sold.refund(Units({0: 1})).items_cents for _i in range(3)] == [9_67, 9_66, 9_67]


def test_whole_is_every_part_and_every_unit() -> None:
    sold = sale(goods(19_99, 3), goods(6_99, 2, unit_deposit_cents=10), delivery_cents=5_00)
    assert sold.refund(Whole()) == sold.paid
    assert [line.units_left for line in sold.lines] == [0, 0]


def test_an_amount_is_spread_over_goods_delivery_and_taxes_and_takes_no_deposit() -> None:
    sold = sale(goods(100_00, unit_deposit_cents=25))
    assert sold.refund(Amount(57_49)) == Parts(items_cents=50_00, gst_cents=2_50, qst_cents=4_99)
    assert sold.refund(Amount(57_74)) == Parts(
        items_cents=50_00, deposit_cents=25, gst_cents=2_50, qst_cents=4_99
    )


def test_units_after_a_gesture_give_no_more_than_is_left() -> None:
    sold = sale(goods(50_00, 2))
    sold.refund(Amount(100_00))
    assert sold.refund(Units({0: 2})) == Parts(items_cents=13_03, gst_cents=65, qst_cents=1_30)
    assert sold.given_back == sold.paid


@pytest.mark.parametrize(
    "wish",
    [
        Units({0: 4}),
        Units({0: 0}),
        Units({0: -1}),
        Units({9: 1}),
        Units({}),
        Amount(68_96),
        Amount(0),
        Amount(-1),
    ],
)
def test_more_than_is_left_or_nothing_is_refused(wish: Wish) -> None:
    with pytest.raises(NotRefundable):
        sale(goods(19_99, 3)).refund(wish)


def test_nothing_goes_back_twice() -> None:
    sold = sale(goods(19_99, 3))
    sold.refund(Whole())
    for wish in (Whole(), Units({0: 1}), Amount(1)):
        with pytest.raises(NotRefundable):
            sold.refund(wish)


def test_units_of_a_refund_that_failed_can_still_be_given_back_whole() -> None:
    """The units are back on the shelf, the money is not: all of it is still owed."""
    sold = sale(goods(19_99, 3))
    sold.lines = [returned(line, 3) for line in sold.lines]
    assert sold.refund(Whole()) == sold.paid


@st.composite
def drawn_wishes(draw: st.DrawFn) -> tuple[Sale, list[Parts]]:
    """A sale and its refunds: some units, some amounts, in any order, until nothing is left."""
    sold = sale(
        *draw(drawn_lines()), delivery_cents=draw(st.integers(0, 20_00)), collectors=draw(collectors_drawn)
    )
    backs = []
    for _i in range(draw(st.integers(0, 6))):
        left = sold.paid.minus(sold.given_back).total_cents
        line = draw(st.sampled_from(sold.lines))
        by_units = line.units_left and draw(st.booleans())
        units = draw(st.integers(1, max(1, line.units_left)))
        wish: Wish = Units({line.line_id: units}) if by_units else Amount(draw(st.integers(0, left)))
        try:
            backs.append(sold.refund(wish))
        except NotRefundable:
            assert isinstance(wish, Units) or left == 0 or wish.cents == 0
    if sold.paid.minus(sold.given_back).total_cents:
        backs.append(sold.refund(Whole()))
    return sold, backs


@given(drawn_wishes())
def test_any_sequence_of_refunds_adds_up_to_what_was_paid_part_by_part(
    made: tuple[Sale, list[Parts]],
) -> None:
    sold, backs = made
    for part in PARTS:
        given_back = [getattr(back, part) for back in backs]
        assert min(given_back, default=0) >= 0
        assert sum(given_back) == getattr(sold.paid, part)
