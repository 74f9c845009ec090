"""The benchmarks still find their way through the pages; what they measure is measured by hand."""

import pytest

from bench import counting, purchase, staff
from bench.crowd import IMAGES_EACH, crowd
from bench.figures import Figure, table
from bench.town import Town
from directory.models import DailyCount, Merchant, MerchantPage
from home.models import CustomImage
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


@pytest.mark.django_db(transaction=True)
def test_what_counting_costs_is_measured_on_pages_that_are_counted(
    in_levis, sandbox, cheese, candles
) -> None:
    figures = list(counting.figures(Town(sandbox, (cheese, candles), [cheese.variant]), times=1))
    assert {each.unit for each in figures} == {"ms of processor", "times", "pages"}
    assert all(each.value > 0 for each in figures)
    assert DailyCount.objects.count() == 0


def test_a_missed_aim_is_told() -> None:
    lines = table(
        [Figure("slow", 3, "s", at_most=2), Figure("fast", 120, "a second", at_least=100)]
    ).splitlines()
    assert [line.split("|")[-2].strip() for line in lines] == ["", "-" * 6, "MISSED", "holds"]


@pytest.mark.django_db(transaction=True)
def test_the_journals_lists_are_measured_in_a_small_and_a_larger_town(in_levis, cheese) -> None:
    people = crowd(in_levis, cheese)  # more than one page of each list, as both towns have
    figures = list(staff.figures(people, sizes=(60, 70), times=1))
    assert {each.unit for each in figures} == {"bare pages", "times", "queries"}
    assert MerchantPage.objects.child_of(people.directory).count() == 70
    assert Merchant.objects.filter(pages__live=True).count() == 70
    assert CustomImage.objects.count() == 70 * IMAGES_EACH
    queries = [each for each in figures if each.unit == "queries"]
    assert all(each.value > 1 for each in queries)
    assert [each.name for each in queries if not each.holds] == []
