"""What must hold of the ledger, disputed payments, slots, promotions and plans, beyond the contract's invariants.

Same form as ``shop.invariants``, which runs these too: a promise, and a query that returns no row.
"""

# ruff: noqa: S608 (what is put together here is our own text)

from collections.abc import Mapping
from types import MappingProxyType

PAID = "('paid', 'ready', 'fulfilled', 'refunded')"
IN_FLIGHT = """EXISTS (SELECT 1 FROM shop_outboxmessage m
                        WHERE m.sent_at IS NULL AND m.kind IN ('transfer', 'refund', 'reversal')
                          AND m.payload -> 'order' = to_jsonb(o.id))"""
LEDGER_OF_ORDERS = """
    LEFT JOIN (SELECT order_id,
                      COALESCE(SUM(amount_cents) FILTER (WHERE account = 'merchant'), 0) AS merchant,
                      COALESCE(SUM(amount_cents) FILTER (WHERE account = 'stripe'), 0) AS stripe,
                      COALESCE(SUM(amount_cents) FILTER (WHERE account = 'shopper' AND kind = 'refund'), 0) AS refunded,
                      COALESCE(SUM(amount_cents) FILTER (WHERE account = 'shopper' AND kind = 'dispute'), 0) AS lost
                 FROM shop_ledgerentry GROUP BY 1) e ON e.order_id = o.id"""

