"""One site, read: its front page, the pages that tell who it is, and the list of what it sells. No row, no decision."""

import datetime as dt
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from directory.folding import fold
from directory.own_site import business, markup, products, values
from directory.own_site.addresses import may_read_loopback
from directory.own_site.business import Collector
from directory.own_site.fetching import DATA, PAGES
from directory.own_site.findings import MOST_PRODUCTS, Findings, Found, FoundProduct, Where
from directory.own_site.markup import Page
from directory.own_site.refusals import BadAddress, CannotRead, NothingFound, Unreachable
from directory.own_site.things import Thing, things_of
from directory.own_site.visits import Visit

MOST_OTHER_PAGES = 3
TELLING = (
    ("contact", "joindre", "coordonnees"),
    ("horaire", "heures", "hours"),
    ("propos", "about", "histoire", "qui-sommes"),
    ("boutique", "produits", "shop", "menu", "carte"),
)
"""Words in the address or the words of a link, by what such a page tells; the surest first."""
LONGEST_TYPED = 200


def whole_address(typed: str) -> str:
    """« monsite.ca » with its « https:// ». Raises BadAddress for what is far from an address."""
    written = typed.strip()
    if not written or len(written) > LONGEST_TYPED:
        raise BadAddress
    if "://" in written:
        return written
    scheme = "http" if may_read_loopback() and written.startswith("127.") else "https"
    return f"{scheme}://{written}"


def read_site(url: str, visit: Visit, *, today: dt.date) -> Findings:
    """What the site says of the shop. Raises CannotRead: its reason, or NothingFound."""
    front = _front_page(url, visit)
    pages = [front, *_other_pages(front, visit)]
    things = [thing for page in pages for thing in things_of(page)]
    known = business.collect(pages, things, today=today)
    sold = products.one_each(_products(front, things, visit))
    findings = _findings(front, known, sold)
    if findings.is_empty:
        raise NothingFound
    return findings


def _front_page(url: str, visit: Visit) -> Page:
    """Over plain http where the site knows no other."""
    try:
        return markup.read(visit.get(url, kinds=PAGES))
    except Unreachable:
        if not url.startswith("https://"):
            raise
        return markup.read(visit.get(f"http://{url.removeprefix('https://')}", kinds=PAGES))


def _other_pages(front: Page, visit: Visit) -> Iterator[Page]:
    for url in list(_telling_links(front))[:MOST_OTHER_PAGES]:
        try:
            yield markup.read(visit.get(url, kinds=PAGES))
        except CannotRead:
            continue


def _telling_links(front: Page) -> Iterator[str]:
    """Of the site's own pages, one of each sort that tells more."""
    own, seen = _origin(front.url), {front.url.partition("#")[0].rstrip("/")}
    for words in TELLING:
        for address, said in front.links:
            whole = values.web_address(address.partition("#")[0], front.url)
            told = fold(f"{urlsplit(whole).path} {said}")
            if (
                whole
                and _origin(whole) == own
                and whole.rstrip("/") not in seen
                and any(w in told for w in words)
            ):
                seen.add(whole.rstrip("/"))
                yield whole
                break


def _origin(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


# ------------------------------------------------------------------------------------------------ what it sells


def _products(front: Page, things: Iterable[Thing], visit: Visit) -> Iterator[FoundProduct]:
    """The shop's own list, which is whole; else what its pages describe."""
    readers = [_shopify, _woocommerce]
    if "woocommerce" in front.source or "wp-content" in front.source:
        readers.reverse()
    for read in readers:
        found = list(read(front, visit))
        if found:
            yield from found
            return
    yield from products.of_things(things)


def _shopify(front: Page, visit: Visit) -> Iterator[FoundProduct]:
    page = urljoin(front.url, "/products.json")
    told = _data(f"{page}?limit={MOST_PRODUCTS}", visit)
    if isinstance(told, dict) and told.get("products"):
        about = _data(urljoin(front.url, "/meta.json"), visit)
        currency = values.line(about.get("currency"), 8) if isinstance(about, dict) else ""
        currency = currency or values.line(front.metas.get("og:price:currency"), 8)
        yield from products.of_shopify(told, page=page, currency=currency)


def _woocommerce(front: Page, visit: Visit) -> Iterator[FoundProduct]:
    page = urljoin(front.url, "/wp-json/wc/store/v1/products")
    yield from products.of_woocommerce(_data(f"{page}?per_page={MOST_PRODUCTS}", visit), page=page)


def _data(url: str, visit: Visit) -> object:
    """None where there is none, or where it may not be read."""
    try:
        return products.parsed(visit.get(url, kinds=DATA))
    except CannotRead:
        return None


# ------------------------------------------------------------------------------------------------ the whole


def _findings(front: Page, known: Collector, sold: tuple[FoundProduct, ...]) -> Findings:
    photos = [photo for photo in known.photos.values() if photo.value != _logo(known)]
    own = Found(front.url.partition("?")[0], Where.ADDRESS.value, front.url)
    fields = {**known.fields, "website_url": own}
    if sold and sold[0].where in {Where.SHOPIFY, Where.WOOCOMMERCE}:
        fields["shop_url"] = Found(own.value, sold[0].where, front.url)
    if photos:
        fields["cover"] = photos[0]
    return Findings(front.url, fields, tuple(photos[1:]), tuple(known.social.values()), sold)


def _logo(known: Collector) -> str:
    return str(known.fields["logo"].value) if "logo" in known.fields else ""
