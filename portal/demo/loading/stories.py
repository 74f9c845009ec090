"""The Journal's stories as pages, their marks turned into blocks that point at rows; and its newsroom."""

import html
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Site

from directory.models import Merchant
from editorial.mentions import sync_mentions
from editorial.models import Author, Section, Series, StoryAuthor, StoryIndexPage, StoryPage
from home.models import CustomImage
from home.tenancy import current_site_id
from portal.demo.loading.album import CREDIT
from portal.demo.plans import Said, Shown, StoryPlan, TownPlan
from portal.demo.typography import french
from shop.models import Product

Album = dict[str, CustomImage]


def publish(town: TownPlan, site: Site, merchants: dict[str, Merchant], album: Album, *, today: date) -> int:
    """Every story that is not there yet, oldest first; returns how many were new."""
    index = StoryIndexPage.objects.descendant_of(site.root_page).get()
    known = set(StoryPage.objects.child_of(index).values_list("slug", flat=True))
    new = [plan for plan in sorted(town.stories, key=lambda plan: -plan.days_ago) if plan.slug not in known]
    products = {
        f"{product.merchant.slug}/{product.slug}": product
        for product in Product.objects.select_related("merchant")
    }
    settle_newsroom(town, album)
    desk = Desk(town, merchants, products, album)
    for plan in new:
        with transaction.atomic():
            page = index.add_child(instance=desk.page(plan, today=today))
            StoryAuthor.objects.create(page=page, author=desk.author(plan.byline), sort_order=0)
            page.tags.set(plan.tags)
            page.save(clean=False)
            sync_mentions(page)
    return len(new)


def settle_newsroom(town: TownPlan, album: Album) -> None:
    """Who signs, the sections and the series, each once; what somebody changed since stays."""
    site: dict[str, Any] = {"site_id": current_site_id()}
    for author in town.newsroom.authors:
        told: dict[str, Any] = {
            "name": author.name,
            "role": author.role,
            "bio": author.bio,
            "photo": album[author.portrait.title],
        }
        Author.objects.get_or_create(slug=slugify(author.name), defaults={**site, **told})
    for order, (name, intro) in enumerate(town.newsroom.sections):
        told = {"name": name, "intro": intro, "sort_order": order}
        Section.objects.get_or_create(slug=slugify(name), defaults={**site, **told})
    for series in town.newsroom.series:
        told = {"title": series.title, "intro": series.intro, "planned_parts": series.planned}
        Series.objects.get_or_create(slug=series.slug, defaults={**site, **told})


class Desk:
    """Where a story's targets (`product:shop/slug`, `front:shop`) are looked up."""

    def __init__(
        self, town: TownPlan, merchants: dict[str, Merchant], products: dict[str, Product], album: Album
    ) -> None:
        self.town, self.merchants, self.products, self.album = town, merchants, products, album

    def page(self, plan: StoryPlan, *, today: date) -> StoryPage:
        return StoryPage(
            title=plan.title,
            slug=plan.slug,
            search_description=plan.seo,
            kicker=plan.kicker,
            deck=plan.deck,
            section=self.section(plan.section),
            series=Series.objects.get(slug=plan.series) if plan.series else None,
            series_part=plan.part,
            published_on=today - timedelta(days=plan.days_ago),
            lead_image=self.album[plan.lead.title],
            lead_alt=plan.lead.alt,
            lead_credit=french(CREDIT),
            sponsored=bool(plan.sponsor),
            sponsor=plan.sponsor,
            body=[self._block(said) for said in plan.body],
        )

    def author(self, byline: str) -> Author:
        """Whoever signs; for whom is said by the mark of what was paid for."""
        name = byline.partition(", pour ")[0]
        author, _made = Author.objects.get_or_create(
            slug=slugify(name), defaults={"site_id": current_site_id(), "name": name}
        )
        return author

    def section(self, name: str) -> Section:
        section, _made = Section.objects.get_or_create(
            slug=slugify(name), defaults={"site_id": current_site_id(), "name": name}
        )
        return section

    def _block(self, said: Said) -> dict[str, Any]:
        writers = {"product": self._product, "merchant": self._merchant, "quote": _quote}
        if said.kind in writers:
            return writers[said.kind](said)
        if said.fields:
            return {"type": f"{said.kind}_block", "value": self._fields(said.fields)}
        if said.kind == "picture":
            return {"type": "picture_block", "value": self._picture(said.pictures[0])}
        if said.kind == "gallery":
            pictures = [{"type": "item", "value": self._picture(shown)} for shown in said.pictures]
            return {"type": "gallery_block", "value": {"pictures": pictures}}
        return {"type": f"{said.kind}_block", "value": said.words}

    def _product(self, said: Said) -> dict[str, Any]:
        return {"type": "product_block", "value": {"product": self.products[said.words].pk}}

    def _merchant(self, said: Said) -> dict[str, Any]:
        return {"type": "merchant_block", "value": {"merchant": self.merchants[said.words].pk}}

    def _fields(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields of a block as they are kept: rows by their keys."""
        known: dict[str, Callable[[Any], Any]] = {
            "products": self._products,
            "merchant": self._merchant_key,
            "text": _paragraph,
        }
        return {name: known[name](value) if name in known else value for name, value in fields.items()}

    def _products(self, names: list[str]) -> list[int]:
        return [self.products[name].pk for name in names]

    def _merchant_key(self, slug: str) -> int:
        return self.merchants[slug].pk

    def _picture(self, shown: Shown) -> dict[str, Any]:
        return {
            "image": self.album[self._title(shown.target)].pk,
            "alt": shown.alt,
            "credit": french(CREDIT),
            "caption": shown.caption,
        }

    def _title(self, target: str) -> str:
        """The title in the album of what `front:shop`, `portrait:shop` or `product:shop/slug` names."""
        kind, _, name = target.partition(":")
        shop, _, slug = name.partition("/")
        plan = self.town.merchant(shop)
        if kind == "product" and plan.shop:
            picture = next(item.picture for item in plan.shop.products if item.slug == slug)
        else:
            picture = plan.person.portrait if kind == "portrait" and plan.person else plan.cover
        if picture is None:
            raise KeyError(target)
        return picture.title


def _paragraph(words: str) -> str:
    safe = html.escape(words, quote=False)
    return f"<p>{safe.replace('&lt;b&gt;', '<b>').replace('&lt;/b&gt;', '</b>')}</p>"


def _quote(said: Said) -> dict[str, Any]:
    return {"type": "quote_block", "value": {"quote": said.words, "attribution": said.extra}}
