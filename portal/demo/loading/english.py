"""A town's English pages: twins of the French ones, published, each once."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from directory.models import DirectoryPage, Merchant, MerchantPage
from editorial.models import StoryIndexPage, StoryPage
from home.languages import ENGLISH
from home.models import ContentPage, CustomImage, PortalSettings
from home.twins import words_of
from portal.demo import in_english
from portal.demo.in_english import EnglishPlan
from portal.demo.loading import merchants, portals
from portal.demo.loading.stories import Desk
from portal.demo.plans import TownPlan
from shop.models import Product

Album = dict[str, CustomImage]
Words = dict[str, Any]


@transaction.atomic
def offer(town: TownPlan, site: Site, rows: dict[str, Merchant], album: Album) -> int:
    """Pages that are new in English; 0 for a town without any. It is offered once: who closes it keeps it closed."""
    plan = in_english.read(town)
    if plan is None:
        return 0
    locale = Locale.objects.get(language_code=ENGLISH)
    known = set(Page.objects.filter(locale=locale, alias_of=None).values_list("translation_key", flat=True))
    if _keys(site.root_page, plan) <= known:
        return 0
    if site.root_page.translation_key not in known:
        PortalSettings.objects.filter(site=site).update(offers_english=True)
    pages = Original(site, town, rows, album).pages(plan)
    return sum(_publish(page, words, locale) for page, words in pages if page.translation_key not in known)


def _keys(home: Page, plan: EnglishPlan) -> set[Any]:
    """Translation keys of the French pages of that plan, and of the few others that bear the same slug."""
    slugs = {
        *(home.slug, "commerces", "histoires"),
        *(page.slug for page in plan.pages),
        *(window.slug for window in plan.merchants),
        *(story.slug for story in plan.stories),
    }
    pages = Page.objects.descendant_of(home, inclusive=True).filter(slug__in=slugs)
    return set(pages.values_list("translation_key", flat=True))


def _publish(page: Page, words: Words, locale: Locale) -> bool:
    twin = page.copy_for_translation(locale)
    for name, value in words.items():
        setattr(twin, name, value)
    twin.save_revision().publish()
    return True


class Original:
    """The French pages that have English words, parents before their children."""

    def __init__(self, site: Site, town: TownPlan, rows: dict[str, Merchant], album: Album) -> None:
        self.home = site.root_page.specific
        self.rows, self.album = rows, album
        products = Product.objects.select_related("merchant")
        on_shelves = {f"{product.merchant.slug}/{product.slug}": product for product in products}
        self.desk = Desk(town, rows, on_shelves, album)

    def pages(self, plan: EnglishPlan) -> Iterator[tuple[Page, Words]]:
        yield self.home, plan.home
        yield self._one(DirectoryPage), plan.directory
        yield self._one(StoryIndexPage), plan.story_index
        for page in plan.pages:
            written = ContentPage(
                title=page.title,
                search_description=page.seo,
                body=[portals.plain_block(said) for said in page.body],
            )
            yield self._one(ContentPage, slug=page.slug), _words(written)
        for window in plan.merchants:
            row = self.rows[window.slug]
            yield self._one(MerchantPage, merchant=row), _words(merchants.window(window, row, self.album))
        for story in plan.stories:
            written_story = self.desk.page(story, today=timezone.localdate())
            yield self._one(StoryPage, slug=story.slug), _words(written_story)

    def _one(self, model: type[Page], **fields: Any) -> Any:
        return model._default_manager.descendant_of(self.home).get(**fields)


def _words(written: Page) -> Words:
    """What a page that is not saved says: its texts alone."""
    return {name: getattr(written, name) for name in words_of(type(written))}
