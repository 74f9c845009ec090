"""Stories, as the search knows them (``settings.SEARCH_SOURCES``)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Site

from directory.enums import SearchKind
from directory.searching.entries import Entry
from directory.searching.texts import stream_text
from editorial.models import StoryMerchant, StoryPage
from home.page_lists import in_private_section, public_pages

WORTH_PICTURE, WORTH_DECK, WORTH_ANY = 30, 20, 40


class Stories:
    """A ``directory.searching.entries.Source``."""

    def keys(self) -> Iterable[int]:
        return _readable().order_by("pk").values_list("pk", flat=True)

    def entries(self, keys: Sequence[int]) -> Iterable[Entry]:
        named = _named(keys)
        rows = _readable().filter(pk__in=keys).select_related("section", "series").order_by("pk")
        rows = rows.prefetch_related("story_authors__author", "taggings__tag")
        sites = [(row, _site_of(row)) for row in rows]
        return [_entry(row, site, named.get(row.pk, "")) for row, site in sites if site is not None]

    def visible(self) -> QuerySet[Any]:
        return public_pages(StoryPage.objects.all())


def _readable() -> QuerySet[StoryPage]:
    """What everybody may read, in every portal."""
    return StoryPage.objects.filter(~in_private_section(), live=True)


def _site_of(page: StoryPage) -> int | None:
    """Primary key of the portal whose tree the page stands in; None for a page outside of all."""
    roots = [root for root in Site.get_site_root_paths() if page.url_path.startswith(root.root_path)]
    return max(roots, key=lambda root: len(root.root_path)).site_id if roots else None


def _named(keys: Sequence[int]) -> dict[int, str]:
    """The names of the merchants that these stories speak of."""
    rows = StoryMerchant.objects.filter(page__in=keys).values_list("page_id", "merchant__name")
    names: dict[int, list[str]] = {}
    for page_id, name in rows:
        names.setdefault(page_id, []).append(name)
    return {page_id: " ".join(said) for page_id, said in names.items()}


def _sorted_under(row: StoryPage) -> list[str]:
    """Its section, series and tags."""
    kept = [row.section.name] if row.section else []
    kept += [row.series.title] if row.series else []
    return kept + [tagging.tag.name for tagging in row.taggings.all()]


def _entry(row: StoryPage, site_id: int, named: str) -> Entry:
    return Entry(
        SearchKind.STORY,
        row.pk,
        site_id,
        row.title,
        also=" ".join([row.kicker, *_sorted_under(row), named]),
        text=" ".join([row.deck, *(link.author.name for link in row.story_authors.all())]),
        more=stream_text(row.body.raw_data),
        worth=WORTH_ANY + WORTH_PICTURE * bool(row.lead_image_id) + WORTH_DECK * bool(row.deck),
    )
