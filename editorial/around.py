"""What stands around a story: its tags, the other parts of its series, what to read next. One query for all of it."""

from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from editorial.listing import listed_stories
from editorial.models import StoryMerchant, StoryPage, StoryTagging
from home import twins

RELATED = 3
OF_A_MERCHANT, OF_A_TAG, OF_A_SECTOR = 4, 2, 1
"""What a thing in common weighs: each merchant, each tag, and once a part of town."""


class TagName(NamedTuple):
    name: str
    slug: str


class Place(NamedTuple):
    """Where a story stands in its series. ``parts``: those that everyone may read, in the order of reading."""

    number: int
    total: int
    parts: list[StoryPage]
    previous: StoryPage | None
    following: StoryPage | None

    @property
    def label(self) -> str:
        return part_label(self.number, self.total)


def part_label(number: int, total: int) -> str:
    """« 3e de 5 »."""
    words = _("1re de %(total)s") if number == 1 else _("%(number)se de %(total)s")
    return words % {"number": number, "total": max(number, total)}


class Around(NamedTuple):
    tags: list[TagName]
    place: Place | None
    """None for a story of no series."""

    related: list[StoryPage]


def around(page: StoryPage, *, is_draft: bool = False) -> Around:
    """Of a draft in hand the tags and the series are those that the editor has chosen, not those in the tables."""
    rows = twins.speak(_around(page))
    parts = sorted((row for row in rows if page.series_id and row.series_id == page.series_id), key=_in_order)
    related = [row for row in rows if row.pk != page.pk and row not in parts]
    related.sort(key=lambda row: (-row.near, -row.published_on.toordinal(), -row.pk))
    here = next((row for row in rows if row.pk == page.pk), None)
    tags = tags_of(page) if here is None or is_draft else [TagName(**told) for told in here.told_tags]
    return Around(tags, _place(page, parts), related[:RELATED])


def tags_of(page: StoryPage) -> list[TagName]:
    """By name. Of a draft in hand, too."""
    return sorted(TagName(tag.name, tag.slug) for tag in page.tags.all())


def _around(page: StoryPage) -> QuerySet[StoryPage]:
    """The page itself where it is published, its series, and the nearest of all others; without renditions."""
    stories = listed_stories().annotate(near=_nearness(page))
    others = stories.exclude(pk=page.pk)
    if page.series_id:
        others = others.exclude(series=page.series_id)
    nearest = others.order_by("-near", "-published_on", "-pk").values("pk")[:RELATED]
    wanted = Q(pk=page.pk) | Q(pk__in=nearest)
    if page.series_id:
        wanted |= Q(series=page.series_id)
    return stories.filter(wanted).annotate(told_tags=_told_tags()).order_by()


def _nearness(page: StoryPage) -> Any:
    merchants = StoryMerchant.objects.filter(page=page.pk)
    tags = StoryTagging.objects.filter(content_object=page.pk)
    told = StoryMerchant.objects.filter(page=OuterRef("pk"))
    tagged = StoryTagging.objects.filter(content_object=OuterRef("pk"), tag__in=tags.values("tag"))
    sectors = told.filter(merchant__sector__in=merchants.values("merchant__sector"))
    return (
        _count(told.filter(merchant__in=merchants.values("merchant")), "page") * OF_A_MERCHANT
        + _count(tagged, "content_object") * OF_A_TAG
        + Case(When(Exists(sectors), then=Value(OF_A_SECTOR)), default=Value(0))
    )


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), Value(0))


def _told_tags() -> ArraySubquery:
    taggings = StoryTagging.objects.filter(content_object=OuterRef("pk")).order_by("tag__name")
    return ArraySubquery(taggings.values(told=JSONObject(name=F("tag__name"), slug=F("tag__slug"))))


def _in_order(row: StoryPage) -> tuple[bool, int, int, int]:
    """The order of reading: by number, those without one after, the oldest first."""
    return row.series_part is None, row.series_part or 0, row.published_on.toordinal(), row.pk


def _place(page: StoryPage, parts: list[StoryPage]) -> Place | None:
    if page.series is None:
        return None
    for place, part in enumerate(parts, start=1):
        part.part_number = part.series_part or place
    at = next((place for place, part in enumerate(parts) if part.pk == page.pk), len(parts))
    number = page.series_part or at + 1
    total = max(number, len(parts), page.series.planned_parts or 0)
    previous = parts[at - 1] if at else None
    following = parts[at + 1] if at + 1 < len(parts) else None
    return Place(number, total, parts, previous, following)
