"""What a registration's page will look like, made from the answers so far: nothing of it is public."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from directory import timetable
from directory.enums import Tier, Weekday
from directory.hours import Span
from directory.models import Category, Registration, Sector
from home.models import CustomImage


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days in a row that are alike; no spans: closed."""

    label: str
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Shown:
    """The page to come. What is not answered yet is empty; the template shows where it will stand."""

    name: str
    intro: str = ""
    phone: str = ""
    street_address: str = ""
    postal_code: str = ""
    category: Category | None = None
    sector: Sector | None = None
    cover: CustomImage | None = None
    days: list[DayRange] = field(default_factory=list)
    has_hours: bool = False
    site_url: str = ""
    shop_url: str = ""
    sells_here: bool = False


def of(row: Registration) -> Shown:
    """At most three queries."""
    answers: Mapping[str, Any] = row.answers
    week = timetable.week_of_facts(answers.get("hours") or {})
    return Shown(
        name=answers.get("name", ""),
        intro=answers.get("intro", ""),
        phone=answers.get("phone", ""),
        street_address=answers.get("street_address", ""),
        postal_code=answers.get("postal_code", ""),
        category=Category.objects.filter(pk=answers.get("category") or 0).first(),
        sector=Sector.objects.filter(pk=answers.get("sector") or 0).first(),
        cover=picture_of(row),
        days=ranges(week) if week else [],
        has_hours=bool(week),
        site_url=answers.get("website_url", ""),
        shop_url=answers.get("shop_url", "") if answers.get("tier") == Tier.LINKED_SHOP else "",
        sells_here=answers.get("tier") == Tier.TRANSACTIONAL,
    )


def picture_of(row: Registration) -> CustomImage | None:
    """The photo that was sent with it, of this portal."""
    key = row.answers.get("photo")
    pictures = CustomImage.objects.filter(site=row.site_id).prefetch_related("renditions")
    found: CustomImage | None = pictures.filter(pk=key).first() if key else None
    return found


def ranges(week: Mapping[int, list[Span]]) -> list[DayRange]:
    """« lundi – vendredi » with its spans, then the other days, in the order of the week."""
    days = [(day, sorted(week.get(day.value, []))) for day in Weekday]
    grouped = [list(group) for _spans, group in groupby(days, key=lambda day: day[1])]
    return [DayRange(_label([day for day, _spans in group]), group[0][1]) for group in grouped]


def _label(days: list[Weekday]) -> str:
    first, last = str(days[0].label), str(days[-1].label)
    return first if len(days) == 1 else f"{first} – {last}"
