"""/panier/: putting in, changing, taking out; what is wrong is said in French, and nobody else's cart is touched."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from home.tenancy import portal_scope
from shop import stock
from shop.enums import ProductStatus
from shop.models import Cart, CartItem, DeliveryZone, Product, Promotion, Variant
from tests.factories import CartItemFactory, VariantFactory
from tests.shop.conftest import Stall
from tests.shop.views.conftest import Shopper, said, text


def quantities() -> list[int]:
    return list(CartItem.objects.order_by("pk").values_list("quantity", flat=True))


def update(shopper: Shopper, item: CartItem, quantity: str) -> HttpResponse:
    address = reverse("shop:cart_update", args=[item.pk])
    return shopper.post(address, {"quantity": quantity}, follow=True)


def test_product_goes_in_and_the_page_says_so(shopper: Shopper, cheese: Stall) -> None:
    answer = shopper.add(cheese, 2)
    assert (answer.status_code, answer.url) == (302, "/panier/")
    page = shopper.cart()
    assert said(page) == [f"«\u00a0{cheese.variant}\u00a0» est dans votre panier."]
    assert "24,00\u00a0$" in text(page)
    assert quantities() == [2]


def test_same_product_twice_is_one_line(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese, 2)
    shopper.add(cheese, 3)
    assert quantities() == [5]


def test_cart_holds_at_most_99_of_one(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese, 99)
    shopper.add(cheese, 99)
    assert quantities() == [99]


def test_lines_are_grouped_by_shop_with_taxes_apart(shopper: Shopper, cheese: Stall, candles: Stall) -> None:
    shopper.add(cheese, 2)
    shopper.add(candles)
    page = shopper.cart()
    assert [group["merchant"].name for group in page.context["cart_groups"]] == [
        "Fromagerie des Chutes",
        "Chandelles Lauzon",
    ]
    assert page.context["totals"]["total_cents"] == 43_99


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("0", "Écrivez au moins 1."),
        ("-3", "Écrivez au moins 1."),
        ("100", "Pas plus de 99 à la fois."),
        ("deux", "Écrivez un nombre entier, comme 2."),
        ("1.5", "Écrivez un nombre entier, comme 2."),
        ("", "Écrivez combien vous en voulez."),
        ("9" * 5000, "Écrivez un nombre entier, comme 2."),
    ],
)
def test_senseless_quantity_is_refused_in_french_and_kept_on_the_page(
    shopper: Shopper, cheese: Stall, quantity: str, sentence: str
) -> None:
    answer = shopper.add(cheese, quantity)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert answer.context["form"]["quantity"].value() == quantity
    assert not Cart.objects.exists()


def test_refused_form_shows_again_what_was_typed(shopper: Shopper, cheese: Stall) -> None:
    chosen = VariantFactory(product=cheese.variant.product, title="Grand format")
    html = text(shopper.post(reverse("shop:cart_add"), {"variant": chosen.pk, "quantity": "100"}))
    assert 'value="100"' in html
    assert f'value="{chosen.pk}" required checked' in html


def test_refused_form_links_to_the_field_that_is_wrong(shopper: Shopper, cheese: Stall) -> None:
    html = text(shopper.add(cheese, "deux"))
    assert 'href="#id_quantity"' in html
    assert 'id="id_quantity"' in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize("variant", ["", "0", "999999999", "abc", "-1", "²", "9" * 50, "1 OR 1=1", "\x00"])
def test_unknown_variant_is_not_found(shopper: Shopper, cheese: Stall, variant: str) -> None:
    answer = shopper.post(reverse("shop:cart_add"), {"variant": variant, "quantity": 1})
    assert answer.status_code == 404
    assert not Cart.objects.exists()


def test_variant_of_another_portal_is_not_found(shopper: Shopper, cheese: Stall, bellechasse: Site) -> None:
    with portal_scope(bellechasse):
        foreign = VariantFactory()
    assert shopper.add(foreign).status_code == 404
    assert not Cart.objects.exists()


def test_variant_of_a_hidden_product_is_not_found(shopper: Shopper, cheese: Stall) -> None:
    Product.objects.update(status=ProductStatus.HIDDEN)
    assert shopper.add(cheese).status_code == 404


def test_variant_of_a_suspended_merchant_is_not_found(shopper: Shopper, cheese: Stall) -> None:
    type(cheese.merchant).objects.update(suspended_at=timezone.now())
    assert shopper.add(cheese).status_code == 404


def test_quantity_is_changed(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese, 2)
    page = update(shopper, CartItem.objects.get(), "4")
    assert said(page)[-1] == "Votre panier est à jour."
    assert quantities() == [4]


def test_zero_takes_the_line_out(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese, 2)
    page = update(shopper, CartItem.objects.get(), "0")
    assert page.context["is_empty"]
    assert shopper.cookies["panier_n"].value == "0"


def test_line_taken_out_can_be_put_back(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese, 3)
    page = update(shopper, CartItem.objects.get(), "0")
    undo = page.context["removed"]
    assert (undo["variant"], undo["quantity"]) == (cheese.variant, 3)
    assert "Remettre" in text(page)
    shopper.add(undo["variant"], undo["quantity"])
    assert quantities() == [3]


@pytest.mark.parametrize("removed", ["", "abc", "1-2-3", "999999999-1", "0-0", "%00", "9" * 99 + "-1"])
def test_nonsense_about_what_was_taken_out_is_answered(shopper: Shopper, cheese: Stall, removed: str) -> None:
    page = shopper.get(f"/panier/?retire={removed}")
    assert (page.status_code, page.context["removed"]) == (200, None)


@pytest.mark.parametrize("quantity", ["abc", "", "-1", "1.5", "9999999", "²"])
def test_senseless_change_is_refused_in_french(shopper: Shopper, cheese: Stall, quantity: str) -> None:
    shopper.add(cheese, 2)
    page = update(shopper, CartItem.objects.get(), quantity)
    assert said(page)[-1] == "Écrivez un nombre entier, comme 2."
    assert quantities() == [2]


def test_more_than_99_becomes_99(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese)
    update(shopper, CartItem.objects.get(), "500")
    assert quantities() == [99]


def test_item_of_another_cart_is_left_alone(shopper: Shopper, cheese: Stall, candles: Stall) -> None:
    strangers = CartItemFactory(variant=candles.variant, quantity=7)
    shopper.add(cheese)
    update(shopper, strangers, "0")
    strangers.refresh_from_db()
    assert strangers.quantity == 7


def test_change_without_a_cart_leads_to_an_empty_one(shopper: Shopper, cheese: Stall) -> None:
    item = CartItemFactory(variant=cheese.variant)
    page = update(shopper, item, "0")
    assert page.context["is_empty"]
    assert quantities() == [1]


@pytest.mark.parametrize("name", ["cart_add", "cart_update"])
def test_cart_is_changed_by_post_only(shopper: Shopper, in_levis: Site, name: str) -> None:
    arguments = [1] if name == "cart_update" else []
    assert shopper.get(reverse(f"shop:{name}", args=arguments)).status_code == 405


@pytest.mark.parametrize(
    "said",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.test"}],
)
def test_no_other_site_puts_something_in_a_cart(cheese: Stall, said: dict[str, str]) -> None:
    careful = Shopper(enforce_csrf_checks=True, headers={"host": "localhost", **said})
    answer = careful.add(cheese)
    assert answer.status_code == 403
    assert "jeton" not in text(answer).lower()
    assert "CSRF" not in text(answer)
    assert not Cart.objects.exists()


@pytest.mark.parametrize("said", [{"sec-fetch-site": "same-origin"}, {"origin": "http://localhost"}, {}])
def test_a_product_goes_in_from_a_page_that_holds_no_token(cheese: Stall, said: dict[str, str]) -> None:
    """So that the page is the same for everybody, and sets no cookie."""
    careful = Shopper(enforce_csrf_checks=True, headers={"host": "localhost", **said})
    assert careful.add(cheese).status_code == 302
    assert quantities() == [1]


def test_too_few_left_is_said_beside_the_line(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese, 12)
    html = text(shopper.cart())
    assert f"Il ne reste que 10 exemplaires de «\u00a0{cheese.variant}\u00a0»." in html
    assert "Quelque chose a changé dans votre panier" in html


def test_sold_out_is_said(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese)
    stock.receive(cheese.variant, -10, reason="test", now=timezone.now())
    assert shopper.cart().context["problems"] == (f"«\u00a0{cheese.variant}\u00a0» est épuisé.",)


def test_product_no_longer_sold_stays_in_the_cart_and_says_so(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese)
    Product.objects.update(status=ProductStatus.HIDDEN)
    html = text(shopper.cart())
    assert f"«\u00a0{cheese.variant}\u00a0» n’est plus en vente." in html
    assert quantities() == [1]


def test_todays_price_is_shown(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese)
    type(cheese.variant).objects.update(price_cents=13_50)
    assert shopper.cart().context["totals"]["total_cents"] == 13_50


def test_empty_cart_says_what_to_do(shopper: Shopper, in_levis: Site) -> None:
    page = shopper.cart()
    assert "Il est vide, mais la ville est pleine." in text(page)
    assert not Cart.objects.exists()


def test_cart_is_never_kept_by_a_cache(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese)
    assert "no-store" in shopper.cart()["Cache-Control"]


# ----------------------------------------------------------------------------------------- codes, discounts, new prices


@pytest.fixture
def code(in_levis: Site, portal: PortalSettings, cheese: Stall) -> Promotion:
    """The cheese shop's own code: a tenth off."""
    return Promotion.objects.create(
        site=in_levis,
        merchant=cheese.merchant,
        title="Bienvenue",
        code="BIENVENUE10",
        percent_bps=1_000,
        starts_at=timezone.now() - timedelta(days=1),
    )


