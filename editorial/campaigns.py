"""Which campaigns run today, and what their pages show. Their days are the town's: they turn at midnight there."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.hours import wall_clock
from editorial.campaign_shelves import parts_of
from editorial.gift_page import form_of
from editorial.gifts import Wish
from editorial.models import CampaignIndexPage, CampaignPage
from home import twins
from home.addresses import address_of
from home.dates import date_format
from home.languages import FRENCH, TAGS, current
from home.page_lists import public_pages
from home.tenancy import current_site_id

SECONDS_KEPT = 60
PAST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Band:
    """A campaign as the masthead and the front page announce it."""

    pk: int
    title: str
    words: str
    deck: str
    color: str
    icon: str
    begins_on: dt.date
    ends_on: dt.date
    url_path: str
    language: str = FRENCH

    @property
    def url(self) -> str:
        return address_of(self.url_path)

    @property
    def days(self) -> str:
        return days_between(self.begins_on, self.ends_on)

    @property
    def mark(self) -> str:
        """Another one for whatever the masthead shows of it."""
        return repr((self.pk, self.title, self.words, self.color, self.icon, self.ends_on, self.url_path))

    def runs(self, today: dt.date) -> bool:
        return self.begins_on <= today <= self.ends_on

    def days_left(self, today: dt.date) -> int:
        """After this one: 0 on the last day."""
        return (self.ends_on - today).days


def town_today() -> dt.date:
    return wall_clock(timezone.now()).date()


def days_between(begins_on: dt.date, ends_on: dt.date) -> str:
    """« du 20 novembre au 24 décembre », « le 24 juin »; with the years where there are two of them."""
    if begins_on == ends_on:
        return _("le %(day)s") % {"day": date_format(begins_on, "j F")}
    pattern = "j F" if begins_on.year == ends_on.year else "j F Y"
    ends = {"begins": date_format(begins_on, pattern), "ends": date_format(ends_on, pattern)}
    return _("du %(begins)s au %(ends)s") % ends


def bands_of(today: dt.date) -> list[Band]:
    """The campaigns that run on that day, the one that has the masthead first.

    Which campaigns there are is looked up once a minute; which of them run is told by the day itself.
    """
    known = cache.get_or_set(_key(current_site_id(), current()), _bands, SECONDS_KEPT)
    return [band for band in known or [] if band.runs(today)]


def band_of_the_masthead(today: dt.date) -> Band | None:
    return next(iter(bands_of(today)), None)


def forget_bands(site_id: int) -> None:
    """A campaign was published, changed or taken down: the next page of this process looks again."""
    cache.delete_many([_key(site_id, language) for language in TAGS])


def _key(site_id: int, language: str) -> str:
    return f"campaigns-{site_id}-{language}"


def _bands() -> list[Band]:
    """Those that are not over for long, of the smallest rank first, then the newest."""
    since = town_today() - dt.timedelta(days=1)
    rows = public_pages(CampaignPage.objects.filter(ends_on__gte=since)).defer("body", "introduction")
    return [
        Band(
            pk=page.pk,
            title=page.title,
            words=page.band_words,
            deck=page.deck,
            color=page.color,
            icon=page.icon,
            begins_on=page.begins_on,
            ends_on=page.ends_on,
            url_path=page.url_path,
            language=page.language,
        )
        for page in twins.speak(rows.order_by("rank", "-begins_on", "pk"))
    ]


def campaign_context(page: CampaignPage, request: HttpRequest) -> dict[str, Any]:
    """What ``editorial/campaign_page.html`` shows beside the page itself: nothing to buy once it is over."""
    now = timezone.now()
    today = wall_clock(now).date()
    as_if_running = getattr(request, "is_preview", False)
    is_over = page.is_over(today) and not as_if_running
    page.parts = [] if is_over else parts_of(page, now)
    return {
        "is_over": is_over,
        "is_coming": not page.has_begun(today),
        "days": page.days,
        "today": today,
        "gift_form": form_of(Wish()),
        "days_left": (page.ends_on - today).days,
        "parts": page.parts,
        "others": [band for band in bands_of(today) if band.pk != page.pk],
    }


def part_shown(kind: str, value: Any) -> dict[str, Any]:
    """What ``components/campaign_part.html`` shows of one block by itself; ``part`` is None where nothing would be."""
    page = CampaignPage(body=[(kind, value)])
    now = timezone.now()
    return {
        "part": next(iter(parts_of(page, now)), None),
        "today": wall_clock(now).date(),
        "gift_form": form_of(Wish()),
    }


def campaign_index_context(page: CampaignIndexPage) -> dict[str, Any]:
    """What ``editorial/campaign_index_page.html`` shows: nothing of what has not begun."""
    today = town_today()
    begun: Iterable[CampaignPage] = (
        public_pages(CampaignPage.objects.child_of(page).filter(begins_on__lte=today))
        .defer("body")
        .order_by("rank", "-begins_on", "pk")
    )
    rows = twins.speak(begun)
    over = sorted((row for row in rows if row.is_over(today)), key=lambda row: row.ends_on, reverse=True)
    return {"running": [row for row in rows if row.runs(today)], "over": over[:PAST_SHOWN]}
