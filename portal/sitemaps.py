"""What search engines may find of a portal: an index, and one list for each kind of page, with its picture.

Only what anybody may see: no draft, no private section, nothing of a merchant that is suspended or gone. However long a
list, it takes the same few queries; one file holds at most MOST addresses.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import Count, Exists, F, Max, Model, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from directory.models import MerchantPage
from editorial.models import Author, Series, StoryPage
from editorial.models import Section as SectionOfStories
from home.addresses import address_of
from home.found import SHARED, Alternate, alternates
from home.models import PortalSettings
from home.page_lists import public_pages
from home.renditions import addresses_of_renditions
from home.structured_data import moment
from portal.impact.models import PublishedMonth
from shop.models import Product, ProductPhoto

MOST = 10_000
"""Rows in one file, with an address in each language; a search engine takes five times as many, and waits for none."""
SECONDS_KEPT = 60
"""A merchant that is suspended is gone from everywhere within a minute."""

PICTURE_OF_PRODUCT = "fill-1080x1080|format-webp"

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)

Row = tuple[str, dt.datetime | None, int | None]
"""An address with or without its host, when what it shows last changed, and the key of its picture."""


@dataclass(frozen=True)
class Section:
    """One kind of page. ``rows`` reads of a queryset what is told; ``changed`` names the column that dates a row."""

    found: Callable[[], QuerySet[Any]]
    rows: Callable[[QuerySet[Any], HttpRequest], Iterable[Row]]
    changed: str
    picture: str = SHARED

    def count_and_latest(self) -> tuple[int, dt.datetime | None]:
        told = self.found().order_by().aggregate(count=Count("pk"), latest=Max(self.changed))
        return told["count"], told["latest"]


def _public(model: type[Page]) -> QuerySet[Any]:
    return public_pages(model._default_manager.all())


def _plain_pages() -> QuerySet[Any]:
    """The pages that no other section lists."""
    pages = _public(Page)
    for model in (MerchantPage, StoryPage):
        pages = pages.filter(~Exists(model.objects.filter(pk=OuterRef("pk"))))
    return pages.order_by("path")


def _merchant_pages() -> QuerySet[Any]:
    seen = {"merchant__suspended_at": None, "merchant__removed_at": None}
    return _public(MerchantPage).filter(**seen).order_by("pk")


def _stories() -> QuerySet[Any]:
    return _public(StoryPage).order_by("-published_on", "-pk")


def _plain_told(pages: QuerySet[Any], request: HttpRequest) -> Iterator[Row]:
    """Each page says itself whether it wants to be found yet."""
    for page in pages.defer_streamfields().specific():  # type: ignore[attr-defined]
        for told in page.get_sitemap_urls(request):
            yield told["location"], told.get("lastmod"), None


def _pictured(column: str) -> Callable[[QuerySet[Any], HttpRequest], Iterator[Row]]:
    """Pages whose picture is in this column."""

    def told(pages: QuerySet[Any], request: HttpRequest) -> Iterator[Row]:
        del request
        for url_path, changed, picture in pages.values_list("url_path", "last_published_at", column):
            yield address_of(url_path), changed, picture

    return told


def _products() -> QuerySet[Product]:
    found: QuerySet[Product] = Product.objects.visible().order_by("pk")
    return found


def _products_told(products: QuerySet[Any], request: HttpRequest) -> Iterator[Row]:
    del request
    photos = ProductPhoto.objects.filter(product=OuterRef("pk")).order_by("sort_order", "pk")
    told = products.annotate(seller=F("merchant__slug"), first=Subquery(photos.values("image")[:1]))
    for seller, slug, changed, picture in told.values_list("seller", "slug", "changed_at", "first"):
        yield reverse("shop:product", args=[seller, slug]), changed, picture


def _kept_by(model: type[Model], path: str) -> Callable[[], QuerySet[Any]]:
    """Those who sign, sections or series, where there is something to read; ``path`` leads from a story to them."""

    def found() -> QuerySet[Any]:
        stories = public_pages(StoryPage.objects.filter(**{path: OuterRef("pk")})).order_by(
            "-last_published_at"
        )
        latest = Subquery(stories.values("last_published_at")[:1])
        return model._default_manager.filter(Exists(stories)).annotate(told_at=latest).order_by("pk")

    return found


def _by_slug(name: str) -> Callable[[QuerySet[Any], HttpRequest], Iterator[Row]]:
    def told(rows: QuerySet[Any], request: HttpRequest) -> Iterator[Row]:
        del request
        for slug, changed in rows.values_list("slug", "told_at"):
            yield reverse(name, args=[slug]), changed, None

    return told


def _months_told(months: QuerySet[Any], request: HttpRequest) -> Iterator[Row]:
    del request
    for month, closed_at in months.values_list("month", "closed_at"):
        yield reverse("impact:month", args=[f"{month:%Y-%m}"]), closed_at, None


SECTIONS = {
    "pages": Section(_plain_pages, _plain_told, "last_published_at"),
    "commerces": Section(_merchant_pages, _pictured("cover"), "last_published_at"),
    "histoires": Section(_stories, _pictured("lead_image"), "last_published_at"),
    "signatures": Section(_kept_by(Author, "story_authors__author"), _by_slug("editorial:author"), "told_at"),
    "rubriques": Section(_kept_by(SectionOfStories, "section"), _by_slug("editorial:section"), "told_at"),
    "series": Section(_kept_by(Series, "series"), _by_slug("editorial:series"), "told_at"),
    "bilans": Section(lambda: PublishedMonth.objects.order_by("-month"), _months_told, "closed_at"),
    "produits": Section(_products, _products_told, "changed_at", PICTURE_OF_PRODUCT),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sections that have something to list, a file for each MOST addresses."""
    entries = [entry for name, section in SECTIONS.items() for entry in _files(request, name, section)]
    return _answer(f"<sitemapindex {NAMESPACES}>", entries, "</sitemapindex>")


