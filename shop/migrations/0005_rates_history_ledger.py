"""Rows of law (snacks, deposits), the history of what stands already, and a ledger that can only grow."""

import datetime

from django.db import migrations

TAX_RATES = [
    # tax, class, parts per million, since, source
    ("gst", "snack", 50_000, datetime.date(2008, 1, 1), "Loi sur la taxe d’accise, annexe VI, partie III, art. 1"),
    ("qst", "snack", 99_750, datetime.date(2013, 1, 1), "Loi sur la taxe de vente du Québec, art. 177"),
    ("qst", "snack", 0, datetime.date(2026, 7, 15), "Détaxation au Québec des aliments vendus à la portion"),
]
DEPOSITS = [
    # container, cents, since, source
    ("container", 10, datetime.date(2023, 11, 1), "Règlement sur la consigne, RLRQ c. Q-2, r. 16.1"),
    ("glass_500", 25, datetime.date(2023, 11, 1), "Règlement sur la consigne, RLRQ c. Q-2, r. 16.1"),
    ("wine", 25, datetime.date(2027, 3, 1), "Règlement sur la consigne, RLRQ c. Q-2, r. 16.1"),
]


def add_rates(apps, schema_editor):
    for tax, tax_class, rate_ppm, since, source in TAX_RATES:
        apps.get_model("shop", "TaxRate").objects.get_or_create(
            tax=tax, tax_class=tax_class, effective_from=since, defaults={"rate_ppm": rate_ppm, "source": source}
        )
    for container, cents, since, source in DEPOSITS:
        apps.get_model("shop", "DepositRate").objects.get_or_create(
            container=container, effective_from=since, defaults={"deposit_cents": cents, "source": source}
        )


def remove_rates(apps, schema_editor):
    apps.get_model("shop", "TaxRate").objects.filter(tax_class="snack").delete()
    apps.get_model("shop", "DepositRate").objects.all().delete()


PRICES_SO_FAR = """
INSERT INTO shop_pricechange (variant_id, price_cents, actor_id, at)
SELECT v.id, v.price_cents, NULL, p.created_at FROM shop_variant v JOIN shop_product p ON p.id = v.product_id
"""
# Until now every refund gave a whole order back.
REFUNDS_SO_FAR = """
UPDATE shop_refund r
   SET items_cents = o.items_cents, delivery_cents = o.delivery_cents, deposit_cents = o.deposit_cents,
       gst_cents = o.gst_cents, qst_cents = o.qst_cents
  FROM shop_order o WHERE o.id = r.order_id;
UPDATE shop_order o SET refunded_cents = r.cents
  FROM (SELECT order_id, SUM(amount_cents) AS cents FROM shop_refund WHERE status <> 'failed' GROUP BY 1) r
 WHERE r.order_id = o.id;
UPDATE shop_lineitem SET refunded_quantity = quantity WHERE state = 'refunded';
INSERT INTO shop_refundline (refund_id, line_id, quantity, items_cents, restocked)
SELECT r.id, l.id, l.quantity, l.quantity * l.unit_price_cents, false
  FROM shop_refund r JOIN shop_lineitem l ON l.order_id = r.order_id WHERE l.state = 'refunded';
"""

LEDGER = """
CREATE FUNCTION shop_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: write an adjustment';
END $$;
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON shop_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION shop_ledger_is_append_only();
CREATE FUNCTION shop_journal_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT SUM(amount_cents) FROM shop_ledgerentry WHERE journal = NEW.journal) <> 0 THEN
        RAISE EXCEPTION 'journal % does not sum to zero', NEW.journal USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_sums_to_zero AFTER INSERT ON shop_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shop_journal_sums_to_zero();
CREATE FUNCTION shop_contract_is_kept_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the copy of a contract is kept unchanged';
END $$;
CREATE TRIGGER contract_is_kept_unchanged BEFORE UPDATE ON shop_contractcopy
    FOR EACH ROW EXECUTE FUNCTION shop_contract_is_kept_unchanged();
"""
NO_LEDGER = """
DROP TRIGGER contract_is_kept_unchanged ON shop_contractcopy;
DROP TRIGGER journal_sums_to_zero ON shop_ledgerentry;
DROP TRIGGER ledger_is_append_only ON shop_ledgerentry;
DROP FUNCTION shop_contract_is_kept_unchanged();
DROP FUNCTION shop_journal_sums_to_zero();
DROP FUNCTION shop_ledger_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_catalogue_remise_refunds_ledger")]

    operations = [
        migrations.RunPython(add_rates, remove_rates),
        migrations.RunSQL(PRICES_SO_FAR, "DELETE FROM shop_pricechange"),
        migrations.RunSQL(REFUNDS_SO_FAR, "DELETE FROM shop_refundline"),
        migrations.RunSQL(LEDGER, NO_LEDGER),
    ]
