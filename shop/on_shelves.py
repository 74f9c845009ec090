"""What nobody confirmed leaves the shelves: a front page offers only what somebody still vouches for.

A product is confirmed when its people change, publish or photograph it, set its price, count or fill its shelf; when
somebody buys it; and when they say « toujours vrai ». After the portal's period without any of it the product is on no
shelf, neither of the front page nor of stories, campaigns and gifts. Its own page stays, and says since when.
"""

import datetime as dt

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from directory.hours import wall_clock
from directory.models import Merchant
from directory.still_true import SAME_WORD, Periods, periods
from home.dates import date_format
from shop.enums import OrderStatus, ProductStatus
from shop.models import Product

WARNED_BEFORE = dt.timedelta(days=14)
"""So long before it leaves, its merchant is told; where the portal's period is short, half of it."""
SALES_SEEN = dt.timedelta(days=15)
SECONDS_BETWEEN = 3600


def shelf_since(now: dt.datetime) -> dt.datetime:
    """What was confirmed after this moment is on the shelves of the portal in scope."""
    return now - periods().shelf


def shown_on_shelves(now: dt.datetime) -> QuerySet[Product]:
    """Of the portal in scope, what a shelf may offer at that moment: seen, in stock, sold that day, vouched for."""
    rows: QuerySet[Product] = Product.objects.visible().on_shelves(wall_clock(now).date(), shelf_since(now))
    return rows


def is_vouched(product: Product, now: dt.datetime, known: Periods | None = None) -> bool:
    """Whether shelves may offer it. ``known`` saves looking the portal's periods up for each of many."""
    return product.confirmed_at > now - (known or periods()).shelf


def leaves_on(product: Product, known: Periods | None = None) -> dt.date:
    """The day it leaves, or left, without a word of its people."""
    return wall_clock(product.confirmed_at + (known or periods()).shelf).date()


def is_to_confirm(product: Product, now: dt.datetime, known: Periods | None = None) -> bool:
    """Whether its merchant is asked: it is on sale, and leaves soon or has left."""
    known = known or periods()
    is_old = product.confirmed_at <= now - known.shelf + _warned(known)
    return product.status == ProductStatus.PUBLISHED and is_old


def to_confirm(merchant: Merchant, now: dt.datetime) -> QuerySet[Product]:
    """Its products on sale that leave soon or have left, the first to leave first."""
    known = periods()
    rows: QuerySet[Product] = Product.objects.visible().filter(merchant=merchant)
    old = rows.filter(confirmed_at__lte=now - known.shelf + _warned(known))
    return old.order_by("confirmed_at", "pk")


def leaving(now: dt.datetime) -> QuerySet[Product]:
    """Products on sale that leave soon and have not left yet: their merchants hear of them by letter."""
    known = periods()
    left = now - known.shelf
    rows: QuerySet[Product] = Product.objects.visible()
    return rows.filter(confirmed_at__gt=left, confirmed_at__lte=left + _warned(known))


def _warned(known: Periods) -> dt.timedelta:
    return min(WARNED_BEFORE, known.shelf / 2)


def word_to_merchant(product: Product, now: dt.datetime) -> str:
    """Beside a product on its merchant's list: when it leaves, or since when it is gone; "" where nothing is asked."""
    known = periods()
    if not is_to_confirm(product, now, known):
        return ""
    day = {"day": date_format(leaves_on(product, known), "j F")}
    if is_vouched(product, now, known):
        return _("Sans un mot de vous, il quitte les étalages le %(day)s.") % day
    return _("Il n’est plus sur les étalages depuis le %(day)s.") % day


def word_to_shopper(product: Product, now: dt.datetime) -> str:
    """On the page of a product that shelves do not offer any more; "" where they do."""
    if is_vouched(product, now):
        return ""
    day = {"day": date_format(wall_clock(product.confirmed_at).date(), "j F Y")}
    return _("Le commerce ne l’a pas confirmé depuis le %(day)s.") % day


# ------------------------------------------------------------------------------------------------------ who confirms it


def confirm(rows: QuerySet[Product], *, now: dt.datetime) -> int:
    """« Toujours vrai » of these: how many had not been confirmed within the hour."""
    return rows.order_by().filter(confirmed_at__lte=now - SAME_WORD).update(confirmed_at=now)


def confirm_all(merchant: Merchant, *, now: dt.datetime) -> int:
    """The same of all that it sells."""
    return confirm(Product.objects.filter(merchant=merchant, status=ProductStatus.PUBLISHED), now=now)


def tell_sold(now: dt.datetime) -> int:
    """The worker's job, once an hour."""
    return confirm_sold(now) if cache.add("shelves.sold", 1, SECONDS_BETWEEN) else 0


_SOLD = """
UPDATE shop_product product SET confirmed_at = sold.at
  FROM (SELECT variant.product_id, max(bought.paid_at) AS at
          FROM shop_order bought
          JOIN shop_lineitem line ON line.order_id = bought.id
          JOIN shop_variant variant ON variant.id = line.variant_id
         WHERE bought.paid_at > %(seen)s AND bought.status <> %(canceled)s
         GROUP BY variant.product_id) sold
 WHERE product.id = sold.product_id AND sold.at > product.confirmed_at + interval '7 days'
"""


def confirm_sold(now: dt.datetime) -> int:
    """In every portal, what was bought since and had been silent for a week: how many products.

    Told by the worker and not by the purchase, which would make all buyers of one product wait for its row.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, {"seen": now - SALES_SEEN, "canceled": OrderStatus.CANCELED.value})
        return int(cursor.rowcount)
