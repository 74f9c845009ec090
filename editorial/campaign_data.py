"""A campaign in schema.org's words: a collection of what it gathers, and the events of its agenda."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest

from directory.hours import ZONE
from editorial.campaign_shelves import AGENDA, MERCHANTS, PRODUCTS, STORIES, Part
from editorial.models import CampaignPage
from home.addresses import absolute_url, address_of
from home.structured_data import Node, event, item_list, web_page, without_gaps


def campaign_nodes(page: CampaignPage, parts: Sequence[Part], request: HttpRequest) -> list[Node]:
    """A CollectionPage of what the page shows, then what takes place. ``parts``: none once it is over."""
    address = absolute_url(page, request)
    items = list(dict.fromkeys(item for part in parts for item in _items(part)))
    collection = web_page(
        request,
        address,
        page.title,
        kind="CollectionPage",
        description=page.search_description or page.deck,
        temporalCoverage=f"{page.begins_on.isoformat()}/{page.ends_on.isoformat()}",
        sponsor={"@type": "Organization", "name": page.sponsor} if page.sponsor else {},
        mainEntity=item_list(request, items) if items else {},
    )
    return [collection, *_events(parts, address)]


def _items(part: Part) -> Iterator[tuple[str, str]]:
    """Name and address of what a shelf shows."""
    for row in part.rows:
        if part.kind == PRODUCTS:
            yield row.title, row.url
        elif part.kind == MERCHANTS:
            yield row.name, row.page_url
        elif part.kind == STORIES:
            yield row.title, address_of(row.url_path)


def _events(parts: Iterable[Part], address: str) -> Iterator[Node]:
    occasions = [occasion for part in parts if part.kind == AGENDA for occasion in part.rows]
    for number, occasion in enumerate(occasions, start=1):
        day = occasion["day"]
        place = without_gaps({"@type": "Place", "name": occasion["place"], "address": occasion["address"]})
        said = event(
            name=occasion["name"],
            address=address,
            starts=day,
            ends=day,
            place=place,
            description=occasion["words"] or "",
        )
        times = {"startDate": occasion["begins"], "endDate": occasion["ends"]}
        hours = {name: _moment(day, time) for name, time in times.items() if time}
        yield {**said, "@id": f"{address}#rendez-vous-{number}", **hours}


def _moment(day: dt.date, time: Any) -> str:
    return dt.datetime.combine(day, time, ZONE).isoformat(timespec="minutes")
