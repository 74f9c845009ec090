"""A food's unit price: exact, rounded once, said as Québec says it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from home.models import PortalSettings
from shop import carts
from shop.cart_page import cart_context
from shop.enums import MeasureUnit
from shop.models import Cart, LineItem, Product, Variant
from shop.unit_prices import PER, unit_price
from tests.shop.conftest import place


@pytest.mark.parametrize(
    ("cents", "quantity", "unit", "text"),
    [
        (11_50, "200", "g", "5,75\u00a0$ / 100\u00a0g"),
        (5_95, "250", "g", "2,38\u00a0$ / 100\u00a0g"),
        (9_75, "125", "g", "7,80\u00a0$ / 100\u00a0g"),
        (22_00, "1000", "g", "2,20\u00a0$ / 100\u00a0g"),
        (9_50, "540", "ml", "1,76\u00a0$ / 100\u00a0ml"),
        (1, "800", "g", "0,00\u00a0$ / 100\u00a0g"),  # an eighth of a cent
        (1, "200", "ml", "0,01\u00a0$ / 100\u00a0ml"),  # exactly half a cent goes up
        (5, "1000", "g", "0,01\u00a0$ / 100\u00a0g"),  # half-even would say 0,00 $
        (14_50, "6", "piece", "2,42\u00a0$ / unité"),
        (10_00, "0.5", "g", "2\u00a0000,00\u00a0$ / 100\u00a0g"),
        (10_00, "12.75", "ml", "78,43\u00a0$ / 100\u00a0ml"),
        (0, "100", "g", "0,00\u00a0$ / 100\u00a0g"),
    ],
)
def test_unit_price_is_written_for_its_measure(cents: int, quantity: str, unit: str, text: str) -> None:
    shown = unit_price(cents, Decimal(quantity), unit)
    assert shown is not None
    assert shown.text == text


@pytest.mark.parametrize(
    ("quantity", "unit"), [(None, "g"), (Decimal(100), ""), (None, ""), (Decimal(0), "g")]
)
def test_unsaid_quantity_has_no_unit_price(quantity: Decimal | None, unit: str) -> None:
    assert unit_price(10_00, quantity, unit) is None


@given(
    cents=st.integers(0, 1_000_000),
    hundredths=st.integers(1, 9_999_999),
    unit=st.sampled_from(MeasureUnit),
)
def test_rounding_is_half_up_of_the_exact_fraction(cents: int, hundredths: int, unit: MeasureUnit) -> None:
    shown = unit_price(cents, Decimal(hundredths) / 100, unit)
    exact = Fraction(cents) * Fraction(PER[unit]) / Fraction(hundredths, 100)
    assert shown is not None
    assert Fraction(-1, 2) < shown.cents - exact <= Fraction(1, 2)


@given(quantity=st.decimals("0.01", "9999999.99", places=2), cents=st.integers(0, 2_000_000_000))
def test_text_fits_the_column_that_keeps_it(quantity: Decimal, cents: int) -> None:
    shown = unit_price(cents, quantity, "ml")
    assert shown is not None
    assert len(shown.text) <= 40


@pytest.mark.django_db
def test_only_a_food_has_one_in_the_basket_and_on_the_line(cart: Cart, portal: PortalSettings) -> None:
    measured = {"net_quantity": Decimal(250), "net_unit": MeasureUnit.GRAM}
    food = Variant.objects.order_by("pk")[0]
    Variant.objects.update(**measured)
    Product.objects.filter(pk=food.product_id).update(is_food=True)
    basket = carts.basket_of(cart, settings=portal, today=timezone.localdate())
    shown = [
        line["unit_price_text"] for group in cart_context(basket)["cart_groups"] for line in group["items"]
    ]
    lines = LineItem.objects.filter(order__checkout=place(cart, portal)).order_by("variant_id")
    expected = "4,80\u00a0$ / 100\u00a0g"
    assert (sorted(shown), [line.unit_price_text for line in lines]) == (["", expected], [expected, ""])
