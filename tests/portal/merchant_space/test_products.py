"""A product with a photo, on sale: what it takes, what is refused, and what nobody else can do."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.enums import MembershipRole, Tier
from home.models import CustomImage
from home.tenancy import portal_scope
from shop.enums import ProductStatus, TaxClass
from shop.models import PriceChange, Product, StockMovement, Variant
from tests.factories import (
    MembershipFactory,
    ProductFactory,
    ProductPhotoFactory,
    VariantFactory,
    make_seller,
)
from tests.portal.merchant_space.conftest import Screens, acts, photo, strangers_picture
from tests.portal.towns import Town

ANSWERS = {
    "title": "Tomme de brebis",
    "price": "7,50\u00a0$",
    "units": "12",
    "goods": "basic_food",
    "net_quantity": "250",
    "net_unit": "g",
    "description": "Six mois de cave.",
}


@pytest.fixture
def ready(here: Town) -> Town:
    """A shop that may sell: all the law asks of it is said."""
    with portal_scope(here.site):
        type(here.merchant).objects.filter(pk=here.merchant.pk).update(
            legal_name="Fromagerie inc.", postal_code="G6V 6C4", city="Lévis"
        )
    return here


def newest(town: Town) -> Product:
    with portal_scope(town.site):
        return Product.objects.select_related("merchant").order_by("-pk").first()


def token_of(desk: Screens) -> str:
    return str(desk.get("produits/ajouter/").context["form"]["form_token"].value())


def test_photo_title_price_and_it_is_on_sale(ready: Town, desk: Screens) -> None:
    answer = desk.post("produits/ajouter/", form_token=token_of(desk), photo=photo(), **ANSWERS)
    product = newest(ready)
    assert answer.url == desk.address(f"produits/{product.pk}/")
    with portal_scope(ready.site):
        variant, shown = product.variants.get(), product.photos.get()
        assert (product.status, product.tax_class, product.is_food) == (
            ProductStatus.PUBLISHED,
            TaxClass.ZERO_RATED,
            True,
        )
        assert (variant.price_cents, variant.on_hand, str(variant.net_quantity)) == (750, 12, "250.00")
        assert (shown.alt, shown.image.merchant, shown.image.site) == (
            "Tomme de brebis",
            ready.merchant,
            ready.site,
        )
        assert shown.image.renditions.count() == 7
        assert PriceChange.objects.get(variant=variant).actor == ready.owner
    assert acts(ready) == ["product.create", "product.publish"]
    page = ready.visitor().get(f"/boutique/{ready.merchant.slug}/tomme-de-brebis/").content.decode()
    assert "Tomme de brebis" in page


def test_defaults_are_as_the_last_product(ready: Town, desk: Screens) -> None:
    desk.post("produits/ajouter/", photo=photo(), **ANSWERS)
    form = desk.get("produits/ajouter/").context["form"]
    assert (form["goods"].value(), form["units"].value(), form["net_unit"].value()) == (
        "basic_food",
        1,
        "piece",
    )


@pytest.mark.parametrize(
    ("typed", "cents"), [("7,50", 750), ("7.50", 750), ("7,50 $", 750), ("1 234,50", 123450), ("12", 1200)]
)
def test_prices_are_read_as_people_type_them(ready: Town, desk: Screens, typed: str, cents: int) -> None:
    desk.post("produits/ajouter/", **{**ANSWERS, "price": typed})
    with portal_scope(ready.site):
        assert newest(ready).variants.get().price_cents == cents


def test_without_photo_it_is_kept_and_says_where_to_put_one(ready: Town, desk: Screens) -> None:
    desk.post("produits/ajouter/", **ANSWERS)
    product = newest(ready)
    html = desk.html(f"produits/{product.pk}/")
    assert product.status == ProductStatus.DRAFT
    assert "Ajoutez au moins une photo." in html
    assert f'href="{desk.address(f"produits/{product.pk}/photos/")}"' in html
    assert "Mettre en vente" not in html


def test_form_sent_twice_or_from_two_tabs_makes_one_product(ready: Town, desk: Screens) -> None:
    first, second = token_of(desk), token_of(desk)
    assert first == second
    answers = [desk.post("produits/ajouter/", form_token=token, **ANSWERS) for token in (first, second)]
    assert answers[0].url == answers[1].url
    with portal_scope(ready.site):
        assert Product.objects.filter(title=ANSWERS["title"]).count() == 1
        assert StockMovement.objects.filter(variant__product__title=ANSWERS["title"]).count() == 1


def test_second_tab_with_something_else_makes_that_too(ready: Town, desk: Screens) -> None:
    token = token_of(desk)
    for title in ("Tomme", "Bleu"):
        desk.post("produits/ajouter/", form_token=token, **{**ANSWERS, "title": title})
    with portal_scope(ready.site):
        assert set(Product.objects.filter(title__in=("Tomme", "Bleu")).values_list("title", flat=True)) == {
            "Tomme",
            "Bleu",
        }


@pytest.mark.parametrize(
    ("answer", "value", "sentence"),
    [
        ("title", "", "Nommez ce que vous vendez"),
        ("price", "", "Écrivez un prix, comme 7,50."),
        ("price", "sept", "Ce montant ne se lit pas"),
        ("price", "999999999", "Ce montant ne se lit pas"),
        ("units", "beaucoup", "Écrivez un nombre entier"),
        ("units", "-1", "Écrivez 0 ou plus."),
        ("goods", "or", "Choisissez dans la liste."),
        ("net_quantity", "lourd", "Écrivez un nombre, comme 250"),
        ("net_unit", "", "Dites en quoi"),
        ("title", "x" * 121, "Un nom plus court"),
        ("description", "a\x00b", "caractère"),
    ],
)
def test_what_is_wrong_says_what_to_type_and_the_photo_is_kept(
    ready: Town, desk: Screens, answer: str, value: str, sentence: str
) -> None:
    shown = desk.post("produits/ajouter/", photo=photo(), **{**ANSWERS, answer: value})
    html = shown.content.decode()
    assert shown.status_code == 422
    assert sentence in html
    assert "Votre photo est bien arrivée" in html
    assert ANSWERS["description"] in html or answer == "description"
    kept = shown.context["form"].kept_token
    desk.post("produits/ajouter/", kept=kept, **ANSWERS)
    with portal_scope(ready.site):
        assert newest(ready).photos.get().image == CustomImage.objects.latest("pk")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>"), "pas une photo"),
        (SimpleUploadedFile("photo.jpg", b""), "vide"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(ready: Town, desk: Screens, file, sentence: str) -> None:
    shown = desk.post("produits/ajouter/", photo=file, **ANSWERS)
    assert shown.status_code == 422
    assert sentence in shown.content.decode()
    with portal_scope(ready.site):
        assert not Product.objects.filter(title=ANSWERS["title"]).exists()


def test_photo_of_somebody_else_is_not_taken(ready: Town, there: Town, desk: Screens) -> None:
    """Neither a bare id, nor another merchant's signed one."""
    from django.core import signing

    theirs = strangers_picture(there)
    forged = [str(theirs), signing.dumps([ready.merchant.pk, theirs], salt="merchant photo"), "x:y:z"]
    for kept in forged:
        desk.post(
            "produits/ajouter/",
            kept=kept,
            form_token=uuid.uuid4(),
            **{**ANSWERS, "title": f"Tomme {kept[:4]}"},
        )
        with portal_scope(ready.site):
            assert not newest(ready).photos.exists()


