"""Stories over HTTP: live blocks, who is mentioned, what is related, what a stranger never sees."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from directory.hours import ZONE
from editorial.mentions import sync_mentions
from editorial.models import StoryIndexPage, StoryMerchant, StoryPage
from home.tenancy import portal_scope
from shop.enums import ProductStatus
from tests.factories import (
    ImageFactory,
    MerchantFactory,
    OpeningHoursFactory,
    ProductPhotoFactory,
    VariantFactory,
    make_merchant_page,
    make_page,
    make_seller,
    sign,
)

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
LEVIS, BELLECHASSE = {"headers": {"host": "localhost"}}, {"headers": {"host": "bellechasse.localhost"}}


def make_story(site: Site, *blocks: tuple[str, Any], slug: str = "histoire", **fields: Any) -> StoryPage:
    index = StoryIndexPage.objects.descendant_of(site.root_page).get()
    return make_page(
        StoryPage, index, **{"title": "Une histoire", "slug": slug, "body": list(blocks), **fields}
    )


def merchant_block(merchant) -> tuple[str, Any]:
    return ("merchant_block", {"merchant": merchant})


def product_block(product) -> tuple[str, Any]:
    return ("product_block", {"product": product})


def visible_merchant(**fields: Any):
    merchant = MerchantFactory(**fields)
    make_merchant_page(merchant)
    return merchant


def story_html(client: Client, host: dict[str, Any] = LEVIS, slug: str = "histoire") -> str:
    response = client.get(f"/histoires/{slug}/", **host)
    assert response.status_code == 200
    return response.content.decode()


def test_merchant_block_tells_todays_hours(client: Client, in_levis) -> None:
    merchant = visible_merchant(name="Boulangerie Roy")
    OpeningHoursFactory(merchant=merchant)
    make_story(in_levis, merchant_block(merchant))
    with time_machine.travel(MONDAY_NOON, tick=False):
        html = story_html(client)
    assert "Boulangerie Roy" in html
    assert "Ouvert jusqu’à 17\u00a0h\u00a030" in html


def test_product_block_tells_price_and_stock_of_the_moment(client: Client, in_levis) -> None:
    variant = VariantFactory(product__title="Miel", price_cents=12_50)
    make_story(in_levis, product_block(variant.product))
    assert "12,50\u00a0$" in story_html(client)
    variant.price_cents = 13_00
    variant.save()
    assert "13,00\u00a0$" in story_html(client)


@pytest.mark.parametrize("hidden", ["suspended_at", "removed_at"])
def test_blocks_of_a_hidden_merchant_print_nothing(client: Client, in_levis, hidden: str) -> None:
    seller = make_seller(name="Boulangerie Roy")
    product = VariantFactory(product__merchant=seller, product__title="Pain de seigle").product
    make_story(in_levis, merchant_block(seller), product_block(product))
    assert "Boulangerie Roy" in story_html(client)
    setattr(seller, hidden, timezone.now())
    seller.save()
    html = story_html(client)
    assert ("Boulangerie Roy" in html, "Pain de seigle" in html) == (False, False)


def test_block_of_a_withdrawn_product_prints_nothing(client: Client, in_levis) -> None:
    product = VariantFactory(product__title="Pain de seigle").product
    make_story(in_levis, product_block(product))
    product.status = ProductStatus.DRAFT
    product.save()
    assert "Pain de seigle" not in story_html(client)


def test_block_of_a_deleted_row_prints_nothing(client: Client, in_levis) -> None:
    merchant = visible_merchant(name="Boulangerie Roy")
    make_story(in_levis, merchant_block(merchant), ("heading_block", "La suite"))
    merchant.pages.get().delete()
    merchant.delete()
    html = story_html(client)
    assert ("Boulangerie Roy" in html, "La suite" in html) == (False, True)


@pytest.mark.parametrize("raw", ["abc", 0, -1, None, "1; DROP TABLE", 10**30, [1], {"a": 1}])
def test_nonsense_in_a_block_prints_nothing(client: Client, in_levis, raw: Any) -> None:
    story = make_story(in_levis)
    StoryPage.objects.filter(pk=story.pk).update(
        body=[
            {"type": "merchant_block", "value": {"merchant": raw}, "id": "1"},
            {"type": "heading_block", "value": "La suite", "id": "2"},
        ]
    )
    assert "La suite" in story_html(client)


def test_strangers_merchant_and_product_in_a_block_print_nothing(client: Client, levis, bellechasse) -> None:
    with portal_scope(bellechasse):
        stranger = make_seller(name="Commerce étranger")
        product = VariantFactory(product__merchant=stranger, product__title="Produit étranger").product
    with portal_scope(levis):
        story = make_story(levis, merchant_block(stranger), product_block(product))
        assert sync_mentions(story) == set()
        assert not StoryMerchant.objects.exists()
    html = story_html(client)
    assert ("Commerce étranger" in html, "Produit étranger" in html) == (False, False)


def test_story_of_one_portal_is_not_found_in_the_other(client: Client, levis, bellechasse) -> None:
    make_story(levis, title="Chez Roy")
    assert client.get("/histoires/histoire/", **LEVIS).status_code == 200
    for address in ("/histoires/histoire/", "/localhost/histoires/histoire/"):
        assert client.get(address, **BELLECHASSE).status_code == 404
    for address in ("/histoires/", "/histoires/rss/", "/", "/sitemap-histoires.xml"):
        answer = client.get(address, **BELLECHASSE).content.decode()
        assert ("Chez Roy" in answer, "/histoires/histoire/" in answer) == (False, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_story_has_the_same_queries_for_any_number_of_blocks(client: Client, in_levis, rows: int) -> None:
    blocks: list[tuple[str, Any]] = []
    for n in range(rows):
        merchant = visible_merchant()
        OpeningHoursFactory(merchant=merchant)
        product = VariantFactory().product
        ProductPhotoFactory(product=product)
        picture = {"image": ImageFactory(), "alt": "Le four", "credit": "", "caption": ""}
        blocks += [merchant_block(merchant), product_block(product), ("picture_block", picture)]
        make_story(in_levis, merchant_block(merchant), slug=f"autre-{n}", lead_image=ImageFactory())
    make_story(in_levis, *blocks, lead_image=ImageFactory())
    for story in StoryPage.objects.all():
        sync_mentions(story)
    story_html(client)  # renditions and root paths are made once
    with CaptureQueriesContext(connection) as counted:
        html = story_html(client)
    assert html.count('class="story-product"') == html.count('class="story-card"') == rows
    assert len(counted) == 15


def test_publishing_notes_who_is_mentioned(in_levis) -> None:
    named, seller, other = visible_merchant(), make_seller(), visible_merchant()
    product = VariantFactory(product__merchant=seller).product
    story = make_story(in_levis)
    story.body = [merchant_block(named), product_block(product)]
    story.save_revision().publish()
    assert mentioned(story) == {named.pk, seller.pk}

    story = StoryPage.objects.get(pk=story.pk)
    story.body = [merchant_block(other)]
    story.save_revision()
    assert mentioned(story) == {named.pk, seller.pk}  # a draft changes nothing
    story.get_latest_revision().publish()
    assert mentioned(story) == {other.pk}


def test_noting_mentions_twice_changes_nothing(in_levis) -> None:
    story = make_story(in_levis, merchant_block(visible_merchant()))
    sync_mentions(story)
    before = list(StoryMerchant.objects.values_list("pk", flat=True))
    sync_mentions(StoryPage.objects.get(pk=story.pk))
    assert list(StoryMerchant.objects.values_list("pk", flat=True)) == before


def mentioned(story: StoryPage) -> set[int]:
    return set(StoryMerchant.objects.filter(page=story).values_list("merchant_id", flat=True))


def test_index_lists_newest_first_by_pages_of_twenty_four(client: Client, in_levis) -> None:
    for n in range(25):
        make_story(in_levis, slug=f"h-{n}", title=f"Histoire {n:02d}", published_on=dt.date(2026, 1, n + 1))
    html = client.get("/histoires/", **LEVIS).content.decode()
    assert html.index("Histoire 24") < html.index("Histoire 01")
    assert "Histoire 00" not in html
    assert "Histoire 00" in client.get("/histoires/?page=2", **LEVIS).content.decode()
    for nonsense in ("abc", "0", "9999", "%00"):
        assert client.get(f"/histoires/?page={nonsense}", **LEVIS).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_index_has_the_same_queries_for_any_number_of_stories(client: Client, in_levis, rows: int) -> None:
    for n in range(rows):
        make_story(in_levis, slug=f"h-{n}", lead_image=ImageFactory())
    client.get("/histoires/", **LEVIS)
    with CaptureQueriesContext(connection) as counted:
        client.get("/histoires/", **LEVIS)
    assert len(counted) == 9


def test_drafts_and_private_stories_are_in_no_list(client: Client, in_levis) -> None:
    make_story(in_levis, slug="brouillon", title="Un brouillon", live=False)
    private = make_story(in_levis, slug="privee", title="Une privée")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    for address in ("/", "/histoires/", "/histoires/rss/", "/sitemap-histoires.xml"):
        text = client.get(address, **LEVIS).content.decode()
        assert not {word for word in ("Un brouillon", "Une privée", "/histoires/privee/") if word in text}
    assert client.get("/histoires/brouillon/", **LEVIS).status_code == 404
    assert client.get("/histoires/privee/", **LEVIS).status_code == 302


def test_feed_has_the_twenty_newest_of_the_portal(client: Client, in_levis) -> None:
    for n in range(21):
        make_story(
            in_levis,
            slug=f"h-{n}",
            title=f"Histoire {n:02d}",
            published_on=dt.date(2026, 1, n + 1),
            deck="<b>",
        )
    response = client.get("/histoires/rss/", **LEVIS)
    text = response.content.decode()
    assert response["Content-Type"].startswith("application/rss+xml")
    assert text.count("<item>") == 20
    assert "Histoire 00" not in text
    assert "<link>http://localhost/histoires/h-20/</link>" in text
    assert "<title>Achetons Lévis\u00a0: les histoires</title>" in text


def test_structured_data_of_a_story(rf, in_levis) -> None:
    story = make_story(in_levis, deck="Du pain.", published_on=dt.date(2026, 11, 20))
    sign(story, name="Marie Roy", slug="marie-roy")
    assert story.json_ld(rf.get("/", headers={"host": "localhost"})) == [
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": "http://localhost/histoires/histoire/#article",
            "mainEntityOfPage": "http://localhost/histoires/histoire/",
            "url": "http://localhost/histoires/histoire/",
            "headline": "Une histoire",
            "description": "Du pain.",
            "datePublished": "2026-11-20",
            "inLanguage": "fr-CA",
            "author": [
                {
                    "@type": "Person",
                    "name": "Marie Roy",
                    "url": "http://localhost/histoires/auteurs/marie-roy/",
                }
            ],
            "publisher": {"@type": "Organization", "name": "Achetons Lévis"},
        }
    ]


def test_sponsored_story_says_who_paid(rf, in_levis) -> None:
    story = make_story(in_levis, sponsored=True, sponsor="Roy inc.")
    said, *_recipes = story.json_ld(rf.get("/", headers={"host": "localhost"}))
    assert (said["@type"], said["sponsor"]["name"]) == ("AdvertiserContentArticle", "Roy inc.")
