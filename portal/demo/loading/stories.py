"""The Journal's stories as pages, their marks turned into blocks that point at rows."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Site

from directory.models import Merchant
from editorial.mentions import sync_mentions
from editorial.models import Author, Section, StoryAuthor, StoryIndexPage, StoryPage
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
    desk = Desk(town, merchants, products, album)
    for plan in new:
        with transaction.atomic():
            page = index.add_child(instance=desk.page(plan, today=today))
            StoryAuthor.objects.create(page=page, author=desk.author(plan.byline), sort_order=0)
            sync_mentions(page)
    return len(new)


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
            published_on=today - timedelta(days=plan.days_ago),
            lead_image=self.album[plan.lead.title],
            lead_alt=plan.lead.alt,
            lead_credit=french(CREDIT),
            sponsored=bool(plan.sponsor),
            sponsor=plan.sponsor,
            body=[self._block(said) for said in plan.body],
        )

    def author(self, name: str) -> Author:
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


def _quote(said: Said) -> dict[str, Any]:
    return {"type": "quote_block", "value": {"quote": said.words, "attribution": said.extra}}
