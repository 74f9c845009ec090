"""The ledger tells the sales, transfers, refunds and reversals that stand already; reversals get their rows."""

from django.db import migrations

REVERSALS = """
INSERT INTO shop_reversal (transfer_id, key, reversal_id, cause, refund_id, amount_cents, status, created_at)
SELECT t.id, 'trr:' || t.order_id || ':0', NULL, 'refund',
       (SELECT MAX(r.id) FROM shop_refund r WHERE r.order_id = t.order_id AND r.status <> 'failed'),
       t.reversed_cents, 'sent', COALESCE(t.sent_at, t.created_at)
  FROM shop_transfer t WHERE t.reversed_cents > 0;
"""
ENTRIES = """
INSERT INTO shop_ledgerentry (site_id, merchant_id, order_id, journal, kind, account, amount_cents, at)
SELECT o.site_id, o.merchant_id, o.id, 'sale:' || o.id, 'sale', a.account, a.cents, COALESCE(o.paid_at, o.placed_at)
  FROM shop_order o
  JOIN shop_checkout c ON c.id = o.checkout_id AND c.status IN ('paid', 'refunded')
 CROSS JOIN LATERAL (VALUES ('shopper', -o.total_cents), ('merchant', o.merchant_share_cents),
                            ('commission', o.commission_cents), ('portal_tax', o.portal_tax_cents)) a (account, cents)
 WHERE a.cents <> 0
 ORDER BY o.id;
INSERT INTO shop_ledgerentry (site_id, merchant_id, order_id, journal, kind, account, amount_cents, at)
SELECT o.site_id, o.merchant_id, o.id, 'transfer:' || t.id, 'transfer', a.account, a.cents, COALESCE(t.sent_at, t.created_at)
  FROM shop_transfer t JOIN shop_order o ON o.id = t.order_id
 CROSS JOIN LATERAL (VALUES ('merchant', -t.amount_cents), ('stripe', t.amount_cents)) a (account, cents)
 WHERE t.status = 'sent' AND a.cents <> 0
 ORDER BY t.id;
INSERT INTO shop_ledgerentry (site_id, merchant_id, order_id, journal, kind, account, amount_cents, at)
SELECT o.site_id, o.merchant_id, o.id, 'refund:' || r.id, 'refund', a.account, a.cents, r.created_at
  FROM shop_refund r JOIN shop_order o ON o.id = r.order_id
 CROSS JOIN LATERAL (VALUES ('shopper', o.total_cents), ('merchant', -o.merchant_share_cents),
                            ('commission', -o.commission_cents), ('portal_tax', -o.portal_tax_cents)) a (account, cents)
 WHERE r.status <> 'failed' AND a.cents <> 0
 ORDER BY r.id;
INSERT INTO shop_ledgerentry (site_id, merchant_id, order_id, journal, kind, account, amount_cents, at)
SELECT o.site_id, o.merchant_id, o.id, 'reversal:' || v.id, 'reversal', a.account, a.cents, v.created_at
  FROM shop_reversal v JOIN shop_transfer t ON t.id = v.transfer_id JOIN shop_order o ON o.id = t.order_id
 CROSS JOIN LATERAL (VALUES ('stripe', -v.amount_cents), ('merchant', v.amount_cents)) a (account, cents)
 WHERE v.status = 'sent'
 ORDER BY v.id;
"""
# Rows written since stay consistent only as a whole: going back forgets the ledger, as 0005 does.
FORGET = """
ALTER TABLE shop_ledgerentry DISABLE TRIGGER ledger_is_append_only;
DELETE FROM shop_ledgerentry;
ALTER TABLE shop_ledgerentry ENABLE TRIGGER ledger_is_append_only;
DELETE FROM shop_reversal;
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0007_when_the_books_were_checked")]

    operations = [migrations.RunSQL(REVERSALS + ENTRIES, FORGET)]