def type_code(shopper: Shopper, typed: str) -> HttpResponse:
    assert shopper.post(reverse("shop:cart_code"), {"code": typed}).url == "/panier/#code"
    return shopper.cart()


def test_a_code_is_typed_shown_and_taken_out(shopper: Shopper, cheese: Stall, code: Promotion) -> None:
    shopper.add(cheese, 2)
    page = type_code(shopper, "bienvenue 10")
    assert page.context["totals"]["total_cents"] == 21_60
    for words in ("BIENVENUE10", "Bienvenue", "−2,40\u00a0$", "Enlever ce code"):
        assert words in text(page)
    assert type_code(shopper, "").context["totals"]["total_cents"] == 24_00


def test_a_code_that_does_not_hold_says_so_beside_its_field_and_stays_typed(
    shopper: Shopper, cheese: Stall, code: Promotion
) -> None:
    shopper.add(cheese)
    html = text(type_code(shopper, "BIENVENUE11"))
    assert re.search(r'id="id_code_error".*?Ce code n’existe pas', html, re.DOTALL)
    assert 'value="BIENVENUE11"' in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize("typed", ["x" * 500, "\x00", "<b>", "'; --"])
def test_nonsense_for_a_code_is_no_code(shopper: Shopper, cheese: Stall, code: Promotion, typed: str) -> None:
    shopper.add(cheese)
    page = type_code(shopper, typed)
    assert page.status_code == 200
    assert page.context["totals"]["discount_cents"] == 0


