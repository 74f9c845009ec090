"""Prices and their history; alcohol taken down when its permit expires."""

from datetime import UTC, date, datetime, timedelta

import pytest
from wagtail.models import Site

from home.models import PortalSettings
from home.tenancy import across_portals, portal_scope
from shop import carts, catalogue, worker
from shop.enums import ProductStatus
from shop.models import AlcoholPermit, Cart, LineItem, PriceChange, Product, Variant
from shop.selling import shops_of, why_not_sold
from tests.factories import ProductFactory, UserFactory, VariantFactory, make_seller, make_vineyard
from tests.shop.conftest import Stall, at_once, place

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


def history(variant: Variant) -> list[int]:
    return list(PriceChange.objects.filter(variant=variant).values_list("price_cents", flat=True))


def test_new_variant_begins_its_history(in_levis: Site) -> None:
    variant = catalogue.add_variant(
        ProductFactory(), sku="A-1", price_cents=9_50, actor_id=None, now=NOW, title="Petite"
    )
    assert (variant.title, variant.on_hand, history(variant)) == ("Petite", 0, [9_50])


def test_price_change_stands_in_the_history_with_who_made_it(in_levis: Site) -> None:
    variant, user = VariantFactory(price_cents=9_50), UserFactory()
    assert catalogue.set_price(variant, 8_00, actor_id=user.pk, now=NOW) is True
    assert catalogue.set_price(variant, 8_00, actor_id=user.pk, now=NOW) is False
    change = PriceChange.objects.get(variant=variant)
    assert (change.price_cents, change.actor, change.at) == (8_00, user, NOW)
    assert Variant.objects.get(pk=variant.pk).price_cents == 8_00


def test_price_change_leaves_what_was_ordered_as_it_was(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    for line in LineItem.objects.select_related("variant"):
        catalogue.set_price(line.variant, 1, actor_id=None, now=NOW)
    assert {line.unit_price_cents for line in LineItem.objects.all()} == {12_00, 19_99}
    assert checkout.total_cents == sum(order.total_cents for order in checkout.orders.all())


def test_price_shown_before_a_change_is_not_the_price_paid(
    cart: Cart, candles: Stall, portal: PortalSettings
) -> None:
    """The page was loaded at 19,99 $; what is added from it costs what it costs now."""
    catalogue.set_price(candles.variant, 21_00, actor_id=None, now=NOW)
    basket = carts.basket_of(cart, settings=portal, today=NOW.date())
    assert {line.variant.price_cents for line in basket.lines} == {12_00, 21_00}


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_changes_at_once_one_is_written(in_levis: Site) -> None:
    variant = VariantFactory(price_cents=9_50)
    acts = [lambda: catalogue.set_price(variant, 8_00, actor_id=None, now=NOW)] * 4
    assert sorted(at_once(in_levis, *acts)) == [False, False, False, True]
    assert history(variant) == [8_00]


@pytest.fixture
def wine(in_levis: Site) -> Product:
    return VariantFactory(product=ProductFactory(merchant=make_vineyard(), is_alcohol=True)).product


def test_alcohol_past_its_permit_is_taken_down_in_every_portal(wine: Product, bellechasse: Site) -> None:
    with portal_scope(bellechasse):
        cider = ProductFactory(merchant=make_vineyard(), is_alcohol=True)
    juice = ProductFactory(merchant=wine.merchant)
    with across_portals():
        assert catalogue.unpublish_expired(NOW) == 0
        AlcoholPermit.objects.update(expires_on=date(2026, 11, 22))
    assert catalogue.unpublish_expired(NOW) == 0
    assert catalogue.unpublish_expired(NOW + timedelta(days=1)) == 2
    assert catalogue.unpublish_expired(NOW + timedelta(days=1)) == 0
    with across_portals():
        assert {product.status for product in Product.objects.filter(pk__in=[wine.pk, cider.pk])} == {
            ProductStatus.HIDDEN
        }
        assert Product.objects.get(pk=juice.pk).status == ProductStatus.PUBLISHED


@pytest.mark.parametrize("kind", ["Permis de bar", ""])
def test_permit_that_is_no_producers_does_not_keep_alcohol_up(wine: Product, kind: str) -> None:
    AlcoholPermit.objects.update(kind=kind)
    assert catalogue.unpublish_expired(NOW) == 1


def test_day_of_the_permit_is_quebecs(wine: Product) -> None:
    AlcoholPermit.objects.update(expires_on=date(2026, 11, 22))
    assert catalogue.unpublish_expired(datetime(2026, 11, 23, 4, 59, tzinfo=UTC)) == 0
    assert catalogue.unpublish_expired(datetime(2026, 11, 23, 5, tzinfo=UTC)) == 1


def test_worker_takes_expired_alcohol_down(wine: Product) -> None:
    AlcoholPermit.objects.update(expires_on=date(2020, 1, 1))
    with across_portals():
        worker.run_due_jobs()
    assert Product.objects.get(pk=wine.pk).status == ProductStatus.HIDDEN


def why_not(product: Product) -> str:
    product = Product.objects.select_related("merchant").get(pk=product.pk)
    return why_not_sold(product, product.merchant.shop, today=NOW.date())


def test_wine_of_a_producer_is_sold_until_its_permit_expires(wine: Product) -> None:
    assert why_not(wine) == ""
    AlcoholPermit.objects.update(expires_on=date(2026, 11, 21))
    assert why_not(wine) == f"L’alcool s’achète sur place, chez {wine.merchant.name}."


def test_lost_return_policy_stops_the_sale_at_once(in_levis: Site) -> None:
    product = VariantFactory().product
    type(product.merchant.shop).objects.update(return_policy=" ")
    assert "conditions de retour" in why_not(product)


def test_who_charges_itself_needs_its_own_card_payments(in_levis: Site) -> None:
    product, settings = VariantFactory().product, PortalSettings.for_site(in_levis)
    settings.merchants_charge_themselves = True
    assert "ne peut pas encore" in why_not_sold(product, product.merchant.shop, settings=settings)
    product.merchant.shop.charges_status = "active"
    assert why_not_sold(product, product.merchant.shop, settings=settings) == ""


def test_shops_in_hand_answer_without_asking_again(in_levis: Site, django_assert_num_queries) -> None:
    merchants = [make_vineyard(), make_vineyard(), make_seller()]
    products = [ProductFactory(merchant=merchant, is_alcohol=True) for merchant in merchants]
    with django_assert_num_queries(3):
        shops = shops_of([merchant.pk for merchant in merchants])
    with django_assert_num_queries(0):
        reasons = [why_not_sold(p, shops[p.merchant_id], today=NOW.date()) for p in products]
    assert [bool(reason) for reason in reasons] == [False, False, True]
