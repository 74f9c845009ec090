"""Whole pages in schema.org's words: the thing itself, its page, the way to it, the portal that shows it.

One graph a page. What several nodes speak of is told once, with an ``@id``, and named by it elsewhere.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from home.languages import current_tag, in_language

if TYPE_CHECKING:
    from home.models import PortalSettings

SCHEMA = "https://schema.org"

Node = dict[str, Any]
Step = tuple[str, str]
"""A name, and an address of the portal with or without its host."""


def without_gaps(thing: Mapping[str, Any]) -> Node:
    """Without the keys that hold nothing. Zero and False say something."""
    return {key: value for key, value in thing.items() if value not in (None, "", [], {})}


def moment(when: dt.datetime | None) -> str:
    """With the town's zone, to the second: « 2026-11-23T09:30:00-05:00 »; "" for never."""
    return timezone.localtime(when).isoformat(timespec="seconds") if when else ""


def dollars(cents: int) -> str:
    """« 1234.50 »: as machines read an amount."""
    return f"{cents // 100}.{cents % 100:02d}"


def graph(nodes: Iterable[Node]) -> Node:
    """One script's worth: the nodes without the contexts that each may have come with."""
    inside = [{key: value for key, value in node.items() if key != "@context"} for node in nodes if node]
    return {"@context": SCHEMA, "@graph": inside}


# ------------------------------------------------------------------------------------------------------- the portal


def site_id(request: HttpRequest) -> str:
    return request.build_absolute_uri("/") + "#site"


def portal_id(request: HttpRequest) -> str:
    return request.build_absolute_uri("/") + "#portail"


def web_site(settings: "PortalSettings", request: HttpRequest) -> Node:
    """The portal as a site."""
    return {
        "@type": "WebSite",
        "@id": site_id(request),
        "url": request.build_absolute_uri("/"),
        "name": settings.brand,
        "publisher": {"@id": portal_id(request)},
    }


def searchable(site: Node, template: str) -> Node:
    """The site, with the address at which it is searched: ``{q}`` stands for the words."""
    target = {"@type": "EntryPoint", "urlTemplate": template}
    action = {"@type": "SearchAction", "target": target, "query-input": "required name=q"}
    return {**site, "inLanguage": current_tag(), "potentialAction": action}


def organization(settings: "PortalSettings", request: HttpRequest) -> Node:
    """Who runs the portal, in a line."""
    return {
        "@type": "Organization",
        "@id": portal_id(request),
        "name": settings.brand,
        "url": request.build_absolute_uri("/"),
    }


def whole_organization(settings: "PortalSettings", request: HttpRequest) -> Node:
    """The same with all that the portal says of itself: where it is, and whom to ask."""
    phone = str(getattr(settings.contact_phone, "as_e164", settings.contact_phone) or "")
    contact = without_gaps({"telephone": phone, "email": settings.contact_email})
    return without_gaps(
        {
            **organization(settings, request),
            "slogan": settings.tagline,
            "address": settings.postal_address,
            "areaServed": {"@type": "Place", "name": settings.town_name} if settings.town_name else {},
            "parentOrganization": {"@type": "NewsMediaOrganization", "name": settings.journal_name}
            if settings.journal_name
            else {},
            "contactPoint": {"@type": "ContactPoint", "contactType": "customer service", **contact}
            if contact
            else {},
        }
    )


# --------------------------------------------------------------------------------------------------------- the page


def web_page(
    request: HttpRequest, address: str, name: str, *, kind: str = "WebPage", about: str = "", **more: Any
) -> Node:
    """The page at this address; ``about`` is the ``@id`` of what it is the page of."""
    return without_gaps(
        {
            "@type": kind,
            "@id": f"{address}#page",
            "url": address,
            "name": name,
            "inLanguage": current_tag(),
            "isPartOf": {"@id": site_id(request)},
            "mainEntity": {"@id": about} if about else {},
            **more,
        }
    )


def breadcrumbs(request: HttpRequest, steps: Sequence[Step]) -> Node:
    """The way from the front page to this one; nothing for the front page itself."""
    if not steps:
        return {}
    way = [(_("Accueil"), in_language("/")), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": name,
                "item": request.build_absolute_uri(address),
            }
            for place, (name, address) in enumerate(way, start=1)
        ],
    }


def item_list(
    request: HttpRequest, items: Iterable[Step], *, first: int = 1, total: int | None = None
) -> Node:
    """The things that a list's page shows, in its order; ``first`` is the place of the first in the whole list."""
    entries = [
        {
            "@type": "ListItem",
            "position": place,
            "name": name,
            "url": request.build_absolute_uri(address),
        }
        for place, (name, address) in enumerate(items, start=first)
    ]
    return without_gaps(
        {
            "@type": "ItemList",
            "numberOfItems": len(entries) if total is None else total,
            "itemListElement": entries,
        }
    )


def event(
    *,
    name: str,
    address: str,
    starts: dt.date,
    ends: dt.date,
    place: Node,
    description: str = "",
    images: Sequence[str] = (),
) -> Node:
    """Something that takes place from one day to another, both included; ``place`` is a Place or names one."""
    return without_gaps(
        {
            "@type": "Event",
            "@id": f"{address}#evenement",
            "url": address,
            "name": name,
            "description": description,
            "startDate": starts.isoformat(),
            "endDate": ends.isoformat(),
            "eventAttendanceMode": f"{SCHEMA}/OfflineEventAttendanceMode",
            "eventStatus": f"{SCHEMA}/EventScheduled",
            "location": place,
            "image": list(images),
        }
    )
