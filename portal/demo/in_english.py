"""What a town says in English, from the files beside its French ones. A town without them speaks French alone."""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from portal.demo import prose
from portal.demo.plans import MerchantPlan, PagePlan, StoryPlan, TownPlan
from portal.demo.reading import CONTENT
from portal.demo.typography import NBSP

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EnglishPlan:
    """``home``, ``directory`` and ``stories`` are fields of those pages; the rest is as in French, by slug."""

    home: dict[str, Any]
    directory: dict[str, str]
    story_index: dict[str, str]
    pages: tuple[PagePlan, ...]
    merchants: tuple[MerchantPlan, ...]
    stories: tuple[StoryPlan, ...]


def read(town: TownPlan) -> EnglishPlan | None:
    """The French plans with English words; None for a town that says nothing in English."""
    folder = CONTENT / town.key / "english"
    if not folder.exists():
        return None
    said = tomllib.loads((folder / "town.toml").read_text(encoding="utf-8"))
    home = said["home"]
    steps = [(step["title"], step["text"]) for step in said["steps"]]
    return EnglishPlan(
        home={
            "title": home["title"],
            "headline": f"<p>{home['headline']}</p>",
            "search_description": home["seo"],
            "body": [{"type": "step_block", "value": {"title": name, "text": text}} for name, text in steps],
        },
        directory={"title": said["directory"]["title"], "intro": f"<p>{said['directory']['intro']}</p>"},
        story_index=said["stories"],
        pages=(_page(folder / "a-propos.md", town),),
        merchants=tuple(_merchant(row, town) for row in said["merchants"]),
        stories=tuple(_story(path, town) for path in sorted((folder / "stories").glob("*.md"))),
    )


def _page(path: Path, town: TownPlan) -> PagePlan:
    front, body = prose.read(path)
    facts = _facts(town)
    return PagePlan(
        slug=front["slug"],
        title=front["title"],
        seo=front["seo"].format_map(facts),
        body=prose.blocks(body.format_map(facts)),
    )


def _facts(town: TownPlan) -> dict[str, Any]:
    settings = town.settings
    until, phone = settings["free_until"], str(settings["contact_phone"])
    if not isinstance(until, date):
        raise TypeError(until)
    return {
        **settings,
        "commission": f"{int(str(settings['commission_bps'])) / 100:g}",
        "free_until": f"{MONTHS[until.month - 1]} {until.day}, {until.year}",
        "contact_phone": f"{phone[2:5]}{NBSP}{phone[5:8]}-{phone[8:]}",
    }


def _merchant(row: dict[str, Any], town: TownPlan) -> MerchantPlan:
    """Raises KeyError for a merchant that the town has not, or that has nobody and no picture to tell of."""
    french = town.merchant(row["slug"])
    if french.person is None or french.cover is None:
        raise KeyError(row["slug"])
    quote, who = row["quote"]
    person = replace(french.person, role=row["owner_role"], quote=quote, attribution=who)
    return replace(
        french,
        intro=row["intro"],
        story=tuple(f"<p>{words}</p>" for words in row["story"]),
        cover=replace(french.cover, alt=row["cover_alt"]),
        person=person,
    )


def _story(path: Path, town: TownPlan) -> StoryPlan:
    front, body = _story_file(path)
    french = next(story for story in town.stories if story.slug == front["slug"])
    return replace(
        french,
        title=front["title"],
        kicker=front["kicker"],
        deck=front["deck"],
        seo=front["seo"],
        lead=replace(french.lead, alt=front["lead_alt"]),
        body=prose.blocks(body),
    )


@cache
def _story_file(path: Path) -> tuple[dict[str, Any], str]:
    return prose.read(path)