def test_hidden_at_once_and_undone(ready: Town, desk: Screens) -> None:
    desk.post("produits/ajouter/", photo=photo(), **ANSWERS)
    product = newest(ready)
    desk.post(f"produits/{product.pk}/etat/", to="masque")
    assert newest(ready).status == ProductStatus.HIDDEN
    assert "est masqué" in desk.html(f"produits/{product.pk}/")
    desk.undo()
    assert newest(ready).status == ProductStatus.PUBLISHED
    desk.undo()
    assert acts(ready)[-2:] == ["product.hide", "product.publish"]


def test_shelf_is_corrected_once_and_undone(ready: Town, desk: Screens) -> None:
    variant = ready.variant
    for _press in range(2):
        desk.post(f"stock/{variant.pk}/", seen="40", step="-1")
    assert on_hand(ready) == 39
    desk.post(f"stock/{variant.pk}/", seen="39", units="25")
    assert on_hand(ready) == 25
    desk.undo()
    assert on_hand(ready) == 39
    assert acts(ready) == ["stock.count"] * 3


@pytest.mark.parametrize("units", ["", "douze", "-4", "1000000000000"])
def test_count_that_is_no_number_changes_nothing(ready: Town, desk: Screens, units: str) -> None:
    desk.post(f"stock/{ready.variant.pk}/", seen="40", units=units)
    assert on_hand(ready) == 40


def on_hand(town: Town) -> int:
    with portal_scope(town.site):
        return Variant.objects.get(pk=town.variant.pk).on_hand


