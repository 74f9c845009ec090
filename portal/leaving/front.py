"""A merchant's page as it goes along: what it says, in French and, where it has an English twin, in English."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.hours import Schedule, Vacation
from directory.merchant_window import special_days, vacation_to_tell
from directory.models import Merchant, MerchantPage
from directory.schedules import schedule_of
from directory.week_words import Line, spans_words, week_lines
from editorial.listing import stories_about
from home import twins
from home.addresses import address_of
from home.languages import ENGLISH, FRENCH, speaking
from home.models import CustomImage
from home.page_lists import in_french
from home.pictures import pictures_of
from portal.leaving.photos import Album, Shown
from portal.leaving.prose import kept
from shop.payments.sessions import portal_url


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the merchant's story: ``kind`` is « heading », « text », « quote » or « picture »."""

    kind: str
    text: str | SafeString = ""
    by: str = ""
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A story of the Journal's that speaks of the merchant. It stays the Journal's: here are its title and address."""

    title: str
    deck: str
    byline: str
    published_on: dt.date
    url: str
    language: str = FRENCH


Special = tuple[str, str, str]
"""A date to come that is not as usual, why, and its hours."""


@dataclass(frozen=True, slots=True)
class Front:
    """The page in one language. ``hours``: lines of its week."""

    language: str
    merchant: Merchant
    intro: str
    owner_name: str
    owner_role: str
    owner: Shown | None
    cover: Shown | None
    parts: tuple[Part, ...]
    gallery: tuple[Shown, ...]
    schedule: Schedule
    hours: list[Line]
    special_days: list[Special]
    vacation: Vacation | None
    stories: list[Told] = field(default_factory=list)


def fronts(merchant: Merchant, album: Album, *, today: dt.date, with_english: bool) -> list[Front]:
    """The page in French, then in English where it has its own words there. Its pictures are put into the album."""
    merchant.near_special_hours = list(merchant.special_hours.all())
    french = _page(merchant)
    found = [_front(merchant, french, FRENCH, album, today)]
    if not with_english:
        return found
    with speaking(ENGLISH):
        page = _page(merchant)
        spoken = twins.speak([page])[0] if page.pk else page
        if getattr(spoken, "language", FRENCH) == ENGLISH:
            found.append(_front(merchant, spoken, ENGLISH, album, today))
    return found


def _page(merchant: Merchant) -> MerchantPage:
    """What shoppers see, else what was written last; an empty one where nothing was."""
    rows = MerchantPage.objects.filter(in_french(), merchant=merchant).select_related("cover", "owner_photo")
    page: MerchantPage = rows.order_by("-live", "pk").first() or MerchantPage(merchant=merchant)
    return page


def _front(
    merchant: Merchant, page: MerchantPage, language: str, album: Album, today: dt.date
) -> Front:  # fmt: skip
    gallery = list(page.gallery.select_related("image")) if page.pk else []
    pictures = [page.cover, page.owner_photo, *(photo.image for photo in gallery), *pictures_of(page.body)]
    album.take(picture for picture in pictures if picture)
    schedule = schedule_of(merchant)
    with speaking(language):
        return Front(
            language=language,
            merchant=merchant,
            intro=page.intro,
            owner_name=page.owner_name,
            owner_role=page.owner_role,
            owner=album.shown(page.owner_photo, ""),
            cover=album.shown(page.cover, page.cover_alt),
            parts=tuple(_parts(page, album, _hosts(merchant))),
            gallery=tuple(
                shown for row in gallery if (shown := album.shown(row.image, row.alt, row.caption))
            ),
            schedule=schedule,
            hours=week_lines(schedule),
            special_days=_special(merchant, schedule, today),
            vacation=vacation_to_tell(merchant, today),
            stories=_stories(merchant),
        )


def _special(merchant: Merchant, schedule: Schedule, today: dt.date) -> list[Special]:
    return [
        (capfirst(day.label), day.reason, _("à confirmer") if day.is_unconfirmed else spans_words(day.spans))
        for day in special_days(merchant, schedule, today)
    ]


def _hosts(merchant: Merchant) -> frozenset[str]:
    return frozenset({merchant.site.hostname})


def _parts(page: MerchantPage, album: Album, hosts: frozenset[str]) -> Iterator[Part]:
    for block in page.body:
        part = _part(block, album, hosts)
        if part is not None:
            yield part


def _part(block: Any, album: Album, hosts: frozenset[str]) -> Part | None:
    if block.block_type == "text_block":
        return Part("text", kept(block.value.source, hosts=hosts))
    if block.block_type == "quote_block":
        return Part("quote", block.value["quote"], block.value["attribution"])
    if block.block_type == "picture_block":
        return _picture(block.value, album)
    return Part("heading", str(block.value))


def _picture(value: Any, album: Album) -> Part | None:
    image: CustomImage | None = value["image"]
    words = " ".join(filter(None, (value["caption"], value["credit"])))
    shown = album.shown(image, value["alt"], words)
    return Part("picture", shown=shown) if shown else None


def _stories(merchant: Merchant) -> list[Told]:
    base = portal_url(merchant.site)
    return [
        Told(
            title=story.title,
            deck=story.deck,
            byline=story.byline,
            published_on=story.published_on,
            url=f"{base}{address_of(story.url_path)}",
            language=getattr(story, "language", FRENCH),
        )
        for story in twins.speak(stories_about(merchant))
    ]
