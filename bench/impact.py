"""A year of a town of 2,000 merchants in the impact report: worked out from its rows, closed, and read again.

Rows are invented in SQL: 600 merchants sell, 100,000 orders with three sides each in the ledger, a million daily counts
of which four in ten are contacts. They are gone afterwards.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.figures import Figure
from directory.enums import Tier
from directory.models import Category, Merchant, MerchantPage, Sector
from home.periods import Period
from home.tenancy import current_site
from portal.impact import closing
from portal.impact.models import PublishedMonth
from portal.impact.reporting import report
from shop.enums import CheckoutStatus, OrderStatus
from shop.models import Checkout, Order

YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
NOW = dt.datetime(2027, 1, 10, 12, tzinfo=ZoneInfo("America/Toronto"))
LONGEST_S = 3.0
"""For what somebody waits for: published months. The worker works months out, one by one as they end."""

_PAGES = """
INSERT INTO wagtailcore_page
SELECT (jsonb_populate_record(p, jsonb_build_object(
           'id', %(first)s + n, 'path', overlay(p.path placing lpad(upper(to_hex(n + 16)), 4, 'F') from
           length(p.path) - 3), 'slug', 'impact-' || n, 'url_path', p.url_path || n,
           'translation_key', gen_random_uuid(), 'first_published_at', '2025-12-01T12:00:00Z'))).*
  FROM wagtailcore_page p, generate_series(1, %(rows)s) n WHERE p.id = %(page)s
"""
_WINDOWS = """
INSERT INTO directory_merchantpage
SELECT (jsonb_populate_record(w, jsonb_build_object(
           'page_ptr_id', %(first)s + n, 'merchant_id', (%(merchants)s::bigint[])[n]))).*
  FROM directory_merchantpage w, generate_series(1, %(rows)s) n WHERE w.page_ptr_id = %(page)s
"""
_CHECKOUTS = """
INSERT INTO shop_checkout
SELECT (jsonb_populate_record(c, jsonb_build_object(
           'id', %(checkout)s + n, 'public_id', gen_random_uuid(), 'form_token', gen_random_uuid()))).*
  FROM shop_checkout c, generate_series(1, %(orders)s) n WHERE c.id = %(checkout)s
"""
_ORDERS = """
INSERT INTO shop_order
SELECT (jsonb_populate_record(o, jsonb_build_object(
           'id', %(order)s + n, 'checkout_id', %(checkout)s + n, 'number', 'I-' || n,
           'merchant_id', (%(merchants)s::bigint[])[1 + n %% %(sellers)s],
           'credit_source', CASE WHEN n %% 10 = 0 THEN 'story' ELSE '' END))).*
  FROM shop_order o, generate_series(1, %(orders)s) n WHERE o.id = %(order)s
"""
_LEDGER = """
INSERT INTO shop_ledgerentry (site_id, merchant_id, order_id, journal, kind, account, amount_cents, at)
SELECT %(site)s, (%(merchants)s::bigint[])[1 + n %% %(sellers)s], %(order)s + n, 'impact:' || n, 'sale', side.account,
       side.part * (100 + n %% 97),
       timestamptz '2026-01-01 12:00 America/Toronto' + n * interval '364 days' / %(orders)s
  FROM generate_series(1, %(orders)s) n,
       (VALUES ('shopper', -100), ('merchant', 95), ('commission', 5)) AS side (account, part)
"""
_COUNTS = """
INSERT INTO directory_dailycount (site_id, day, act, source, source_id, subject, subject_id, merchant_id, times)
SELECT %(site)s, date '2026-01-01' + k * 7 %% 365,
       CASE WHEN k %% 5 < 3 THEN 'seen' ELSE (ARRAY['call', 'directions', 'site', 'shop'])[1 + k / 5 %% 4] END,
       (ARRAY['story', 'campaign', 'newsletter', 'flyer', 'front', 'search', 'outside'])[1 + k %% 7], 0, 'merchant',
       merchant, merchant, 1 + k %% 3
  FROM unnest(%(merchants)s::bigint[]) merchant, generate_series(0, %(counts)s - 1) k
