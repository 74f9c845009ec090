"""Where somebody came from to do an act: what the page's own address says, and what the page before it was.

``?de=`` names what is credited; ``?v=`` says in a word which kind of link was followed. A page's answer never depends
on either: only its image and its links are asked for with that address as their Referer.
"""

import datetime as dt
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.http import HttpRequest

from directory.counting.credit import Credit, read_credit
from directory.enums import Source
from home.languages import without_language

CREDIT, WORD, VISIT, BEFORE = "de", "v", "visite", "par"
"""Names in addresses. A link that leaves may carry ``visite``, the credit (or the word) of an earlier page of the same
visit, and ``par``, the page from which its own was reached: a script adds them."""

WORDS = {
    "infolettre": Source.NEWSLETTER,
    "affiche": Source.FLYER,
    "une": Source.FRONT,
    "recherche": Source.SEARCH,
}

FRONT, RESULTS = "/", "/recherche/"
LISTS = ("/commerces/", "/boutique/", "/tournee/")


class Origin(NamedTuple):
    """``source_id``: the page that is credited; 0 where none is named."""

    source: Source
    source_id: int = 0


def origin_of_page(request: HttpRequest, *, site_id: int, now: dt.datetime) -> Origin:
    """Of a page that was seen, from its image's request."""
    page = _page(request)
    return (
        _said(_query(page), site_id=site_id, now=now)
        or _before(request.headers.get("X-Came-From", ""))
        or Origin(Source.OUTSIDE)
    )


def origin_of_act(request: HttpRequest, *, site_id: int, now: dt.datetime, carried: str = "") -> Origin:
    """Of what was done on a page: what its address says, else the visit's credit, else the list that it was done on.

    ``carried``: the credit (or the word) of an earlier page of the visit, where a form brings it.
    """
    page = _page(request)
    asked = {**_query(page), **request.GET.dict()}
    said = _said(asked, site_id=site_id, now=now)
    if said and said.source in Source.credited():
        return said
    visit = request.headers.get("X-Credit", "") or asked.get(VISIT, "") or carried
    return (
        _said({CREDIT: visit, WORD: visit}, site_id=site_id, now=now)
        or said
        or _list_that(page)
        or _before(request.headers.get("X-Came-From", "") or asked.get(BEFORE, ""))
        or Origin(Source.OUTSIDE)
    )


def credit_of_act(
    request: HttpRequest, *, site_id: int, now: dt.datetime, carried: str = ""
) -> Credit | None:
    """What ``origin_of_act`` finds, where it is credited, with the moment at which it was left; None for the rest."""
    on_page, of_visit = _query(_page(request)), {CREDIT: carried, WORD: carried}
    return _credited(on_page, site_id=site_id, now=now) or _credited(of_visit, site_id=site_id, now=now)


def _credited(asked: dict[str, str], *, site_id: int, now: dt.datetime) -> Credit | None:
    """A word names no page, and is said at this moment."""
    if credit := read_credit(asked.get(CREDIT, ""), site_id=site_id, now=now):
        return credit
    source = WORDS.get(asked.get(WORD, ""))
    return Credit(source, 0, now) if source in Source.credited() else None


def _page(request: HttpRequest) -> SplitResult | None:
    """The page that asks: only one of this host is believed."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    return page if page.netloc == request.get_host() else None


def _query(page: SplitResult | None) -> dict[str, str]:
    try:
        found = parse_qs(page.query, max_num_fields=20) if page else {}
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def _said(asked: dict[str, str], *, site_id: int, now: dt.datetime) -> Origin | None:
    if credit := read_credit(asked.get(CREDIT, ""), site_id=site_id, now=now):
        return Origin(credit.source, credit.page_id)
    word = WORDS.get(asked.get(WORD, ""))
    return Origin(word) if word else None


def _list_that(page: SplitResult | None) -> Origin | None:
    """The front page, the search's results, or another list, where the act was done there."""
    if page is None:
        return None
    path = without_language(page.path)
    if path in (FRONT, RESULTS):
        return _before(path)
    if path in LISTS:
        return _before(f"{path}?q" if _query(page).get("q") else path)
    return None


def _before(path: str) -> Origin | None:
    """``path`` of a page of this portal, with ``?q`` behind it where it showed what was searched for."""
    if not path.startswith("/"):
        return None
    path, _mark, searched = path.partition("?")
    path = without_language(path)
    if path == FRONT:
        return Origin(Source.FRONT)
    return Origin(Source.SEARCH if searched or path == RESULTS else Source.PORTAL)
