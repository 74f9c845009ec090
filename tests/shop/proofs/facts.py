"""What stands in the books, without the names and the hours that differ from one run to the next."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from shop.sandbox.server import Sandbox

QUERIES = {
    "checkouts": "SELECT status, total FROM v_checkout",
    "orders": "SELECT status, total, gst, qst, commission, merchant_share FROM v_order",
    "lines": "SELECT sku, quantity, unit_price, state FROM v_line",
    "stock": "SELECT sku, received, on_hand FROM v_stock",
    "payments": "SELECT amount, status, refunded FROM v_payment",
    "transfers": "SELECT destination, amount_cents, reversed_cents, status, transfer_id IS NOT NULL FROM shop_transfer",
    "refunds": "SELECT amount, status FROM v_refund",
    "reversals": "SELECT cause, amount_cents, status, reversal_id IS NOT NULL FROM shop_reversal",
    "disputes": "SELECT amount_cents, status FROM shop_dispute",
    "ledger": "SELECT account, SUM(amount_cents) FROM shop_ledgerentry GROUP BY account",
    "debts": "SELECT amount_cents, settled_at IS NOT NULL FROM shop_debt",
    "effects": "SELECT kind, recipient, sent_at IS NOT NULL FROM v_outbox",
    "pages that can be paid": "SELECT session_id IS NOT NULL FROM shop_checkoutsession WHERE closed_at IS NULL",
    "events": "SELECT type, processed_at IS NOT NULL FROM v_event",
}

CLAIMS = {
    "claimed effects": "SELECT key, attempts, last_error, not_before > now() FROM shop_outboxmessage",
    "claimed events": "SELECT event_id, attempts, last_error, not_before > now() FROM shop_stripeevent",
}

AT_STRIPE = """
    SELECT kind, COUNT(*) FROM object GROUP BY 1 UNION ALL SELECT path, COUNT(*) FROM idempotency GROUP BY 1"""

Facts = dict[str, Any]


def facts(sandbox: Sandbox) -> Facts:
    """Two runs of which one was cut short and mended must agree on all of this."""
    return _rows(QUERIES) | {"Stripe's ledger": sandbox.ledger()}


def traces(sandbox: Sandbox, tables: Iterable[str]) -> Facts:
    """All that a death left behind: two deaths with the same traces are mended in the same way."""
    counts = {table: f'SELECT COUNT(*) FROM "{table}"' for table in tables}
    return facts(sandbox) | _rows(CLAIMS) | _rows(counts) | {"Stripe": sandbox.world.store.execute(AT_STRIPE)}


def _rows(queries: dict[str, str]) -> Facts:
    with connection.cursor() as cursor:
        return {name: sorted(cursor.execute(query).fetchall(), key=repr) for name, query in queries.items()}
