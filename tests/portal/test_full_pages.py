"""Whole public pages, templates and pictures included: at most fifteen questions, however much they show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from directory.enums import Tier, Weekday
from editorial.mentions import sync_mentions
from editorial.models import StoryIndexPage, StoryPage
from home.tenancy import portal_scope
from tests.factories import (
    ImageFactory,
    MerchantFactory,
    OpeningHoursFactory,
    ProductFactory,
    ProductPhotoFactory,
    VariantFactory,
    make_merchant_page,
    make_page,
    make_seller,
)

MOST = 15


def fill(site: Site, rows: int, first: int = 0) -> None:
    """So many sellers with photo and hours, each with a product with photo and a story about it."""
    with portal_scope(site):
        index = StoryIndexPage.objects.descendant_of(site.root_page).get()
        for n in range(first, first + rows):
            merchant = make_seller(name=f"Commerce {n}", slug=f"commerce-{n}")
            page = merchant.pages.get()
            page.cover, page.cover_alt = ImageFactory(), "La façade"
            page.save()
            for weekday in Weekday:
                OpeningHoursFactory(merchant=merchant, weekday=weekday)
            product = ProductFactory(merchant=merchant, slug=f"produit-{n}")
            ProductPhotoFactory(product=product)
            VariantFactory(product=product)
            story = make_page(
                StoryPage, index, title=f"Histoire {n}", slug=f"histoire-{n}", lead_image=ImageFactory(),
                lead_alt="Une photo", body=blocks_about(merchant, product, rows),
            )  # fmt: skip
            sync_mentions(story)


def blocks_about(merchant, product, rows: int) -> list[dict]:
    block = [
        {"type": "merchant_block", "value": {"merchant": merchant.pk}},
        {"type": "product_block", "value": {"product": product.pk}},
    ]
    return block * rows


def questions(address: str) -> int:
    client = Client(headers={"host": "localhost"})
    for _look in range(2):  # renditions and root paths are made once
        assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as counted:
        client.get(address)
    return len(counted)


@pytest.mark.parametrize(
    "address",
    ["/", "/commerces/", "/commerces/?q=commerce&ouvert=1&vend=1", "/commerces/commerce-0/", "/histoires/",
     "/histoires/histoire-0/", "/boutique/", "/boutique/commerce-0/produit-0/"],
)  # fmt: skip
def test_page_asks_no_more_for_three_than_for_one(levis: Site, address: str) -> None:
    fill(levis, 1)
    one = questions(address)
    fill(levis, 2, first=1)
    three = questions(address)
    assert (one, three) == (three, three)
    assert three <= MOST


def test_full_directory_of_24_rows(levis: Site) -> None:
    with portal_scope(levis):
        for _n in range(24):
            merchant = MerchantFactory(tier=Tier.LISTING)
            make_merchant_page(merchant, cover=ImageFactory())
            OpeningHoursFactory(merchant=merchant)
    assert questions("/commerces/") <= MOST


def test_story_with_many_blocks(levis: Site) -> None:
    fill(levis, 3)
    assert questions("/histoires/histoire-2/") <= MOST
