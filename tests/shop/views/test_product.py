"""A product's page: its variants, what it costs, why it cannot be bought."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from directory.enums import Weekday
from home.models import PortalSettings
from shop.enums import Container, ProductKind, Tax, TaxClass
from shop.models import DeliveryZone, ProductOption, VariantOption
from shop.product_window import tax_note
from shop.taxes import rates_on, standing_of
from tests.factories import (
    ImageFactory,
    OpeningHoursFactory,
    ProductFactory,
    ProductPhotoFactory,
    TaxRegistrationFactory,
    VariantFactory,
    make_seller,
    make_vineyard,
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


def test_alcohol_of_who_may_not_sell_it_says_where_it_is_sold(shopper: Shopper, product) -> None:
    VariantFactory(product=product)
    type(product).objects.filter(pk=product.pk).update(is_alcohol=True)
    html = text(shopper.get(address_of(product)))
    assert "L’alcool s’achète sur place, chez Chandelles Lauzon." in html
    assert reverse("shop:cart_add") not in html


def test_alcohol_of_a_producer_is_sold_to_adults(shopper: Shopper, in_levis) -> None:
    product = ProductFactory(merchant=make_vineyard(), is_alcohol=True)
    VariantFactory(product=product)
    html = text(shopper.get(address_of(product)))
    assert reverse("shop:cart_add") in html
    assert "18 ans et plus" in html
    assert "entre 7\u00a0h et 23\u00a0h" in html


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"paused_at": timezone.now()}, "fait une pause"),
        ({"return_policy": ""}, "n’a pas dit ses conditions de retour"),
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


@pytest.mark.parametrize(
    ("day", "note"),
    [("2026-07-14", "plus TPS et TVQ"), ("2026-07-15", "plus TPS"), ("2026-11-22", "plus TPS")],
)
def test_tax_note_of_a_muffin_follows_the_law_of_the_day(in_levis, product, day, note) -> None:
    VariantFactory(product=product)
    product.tax_class = TaxClass.SNACK
    for tax in Tax:
        TaxRegistrationFactory(merchant=product.merchant, tax=tax)
    collectors = standing_of(product.merchant, date(2026, 1, 1), settings=PortalSettings()).collectors
    assert tax_note(product, collectors, rates_on(date.fromisoformat(day))) == note


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


# ------------------------------------------------------------------------------------------------- kinds and variants


def test_variant_that_is_no_longer_offered_is_not_shown(shopper: Shopper, product) -> None:
    VariantFactory(product=product, title="Petite", price_cents=9_50)
    VariantFactory(product=product, title="Ancienne", price_cents=1_00, is_active=False)
    answer = shopper.get(address_of(product))
    assert "Ancienne" not in text(answer)
    assert [choice.title for choice in answer.context["choices"]] == ["Petite"]
    assert answer.context["product"].has_price_range is False


def test_sizes_and_colours_are_grouped_by_colour(shopper: Shopper, product) -> None:
    colour, size = (ProductOption.objects.create(product=product, name=n) for n in ("Couleur", "Taille"))
    for number, (red_or_blue, small_or_large) in enumerate(
        [("Rouge", "P"), ("Bleu", "P"), ("Rouge", "G"), ("Bleu", "G")]
    ):
        variant = VariantFactory(product=product, sort_order=number, title=f"{red_or_blue}, {small_or_large}")
        VariantOption.objects.create(variant=variant, option=size, value=small_or_large)
        VariantOption.objects.create(variant=variant, option=colour, value=red_or_blue)
    answer = shopper.get(address_of(product))
    groups = answer.context["choice_groups"]
    assert [(group.label, [choice.label for choice in group.choices]) for group in groups] == [
        ("Couleur\u00a0: Rouge", ["P", "G"]),
        ("Couleur\u00a0: Bleu", ["P", "G"]),
    ]
    assert 'role="group" aria-labelledby="choix-2"' in text(answer)


def test_few_left_are_told_and_many_are_not(shopper: Shopper, product) -> None:
    for title, units in (("S", 3), ("M", 4), ("L", 0)):
        VariantFactory(product=product, title=title, units=units)
    choices = shopper.get(address_of(product)).context["choices"]
    assert [choice.stock_note for choice in choices] == ["il en reste 3", "", "épuisé"]


def test_food_shows_its_unit_price_on_its_page_and_its_card(shopper: Shopper, product) -> None:
    type(product).objects.update(is_food=True)
    VariantFactory(product=product, title="Pot", price_cents=5_95, net_quantity=250, net_unit="g")
    assert "2,38\u00a0$ / 100\u00a0g" in text(shopper.get(address_of(product)))
    assert "2,38\u00a0$ / 100\u00a0g" in text(shopper.get("/boutique/"))


def test_unit_price_is_foods_alone(shopper: Shopper, product) -> None:
    VariantFactory(product=product, net_quantity=250, net_unit="g")
    assert "/ 100" not in text(shopper.get(address_of(product)))


def test_deposit_is_said_beside_the_price(shopper: Shopper, product) -> None:
    VariantFactory(product=product, container=Container.SMALL, container_count=4)
    assert "+ 0,40\u00a0$ de consigne" in text(shopper.get(address_of(product)))


def test_made_to_order_says_when_and_is_never_sold_out(shopper: Shopper, product) -> None:
    type(product).objects.update(kind=ProductKind.MADE_TO_ORDER, made_in_days=7)
    VariantFactory(product=product, units=0)
    for weekday in Weekday.values:
        OpeningHoursFactory(merchant=product.merchant, weekday=weekday)
    answer = shopper.get(address_of(product))
    day = timezone.localdate() + timedelta(days=7)
    assert "Fait pour vous en 7 jours" in text(answer)
    assert f"Prêt le {date_format(day, 'l j F')} à 9\u00a0h" in text(answer)
    assert answer.context["can_buy"] is True
    assert "Épuisé" not in text(shopper.get("/boutique/"))


def test_file_is_fetched_and_not_picked_up(shopper: Shopper, product) -> None:
    type(product).objects.update(kind=ProductKind.DIGITAL)
    VariantFactory(product=product, units=0)
    html = text(shopper.get(address_of(product)))
    assert "À télécharger dès que c’est payé" in html
    assert "Prêt " not in html


def test_delivery_fees_are_told_before_the_basket(shopper: Shopper, product) -> None:
    VariantFactory(product=product)
    DeliveryZone.objects.create(
        shop=product.merchant.shop, name="Lévis", postal_prefixes=["G6V"], fee_cents=5_00
    )
    assert "Livraison\u00a0: 5,00\u00a0$, Lévis (G6V)." in text(shopper.get(address_of(product)))


def test_maintenance_is_said_where_the_law_asks(shopper: Shopper, product) -> None:
    type(product).objects.update(needs_maintenance=True, maintenance_info="Pièces et réparation à l’atelier.")
    VariantFactory(product=product)
    assert "Pièces et réparation à l’atelier." in text(shopper.get(address_of(product)))


def test_photo_of_a_variant_is_in_the_gallery_with_its_caption(shopper: Shopper, product) -> None:
    ProductPhotoFactory(product=product, alt="Les deux")
    red = VariantFactory(product=product, title="Rouge", image=ImageFactory())
    VariantFactory(product=product, title="Bleue")
    answer = shopper.get(address_of(product))
    assert [(p.alt, p.caption, p.variants) for p in answer.context["photos"]] == [
        ("Les deux", "", ()),
        (f"{product.title}, Rouge", "Rouge", (red.pk,)),
    ]
    assert f'data-variants="{red.pk}"' in text(answer)


def test_photo_that_is_also_a_variants_is_shown_once(shopper: Shopper, product) -> None:
    photo = ProductPhotoFactory(product=product, alt="Une chandelle rouge")
    red = VariantFactory(product=product, title="Rouge", image=photo.image)
    VariantFactory(product=product, title="Bleue")
    photos = shopper.get(address_of(product)).context["photos"]
    assert [(p.alt, p.caption, p.variants) for p in photos] == [("Une chandelle rouge", "Rouge", (red.pk,))]
