"""The pictures of a town as rows of its library. A picture's title is its natural key in the portal."""

import hashlib
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image as Pixels
from wagtail.models import Collection, Site
from wagtail.search.backends import get_search_backend

from directory.models import Merchant
from home.models import CustomImage
from portal.demo.loading import studio
from portal.demo.plans import MerchantPlan, Picture, TownPlan

CREDIT = "Illustration\u00a0: atelier de la démo"


def pictures_of(town: TownPlan) -> Iterator[tuple[Picture, str]]:
    """Every picture with the slug of the merchant it belongs to; "" for the Journal's own."""
    for plan in town.merchants:
        yield from ((picture, plan.slug) for picture in _of_merchant(plan))
    yield from ((story.lead, "") for story in town.stories)
    yield from ((author.portrait, "") for author in town.newsroom.authors)


def _of_merchant(plan: MerchantPlan) -> Iterator[Picture]:
    if plan.cover:
        yield plan.cover
    if plan.person:
        yield plan.person.portrait
    if plan.shop:
        yield from (item.picture for item in plan.shop.products if item.picture)
        yield from {
            each.picture.title: each.picture
            for item in plan.shop.products
            for each in item.variants
            if each.picture
        }.values()


def hang(
    town: TownPlan, site: Site, collection: Collection, merchants: dict[str, Merchant]
) -> dict[str, CustomImage]:
    """All pictures of the town by title; those missing are drawn and stored now."""
    wanted = list(pictures_of(town))
    there = _by_title(site)
    missing = [(picture, slug) for picture, slug in wanted if picture.title not in there]
    drawn = studio.draw_all({picture.drawing for picture, _slug in missing})
    rows = [
        _row(picture, drawn[picture.drawing], site, collection, merchants.get(slug))
        for picture, slug in missing
    ]
    with transaction.atomic():
        CustomImage.objects.bulk_create(rows, batch_size=50)
        get_search_backend().add_bulk(CustomImage, rows)
    return _by_title(site)


def _by_title(site: Site) -> dict[str, CustomImage]:
    return {image.title: image for image in CustomImage.objects.filter(site=site)}


def _row(
    picture: Picture, jpeg: bytes, site: Site, collection: Collection, merchant: Merchant | None
) -> CustomImage:
    file = ContentFile(jpeg, name=picture.filename)
    with Pixels.open(file) as pixels:
        width, height = pixels.size
    file.seek(0)
    image = CustomImage(
        title=picture.title,
        description=picture.alt[:255],
        credit=CREDIT.replace(" :", "\u00a0:"),
        site=site,
        merchant=merchant,
        collection=collection,
        width=width,
        height=height,
        file_size=len(jpeg),
        file_hash=hashlib.sha1(jpeg, usedforsecurity=False).hexdigest(),
    )
    image.file = file
    return image