def test_price_changes_for_what_is_sold_from_now_on(ready: Town, desk: Screens) -> None:
    product = ready.variant.product
    answers = {"title": "Tomme", "price": "21,75", "goods": "other", "description": ""}
    desk.post(f"produits/{product.pk}/textes/", **answers)
    with portal_scope(ready.site):
        row = Product.objects.get(pk=product.pk)
        assert (row.title, row.slug, row.variants.get().price_cents) == ("Tomme", product.slug, 2175)
        assert [change.price_cents for change in PriceChange.objects.all()] == [2175]
    assert acts(ready) == ["product.change", "variant.change"]


def test_what_is_on_sale_stays_fit_for_sale(ready: Town, desk: Screens) -> None:
    product = ready.variant.product
    answers = {"title": "Cigarettes", "price": "20", "goods": "other", "description": ""}
    answer = desk.post(f"produits/{product.pk}/textes/", **answers)
    with portal_scope(ready.site):
        only = product.photos.get()
    assert answer.status_code == 422
    desk.post(f"produits/{product.pk}/photos/{only.pk}/", acte="retirer")
    with portal_scope(ready.site):
        row = Product.objects.get(pk=product.pk)
        assert row.title != "Cigarettes"
        assert row.photos.count() == 1
    assert acts(ready) == []


def test_second_size_names_both(ready: Town, desk: Screens) -> None:
    product = ready.variant.product
    with portal_scope(ready.site):
        Variant.objects.update(title="")
    answers = {"title": "Grand", "price": "40", "units": "3"}
    refused = desk.post(f"produits/{product.pk}/formats/ajouter/", **answers)
    assert "Nommez aussi le premier" in refused.content.decode()
    desk.post(f"produits/{product.pk}/formats/ajouter/", first_title="Petit", **answers)
    with portal_scope(ready.site):
        found = list(product.variants.values_list("title", "price_cents", "on_hand"))
    assert found == [("Petit", 2000, 40), ("Grand", 4000, 3)]


def test_size_is_no_longer_offered_and_undone(ready: Town, desk: Screens) -> None:
    product = ready.variant.product
    with portal_scope(ready.site):
        second = VariantFactory(product=product, title="Grand")
    address = f"produits/{product.pk}/formats/{second.pk}/offre/"
    desk.post(address, to="retire")
    with portal_scope(ready.site):
        assert not Variant.objects.get(pk=second.pk).is_active
    desk.undo()
    with portal_scope(ready.site):
        assert Variant.objects.get(pk=second.pk).is_active


def test_last_size_of_what_is_on_sale_stays(ready: Town, desk: Screens) -> None:
    product = ready.variant.product
    desk.post(f"produits/{product.pk}/formats/{ready.variant.pk}/offre/", to="retire")
    with portal_scope(ready.site):
        assert Variant.objects.get(pk=ready.variant.pk).is_active


def test_copy_pressed_twice_is_one(ready: Town, desk: Screens) -> None:
    token = uuid.uuid4()
    for _press in range(2):
        desk.post(f"produits/{ready.variant.product_id}/copie/", form_token=token)
    with portal_scope(ready.site):
        assert Product.objects.count() == 2
        assert newest(ready).status == ProductStatus.DRAFT


def test_photos_are_added_ordered_removed_and_put_back(ready: Town, desk: Screens) -> None:
    product = ready.variant.product
    path = f"produits/{product.pk}/photos/"
    desk.post(path, album=photo(), alt="De près")
    with portal_scope(ready.site):
        first, second = product.photos.all()
    desk.post(f"{path}{second.pk}/", acte="premiere")
    desk.post(f"{path}{first.pk}/", acte="retirer")
    with portal_scope(ready.site):
        assert [row.alt for row in product.photos.all()] == ["De près"]
    desk.undo()
    with portal_scope(ready.site):
        assert product.photos.count() == 2
    assert "Prenez une photo" in desk.post(path, alt="").content.decode()


def test_made_to_order_says_in_how_many_days(ready: Town, desk: Screens) -> None:
    path = f"produits/{ready.variant.product_id}/autres/"
    assert "comme 7" in desk.post(path, kind="made_to_order").content.decode()
    desk.post(path, kind="made_to_order", made_in_days="7")
    with portal_scope(ready.site):
        assert newest(ready).made_in_days == 7


PATHS = (
    "produits/", "produits/ajouter/", "produits/{product}/", "produits/{product}/textes/",
    "produits/{product}/autres/", "produits/{product}/photos/", "produits/{product}/formats/ajouter/",
    "produits/{product}/formats/{variant}/",
)  # fmt: skip
ACTS = (
    "produits/{product}/etat/", "produits/{product}/copie/", "produits/{product}/photos/{photo}/",
    "produits/{product}/formats/{variant}/offre/", "stock/{variant}/", "annuler/",
)  # fmt: skip


