"""The read-only views that the outside relies on. Ids are text, amounts are cents."""

from django.db import migrations

VIEWS = {
    "v_stock": """
        SELECT v.sku,
               p.merchant_id::text AS merchant_id,
               COALESCE((SELECT SUM(m.delta) FROM shop_stockmovement m WHERE m.variant_id = v.id), 0)::bigint AS received,
               v.on_hand
          FROM shop_variant v
          JOIN shop_product p ON p.id = v.product_id
    """,
    "v_checkout": """
        SELECT c.id::text AS checkout_id,
               s.hostname AS portal,
               c.status,
               c.total_cents AS total,
               c.created_at,
               c.paid_at
          FROM shop_checkout c
          JOIN wagtailcore_site s ON s.id = c.site_id
    """,
    "v_order": """
        SELECT o.id::text AS order_id,
               o.number,
               o.checkout_id::text AS checkout_id,
               o.merchant_id::text AS merchant_id,
               o.status,
               o.total_cents AS total,
               o.gst_cents AS gst,
               o.qst_cents AS qst,
               o.delivery_cents AS delivery,
               o.commission_cents AS commission,
               o.merchant_share_cents AS merchant_share
          FROM shop_order o
    """,
    "v_line": """
        SELECT l.id::text AS line_id,
               l.order_id::text AS order_id,
               l.sku,
               p.merchant_id::text AS sku_merchant_id,
               l.quantity,
               l.unit_price_cents AS unit_price,
               l.state
          FROM shop_lineitem l
          JOIN shop_variant v ON v.id = l.variant_id
          JOIN shop_product p ON p.id = v.product_id
    """,
    "v_payment": """
        SELECT p.payment_intent_id,
               p.checkout_id::text AS checkout_id,
               p.amount_cents AS amount,
               p.status,
               p.refunded_cents AS refunded
          FROM shop_paymentintent p
    """,
    "v_transfer": """
        SELECT t.transfer_id,
               t.order_id::text AS order_id,
               t.destination,
               t.amount_cents AS amount,
               t.reversed_cents AS reversed
          FROM shop_transfer t
         WHERE t.status IN ('pending', 'sent')
    """,
    "v_refund": """
        SELECT COALESCE(r.refund_id, r.id::text) AS refund_id,
               r.order_id::text AS order_id,
               r.amount_cents AS amount,
               r.status
          FROM shop_refund r
    """,
    "v_event": "SELECT e.event_id, e.type, e.received_at, e.processed_at FROM shop_stripeevent e",
    "v_outbox": "SELECT o.key, o.kind, o.recipient, o.created_at, o.sent_at, o.attempts FROM shop_outboxmessage o",
}


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_tax_rates")]

    operations = [
        migrations.RunSQL(f"CREATE VIEW {name} AS {select}", f"DROP VIEW {name}") for name, select in VIEWS.items()
    ]