"""


def figures(*, merchants: int = 2000, orders: int = 100_000, counts: int = 500) -> Iterator[Figure]:
    """``counts``: for each merchant, at most 2,555. The portal in scope gets the rows, and loses them afterwards."""
    with transaction.atomic():
        _fill(merchants, orders, counts)
        live, live_queries = _timed(lambda: report(YEAR, now=NOW, with_provisional=True))
        closes, _queries = _timed(lambda: closing.close_months(now=NOW))
        read, read_queries = _timed(lambda: report(YEAR, now=NOW))
        assert PublishedMonth.objects.count() >= YEAR.last.month
        transaction.set_rollback(True)
    town = f"{merchants:,} merchants"
    yield Figure(f"impact: a year of {town}, worked out", live, "s")
    yield Figure(f"impact: a year of {town}, its months closed", closes, "s")
    yield Figure(f"impact: a year of {town}, read as published", read, "s", at_most=LONGEST_S)
    yield Figure("impact: worked out ÷ read as published", live / read, "×")
    yield Figure("impact: queries, worked out", live_queries, "")
    yield Figure("impact: queries, as published", read_queries, "")


def _timed(act: Callable[[], object]) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as asked:
        start = time.perf_counter()
        act()
        return time.perf_counter() - start, len(asked)


def _fill(merchants: int, orders: int, counts: int) -> None:
    site = current_site()
    made = _merchants(merchants)
    template = MerchantPage.objects.filter(live=True).order_by("pk").first()
    assert template is not None
    order = _order(made[0])
    given = {
        "site": site.pk, "merchants": [row.pk for row in made], "rows": merchants, "page": template.pk,
        "first": MerchantPage.objects.order_by("pk").last().pk + 10_000, "sellers": max(merchants * 3 // 10, 1),
        "orders": orders, "order": order.pk, "checkout": order.checkout_id, "counts": counts,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (_PAGES, _WINDOWS, _CHECKOUTS, _ORDERS, _LEDGER, _COUNTS):
            cursor.execute(statement, given)
        cursor.execute("ANALYZE shop_ledgerentry, directory_dailycount, shop_order")


def _merchants(number: int) -> list[Merchant]:
    site = current_site()
    sectors = [Sector.objects.create(site=site, name=f"Secteur {i}", slug=f"impact-{i}") for i in range(10)]
    categories = [
        Category.objects.create(site=site, name=f"Catégorie {i}", slug=f"impact-{i}") for i in range(14)
    ]
    claimed = dt.datetime(2025, 12, 2, tzinfo=dt.UTC)
    return Merchant.objects.bulk_create(
        Merchant(
            site=site,
            name=f"Commerce {i}",
            slug=f"impact-{i}",
            sector=sectors[i % 10],
            category=categories[i * 3 % 14],
            tier=Tier.TRANSACTIONAL if i < number * 3 // 10 else Tier.LISTING,
            claimed_at=claimed,
        )
        for i in range(number)
    )


def _order(merchant: Merchant) -> Order:
    """One to be copied."""
    site, at = current_site(), dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    checkout = Checkout.objects.create(
        site=site, form_token=uuid.uuid4(), status=CheckoutStatus.PAID, contact_name="Marie",
        contact_email="marie@exemple.test", total_cents=100, created_at=at, expires_at=at, paid_at=at,
    )  # fmt: skip
    order: Order = Order.objects.create(
        site=site, checkout=checkout, merchant=merchant, number="I-0", status=OrderStatus.PAID, items_cents=100,
        gst_cents=0, qst_cents=0, total_cents=100, commission_bps=500, commission_cents=5,
        merchant_share_cents=95, seller={}, placed_at=at, paid_at=at,
    )  # fmt: skip
    return order
