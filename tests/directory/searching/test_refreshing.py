"""Entries follow the rows, whatever wrote them, and never weigh what somebody pays."""

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Site

from directory.enums import SearchKind, Tier
from directory.models import Category, Merchant, MerchantPage, SearchEntry, SearchStale, SearchWord
from directory.search import in_order, matching
from directory.searching.refreshing import refresh_all
from editorial.models import StoryPage
from home.tenancy import portal_scope
from shop.models import Product, ProductPhoto, Variant
from tests.factories import (
    CategoryFactory,
    MerchantFactory,
    OpeningHoursFactory,
    ProductFactory,
    ProductPhotoFactory,
    VariantFactory,
    make_merchant_page,
)
from tests.portal.towns import Town


@pytest.fixture
def shop(in_levis: Site) -> Merchant:
    merchant = VariantFactory(product__title="Bottine cirée").product.merchant
    refresh_all()
    assert not SearchStale.objects.exists()
    return merchant


def found(q: str) -> list[str]:
    return [merchant.name for merchant in in_order(matching(Merchant.objects.visible(), q), q)]


def entry(kind: SearchKind, key: int) -> SearchEntry | None:
    refresh_all()
    return SearchEntry.objects.filter(kind=kind, object_id=key).first()


BULK = {
    "its name": lambda shop: Merchant.objects.filter(pk=shop.pk).update(name="Zibeline"),
    "its keywords": lambda shop: Merchant.objects.filter(pk=shop.pk).update(keywords="zibelines"),
    "its category": lambda shop: Category.objects.filter(pk=shop.category_id).update(name="Zibelines"),
    "its page": lambda shop: MerchantPage.objects.filter(merchant=shop).update(intro="Des zibelines"),
    "its product": lambda shop: Product.objects.filter(merchant=shop).update(title="Zibeline d’hiver"),
}


@pytest.mark.parametrize("change", BULK)
def test_bulk_update_is_found_after_a_refresh(shop: Merchant, change: str) -> None:
    BULK[change](shop)
    refresh_all()
    assert found("zibeline") == [Merchant.objects.get(pk=shop.pk).name]


def test_words_that_nothing_has_any_more_are_forgotten(shop: Merchant) -> None:
    assert SearchWord.objects.get(word="bottine").uses == 2  # the product, and who sells it
    Product.objects.filter(merchant=shop).update(title="Sabot")
    refresh_all()
    assert not SearchWord.objects.filter(word="bottine").exists()
    assert found("bottine") == []


def test_hidden_merchant_and_its_products_leave_and_come_back(shop: Merchant) -> None:
    product = shop.products.get()
    Merchant.objects.filter(pk=shop.pk).update(suspended_at=timezone.now())
    assert entry(SearchKind.MERCHANT, shop.pk) is None
    assert entry(SearchKind.PRODUCT, product.pk) is None
    Merchant.objects.filter(pk=shop.pk).update(suspended_at=None)
    assert entry(SearchKind.MERCHANT, shop.pk)
    assert entry(SearchKind.PRODUCT, product.pk)


def test_page_that_closes_takes_its_products_along(shop: Merchant) -> None:
    shop.pages.get().unpublish()
    assert entry(SearchKind.PRODUCT, shop.products.get().pk) is None


def test_last_unit_sold_is_told_and_the_ones_before_are_not(shop: Merchant) -> None:
    product = shop.products.get()
    before = entry(SearchKind.PRODUCT, product.pk)
    Variant.objects.filter(product=product).update(on_hand=3)
    assert not SearchStale.objects.exists()
    Variant.objects.filter(product=product).update(on_hand=0)
    after = entry(SearchKind.PRODUCT, product.pk)
    assert (before.worth, after.worth) == (55, 15)


def test_photo_and_hours_are_worth_something_and_a_plan_is_not(shop: Merchant) -> None:
    worth = entry(SearchKind.MERCHANT, shop.pk).worth
    OpeningHoursFactory(merchant=shop)
    told = entry(SearchKind.MERCHANT, shop.pk).worth
    assert told > worth
    for tier in Tier:
        Merchant.objects.filter(pk=shop.pk).update(tier=tier)
        assert entry(SearchKind.MERCHANT, shop.pk).worth == told


def test_story_follows_its_page(here: Town) -> None:
    with portal_scope(here.site):
        assert entry(SearchKind.STORY, here.story.pk).title == here.story.title
        StoryPage.objects.filter(pk=here.story.pk).update(title="Autrement")
        assert entry(SearchKind.STORY, here.story.pk).title == "Autrement"
        here.story.unpublish()
        assert entry(SearchKind.STORY, here.story.pk) is None


def test_rebuild_makes_the_same_as_the_refresh(shop: Merchant, capsys) -> None:
    told = ("kind", "object_id", "title", "words", "document", "worth", "merchant", "category", "sector")
    before = list(SearchEntry.objects.order_by("kind", "object_id").values_list(*told))
    words = list(SearchWord.objects.order_by("word").values_list("word", "stem", "uses"))
    call_command("rebuild_search")
    assert list(SearchEntry.objects.order_by("kind", "object_id").values_list(*told)) == before
    assert list(SearchWord.objects.order_by("word").values_list("word", "stem", "uses")) == words
    assert f"{len(before)} entries." in capsys.readouterr().out


def test_a_thousand_merchants_are_told_in_few_questions(
    in_levis: Site, django_assert_max_num_queries
) -> None:
    category, first = CategoryFactory(), MerchantFactory()
    rows = [
        Merchant(site=in_levis, name=f"Foule {n}", slug=f"foule-{n}", category=category, sector=first.sector)
        for n in range(1000)
    ]
    Merchant.objects.bulk_create(rows)
    with django_assert_max_num_queries(60):
        refresh_all()
    assert not SearchStale.objects.exists()


def test_better_answer_comes_first_whatever_its_tier(in_levis: Site) -> None:
    for name, keywords, tier in (
        ("Chez Paul", "cidre", Tier.TRANSACTIONAL),
        ("Cidrerie Cidre", "", Tier.LISTING),
        ("Garage", "", Tier.LINKED_SHOP),
    ):
        make_merchant_page(MerchantFactory(name=name, keywords=keywords, tier=tier))
    refresh_all()
    assert found("cidres") == ["Cidrerie Cidre", "Chez Paul"]


def test_photo_of_a_product_marks_it(shop: Merchant) -> None:
    product = ProductFactory(merchant=shop)
    refresh_all()
    ProductPhotoFactory(product=product)
    assert SearchStale.objects.filter(kind=SearchKind.PRODUCT, object_id=product.pk).exists()
    refresh_all()
    ProductPhoto.objects.all().delete()
    assert SearchStale.objects.filter(kind=SearchKind.PRODUCT, object_id=product.pk).exists()
