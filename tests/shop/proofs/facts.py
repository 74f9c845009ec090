"""What stands in the books, without the names and the hours that differ from one run to the next."""

from typing import Any

from django.db import connection

from shop.sandbox.server import Sandbox

QUERIES = {
    "checkouts": "SELECT status, total FROM v_checkout",
    "orders": "SELECT status, total, gst, qst, commission, merchant_share FROM v_order",
    "lines": "SELECT sku, quantity, unit_price, state FROM v_line",
    "stock": "SELECT sku, received, on_hand FROM v_stock",
    "payments": "SELECT amount, status, refunded FROM v_payment",
    "transfers": "SELECT destination, amount, reversed, status FROM v_transfer JOIN shop_transfer USING (transfer_id)",
    "unsent transfers": "SELECT status, amount_cents FROM shop_transfer WHERE transfer_id IS NULL",
    "refunds": "SELECT amount, status FROM v_refund",
    "debts": "SELECT amount_cents, settled_at IS NOT NULL FROM shop_debt",
    "effects": "SELECT kind, recipient, sent_at IS NOT NULL FROM v_outbox",
    "pages that can be paid": "SELECT session_id IS NOT NULL FROM shop_checkoutsession WHERE closed_at IS NULL",
    "events": "SELECT type, processed_at IS NOT NULL FROM v_event",
}

Facts = dict[str, Any]


def facts(sandbox: Sandbox) -> Facts:
    """Two runs of which one was cut short and mended must agree on all of this."""
    with connection.cursor() as cursor:
        found: Facts = {
            name: sorted(cursor.execute(query).fetchall(), key=repr) for name, query in QUERIES.items()
        }
    return found | {"Stripe's ledger": sandbox.ledger()}