def test_a_code_without_a_cart_leads_to_the_cart(shopper: Shopper, code: Promotion) -> None:
    assert shopper.post(reverse("shop:cart_code"), {"code": "BIENVENUE10"}).url == "/panier/"


def test_a_price_that_moved_since_is_told_in_the_cart_and_on_the_review_until_it_is_accepted(
    shopper: Shopper, cheese: Stall, portal: PortalSettings
) -> None:
    shopper.add(cheese)
    Variant.objects.filter(pk=cheese.variant.pk).update(price_cents=13_00)
    sentence = "Le prix est passé de 12,00\u00a0$ à 13,00\u00a0$."
    assert sentence in text(shopper.cart())
    review = shopper.answer_all()
    assert sentence in text(review)
    assert "Payer 13,00\u00a0$" in text(review)
    assert shopper.place(review).status_code == 303
    assert sentence not in text(shopper.cart())


def test_every_fee_of_a_shop_is_said_in_the_cart(
    shopper: Shopper, cheese: Stall, portal: PortalSettings
) -> None:
    DeliveryZone.objects.create(
        shop=cheese.merchant.shop, name="Lévis", postal_prefixes=["G6V"], fee_cents=5_00
    )
    shopper.add(cheese)
    assert "Cueillette gratuite. Livraison\u00a0: 5,00\u00a0$, Lévis (G6V)." in text(shopper.cart())
