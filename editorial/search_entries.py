"""Stories, as the search knows them (``settings.SEARCH_SOURCES``)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from wagtail.models import Site

from directory.enums import SearchKind
from directory.searching.entries import Entry
from directory.searching.texts import stream_text
from editorial.models import StoryMerchant, StoryPage
from home.page_lists import in_french, in_private_section, public_pages

WORTH_PICTURE, WORTH_DECK, WORTH_ANY = 30, 20, 40


class Stories:
    """A ``directory.searching.entries.Source``. An original is found by the words of its translations, too."""

    def keys(self) -> Iterable[int]:
        return _readable().filter(in_french()).order_by("pk").values_list("pk", flat=True)

    def entries(self, keys: Sequence[int]) -> Iterable[Entry]:
        told = StoryPage.objects.filter(pk__in=keys).values("translation_key")
        rows = _readable().filter(in_french(), translation_key__in=told).order_by("pk")
        rows = rows.select_related("section", "series").prefetch_related(
            "story_authors__author", "taggings__tag"
        )
        named, translated = _named(rows), _translated(rows)
        sites = [(row, _site_of(row)) for row in rows]
        return [
            _entry(row, site, named.get(row.pk, ""), translated.get(row.translation_key, ""))
            for row, site in sites
            if site is not None
        ]

    def visible(self) -> QuerySet[Any]:
        return public_pages(StoryPage.objects.filter(in_french()))

    def doubts(self, now: datetime) -> Mapping[int, int]:
        """None: a story says when it was written."""
        return {}


def _readable() -> QuerySet[StoryPage]:
    """What everybody may read, in every portal and language."""
    return StoryPage.objects.filter(~in_private_section(), live=True)


def _translated(rows: QuerySet[StoryPage]) -> dict[UUID, str]:
    """What the translations of these stories say."""
    keys = [row.translation_key for row in rows]
    twins = _readable().filter(~in_french(), translation_key__in=keys)
    return {
        twin.translation_key: f"{twin.title} {twin.deck} {stream_text(twin.body.raw_data)}" for twin in twins
    }


def _site_of(page: StoryPage) -> int | None:
    """Primary key of the portal whose tree the page stands in; None for a page outside of all."""
    roots = [root for root in Site.get_site_root_paths() if page.url_path.startswith(root.root_path)]
    return max(roots, key=lambda root: len(root.root_path)).site_id if roots else None


def _named(stories: QuerySet[StoryPage]) -> dict[int, str]:
    """The names of the merchants that these stories speak of."""
    rows = StoryMerchant.objects.filter(page__in=[story.pk for story in stories]).values_list(
        "page_id", "merchant__name"
    )
    names: dict[int, list[str]] = {}
    for page_id, name in rows:
        names.setdefault(page_id, []).append(name)
    return {page_id: " ".join(said) for page_id, said in names.items()}


def _sorted_under(row: StoryPage) -> list[str]:
    """Its section, series and tags."""
    kept = [row.section.name] if row.section else []
    kept += [row.series.title] if row.series else []
    return kept + [tagging.tag.name for tagging in row.taggings.all()]


def _entry(row: StoryPage, site_id: int, named: str, translated: str) -> Entry:
    return Entry(
        SearchKind.STORY,
        row.pk,
        site_id,
        row.title,
        also=" ".join([row.kicker, *_sorted_under(row), named]),
        text=" ".join([row.deck, *(link.author.name for link in row.story_authors.all())]),
        more=f"{translated} {stream_text(row.body.raw_data)}",
        worth=WORTH_ANY + WORTH_PICTURE * bool(row.lead_image_id) + WORTH_DECK * bool(row.deck),
    )
