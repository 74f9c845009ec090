"""Every refund says what it gives back; the outside view of lines follows part refunds."""

from django.db import migrations, models
from django.db.models import F, Q

# A line of which some units were given back is shown as two, so that on_hand + reserved + sold = received holds.
LINES = """
CREATE OR REPLACE VIEW v_line AS
SELECT l.id::text AS line_id, l.order_id::text AS order_id, l.sku, p.merchant_id::text AS sku_merchant_id,
       l.quantity - l.refunded_quantity AS quantity, l.unit_price_cents AS unit_price, l.state
  FROM shop_lineitem l
  JOIN shop_variant v ON v.id = l.variant_id
  JOIN shop_product p ON p.id = v.product_id
 WHERE l.refunded_quantity < l.quantity
UNION ALL
SELECT CASE WHEN l.refunded_quantity = l.quantity THEN l.id::text ELSE l.id::text || '-r' END, l.order_id::text, l.sku, p.merchant_id::text,
       l.refunded_quantity, l.unit_price_cents, 'refunded'::varchar(8)
  FROM shop_lineitem l
  JOIN shop_variant v ON v.id = l.variant_id
  JOIN shop_product p ON p.id = v.product_id
 WHERE l.refunded_quantity > 0
"""
LINES_BEFORE = """
CREATE OR REPLACE VIEW v_line AS
SELECT l.id::text AS line_id, l.order_id::text AS order_id, l.sku, p.merchant_id::text AS sku_merchant_id,
       l.quantity, l.unit_price_cents AS unit_price, l.state
  FROM shop_lineitem l
  JOIN shop_variant v ON v.id = l.variant_id
  JOIN shop_product p ON p.id = v.product_id
"""

class Migration(migrations.Migration):
    dependencies = [("shop", "0005_rates_history_ledger")]

    operations = [
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=Q(
                    amount_cents=F("items_cents")
                    + F("delivery_cents")
                    + F("deposit_cents")
                    + F("gst_cents")
                    + F("qst_cents")
                ),
                name="refund_adds_up",
            ),
        ),
        migrations.RunSQL(LINES, LINES_BEFORE),
    ]
