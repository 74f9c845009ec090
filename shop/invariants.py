"""What must always hold (CONTRACT.md, and ``shop.bookkeeping``), each as a query over everything that finds no row.

Run by the tests after everything that moves money, by ``check_invariants``, and by the worker. The queries read
every portal at once, on purpose: they are the operator's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import connection

from shop.bookkeeping import BOOKKEEPING
from shop.enums import CHECKOUT_EDGES, ORDER_EDGES

SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that some rows break, with the first of them."""

    name: str
    promise: str
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return f"{self.name} {self.promise}: {'; '.join(' | '.join(row) for row in self.rows)}"


def _edges(edges: Mapping[str, frozenset[str]]) -> str:
    """Allowed edges as SQL rows, the birth of the row included."""
    first = next(iter(edges))
    pairs = [
        ("", first),
        *((source, target) for source, targets in edges.items() for target in sorted(targets)),
    ]
    return ", ".join(f"('{source}', '{target}')" for source, target in pairs)


def _log_query(kind: str, table: str, edges: Mapping[str, frozenset[str]]) -> str:
    """Rows of ``kind`` whose log takes a forbidden edge, has a gap, or does not end at the present status."""
    return f"""
        WITH log AS (
            SELECT {kind}_id AS id, from_status, to_status,
                   LAG(to_status, 1, '') OVER (PARTITION BY {kind}_id ORDER BY id) AS before,
                   ROW_NUMBER() OVER (PARTITION BY {kind}_id ORDER BY id DESC) AS from_end
              FROM shop_statuschange WHERE {kind}_id IS NOT NULL)
        SELECT id, from_status, to_status FROM log
         WHERE from_status <> before OR (from_status, to_status) NOT IN (VALUES {_edges(edges)})
        UNION ALL
        SELECT t.id, t.status, COALESCE(log.to_status, '')
          FROM {table} t LEFT JOIN log ON log.id = t.id AND log.from_end = 1
         WHERE log.to_status IS DISTINCT FROM t.status"""  # noqa: S608 (names of our own)


INVARIANTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "I1": ("on_hand is never negative", "SELECT sku, on_hand FROM v_stock WHERE on_hand < 0"),
        "I2": (
            "stock is conserved: on_hand + reserved + sold = received",
            """
            SELECT v.site_id, v.sku, v.on_hand, COALESCE(l.held, 0), COALESCE(m.received, 0)
              FROM shop_variant v
              LEFT JOIN (SELECT variant_id, SUM(quantity - refunded_quantity) AS held FROM shop_lineitem
                          WHERE state IN ('reserved', 'sold') GROUP BY 1) l ON l.variant_id = v.id
              LEFT JOIN (SELECT variant_id, SUM(delta) AS received FROM shop_stockmovement GROUP BY 1) m
                     ON m.variant_id = v.id
             WHERE v.on_hand + COALESCE(l.held, 0) <> COALESCE(m.received, 0)""",
        ),
        "I3": (
            "a checkout is paid if and only if exactly one of its payments succeeded, for exactly its total",
            """
            SELECT c.checkout_id, c.status, c.total, COUNT(p.*), SUM(p.amount)
              FROM v_checkout c LEFT JOIN v_payment p ON p.checkout_id = c.checkout_id AND p.status = 'succeeded'
             GROUP BY 1, 2, 3
            HAVING (c.status IN ('paid', 'refunded')) <> (COUNT(p.*) = 1)
                OR COUNT(p.*) > 1 OR COALESCE(SUM(p.amount), c.total) <> c.total""",
        ),
        "I4": (
            "a checkout's total is the sum of its orders'",
            """
            SELECT c.checkout_id, c.total, SUM(o.total) FROM v_checkout c
              LEFT JOIN v_order o ON o.checkout_id = c.checkout_id
             GROUP BY 1, 2 HAVING c.total IS DISTINCT FROM SUM(o.total)""",
        ),
        "I5": (
            "an order's total is its lines + delivery + deposits + taxes",
            """
            SELECT o.id, o.total_cents, SUM(l.quantity * l.unit_price_cents - l.discount_cents) FROM shop_order o
              LEFT JOIN shop_lineitem l ON l.order_id = o.id GROUP BY o.id
            HAVING o.total_cents IS DISTINCT FROM SUM(l.quantity * l.unit_price_cents - l.discount_cents)
                   + o.delivery_cents + o.deposit_cents + o.gst_cents + o.qst_cents""",
        ),
        "I6": (
            (
                "a paid order charged by the portal has one transfer of its share or an open debt; a direct one none; "
                "nothing is owed for an order that was given back whole"
            ),
            """
            SELECT o.id, o.status, o.merchant_share_cents, COUNT(DISTINCT t.id), COUNT(DISTINCT d.id)
              FROM shop_order o
              LEFT JOIN (SELECT order_id, SUM(amount_cents) AS owed FROM shop_ledgerentry
                          WHERE account = 'merchant' AND kind NOT IN ('transfer', 'reversal')
                          GROUP BY 1) e ON e.order_id = o.id
              LEFT JOIN shop_transfer t ON t.order_id = o.id AND t.status IN ('pending', 'sent')
              LEFT JOIN shop_debt d ON d.order_id = o.id AND d.settled_at IS NULL AND d.amount_cents > 0
             WHERE o.status IN ('paid', 'ready', 'fulfilled')
             GROUP BY o.id
            HAVING (o.charge_model = 'direct' AND COUNT(DISTINCT t.id) > 0)
                OR (o.charge_model <> 'direct' AND o.merchant_share_cents > 0 AND COUNT(DISTINCT t.id) <> 1
                    AND COUNT(DISTINCT d.id) <> 1 AND MAX(e.owed) IS DISTINCT FROM 0)
                -- Of a share that was sent, no more can be owed than was taken back (its refund failed).
                OR SUM(d.amount_cents) > COALESCE(MAX(t.reversed_cents), o.merchant_share_cents)
                OR BOOL_OR(t.amount_cents <> o.merchant_share_cents)
            UNION ALL
            SELECT o.id, o.status, o.merchant_share_cents, 0, COUNT(d.id) FROM shop_order o
              JOIN shop_debt d ON d.order_id = o.id AND d.settled_at IS NULL AND d.amount_cents > 0
             WHERE o.status = 'refunded' AND o.refunded_cents = o.total_cents GROUP BY o.id""",
        ),
        "I7": (
            "refunds never exceed what was paid; reversals never exceed the transfer",
            """
            SELECT o.order_id, o.total, SUM(r.amount) FROM v_order o
              JOIN v_refund r ON r.order_id = o.order_id AND r.status <> 'failed'
             GROUP BY 1, 2 HAVING SUM(r.amount) > o.total
            UNION ALL SELECT order_id, amount, reversed FROM v_transfer WHERE reversed > amount
            UNION ALL SELECT checkout_id, amount, refunded FROM v_payment WHERE refunded > amount""",
        ),
        "I8": (
            "merchant share + commission + tax kept by the portal = the order's total",
            """
            SELECT id, total_cents FROM shop_order
             WHERE merchant_share_cents + commission_cents + portal_tax_cents <> total_cents""",
        ),
        "I9": (
            "no line's sku belongs to another merchant than its order",
            """
            SELECT l.line_id, l.sku_merchant_id, o.merchant_id FROM v_line l
              JOIN v_order o ON o.order_id = l.order_id WHERE l.sku_merchant_id <> o.merchant_id""",
        ),
        "I10": (
            "no reservation without a payable checkout, no payable checkout without its reservations",
            """
            SELECT c.id, c.status, COUNT(*) FILTER (WHERE l.state = 'reserved'), COUNT(l.id)
              FROM shop_checkout c JOIN shop_order o ON o.checkout_id = c.id
              JOIN shop_lineitem l ON l.order_id = o.id GROUP BY c.id
            HAVING COUNT(*) FILTER (WHERE l.state = 'reserved')
                   <> CASE WHEN c.status = 'open' THEN COUNT(l.id) ELSE 0 END""",
        ),
        "I11": (
            "one form token makes at most one checkout",
            "SELECT form_token, COUNT(*) FROM shop_checkout GROUP BY 1 HAVING COUNT(*) > 1",
        ),
        "I12": (
            "statuses moved only along allowed edges",
            f"""{_log_query("order", "shop_order", ORDER_EDGES)}
            UNION ALL ({_log_query("checkout", "shop_checkout", CHECKOUT_EDGES)})""",
        ),
        "I13": (
            "an event was applied at most once",
            "SELECT event_id, COUNT(*) FROM v_event GROUP BY 1 HAVING COUNT(*) > 1",
        ),
        "I14": (
            "every paid order has its mails in the outbox exactly once",
            """
            SELECT o.id, o.checkout_id, COUNT(DISTINCT m.id), COUNT(DISTINCT s.id) FROM shop_order o
              LEFT JOIN shop_outboxmessage m
                     ON m.kind = 'mail.merchant_order' AND m.payload -> 'order' = to_jsonb(o.id)
              LEFT JOIN shop_outboxmessage s
                     ON s.kind = 'mail.order_confirmed' AND s.payload -> 'checkout' = to_jsonb(o.checkout_id)
             WHERE o.status IN ('paid', 'ready', 'fulfilled')
             GROUP BY o.id HAVING COUNT(DISTINCT m.id) <> 1 OR COUNT(DISTINCT s.id) <> 1""",
        ),
        "I15": (
            "no row joins two portals",
            """
            SELECT 'order', o.id, o.site_id FROM shop_order o
              JOIN shop_checkout c ON c.id = o.checkout_id JOIN directory_merchant m ON m.id = o.merchant_id
             WHERE o.site_id <> c.site_id OR o.site_id <> m.site_id
            UNION ALL SELECT 'product', p.id, p.site_id FROM shop_product p
              JOIN directory_merchant m ON m.id = p.merchant_id WHERE p.site_id <> m.site_id
            UNION ALL SELECT 'variant', v.id, v.site_id FROM shop_variant v
              JOIN shop_product p ON p.id = v.product_id WHERE v.site_id <> p.site_id
            UNION ALL SELECT 'cart item', i.id, k.site_id FROM shop_cartitem i
              JOIN shop_cart k ON k.id = i.cart_id JOIN shop_variant v ON v.id = i.variant_id
             WHERE v.site_id <> k.site_id
            UNION ALL SELECT 'line', l.id, o.site_id FROM shop_lineitem l
              JOIN shop_order o ON o.id = l.order_id JOIN shop_variant v ON v.id = l.variant_id
             WHERE v.site_id <> o.site_id
            UNION ALL SELECT 'shop', s.id, s.site_id FROM shop_shop s
              JOIN directory_merchant m ON m.id = s.merchant_id WHERE s.site_id <> m.site_id
            UNION ALL SELECT 'merchant', m.id, m.site_id FROM directory_merchant m
              JOIN directory_category k ON k.id = m.category_id JOIN directory_sector s ON s.id = m.sector_id
             WHERE m.site_id <> k.site_id OR m.site_id <> s.site_id
            UNION ALL SELECT 'photo', f.id, p.site_id FROM shop_productphoto f
              JOIN shop_product p ON p.id = f.product_id JOIN home_customimage i ON i.id = f.image_id
             WHERE p.site_id <> i.site_id
            UNION ALL SELECT 'debt', d.id, d.site_id FROM shop_debt d
              JOIN shop_order o ON o.id = d.order_id
             WHERE d.site_id <> o.site_id OR d.merchant_id <> o.merchant_id""",
        ),
    }
)


def breaches() -> list[Breach]:
    """Every invariant that some row breaks; empty when all hold."""
    found = []
    with connection.cursor() as cursor:
        for name, (promise, query) in {**INVARIANTS, **BOOKKEEPING}.items():
            cursor.execute(query)
            rows = cursor.fetchmany(SHOWN_ROWS)
            if rows:
                found.append(Breach(name, promise, tuple(tuple(str(v) for v in row) for row in rows)))
    return found
