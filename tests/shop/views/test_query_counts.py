"""However many rows a page shows, it asks the same number of questions; public pages at most fifteen."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.searching.refreshing import refresh_all
from shop.models import Cart, Checkout, CheckoutSession, Order, ProductOption, VariantOption
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from shop.tokens import order_token
from tests.factories import (
    ImageFactory,
    OpeningHoursFactory,
    ProductFactory,
    ProductPhotoFactory,
    VariantFactory,
    make_seller,
    make_vineyard,
)
from tests.shop.conftest import Stall, make_stall
from tests.shop.views.conftest import CONTACT, Shopper

CATALOGUE = 7
PRODUCT = 13
WINE = 14
CART = 15
STEPS = {"contact": 15, "remise": 16, "verification": 16}
ORDER_PAGE = 11

pytestmark = pytest.mark.usefixtures("portal")

Count = Callable[[str], int]
MANY = pytest.mark.parametrize("rows", [1, 3])


def stalls(rows: int) -> list[Stall]:
    """As many shops, each with its hours, and a photo on its product."""
    made = [make_stall(f"Boutique {n}", price_cents=20_00) for n in range(rows)]
    for stall in made:
        OpeningHoursFactory(merchant=stall.merchant)
        ProductPhotoFactory(product=stall.variant.product)
    return made


WORDS = 1
"""Whether the portal has them; what they mean is kept for a minute."""


@MANY
def test_catalogue(queries_of: Count, rows: int) -> None:
    stalls(rows)
    assert queries_of("/boutique/") == CATALOGUE


@MANY
def test_catalogue_with_every_filter(queries_of: Count, rows: int) -> None:
    made = stalls(rows)[0].merchant
    refresh_all()
    address = f"/boutique/?q=produit&categorie={made.category.slug}&commerce={made.slug}"
    assert queries_of(address) == CATALOGUE + WORDS


@MANY
def test_product_with_variants_photos_and_others_of_the_shop(queries_of: Count, rows: int) -> None:
    merchant = make_seller()
    products = [VariantFactory(product__merchant=merchant).product for _n in range(rows + 1)]
    for product in products:
        VariantFactory.create_batch(rows, product=product)
        ProductPhotoFactory.create_batch(rows, product=product)
    assert queries_of(reverse("shop:product", args=[merchant.slug, products[0].slug])) == PRODUCT


@MANY
def test_wine_with_options_deposits_photos_and_others(queries_of: Count, rows: int) -> None:
    """All that a product's page can show at once."""
    merchant = make_vineyard()
    products = [
        VariantFactory(product=ProductFactory(merchant=merchant, is_alcohol=True)).product
        for _n in range(rows + 1)
    ]
    options = [ProductOption.objects.create(product=products[0], name=name) for name in ("Année", "Format")]
    for number in range(rows + 1):
        variant = VariantFactory(
            product=products[0], container="wine", container_count=1, image=ImageFactory(), net_unit="ml"
        )
        for option in options:
            VariantOption.objects.create(variant=variant, option=option, value=str(number))
    ProductPhotoFactory.create_batch(rows, product=products[0])
    assert queries_of(reverse("shop:product", args=[merchant.slug, products[0].slug])) == WINE


@MANY
def test_foods_ask_one_question_more_for_their_measures(queries_of: Count, rows: int) -> None:
    merchant = make_seller()
    for _n in range(rows):
        product = ProductFactory(merchant=merchant, is_food=True)
        VariantFactory.create_batch(rows, product=product, net_quantity=200, net_unit="g")
        ProductPhotoFactory(product=product)
    assert queries_of("/boutique/") == CATALOGUE + 1


@MANY
def test_cart_with_items_of_one_shop(shopper: Shopper, queries_of: Count, rows: int) -> None:
    merchant = make_seller()
    for _n in range(rows):
        variant = VariantFactory(product__merchant=merchant)
        ProductPhotoFactory(product=variant.product)
        shopper.add(variant)
    shopper.cart()  # says what was added
    assert queries_of("/panier/") == CART


@MANY
def test_cart_with_items_of_several_shops(shopper: Shopper, queries_of: Count, rows: int) -> None:
    for stall in stalls(rows):
        shopper.add(stall)
    shopper.cart()
    assert queries_of("/panier/") == CART


@MANY
@pytest.mark.parametrize("step", ["contact", "remise", "verification"])
def test_checkout_step(shopper: Shopper, queries_of: Count, rows: int, step: str) -> None:
    for stall in stalls(rows):
        shopper.add(stall)
    shopper.answer("contact", CONTACT)
    shopper.answer("remise", {"pickup": "on"})
    assert queries_of(f"/paiement/?etape={step}") == STEPS[step]


@MANY
def test_order_page(shopper: Shopper, queries_of: Count, rows: int, sandbox: Sandbox) -> None:
    for stall in stalls(rows):
        shopper.add(stall)
        shopper.add(VariantFactory(product=stall.variant.product))
    shopper.place(shopper.answer_all())
    sandbox.pay(str(CheckoutSession.objects.get().session_id))
    sync_checkout(Checkout.objects.get().pk, now=timezone.now())
    assert (Order.objects.count(), Cart.objects.count()) == (rows, 1)
    assert queries_of(f"/commande/{order_token(Checkout.objects.get())}/") == ORDER_PAGE