def ids_of(town: Town) -> dict[str, int]:
    with portal_scope(town.site):
        product = town.variant.product
        return {"product": product.pk, "variant": town.variant.pk, "photo": product.photos.get().pk}


@pytest.mark.parametrize("path", PATHS + ACTS)
def test_stranger_finds_no_screen(here: Town, stranger: Screens, path: str) -> None:
    path = path.format(**ids_of(here))
    assert stranger.get(path).status_code in {404, 405}
    assert stranger.post(path, to="masque", seen="40", **ANSWERS).status_code in {404, 405}
    assert acts(here) == []


@pytest.mark.parametrize("path", [path for path in PATHS + ACTS if "{" in path])
def test_others_products_are_not_found_at_ones_own_desk(here: Town, path: str) -> None:
    """A shop of the same town, whose owner swaps its ids for ours."""
    with portal_scope(here.site):
        other = MembershipFactory(merchant=make_seller())
    desk = Screens(here.signed_in(other.user), other.merchant)
    path = path.format(**ids_of(here))
    assert desk.get(path).status_code in {404, 405}
    assert desk.post(path, to="masque", seen="40", acte="retirer", **ANSWERS).status_code in {404, 405}
    assert on_hand(here) == 40
    assert acts(here) == []


def test_variant_of_another_of_ones_products_is_not_found_below_this_one(here: Town, desk: Screens) -> None:
    with portal_scope(here.site):
        other = VariantFactory(product=ProductFactory(merchant=here.merchant))
    path = f"produits/{here.variant.product_id}/formats/{other.pk}/"
    assert desk.get(path).status_code == 404


def test_helper_sells_like_the_owner(ready: Town) -> None:
    with portal_scope(ready.site):
        helper = MembershipFactory(merchant=ready.merchant, role=MembershipRole.HELPER).user
    desk = Screens(ready.signed_in(helper), ready.merchant)
    desk.post("produits/ajouter/", photo=photo(), **ANSWERS)
    assert newest(ready).status == ProductStatus.PUBLISHED
    assert "Mes versements" not in desk.html()


@pytest.mark.parametrize("tier", [Tier.LISTING, Tier.LINKED_SHOP])
def test_who_does_not_sell_here_has_no_products(here: Town, desk: Screens, tier: Tier) -> None:
    with portal_scope(here.site):
        type(here.merchant).objects.filter(pk=here.merchant.pk).update(tier=tier)
    html = desk.html()
    assert "Mes heures" in html
    assert "Ajouter un produit" not in html
    assert "à préparer" not in html
    assert desk.get("produits/").status_code == 404
    assert desk.get("remise/").status_code == 404


def test_session_that_ended_comes_back_to_the_form(here: Town) -> None:
    client = Client(headers={"host": here.host})
    address = f"/mon-commerce/{here.merchant.slug}/produits/ajouter/"
    assert address in client.post(address, ANSWERS).url


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_many_questions_for_any_number(
    ready: Town, desk: Screens, rows: int, django_assert_num_queries
) -> None:
    with portal_scope(ready.site):
        for _n in range(rows - 1):
            product = ProductFactory(merchant=ready.merchant, status=ProductStatus.DRAFT)
            VariantFactory(product=product)
            ProductPhotoFactory(product=product, image__merchant=ready.merchant)
    desk.get("produits/")
    with django_assert_num_queries(LIST_QUERIES):
        desk.get("produits/")


LIST_QUERIES = 14
"""One of them asks what the options cost, one how many nobody confirmed lately."""


def test_merchant_says_for_what_ages_and_gifts_are_found_by_it(ready: Town, desk: Screens) -> None:
    product = ready.variant.product
    more = f"produits/{product.pk}/autres/"
    assert desk.get(more).context["form"]["ages"].value() == []
    desk.post(more, kind="stocked", ages=["3-5", "9-12"])
    product.refresh_from_db()
    assert (product.suggested_min_age, product.suggested_max_age) == (3, 12)
    assert desk.get(more).context["form"]["ages"].value() == ["3-5", "6-8", "9-12"]
    found = ready.visitor().get("/cadeaux/?age=6-8").content.decode()
    assert product.title in found
    assert product.title not in ready.visitor().get("/cadeaux/?age=18").content.decode()

    desk.post(more, kind="stocked", ages=["13-17", "18"])
    product.refresh_from_db()
    assert (product.suggested_min_age, product.suggested_max_age) == (13, None)
    desk.post(more, kind="stocked")
    product.refresh_from_db()
    assert (product.suggested_min_age, product.suggested_max_age) == (None, None)
