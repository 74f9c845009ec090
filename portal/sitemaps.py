"""What search engines may find of a portal: its public pages and the products on sale."""

import datetime as dt
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Q, QuerySet
from wagtail.contrib.sitemaps import Sitemap as WagtailSitemap

from home.page_lists import public_pages
from shop.cards import product_url
from shop.models import Product


class PagesSitemap(WagtailSitemap):
    """The public pages of the portal that the host names; not those of suspended or removed merchants."""

    def items(self) -> QuerySet[Any]:
        hidden = Q(merchantpage__merchant__suspended_at__isnull=False) | Q(
            merchantpage__merchant__removed_at__isnull=False
        )
        root = self.get_wagtail_site().root_page
        pages = public_pages(root.get_descendants(inclusive=True)).exclude(hidden)
        return pages.order_by("path").defer_streamfields().specific()  # type: ignore[attr-defined]


class ProductsSitemap(Sitemap[Product]):
    """The products on sale in the portal in scope."""

    def items(self) -> QuerySet[Product]:
        return Product.objects.visible().select_related("merchant").order_by("pk")

    def location(self, item: Product) -> str:
        return product_url(item)

    def lastmod(self, item: Product) -> dt.datetime:
        return item.created_at
