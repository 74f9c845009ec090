"""The benchmarks still find their way through the pages; what they measure is measured by hand."""

import pytest

from bench import purchase
from bench.figures import Figure, table
from bench.town import Town
from shop.models import Checkout
from tests.shop.conftest import candles, cheese

__all__ = ["candles", "cheese"]


@pytest.mark.django_db(transaction=True)  # the server's side closes its connections as it does in life
def test_a_purchase_is_measured_from_the_home_page_to_the_payment_page(
    in_levis, sandbox, cheese, candles
) -> None:
    figures = list(purchase.figures(Town(sandbox, (cheese, candles), [cheese.variant]), purchases=1))
    assert {each.unit for each in figures} == {"ms of processor", "bare pages"}
    assert all(each.value > 0 for each in figures)
    assert [checkout.orders.count() for checkout in Checkout.objects.all()] == [
        2,
        2,
    ]  # the first is not measured


def test_a_missed_aim_is_told() -> None:
    lines = table(
        [Figure("slow", 3, "s", at_most=2), Figure("fast", 120, "a second", at_least=100)]
    ).splitlines()
    assert [line.split("|")[-2].strip() for line in lines] == ["", "-" * 6, "MISSED", "holds"]
