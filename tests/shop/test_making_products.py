"""Products as their merchant makes them: once per form, copied without their shelf, counted by who saw the number."""

import uuid
from datetime import UTC, datetime

import pytest
from wagtail.models import Site

from home.tenancy import portal_scope
from shop import catalogue, stock
from shop.enums import ProductStatus
from shop.exceptions import StockMoved
from shop.models import PriceChange, Product, StockMovement, Variant
from shop.publication import Where, gaps_of
from tests.factories import ImageFactory, ProductFactory, ProductPhotoFactory, VariantFactory, make_seller

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_form_sent_twice_makes_one_product(in_levis: Site) -> None:
    merchant, token = make_seller(), uuid.uuid4()
    first, made = catalogue.create(merchant, title="Tomme", form_token=token)
    again, made_again = catalogue.create(merchant, title="Tomme", form_token=token)
    assert (made, made_again, again) == (True, False, first)
    assert Product.objects.get().status == ProductStatus.DRAFT


def test_form_that_lost_the_race_finds_the_others_product(in_levis: Site, monkeypatch) -> None:
    """The other request commits between the look and the insert."""
    merchant, token = make_seller(), uuid.uuid4()
    asked = catalogue._free_slug

    def slower(*args: object) -> str:
        monkeypatch.setattr(catalogue, "_free_slug", asked)
        catalogue.create(merchant, title="Tomme", form_token=token)
        return "tomme-2"

    monkeypatch.setattr(catalogue, "_free_slug", slower)
    found, made = catalogue.create(merchant, title="Tomme", form_token=token)
    assert made is False
    assert list(Product.objects.all()) == [found]


def test_token_of_another_merchant_gives_nothing_of_it(in_levis: Site) -> None:
    token = uuid.uuid4()
    catalogue.create(make_seller(), title="Tomme", form_token=token)
    with pytest.raises(Exception, match="form_token"):
        catalogue.create(make_seller(), title="Tomme", form_token=token)


@pytest.mark.parametrize(("title", "slug"), [("Crème glacée", "creme-glacee"), ("!!!", "produit")])
def test_address_is_free_in_its_shop(in_levis: Site, title: str, slug: str) -> None:
    merchant = make_seller()
    made = [catalogue.create(merchant, title=title, form_token=None)[0].slug for _n in range(3)]
    assert made == [slug, f"{slug}-2", f"{slug}-3"]


def test_first_variant_has_its_price_in_the_history_and_its_units_in_the_books(in_levis: Site) -> None:
    product = catalogue.create(make_seller(), title="Tomme", form_token=None)[0]
    variant = catalogue.add_stocked_variant(product, price_cents=7_50, units=4, actor_id=None, now=NOW)
    assert (variant.on_hand, variant.sku) == (4, f"P{product.pk}-1")
    assert [row.price_cents for row in PriceChange.objects.all()] == [7_50]
    assert [row.delta for row in StockMovement.objects.all()] == [4]


def test_copy_has_everything_but_the_shelf_and_the_public(in_levis: Site) -> None:
    variant = VariantFactory(title="P", price_cents=7_50, units=9)
    VariantFactory(product=variant.product, title="retirée", is_active=False)
    merchant = variant.product.merchant
    photo = ProductPhotoFactory(product=variant.product, image=ImageFactory(merchant=merchant))
    copy, made = catalogue.duplicate(variant.product, form_token=uuid.uuid4(), actor_id=None, now=NOW)
    copied = copy.variants.get()
    assert (made, copy.status, copy.title) == (
        True,
        ProductStatus.DRAFT,
        f"{variant.product.title} (copie)",
    )
    assert (copied.title, copied.price_cents, copied.on_hand) == ("P", 7_50, 0)
    assert copied.sku != variant.sku
    assert copy.photos.get().image == photo.image
    assert PriceChange.objects.get().variant == copied


def test_shelf_is_counted_by_who_saw_what_stood_there(in_levis: Site) -> None:
    variant = VariantFactory(units=10)
    assert stock.count(variant, 8, seen=10, reason="compté", now=NOW)
    assert stock.count(variant, 8, seen=10, reason="compté", now=NOW) is False  # sent twice
    with pytest.raises(StockMoved) as moved:
        stock.count(variant, 12, seen=10, reason="compté", now=NOW)
    assert moved.value.left == 8
    assert Variant.objects.get().on_hand == 8
    assert [row.delta for row in StockMovement.objects.order_by("pk")] == [10, -2]


@pytest.mark.parametrize("field", sorted(catalogue.GUARDED))
def test_what_has_a_rule_is_not_changed_by_hand(in_levis: Site, field: str) -> None:
    with pytest.raises(ValueError, match="Not by hand"):
        catalogue.change(ProductFactory(), **{field: 1})


def test_change_tells_before_and_after(in_levis: Site) -> None:
    product = ProductFactory(title="Tome")
    assert catalogue.change(product, title="Tomme", description="") == ({"title": "Tome"}, {"title": "Tomme"})
    assert catalogue.change(product, title="Tomme") == ({}, {})


def test_picture_of_another_merchant_is_not_shown(in_levis: Site) -> None:
    product = ProductFactory()
    with pytest.raises(ValueError, match="not this merchant's"):
        catalogue.add_photo(product, ImageFactory(merchant=make_seller()), alt="Tomme")
    assert not product.photos.exists()


def test_gaps_say_where_they_are_filled(in_levis: Site) -> None:
    product = ProductFactory(merchant=make_seller(legal_name="", phone=""), is_food=True)
    VariantFactory(product=product)
    wheres = {gap.where for gap in gaps_of(product, today=NOW.date())}
    assert wheres == {Where.CONTACT, Where.PRICES, Where.PHOTOS}


def test_gaps_of_products_in_hand_ask_nothing(in_levis: Site, django_assert_num_queries) -> None:
    VariantFactory()
    product = Product.objects.select_related("merchant__shop").prefetch_related("variants", "photos").get()
    with django_assert_num_queries(0):
        gaps_of(product, today=NOW.date(), shop=product.merchant.shop)


def test_strangers_variant_is_not_counted(in_levis: Site, bellechasse: Site) -> None:
    variant = VariantFactory(units=10)
    with portal_scope(bellechasse), pytest.raises(Variant.DoesNotExist):
        stock.count(variant, 0, seen=10, reason="vol", now=NOW)
    assert Variant.objects.get().on_hand == 10
