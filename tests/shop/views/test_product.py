"""A product's page: its variants, what it costs, why it cannot be bought."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.enums import Tax, TaxClass
from tests.factories import (
    ProductFactory,
    ProductPhotoFactory,
    TaxRegistrationFactory,
    VariantFactory,
    make_seller,
)
from tests.shop.views.conftest import Shopper, text


@pytest.fixture
def product(in_levis):
    return ProductFactory(
        merchant=make_seller(name="Chandelles Lauzon", slug="lauzon"), title="Chandelle", slug="chandelle"
    )


def address_of(product) -> str:
    return reverse("shop:product", args=[product.merchant.slug, product.slug])


def test_variants_are_radio_buttons_with_their_price(shopper: Shopper, product) -> None:
    small = VariantFactory(product=product, title="Petite", price_cents=9_50)
    large = VariantFactory(product=product, title="Grande", price_cents=19_99, units=0)
    html = text(shopper.get(address_of(product)))
    radios = re.findall(r'<input type="radio" name="variant"[^>]*>', html)
    assert [f'value="{v.pk}"' in r for v, r in zip([small, large], radios, strict=True)] == [True, True]
    assert ["disabled" in radio for radio in radios] == [False, True]
    assert "9,50\u00a0$" in html
    assert "dès" in html


def test_single_variant_needs_no_choice(shopper: Shopper, product) -> None:
    VariantFactory(product=product, price_cents=9_50)
    html = text(shopper.get(address_of(product)))
    assert 'type="radio"' not in html
    assert "dès" not in html


def test_sold_out_product_cannot_be_put_in_the_basket(shopper: Shopper, product) -> None:
    VariantFactory(product=product, units=0)
    html = text(shopper.get(address_of(product)))
    assert "Épuisé pour le moment." in html
    assert reverse("shop:cart_add") not in html


def test_alcohol_is_not_sold_online_and_says_where(shopper: Shopper, product) -> None:
    VariantFactory(product=product)
    type(product).objects.filter(pk=product.pk).update(is_alcohol=True)
    html = text(shopper.get(address_of(product)))
    assert "L’alcool s’achète sur place, chez Chandelles Lauzon." in html
    assert reverse("shop:cart_add") not in html


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"paused_at": timezone.now()}, "fait une pause"),
        ({"transfers_status": "restricted"}, "ne peut pas encore recevoir de paiements"),
        ({"stripe_account_id": ""}, "ne peut pas encore recevoir de paiements"),
    ],
)
def test_shop_that_cannot_sell_now_says_so(shopper: Shopper, product, state, sentence) -> None:
    VariantFactory(product=product)
    type(product.merchant.shop).objects.update(**state)
    answer = shopper.get(address_of(product))
    assert sentence in text(answer)
    assert answer.context["can_buy"] is False


@pytest.mark.parametrize(
    ("tax_class", "taxes", "note"),
    [
        (TaxClass.STANDARD, (Tax.GST, Tax.QST), "plus TPS et TVQ"),
        (TaxClass.STANDARD, (Tax.QST,), "plus TVQ"),
        (TaxClass.GST_ONLY, (Tax.GST, Tax.QST), "plus TPS"),
        (TaxClass.ZERO_RATED, (Tax.GST, Tax.QST), "sans taxe"),
        (TaxClass.STANDARD, (), "sans taxe"),
    ],
)
def test_tax_note_tells_what_is_added(shopper: Shopper, product, tax_class, taxes, note) -> None:
    VariantFactory(product=product)
    type(product).objects.filter(pk=product.pk).update(tax_class=tax_class)
    for tax in taxes:
        TaxRegistrationFactory(merchant=product.merchant, tax=tax)
    assert shopper.get(address_of(product)).context["tax_note"] == note


def test_structured_data_says_price_and_availability(shopper: Shopper, product) -> None:
    VariantFactory(product=product, price_cents=1_234_50, units=0)
    html = text(shopper.get(address_of(product)))
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    assert data["offers"][0]["price"] == "1234.50"
    assert data["offers"][0]["availability"] == "https://schema.org/OutOfStock"
    assert data["url"] == "http://localhost" + address_of(product)


def test_photo_tells_what_it_shows(shopper: Shopper, product) -> None:
    VariantFactory(product=product)
    ProductPhotoFactory(product=product, alt="Une chandelle allumée")
    html = text(shopper.get(address_of(product)))
    assert 'alt="Une chandelle allumée"' in html
    assert re.search(r'<img[^>]+width="\d+"[^>]+height="\d+"', html) or re.search(
        r'<img[^>]+height="\d+"[^>]+width="\d+"', html
    )


def test_other_products_of_the_shop_are_shown_and_no_strangers(shopper: Shopper, product) -> None:
    VariantFactory(product=product)
    sibling = VariantFactory(product__merchant=product.merchant).product
    VariantFactory()
    assert shopper.get(address_of(product)).context["more"] == [sibling]


def test_slug_of_another_shop_is_not_found(shopper: Shopper, product) -> None:
    other = make_seller()
    VariantFactory(product=product)
    assert shopper.get(reverse("shop:product", args=[other.slug, product.slug])).status_code == 404


def test_description_is_text_and_never_markup(shopper: Shopper, product) -> None:
    VariantFactory(product=product)
    type(product).objects.filter(pk=product.pk).update(description="<b>gras</b>\n\nfin", title="</title>")
    html = text(shopper.get(address_of(product)))
    assert "&lt;b&gt;gras" in html
    assert "</title></title>" not in html.lower().replace(" ", "")


def test_looking_at_a_product_sets_no_cart(shopper: Shopper, product) -> None:
    VariantFactory(product=product)
    shopper.get(address_of(product))
    assert set(shopper.cookies) <= {"csrftoken"}
