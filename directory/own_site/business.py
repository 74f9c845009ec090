"""Who the shop is: of all that its pages tell, the surest of each field."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from directory.own_site import values, week
from directory.own_site.findings import LONGEST_INTRO, LONGEST_NAME, LONGEST_STORY, MOST_PHOTOS, Found, Where
from directory.own_site.markup import Page
from directory.own_site.things import Thing
from directory.own_site.values import first, many

NETWORKS = (
    "facebook.com", "instagram.com", "tiktok.com", "youtube.com", "linkedin.com", "pinterest.com", "pinterest.ca",
    "x.com", "twitter.com", "threads.net",
)  # fmt: skip
MOST_SOCIAL = 8
NOT_A_NAME = frozenset(
    {"accueil", "home", "bienvenue", "page d'accueil", "homepage", "index", "boutique", "welcome"}
)
NOT_A_PHOTO = re.compile(
    r"logo|icon|sprite|pixel|avatar|badge|payment|paiement|\.svg|\.gif|placeholder|spacer|flag"
)


class Collector:
    """The first told of each field stays: tell the surest first."""

    def __init__(self) -> None:
        self.fields: dict[str, Found] = {}
        self.photos: dict[str, Found] = {}
        self.social: dict[str, Found] = {}

    def offer(self, name: str, value: Any, where: str, page: str) -> None:
        if name not in self.fields and value not in (None, "", {}, []):
            self.fields[name] = Found(value, where, page)

    def photo(self, url: str, where: str, page: str) -> None:
        """Each once, whatever size is asked of it."""
        key = url.partition("?")[0]
        if url and key not in self.photos and len(self.photos) < MOST_PHOTOS:
            self.photos[key] = Found(url, where, page)

    def network(self, url: str, where: str, page: str) -> None:
        if is_a_network(url) and len(self.social) < MOST_SOCIAL:
            self.social.setdefault(url.rstrip("/"), Found(url, where, page))


def collect(pages: Sequence[Page], things: Iterable[Thing], *, today: dt.date) -> Collector:
    """``pages``: the front page first."""
    told, known = list(things), Collector()
    for thing in sorted((one for one in told if one.is_business), key=_surest):
        _take_thing(known, thing, today)
    for thing in sorted((one for one in told if one.is_organization and not one.is_business), key=_surest):
        _take_thing(known, thing, today)
    for take in (_take_open_graph, _take_links, _take_words, _take_head):
        for page in pages:
            take(known, page)
    return known


def _surest(thing: Thing) -> bool:
    return thing.where != Where.JSON_LD


# ------------------------------------------------------------------------------------------------ schema.org


def _take_thing(known: Collector, thing: Thing, today: dt.date) -> None:
    facts, where, page = thing.facts, thing.where, thing.page
    known.offer("name", values.line(facts.get("name"), LONGEST_NAME), where, page)
    known.offer("legal_name", values.line(facts.get("legalName"), 160), where, page)
    _take_description(known, facts.get("description"), where, page)
    for contact in (facts, *(one for one in many(facts.get("contactPoint"))[:5] if isinstance(one, dict))):
        known.offer("phone", values.phone(contact.get("telephone")), where, page)
        known.offer("email", values.email(contact.get("email")), where, page)
    for name, value in address_of(first(facts.get("address"))).items():
        known.offer(name, value, where, page)
    _take_place(known, first(facts.get("geo")), where, page)
    known.offer("week", _week_of(facts, today), where, page)
    known.offer("logo", values.web_address(facts.get("logo"), page), where, page)
    for picture in many(facts.get("image"))[:MOST_PHOTOS]:
        known.photo(values.web_address(picture, page), where, page)
    for address in many(facts.get("sameAs"))[:20]:
        known.network(values.web_address(address, page), where, page)


def _week_of(facts: dict[str, Any], today: dt.date) -> week.Week:
    told = week.of_specifications(facts.get("openingHoursSpecification"), today)
    return (
        told
        or week.of_codes(facts.get("openingHours"))
        or week.of_text(values.text(facts.get("openingHours"), 2000))
    )


def _take_description(known: Collector, value: Any, where: str, page: str) -> None:
    words = values.text(value, LONGEST_STORY)
    if len(words) < 20:
        return
    known.offer("intro", values.cut(" ".join(words.split()), LONGEST_INTRO), where, page)
    if len(words) > LONGEST_INTRO:
        known.offer("story", words, where, page)


def _take_place(known: Collector, geo: Any, where: str, page: str) -> None:
    if not isinstance(geo, dict):
        return
    latitude, longitude = (
        values.coordinate(geo.get("latitude"), 90),
        values.coordinate(geo.get("longitude"), 180),
    )
    if latitude is not None and longitude is not None:
        known.offer("latitude", latitude, where, page)
        known.offer("longitude", longitude, where, page)


# ------------------------------------------------------------------------------------------------ postal addresses

_STREET_NAME = (
    r"(?:rue|avenue|ave|av|boulevard|boul|bd|chemin|ch|route|rte|place|cote|c[oô]te|mont[ée]e|rang|quai|all[ée]e|"
    r"impasse|promenade|carr[ée]|square|\d{1,3}e|\d{1,3}i?[eè]me)"
)
_STREET = re.compile(
    rf"\b\d{{1,5}}\s?[A-Za-z]?(?:-\d{{1,5}})?,?\s+{_STREET_NAME}\b\.?[^,\n;|•·]{{0,70}}"
    r"|\b\d{1,5}\s+[A-ZÀ-Ý][^,\n;|•·\d]{2,50}\s(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr)\b\.?",
    re.IGNORECASE,
)
_PROVINCE = re.compile(r"\(?\b(?:qu[ée]bec|qc|p\.?q\.?|canada)\b\.?\)?", re.IGNORECASE)


def address_of(value: Any) -> dict[str, str]:
    """``street_address``, ``city`` and ``postal_code`` of a PostalAddress, or of its words."""
    if not isinstance(value, dict):
        return address_of_words(values.text(value, 300))
    street = values.line(value.get("streetAddress"), 160)
    if not street:
        return address_of_words(values.text(value.get("name"), 300))
    return {
        "street_address": street,
        "city": values.line(value.get("addressLocality"), 80),
        "postal_code": values.postal_code(value.get("postalCode")),
    }


def address_of_words(words: str) -> dict[str, str]:
    """« 12, rue Bégin, Lévis (Québec) G6V 4C2 »; empty without a street."""
    flat = ", ".join(part for part in words.split("\n") if part)
    found = _STREET.search(flat)
    if found is None:
        return {}
    street, behind = found[0].strip(" ,"), flat[found.end() :][:120]
    code = values.postal_code(behind) or values.postal_code(street)
    before_code = re.split(r"[A-Za-z]\d[A-Za-z][ \u00a0-]?\d[A-Za-z]\d", behind)[0]
    city = next((one for one in map(_as_city, before_code.split(",")) if one), "") if code else ""
    return {"street_address": _PROVINCE.split(street)[0].strip(" ,")[:160], "city": city, "postal_code": code}


def _as_city(part: str) -> str:
    name = " ".join(_PROVINCE.sub(" ", part).split()).strip(" .,()–-")
    return name if re.fullmatch(r"[A-Za-zÀ-ÿ' ’.-]{2,60}", name) else ""


def _addresses_in(words: str) -> Iterator[dict[str, str]]:
    """Around each postal code of a text, the line it stands in and the two above."""
    lines = words.split("\n")[:4000]
    for number, one in enumerate(lines):
        if values.postal_code(one[-200:]) or values.postal_code(one[:200]):
            yield address_of_words("\n".join(lines[max(0, number - 2) : number + 1])[-400:])


# ------------------------------------------------------------------------------------------------ what is left


def _take_open_graph(known: Collector, page: Page) -> None:
    where, metas = Where.OPEN_GRAPH.value, page.metas
    known.offer("name", values.line(metas.get("og:site_name"), LONGEST_NAME), where, page.url)
    _take_description(known, metas.get("og:description"), where, page.url)
    known.photo(
        values.web_address(metas.get("og:image:secure_url") or metas.get("og:image"), page.url),
        where,
        page.url,
    )
    for name, key in (
        ("street_address", "street-address"), ("street_address", "street_address"), ("city", "locality"),
    ):  # fmt: skip
        known.offer(name, values.line(metas.get(f"business:contact_data:{key}"), 80), where, page.url)
    contact = "business:contact_data:"
    known.offer("postal_code", values.postal_code(metas.get(f"{contact}postal_code")), where, page.url)
    known.offer("phone", values.phone(metas.get(f"{contact}phone_number")), where, page.url)
    known.offer("email", values.email(metas.get(f"{contact}email")), where, page.url)


def _take_links(known: Collector, page: Page) -> None:
    where = Where.LINK.value
    for address, _words in page.links:
        kind = address[:8].lower()
        if kind.startswith("tel:"):
            known.offer("phone", values.phone(address), where, page.url)
        elif kind.startswith("mailto:"):
            known.offer("email", values.email(address), where, page.url)
        else:
            known.network(values.web_address(address, page.url), where, page.url)
    for address, said in page.pictures:
        whole = values.web_address(address, page.url)
        if "logo" in said and ".svg" not in said:
            known.offer("logo", whole, where, page.url)
        elif not NOT_A_PHOTO.search(said):
            known.photo(whole, where, page.url)
    for icon in page.icons:
        known.offer("logo", values.web_address(icon, page.url), where, page.url)


_PHONE = re.compile(r"(?<![\d-])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .\u00a0-]{0,2}\d{3}[ .\u00a0-]\d{4}(?!\d)")
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")


def _take_words(known: Collector, page: Page) -> None:
    where, words = Where.TEXT.value, values.kept_lines(page.words[: week.MOST_TEXT])
    known.offer(
        "phone", next(filter(None, map(values.phone, _PHONE.findall(words)[:10])), ""), where, page.url
    )
    known.offer(
        "email", next(filter(None, map(values.email, _EMAIL.findall(words)[:10])), ""), where, page.url
    )
    if "street_address" not in known.fields:
        for name, value in next(filter(None, _addresses_in(words)), {}).items():
            known.offer(name, value, where, page.url)
    known.offer("week", week.of_text(words), where, page.url)


def _take_head(known: Collector, page: Page) -> None:
    where = Where.HEAD.value
    _take_description(known, page.metas.get("description"), where, page.url)
    known.offer("name", values.line(page.metas.get("application-name"), LONGEST_NAME), where, page.url)
    parts = re.split(r"\s+[|–—·•:-]\s+|\s*\|\s*", values.line(page.title, 300))
    names = [part for part in parts if part and part.lower().replace("’", "'") not in NOT_A_NAME]
    known.offer("name", values.line(next(iter(names), ""), LONGEST_NAME), where, page.url)


def is_a_network(url: str) -> bool:
    """A page of the shop's on a social network: not the network itself, nor a button that shares."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = parts.path.strip("/").lower()
    return (
        host in NETWORKS
        and bool(path)
        and not re.match(r"share|sharer|intent|dialog|plugins|pin/create", path)
    )