def _files(request: HttpRequest, name: str, section: Section) -> Iterator[str]:
    count, latest = section.count_and_latest()
    address = request.build_absolute_uri(reverse("sitemap_section", args=[name]))
    for number in range(1, -(-count // MOST) + 1):
        place = address if number == 1 else f"{address}?p={number}"
        yield f"<sitemap><loc>{escape(place)}</loc>{_lastmod(latest)}</sitemap>"


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """One file of a section. Raises Http404 for a section that there is not, and beyond its last file."""
    kind, number = SECTIONS.get(section), request.GET.get("p", "1")
    if kind is None or not (number.isascii() and number.isdecimal()) or not 0 < int(number[:6]) < 10_000:
        raise Http404("No such list of addresses")
    start = (int(number[:6]) - 1) * MOST
    rows = list(kind.rows(kind.found()[start : start + MOST], request))
    if start and not rows:
        raise Http404("No more addresses")
    pictures = addresses_of_renditions([key for _address, _changed, key in rows if key], kind.picture)
    in_both = PortalSettings.for_request(request).offers_english
    entries = (_entries(request, row, pictures.get(row[2] or 0, ""), in_both=in_both) for row in rows)
    return _answer(f"<urlset {NAMESPACES}>", entries, "</urlset>")


def _entries(request: HttpRequest, row: Row, picture: str, *, in_both: bool) -> str:
    """One entry for each language in which the page may be read; each names them all."""
    address, changed, _key = row
    place = request.build_absolute_uri(address)
    shown = escape(request.build_absolute_uri(picture)) if picture else ""
    image = f"<image:image><image:loc>{shown}</image:loc></image:image>" if shown else ""
    told = alternates(place, request) if in_both else []
    rest = f"{_lastmod(changed)}{''.join(map(_link, told))}{image}"
    places = [each.url for each in told if each.locale] or [place]
    return "\n".join(f"<url><loc>{escape(each)}</loc>{rest}</url>" for each in places)


def _link(alternate: Alternate) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{alternate.tag}" href="{escape(alternate.url)}"/>'


def _lastmod(changed: dt.datetime | None) -> str:
    return f"<lastmod>{moment(changed)}</lastmod>" if changed else ""


def _answer(head: str, entries: Iterable[str], foot: str) -> HttpResponse:
    response = HttpResponse(
        XML + "\n".join([head, *entries, foot, ""]), content_type="application/xml; charset=utf-8"
    )
    response["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    return response
