"""The basket: its limits, its sentences, its groups; and that it asks the database no more for a fuller one."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from directory.enums import Tier
from home.models import PortalSettings
from home.tenancy import portal_scope
from shop import carts
from shop.carts import MOST_LINES, MOST_OF_ONE, Basket
from shop.enums import ChargeModel, ProductStatus
from shop.models import Cart, CartItem, Variant
from tests.factories import CartFactory, CartItemFactory, ProductFactory, VariantFactory, make_seller
from tests.shop.conftest import place

pytestmark = pytest.mark.usefixtures("in_levis")


@pytest.fixture
def settings_of(in_levis: Site) -> PortalSettings:
    return PortalSettings.for_site(in_levis)


def basket_of(cart: Cart | None, settings: PortalSettings) -> Basket:
    return carts.basket_of(cart, settings=settings, today=timezone.localdate())


def test_units_add_up_to_ninety_nine_of_one() -> None:
    cart, variant = carts.create(), VariantFactory()
    assert carts.add(cart, variant, 60).quantity == 60
    assert carts.add(cart, variant, 60).quantity == MOST_OF_ONE
    assert CartItem.objects.get().quantity == MOST_OF_ONE


def test_a_cart_of_sixty_lines_keeps_what_it_has_and_takes_no_other() -> None:
    cart, product = carts.create(), ProductFactory()
    held = [VariantFactory(product=product, units=0) for _i in range(MOST_LINES)]
    CartItem.objects.bulk_create(CartItem(cart=cart, variant=variant, quantity=1) for variant in held)
    assert carts.add(cart, VariantFactory(product=product), 1).pk is None
    assert carts.add(cart, held[0], 1).quantity == 2
    assert cart.items.count() == MOST_LINES


def test_a_quantity_is_set_capped_or_taken_away() -> None:
    item = CartItemFactory(quantity=5)
    assert carts.set_quantity(item.cart, item.pk, 1000) is True
    assert CartItem.objects.get().quantity == MOST_OF_ONE
    assert carts.set_quantity(item.cart, item.pk, 0) is True
    assert not CartItem.objects.exists()
    assert carts.set_quantity(item.cart, item.pk, 1) is False


def test_another_carts_item_is_not_ours_to_change() -> None:
    theirs = CartItemFactory(quantity=5)
    assert carts.set_quantity(CartFactory(), theirs.pk, 0) is False
    theirs.refresh_from_db()
    assert theirs.quantity == 5


def test_a_token_opens_its_cart_in_its_portal_alone(bellechasse: Site) -> None:
    cart = carts.create()
    assert carts.find(cart.token) == cart
    assert (carts.find(uuid.uuid4()), carts.find(None)) == (None, None)
    with portal_scope(bellechasse):
        assert carts.find(cart.token) is None


def test_another_portals_variant_does_not_go_into_a_cart(bellechasse: Site) -> None:
    cart = carts.create()
    with portal_scope(bellechasse):
        strangers = VariantFactory()
    with pytest.raises(Variant.DoesNotExist):
        carts.add(cart, strangers, 1)
    assert not CartItem.objects.exists()


def test_an_empty_or_missing_cart_is_an_empty_basket(settings_of: PortalSettings) -> None:
    for cart in (None, carts.create()):
        basket = basket_of(cart, settings_of)
        assert (basket.is_empty, basket.total_cents, basket.problems) == (True, 0, ())


@pytest.mark.parametrize(
    ("left", "asked", "sentence"),
    [
        (0, 1, "«\u00a0Bougie\u00a0» est épuisé."),
        (1, 2, "Il ne reste que 1 exemplaire de «\u00a0Bougie\u00a0»."),
        (3, 5, "Il ne reste que 3 exemplaires de «\u00a0Bougie\u00a0»."),
        (5, 5, ""),
    ],
)
def test_quantities_are_checked_again_with_what_is_left(
    settings_of: PortalSettings, left: int, asked: int, sentence: str
) -> None:
    cart = carts.create()
    carts.add(cart, VariantFactory(product__title="Bougie", units=left), asked)
    assert [line.problem for line in basket_of(cart, settings_of).lines] == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("product", {"status": ProductStatus.HIDDEN}), "« Bougie » n’est plus en vente."),
        (("product", {"is_alcohol": True}), "L’alcool s’achète sur place, chez La Mèche."),
        (("merchant", {"tier": Tier.LINKED_SHOP}), "La Mèche ne vend plus ici."),
        (("merchant", {"suspended_at": timezone.now()}), "La Mèche ne vend plus ici."),
        (("merchant", {"removed_at": timezone.now()}), "La Mèche ne vend plus ici."),
        (
            ("shop", {"paused_at": timezone.now()}),
            "La Mèche fait une pause : ses ventes en ligne reprendront bientôt.",
        ),
        (
            ("shop", {"transfers_status": "restricted"}),
            "La Mèche ne peut pas encore recevoir de paiements en ligne.",
        ),
        (
            ("shop", {"charge_model": ChargeModel.DIRECT}),
            "La Mèche ne peut pas encore recevoir de paiements en ligne.",
        ),
    ],
)
def test_what_stands_in_the_way_is_said_in_french(
    settings_of: PortalSettings, change: tuple[str, dict[str, object]], sentence: str
) -> None:
    product = ProductFactory(title="Bougie", merchant=make_seller(name="La Mèche"))
    cart = carts.create()
    carts.add(cart, VariantFactory(product=product), 1)
    thing, fields = change
    row = {"product": product, "merchant": product.merchant, "shop": product.merchant.shop}[thing]
    type(row).objects.filter(pk=row.pk).update(**fields)
    problems = basket_of(cart, settings_of).problems
    assert [problem.replace("\u00a0", " ") for problem in problems] == [sentence]


def test_lines_are_grouped_by_merchant_as_they_were_met(settings_of: PortalSettings) -> None:
    first, second = ProductFactory(), ProductFactory()
    variants = [VariantFactory(product=product) for product in (first, second, first)]
    cart = carts.create()
    for variant in variants:
        carts.add(cart, variant, 1)
    basket = basket_of(cart, settings_of)
    assert [group.merchant for group in basket.groups] == [first.merchant, second.merchant]
    assert [line.variant for line in basket.lines] == [variants[0], variants[2], variants[1]]
    assert basket.units == 3


def test_a_merchant_that_lost_its_shop_is_a_problem_not_a_crash(settings_of: PortalSettings) -> None:
    cart, product = carts.create(), ProductFactory(merchant=make_seller(name="La Mèche"))
    carts.add(cart, VariantFactory(product=product), 1)
    product.merchant.shop.delete()
    assert len(basket_of(cart, settings_of).problems) == 1


def queries_for(settings: PortalSettings, *, merchants: int, items: int) -> int:
    cart = carts.create()
    for _merchant in range(merchants):
        product = ProductFactory()
        for _item in range(items):
            carts.add(cart, VariantFactory(product=product), 1)
    with CaptureQueriesContext(connection) as queries:
        assert len(basket_of(cart, settings).lines) == merchants * items
    return len(queries)


def test_a_fuller_basket_asks_the_database_no_more(settings_of: PortalSettings) -> None:
    counts = [queries_for(settings_of, merchants=m, items=i) for m, i in ((1, 1), (1, 3), (3, 1), (3, 3))]
    assert counts == [10, 10, 10, 10]


def test_carts_nobody_touched_for_a_month_are_forgotten_unless_they_are_being_paid(
    cart: Cart, portal: PortalSettings
) -> None:
    stale, fresh = CartItemFactory().cart, CartItemFactory().cart
    place(cart, portal)
    now = timezone.now()
    Cart.objects.exclude(pk=fresh.pk).update(updated_at=now - carts.KEPT_FOR - timedelta(minutes=1))
    assert carts.forget_old(now=now) == 1
    assert set(Cart.objects.all()) == {cart, fresh}
    assert not CartItem.objects.filter(cart=stale.pk).exists()