BOOKKEEPING: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "L1": (
            "every journal sums to zero",
            "SELECT journal, SUM(amount_cents) FROM shop_ledgerentry GROUP BY 1 HAVING SUM(amount_cents) <> 0",
        ),
        "L2": (
            "every paid order, and no other, is in the ledger with its total and its shares",
            f"""
            SELECT o.id, o.status, s.* FROM shop_order o
              LEFT JOIN (SELECT order_id, COALESCE(-SUM(amount_cents) FILTER (WHERE account = 'shopper'), 0) AS total,
                                COALESCE(SUM(amount_cents) FILTER (WHERE account = 'merchant'), 0) AS share,
                                COALESCE(SUM(amount_cents) FILTER (WHERE account = 'commission'), 0) AS commission,
                                COALESCE(SUM(amount_cents) FILTER (WHERE account = 'portal_tax'), 0) AS portal_tax
                           FROM shop_ledgerentry WHERE kind = 'sale' GROUP BY 1) s ON s.order_id = o.id
             CROSS JOIN LATERAL (SELECT (o.status IN {PAID})::int AS paid,
                                        (o.status IN {PAID} AND o.charge_model <> 'direct')::int AS shared) x
             WHERE COALESCE(s.total, 0) <> x.paid * o.total_cents
                OR COALESCE(s.share, 0) <> x.shared * o.merchant_share_cents
                OR COALESCE(s.commission, 0) <> x.shared * o.commission_cents
                OR COALESCE(s.portal_tax, 0) <> x.shared * o.portal_tax_cents""",
        ),
        "L3": (
            "a merchant's Stripe account holds, by the ledger, what was sent less what was taken back",
            f"""
            SELECT o.id, COALESCE(e.stripe, 0), t.amount_cents, t.reversed_cents FROM shop_order o
              LEFT JOIN shop_transfer t ON t.order_id = o.id AND t.status = 'sent' {LEDGER_OF_ORDERS}
             WHERE COALESCE(e.stripe, 0)
                   <> CASE WHEN o.charge_model <> 'direct' THEN COALESCE(t.amount_cents - t.reversed_cents, 0)
                           WHEN o.status IN {PAID} THEN o.total_cents - o.refunded_cents - COALESCE(e.lost, 0)
                           ELSE 0 END
            UNION ALL
            SELECT t.order_id, 0, SUM(r.amount_cents), t.reversed_cents FROM shop_transfer t
              LEFT JOIN shop_reversal r ON r.transfer_id = t.id AND r.status = 'sent'
             GROUP BY t.id HAVING COALESCE(SUM(r.amount_cents), 0) <> t.reversed_cents""",
        ),
        "L4": (
            "what was given back is the same by refunds, orders, payments and ledger, and no more than was paid",
            f"""
            SELECT o.id, o.status, o.refunded_cents, COALESCE(r.cents, 0), COALESCE(e.refunded, 0), COALESCE(e.lost, 0)
              FROM shop_order o {LEDGER_OF_ORDERS}
              LEFT JOIN (SELECT order_id, SUM(amount_cents) FILTER (WHERE status <> 'failed') AS cents,
                                BOOL_OR(status = 'failed') AS failed
                           FROM shop_refund GROUP BY 1) r ON r.order_id = o.id
             WHERE o.refunded_cents <> COALESCE(r.cents, 0) OR o.refunded_cents <> COALESCE(e.refunded, 0)
                OR o.refunded_cents + COALESCE(e.lost, 0) > o.total_cents
                OR (o.status IN ('paid', 'ready', 'fulfilled') AND o.refunded_cents >= o.total_cents
                    AND o.total_cents > 0)
                OR (o.status = 'refunded' AND o.refunded_cents < o.total_cents AND r.failed IS NOT TRUE)
            UNION ALL
            SELECT p.checkout_id, p.status, p.refunded_cents, COALESCE(SUM(r.amount_cents), 0), 0, 0
              FROM shop_paymentintent p LEFT JOIN shop_order o ON o.checkout_id = p.checkout_id
              LEFT JOIN shop_refund r ON r.order_id = o.id AND r.status <> 'failed' AND r.refund_id IS NOT NULL
             WHERE p.status = 'succeeded'
             GROUP BY p.id HAVING p.refunded_cents <> COALESCE(SUM(r.amount_cents), 0)""",
        ),
        "L5": (
            "what the books owe a merchant, or it owes, is a debt on record, unless it is on its way",
            f"""
            SELECT o.id, COALESCE(e.merchant, 0), COALESCE(d.cents, 0), COALESCE(r.cents, 0) FROM shop_order o
              LEFT JOIN shop_transfer t ON t.order_id = o.id {LEDGER_OF_ORDERS}
              LEFT JOIN (SELECT order_id, SUM(amount_cents) AS cents FROM shop_debt
                          WHERE settled_at IS NULL GROUP BY 1) d ON d.order_id = o.id
              LEFT JOIN (SELECT transfer_id, SUM(amount_cents) AS cents FROM shop_reversal
                          WHERE status = 'pending' AND cause <> 'debt' GROUP BY 1) r ON r.transfer_id = t.id
             WHERE COALESCE(t.status, '') <> 'pending' AND NOT {IN_FLIGHT}
               AND COALESCE(e.merchant, 0) - COALESCE(d.cents, 0) + COALESCE(r.cents, 0) <> 0""",
        ),
        "L6": (
            "no share of a disputed payment leaves, and none of another waits",
            """
            SELECT t.id, t.frozen_at, COUNT(d.id) FROM shop_transfer t
              JOIN shop_order o ON o.id = t.order_id
              LEFT JOIN shop_dispute d ON d.checkout_id = o.checkout_id
                    AND d.status NOT IN ('warning_closed', 'won', 'lost', 'prevented')
             WHERE t.status = 'pending'
             GROUP BY t.id HAVING (COUNT(d.id) > 0) <> (t.frozen_at IS NOT NULL)""",
        ),
        "S1": (
            "a slot's taken places are the orders that hold one",
            """
            SELECT s.id, s.taken, COUNT(o.id) FROM shop_pickupslot s
              LEFT JOIN shop_order o ON o.slot_id = s.id AND o.status IN ('pending', 'paid', 'ready', 'fulfilled')
             GROUP BY s.id HAVING s.taken <> COUNT(o.id)""",
        ),
        "P1": (
            "a promotion's uses are the checkouts that it holds for",
            """
            SELECT p.id, p.uses, COUNT(DISTINCT c.id) FROM shop_promotion p
              LEFT JOIN shop_lineitem l ON l.promotion_id = p.id
              LEFT JOIN shop_order o ON o.id = l.order_id
              LEFT JOIN shop_checkout c ON c.id = o.checkout_id AND (c.status = 'open' OR c.paid_at IS NOT NULL)
             GROUP BY p.id
            HAVING p.uses <> LEAST(COUNT(DISTINCT c.id), COALESCE(p.most_uses, COUNT(DISTINCT c.id)))""",
        ),
        "T1": (
            "an option that costs something is held in a free period, under a subscription in order, or in grace",
            """
            SELECT m.id, m.tier, COALESCE(m.free_until, g.free_until) FROM directory_merchant m
              JOIN directory_plan p ON p.site_id = m.site_id AND p.tier = m.tier AND p.monthly_price_cents > 0
              JOIN home_portalsettings g ON g.site_id = m.site_id
             -- The worker looks every ten minutes; an hour after midnight it has.
             WHERE COALESCE(m.free_until, g.free_until)
                   < ((now() - INTERVAL '1 hour') AT TIME ZONE 'America/Toronto')::date
               AND NOT EXISTS (SELECT 1 FROM shop_subscription s
                                WHERE s.merchant_id = m.id AND s.tier IN (m.tier, 'transactional')
                                  AND s.status IN ('active', 'trialing', 'past_due'))""",
        ),
        "T2": (
            "a merchant pays for one subscription at a time",
            """
            SELECT merchant_id, COUNT(*) FROM shop_subscription
             WHERE status IN ('active', 'trialing', 'past_due', 'unpaid', 'paused')
             GROUP BY 1 HAVING COUNT(*) > 1""",
        ),
        "T3": (
            "no plan joins two portals, and no invoice two merchants",
            """
            SELECT 'subscription', s.id, s.site_id FROM shop_subscription s
              JOIN directory_merchant m ON m.id = s.merchant_id WHERE s.site_id <> m.site_id
            UNION ALL SELECT 'customer', c.id, c.site_id FROM shop_billingcustomer c
              JOIN directory_merchant m ON m.id = c.merchant_id WHERE c.site_id <> m.site_id
            UNION ALL SELECT 'attempt', a.id, a.site_id FROM shop_subscriptionattempt a
              JOIN directory_merchant m ON m.id = a.merchant_id WHERE a.site_id <> m.site_id
            UNION ALL SELECT 'invoice', i.id, i.site_id FROM shop_planinvoice i
              JOIN directory_merchant m ON m.id = i.merchant_id
              LEFT JOIN shop_subscription s ON s.id = i.subscription_id
             WHERE i.site_id <> m.site_id OR s.merchant_id <> i.merchant_id""",
        ),
    }
)
