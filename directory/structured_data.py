"""A merchant in schema.org's words (LocalBusiness, or Store where it sells something), and a list of merchants."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page as ListPage
from django.http import HttpRequest
from django.utils import timezone

from directory.cards import dressed
from directory.enums import Tier, Weekday
from directory.hours import Schedule, Span, Vacation, wall_clock
from directory.merchant_window import SPECIAL_DAYS_SHOWN
from directory.models import DirectoryPage, Merchant, MerchantPage
from directory.schedules import schedule_of
from directory.still_true import Standing
from home.addresses import absolute_url
from home.found import picture_address
from home.structured_data import Node, item_list, moment, web_page, without_gaps

__all__ = ["local_business", "merchant_list", "merchant_nodes", "merchant_reference", "without_gaps"]

DAYS = {day: f"https://schema.org/{day.name.capitalize()}" for day in Weekday}


def merchant_nodes(page: MerchantPage, request: HttpRequest) -> list[Node]:
    """The page, and the merchant whose page it is."""
    business = local_business(page, request)
    changed = moment(page.last_published_at)
    return [
        web_page(request, business["url"], page.title, about=business["@id"], dateModified=changed),
        business,
    ]


def merchant_list(page: DirectoryPage, merchants: "ListPage[Merchant]", request: HttpRequest) -> Node:
    """The directory's page with the merchants it shows, dressed, in its order."""
    shown = item_list(
        request,
        [(merchant.name, merchant.page_url) for merchant in merchants],
        first=merchants.start_index(),
        total=merchants.paginator.count,
    )
    return web_page(request, absolute_url(page, request), page.title, kind="CollectionPage", mainEntity=shown)


def merchant_reference(merchant: Merchant, request: HttpRequest) -> Node:
    """The merchant's name and the ``@id`` under which its own page tells the rest; for one that is dressed."""
    address = request.build_absolute_uri(merchant.page_url)
    kind = _kind(merchant)
    return {"@type": kind, "@id": f"{address}#commerce", "name": merchant.name, "url": address}


def _kind(merchant: Merchant) -> str:
    return "LocalBusiness" if merchant.tier == Tier.LISTING else "Store"


def local_business(page: MerchantPage, request: HttpRequest) -> Node:
    """What is known of the merchant, and nothing else: no empty keys."""
    merchant = _dressed_merchant(page)
    address = absolute_url(page, request)
    today = wall_clock(timezone.now()).date()
    return without_gaps(
        {
            "@type": _kind(merchant),
            "@id": f"{address}#commerce",
            "name": merchant.name,
            "url": address,
            "description": page.intro,
            "image": picture_address(page.cover, request),
            **business_facts(merchant),
            **(hours_facts(schedule_of(merchant), today) if merchant.standing is not Standing.HIDDEN else {}),
        }
    )


def business_facts(merchant: Merchant) -> Node:
    """What is known of it, wherever its page stands."""
    return {
        "telephone": str(getattr(merchant.phone, "as_e164", merchant.phone) or ""),
        "email": merchant.email,
        "address": _postal_address(merchant),
        "geo": _geo(merchant),
        "sameAs": [url for url in (merchant.website_url, merchant.shop_url) if url],
    }


def hours_facts(schedule: Schedule, today: dt.date) -> Node:
    """Of a page whose people still say that it is true; of another nothing is claimed."""
    return {
        "openingHoursSpecification": _weekly(schedule),
        "specialOpeningHoursSpecification": [*_away(schedule.vacation, today), *_special(schedule, today)],
    }


def _dressed_merchant(page: MerchantPage) -> Merchant:
    """The merchant that the page's context has already read, else read now."""
    known = getattr(page, "shown_merchant", None)
    if known is not None:
        merchant: Merchant = known
        return merchant
    return dressed([page.merchant], days_ahead=SPECIAL_DAYS_SHOWN)[0]


def _postal_address(merchant: Merchant) -> dict[str, Any]:
    if not (merchant.street_address or merchant.postal_code or merchant.city):
        return {}
    return without_gaps(
        {
            "@type": "PostalAddress",
            "streetAddress": merchant.street_address,
            "addressLocality": merchant.city,
            "addressRegion": "QC",
            "postalCode": merchant.postal_code,
            "addressCountry": "CA",
        }
    )


def _geo(merchant: Merchant) -> dict[str, Any]:
    if merchant.latitude is None or merchant.longitude is None:
        return {}
    return {"@type": "GeoCoordinates", "latitude": merchant.latitude, "longitude": merchant.longitude}


def _weekly(schedule: Schedule) -> list[dict[str, Any]]:
    """One specification per span, with all the days that share it."""
    days: dict[Span, list[str]] = {}
    for weekday, spans in sorted(schedule.weekly.items()):
        for span in spans:
            days.setdefault(span, []).append(DAYS[Weekday(weekday)])
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": named, **_times(span)}
        for span, named in days.items()
    ]


def _special(schedule: Schedule, today: dt.date) -> list[dict[str, Any]]:
    """The dates to come; a closed one opens and closes at midnight, as schema.org asks."""
    specifications: list[dict[str, Any]] = []
    for date, spans in sorted(schedule.special.items()):
        if date >= today and not schedule.is_away(date):
            specifications.extend(_on_date(date, spans))
    return specifications


def _away(vacation: Vacation | None, today: dt.date) -> list[dict[str, Any]]:
    """Closed from the first to the last day of a vacation that is not over."""
    if vacation is None or vacation.last < today:
        return []
    days = {"validFrom": vacation.first.isoformat(), "validThrough": vacation.last.isoformat()}
    return [{"@type": "OpeningHoursSpecification", **days, "opens": "00:00", "closes": "00:00"}]


def _on_date(date: dt.date, spans: Iterable[Span]) -> Iterable[dict[str, Any]]:
    valid = {"validFrom": date.isoformat(), "validThrough": date.isoformat()}
    times = [_times(span) for span in spans] or [{"opens": "00:00", "closes": "00:00"}]
    return [{"@type": "OpeningHoursSpecification", **valid, **time} for time in times]


def _times(span: Span) -> dict[str, str]:
    """Round the clock is 00:00 to 23:59 in the field's words."""
    if span.opens == span.closes:
        return {"opens": "00:00", "closes": "23:59"}
    return {"opens": f"{span.opens:%H:%M}", "closes": f"{span.closes:%H:%M}"}
