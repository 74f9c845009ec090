"""What nobody confirmed leaves the shelves: who confirms, when it leaves, and that no shelf offers it then."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.core.cache import cache
from wagtail.models import Site

from directory.enums import SearchKind
from directory.hours import ZONE
from directory.models import Merchant, SearchEntry
from directory.searching.refreshing import refresh_all, tell_doubts
from editorial.front import front_of
from editorial.gifts import Wish, gifts
from home.models import HomePage, PortalSettings
from shop import catalogue, on_shelves, stock
from shop.enums import OrderStatus
from shop.models import Cart, Order, Product, Shop, Variant
from shop.sandbox.server import Sandbox
from tests.factories import ImageFactory, VariantFactory
from tests.shop.conftest import complete, place

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def variant(in_levis: Site) -> Variant:
    made = VariantFactory(units=5)
    silent(made.product, 56)
    return made


def silent(product: Product, days: float) -> None:
    Product.objects.filter(pk=product.pk).update(confirmed_at=NOW - days * DAY)
    product.refresh_from_db()


def on_front(site: Site) -> list[int]:
    cache.clear()
    return [product.pk for product in front_of(HomePage.objects.get(pk=site.root_page_id), None).products]


ACTS: dict[str, Callable[[Variant], object]] = {
    "units received": lambda it: stock.receive(it, 2, reason="livraison", now=NOW),
    "units counted": lambda it: stock.count(it, 4, seen=5, reason="inventaire", now=NOW),
    "the same units counted": lambda it: stock.count(it, 5, seen=5, reason="inventaire", now=NOW),
    "a new text": lambda it: catalogue.change(it.product, description="Neuf"),
    "a new name of the variant": lambda it: catalogue.change(it, title="Grand"),
    "a new price": lambda it: catalogue.set_price(it, 12_34, actor_id=None, now=NOW),
    "a photo": lambda it: catalogue.add_photo(
        it.product, ImageFactory(merchant=it.product.merchant), alt="Photo"
    ),
    "taken down": lambda it: catalogue.hide(it.product),
    "« toujours vrai »": lambda it: on_shelves.confirm_all(it.product.merchant, now=NOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_its_people_confirm_it_by(act: str, variant: Variant) -> None:
    ACTS[act](variant)
    assert Product.objects.get(pk=variant.product_id).confirmed_at == NOW


@pytest.mark.parametrize(("days", "is_shown"), [(56, False), (55.9, True)])
def test_shelves_offer_what_is_vouched_for(
    days: float, *, is_shown: bool, variant: Variant, in_levis: Site
) -> None:
    silent(variant.product, days)
    shown = [variant.product_id] if is_shown else []
    assert on_front(in_levis) == shown
    assert list(gifts(Wish(), NOW).values_list("pk", flat=True)) == shown
    assert Product.objects.visible().filter(pk=variant.product_id).exists()  # its page and the lists keep it


def test_the_portal_says_how_long(variant: Variant, in_levis: Site) -> None:
    PortalSettings.objects.update(shelf_after_days=57)
    assert on_front(in_levis) == [variant.product_id]


def test_shelves_offer_nothing_of_a_shop_that_takes_no_orders(variant: Variant, in_levis: Site) -> None:
    silent(variant.product, 0)
    assert on_front(in_levis) == [variant.product_id]
    Shop.objects.update_or_create(
        merchant=variant.product.merchant, defaults={"site": in_levis, "paused_at": NOW}
    )
    assert on_front(in_levis) == []
    Shop.objects.update(paused_at=None)
    today = NOW.date()
    Merchant.objects.update(vacation_from=today, vacation_until=today)
    assert on_front(in_levis) == []


@pytest.mark.parametrize(
    ("days", "is_asked", "is_leaving"), [(41, False, False), (42, True, True), (56, True, False)]
)
def test_merchant_is_asked_two_weeks_before(
    days: int, *, is_asked: bool, is_leaving: bool, variant: Variant
) -> None:
    product = variant.product
    silent(product, days)
    assert on_shelves.is_to_confirm(product, NOW) is is_asked
    assert on_shelves.to_confirm(product.merchant, NOW).exists() is is_asked
    assert on_shelves.leaving(NOW).exists() is is_leaving
    assert on_shelves.leaves_on(product) == (NOW + (56 - days) * DAY).date()


def test_sale_confirms_and_a_canceled_one_does_not(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox
) -> None:
    complete(place(cart, portal), sandbox)
    Product.objects.update(confirmed_at=NOW - 20 * DAY)
    Order.objects.update(status=OrderStatus.CANCELED)
    assert on_shelves.confirm_sold(NOW) == 0
    Order.objects.update(status=OrderStatus.PAID)
    assert on_shelves.confirm_sold(NOW) == Product.objects.count() > 0
    assert set(Product.objects.values_list("confirmed_at")) == set(Order.objects.values_list("paid_at"))
    assert on_shelves.confirm_sold(NOW) == 0


def worth_of(kind: SearchKind, key: int) -> tuple[int, int]:
    cache.clear()
    tell_doubts(dt.datetime.now(tz=dt.UTC))
    refresh_all()
    entry = SearchEntry.objects.get(kind=kind, object_id=key)
    return entry.worth, entry.doubt


def test_time_alone_lowers_what_is_found_and_a_word_raises_it(variant: Variant) -> None:
    merchant = variant.product.merchant
    Merchant.objects.update(claimed_at=NOW - 900 * DAY, confirmed_at=NOW)
    silent(variant.product, 0)
    full, shelf = (
        worth_of(SearchKind.MERCHANT, merchant.pk),
        worth_of(SearchKind.PRODUCT, variant.product_id),
    )
    assert (full[1], shelf[1]) == (0, 0)
    with time_machine.travel(NOW + 56 * DAY, tick=False):
        assert worth_of(SearchKind.MERCHANT, merchant.pk) == (full[0] // 2, 1)
        assert worth_of(SearchKind.PRODUCT, variant.product_id) == (shelf[0] // 2, 1)
    with time_machine.travel(NOW + 113 * DAY, tick=False):
        assert worth_of(SearchKind.MERCHANT, merchant.pk) == (0, 2)
    PortalSettings.objects.update(lower_after_days=300, hide_after_days=400, shelf_after_days=300)
    with time_machine.travel(NOW + 113 * DAY, tick=False):
        assert worth_of(SearchKind.MERCHANT, merchant.pk) == full
        assert worth_of(SearchKind.PRODUCT, variant.product_id) == shelf
