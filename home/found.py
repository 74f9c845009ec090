"""What a page tells those who come from outside: its one address, its neighbours in a list, its picture, its graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as ListPage
from django.http import HttpRequest
from wagtail.models import Page

from home.languages import FRENCH, TAGS, in_language, in_other_language, language_of, other_than
from home.models import CustomImage, PortalSettings
from home.structured_data import (
    Node,
    Step,
    breadcrumbs,
    graph,
    organization,
    searchable,
    web_site,
    whole_organization,
)

SHARED = "fill-1200x630|format-jpeg"
"""What a shared link shows: as wide as networks draw it, in a format that every one of them reads."""


@dataclass(frozen=True)
class Neighbours:
    """Addresses, complete, of the page itself and of those before and after it in a list; "" for none."""

    canonical: str
    previous: str = ""
    following: str = ""


def neighbours(request: HttpRequest, items: "ListPage[Any] | None" = None) -> Neighbours:
    """Filters, words and marks of campaigns fold to the clean address; a further page of the whole list is its own."""
    clean = request.build_absolute_uri(request.path)
    if items is None or _is_filtered(request):
        return Neighbours(clean)
    number = items.number
    return Neighbours(
        _numbered(clean, number),
        _numbered(clean, number - 1) if items.has_previous() else "",
        _numbered(clean, number + 1) if items.has_next() else "",
    )


@dataclass(frozen=True)
class Alternate:
    """The same page in a language: ``tag`` as hreflang names it, ``locale`` as Open Graph does."""

    tag: str
    url: str
    locale: str
    is_this: bool = False


def alternates(canonical: str, request: HttpRequest) -> list[Alternate]:
    """The page at this complete address in each language, French first; last, for who speaks neither, in French."""
    root = request.build_absolute_uri("/").rstrip("/")
    path = canonical.removeprefix(root)
    spoken = language_of(path)
    urls = {spoken: path, other_than(spoken): in_other_language(path)}
    told = [
        Alternate(tag, root + urls[code], tag.replace("-", "_"), code == spoken) for code, tag in TAGS.items()
    ]
    return [*told, Alternate("x-default", root + urls[FRENCH], "")]


def says_where_from(name: str, value: str) -> bool:
    """Whether a parameter says which link was followed: no answer depends on it, and no link takes it along.

    A signed « de » does; the search has one of its own, which is a word.
    """
    return name == "v" or (name == "de" and "." in value)


NO_FILTERS = ("page",)
"""Parameters that leave a list whole. Those that say where from, or begin with one of MARKS, do too."""
MARKS = ("utm_", "fbclid", "gclid", "mc_")


def _is_filtered(request: HttpRequest) -> bool:
    return any(
        value
        and name not in NO_FILTERS
        and not says_where_from(name, str(value))
        and not name.startswith(MARKS)
        for name, value in request.GET.items()
    )


def _numbered(address: str, number: int) -> str:
    return address if number == 1 else f"{address}?page={number}"


def picture_address(picture: CustomImage | str | None, request: HttpRequest) -> str:
    """Complete, of the rendition that networks show, or of what was made for them; "" for no picture."""
    if not picture:
        return ""
    url = picture if isinstance(picture, str) else picture.get_rendition(SHARED).url
    return request.build_absolute_uri(url)


# -------------------------------------------------------------------------------------------------------- the graph


def page_graph(
    page: Any, request: HttpRequest, settings: PortalSettings, nav: Sequence[dict[str, Any]]
) -> Node:
    """All that a Wagtail page says: ``page.json_ld(request)`` (one node or several), the way to it, the portal."""
    said = page.json_ld(request)
    nodes = said if isinstance(said, list) else [said]
    return whole_graph(nodes, request, settings, steps=way_to(page, request, nav))


def whole_graph(
    nodes: Sequence[Node], request: HttpRequest, settings: PortalSettings, *, steps: Sequence[Step]
) -> Node:
    """What the page says, the way to it from the front page, and the portal; the front page says all of the portal."""
    site, portal = web_site(settings, request), organization(settings, request)
    if not steps:
        words = request.build_absolute_uri(in_language("/recherche/")) + "?q={q}"
        site, portal = searchable(site, words), whole_organization(settings, request)
    return graph([*nodes, breadcrumbs(request, steps), site, portal])


def way_to(page: Page, request: HttpRequest, nav: Sequence[dict[str, Any]]) -> list[Step]:
    """The sections above the page, named as the menu names them, then the page. Empty for a front page.

    The menu knows the section of nearly every page; only for a page further down are its ancestors asked for.
    """
    front = in_language("/")
    parts = request.path.removeprefix(front).strip("/").split("/")
    if parts == [""]:
        return []
    addresses = [f"{front}{'/'.join(parts[:n])}/" for n in range(1, len(parts) + 1)]
    named = {entry["url"]: str(entry["label"]) for entry in nav}
    names = [named.get(address, "") for address in addresses[:-1]]
    if not all(names):
        names = [row.title for row in page.get_ancestors().order_by("path")][-len(names) :]
    return [*zip(names, addresses[:-1], strict=False), (page.title, addresses[-1])]
