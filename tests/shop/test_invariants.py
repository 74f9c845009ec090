"""Each invariant sees what it is there for, and that alone; a healthy shop breaks none."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from home.tenancy import portal_scope
from shop import carts, checkouts
from shop.bookkeeping import BOOKKEEPING
from shop.enums import CheckoutStatus, TaxClass
from shop.invariants import INVARIANTS, breaches
from shop.models import Checkout
from shop.payments import refunds
from shop.payments.handlers import deliver_outbox
from shop.sandbox.server import Sandbox
from tests.books import broken_names
from tests.factories import CategoryFactory, make_portal
from tests.shop.conftest import Stall, complete, make_stall, open_session, place

PAID = "(SELECT id FROM shop_checkout WHERE status = 'paid')"
OPEN = "(SELECT id FROM shop_checkout WHERE status = 'open')"
PAID_ORDER = f"(SELECT MIN(id) FROM shop_order WHERE checkout_id = {PAID})"
STRANGE_SITE = "(SELECT id FROM wagtailcore_site WHERE hostname = 'bellechasse.localhost')"
COPY_OF_PAYMENT = """
    INSERT INTO shop_paymentintent (checkout_id, payment_intent_id, charge_id, account, amount_cents, status,
                                    payment_method, refunded_cents, created_at)
    SELECT {checkout}, 'pi_copy', '', '', amount_cents, 'succeeded', '', 0, created_at
      FROM shop_paymentintent WHERE checkout_id = """ + PAID  # fmt: skip
UNLOCK = "ALTER TABLE shop_ledgerentry DISABLE TRIGGER ledger_is_append_only"
WAITING = "UPDATE shop_transfer SET status = 'pending', transfer_id = NULL"
FORGET = f"DELETE FROM shop_statuschange WHERE order_id = {PAID_ORDER} AND "
LOG = "INSERT INTO shop_statuschange (site_id, {kind}_id, from_status, to_status, cause, at) SELECT site_id, id, {move}"


@pytest.fixture(scope="module")
def _rows_of_the_shop(kept_rows: None) -> Iterator[None]:
    levis = Site.objects.get(hostname="localhost")
    with Sandbox() as sandbox, portal_scope(levis):
        with override_settings(STRIPE_API_BASE=sandbox.url, STRIPE_WEBHOOK_SECRETS=[sandbox.webhook_secret]):
            trade(levis, sandbox)
        yield


@pytest.fixture
def shop(_rows_of_the_shop: None, in_levis: Site) -> None:
    """A paid checkout whose effects are done, one refunded, one open on its page, one canceled."""


def trade(levis: Site, sandbox: Sandbox) -> None:
    cheese = make_stall("Fromagerie des Chutes", price_cents=12_00, tax_class=TaxClass.ZERO_RATED)
    candles = make_stall("Chandelles Lauzon", price_cents=19_99)
    for stall in (cheese, candles):
        sandbox.add_account(stall.account)
    portal = PortalSettings.for_site(levis)
    portal.commission_bps = 500
    portal.save()

    def placed(*stalls: Stall) -> Checkout:
        cart = carts.create()
        for stall in stalls:
            carts.add(cart, stall.variant, 1)
        return place(cart, portal)

    complete(placed(cheese, cheese, candles), sandbox)
    back = complete(placed(candles), sandbox).orders.get()
    deliver_outbox(now=timezone.now())
    refunds.request(back, reason="retour", restock=True, now=timezone.now())
    with transaction.atomic():
        checkouts.let_go(placed(candles), to=CheckoutStatus.CANCELED, cause="test", now=timezone.now())
    open_session(placed(candles))
    deliver_outbox(now=timezone.now())
    with portal_scope(make_portal(hostname="bellechasse.localhost", brand="Achetons Bellechasse")):
        CategoryFactory()


def test_a_healthy_shop_breaks_none(shop) -> None:
    assert breaches() == []
    statuses = Checkout.objects.values_list("status", flat=True)
    assert sorted(statuses) == ["canceled", "open", "paid", "refunded"]


SUBSCRIBED = """
    INSERT INTO shop_subscription (merchant_id, subscription_id, site_id, item_id, status, tier, amount_cents,
                                   created_at)
    SELECT id, '{}', {}, '', 'active', 'transactional', 3900, NOW() FROM directory_merchant
     WHERE id = (SELECT MIN(merchant_id) FROM shop_shop)"""

BROKEN = {
    "I1 below zero": [
        "ALTER TABLE shop_variant DROP CONSTRAINT stock_is_never_negative",
        "UPDATE shop_stockmovement m SET delta = delta - v.on_hand - 1 FROM shop_variant v WHERE v.id = m.variant_id",
        "UPDATE shop_variant SET on_hand = -1",
    ],
    "I2 a unit too many": ["UPDATE shop_variant SET on_hand = on_hand + 1"],
    "I2 a unit too few": ["UPDATE shop_variant SET on_hand = on_hand - 1"],
    "I3 paid another amount": ["UPDATE shop_paymentintent SET amount_cents = amount_cents + 1"],
    "I3 paid without a payment": [f"DELETE FROM shop_paymentintent WHERE checkout_id = {PAID}"],
    "I3 payment that failed": ["UPDATE shop_paymentintent SET status = 'canceled'"],
    "I3 paid twice": ["DROP INDEX checkout_is_paid_once", COPY_OF_PAYMENT.format(checkout=PAID)],
    "I3 a payment for what is open": [COPY_OF_PAYMENT.format(checkout=OPEN), f"""
        UPDATE shop_paymentintent SET amount_cents = (SELECT total_cents FROM shop_checkout WHERE id = {OPEN})
         WHERE payment_intent_id = 'pi_copy'"""],
    "I4 another total": ["UPDATE shop_checkout SET total_cents = total_cents + 1 WHERE status = 'open'"],
    "I5 a tax from nowhere": [
        "ALTER TABLE shop_order DROP CONSTRAINT order_total_adds_up",
        "UPDATE shop_order SET gst_cents = gst_cents + 1",
    ],
    "I5 a line's price": ["UPDATE shop_lineitem SET unit_price_cents = unit_price_cents + 1"],
    "I6 no transfer": [f"DELETE FROM shop_transfer WHERE order_id = {PAID_ORDER}"],
    "I6 a transfer that failed, and no debt": ["UPDATE shop_transfer SET status = 'failed'"],
    "I6 another amount than the share": ["UPDATE shop_transfer SET amount_cents = amount_cents + 1"],
    "I6 sent and owed": ["""
        INSERT INTO shop_debt (site_id, merchant_id, order_id, amount_cents, reason, settled_how, created_at)
        SELECT site_id, merchant_id, id, 1, '', '', NOW() FROM shop_order"""],
    "I6 a direct order with a transfer": ["UPDATE shop_order SET charge_model = 'direct'"],
    "I6 owed for what was given back whole": ["""
        INSERT INTO shop_debt (site_id, merchant_id, order_id, amount_cents, reason, settled_how, created_at)
        SELECT site_id, merchant_id, id, 1, '', '', NOW() FROM shop_order WHERE status = 'refunded'"""],
    "I7 more given back than paid": ["""
        INSERT INTO shop_refund (order_id, amount_cents, items_cents, delivery_cents, deposit_cents, gst_cents,
                                 qst_cents, source, failure_reason, status, reason, created_at)
        SELECT id, total_cents + 1, total_cents + 1, 0, 0, 0, 0, 'staff', '', 'pending', '', NOW()
          FROM shop_order WHERE status = 'paid'"""],
    "I7 more taken back than sent": [
        "ALTER TABLE shop_transfer DROP CONSTRAINT reversals_never_exceed_the_transfer",
        "UPDATE shop_transfer SET reversed_cents = amount_cents + 1",
    ],
    "I7 more refunded than the payment": [
        "ALTER TABLE shop_paymentintent DROP CONSTRAINT refunds_never_exceed_the_payment",
        "UPDATE shop_paymentintent SET refunded_cents = amount_cents + 1",
    ],
    "I8 a commission from nowhere": [
        "ALTER TABLE shop_order DROP CONSTRAINT order_shares_add_up",
        "UPDATE shop_order SET commission_cents = commission_cents + 1",
    ],
    "I9 another merchant's product": [f"""
        UPDATE shop_product SET merchant_id = (SELECT MAX(merchant_id) FROM shop_order)
         WHERE merchant_id = (SELECT merchant_id FROM shop_order WHERE id = {PAID_ORDER})"""],
    "I10 open without its reservation": [f"""
        UPDATE shop_lineitem SET state = 'sold'
         WHERE order_id IN (SELECT id FROM shop_order WHERE checkout_id = {OPEN})"""],
    "I10 a reservation of what is paid": ["UPDATE shop_lineitem SET state = 'reserved' WHERE state = 'sold'"],
    "I11 one form, two checkouts": [
        "ALTER TABLE shop_checkout DROP CONSTRAINT shop_checkout_form_token_key",
        "UPDATE shop_checkout SET form_token = (SELECT form_token FROM shop_checkout LIMIT 1)",
    ],
    "I12 a log that ends elsewhere": [FORGET + "to_status = 'paid'"],
    "I12 a log without its beginning": [FORGET + "from_status = ''"],
    "I12 an order's edge that does not exist": [
        LOG.format(kind="order", move=f"'paid', 'pending', '', NOW() FROM shop_order WHERE id = {PAID_ORDER}"),
        LOG.format(kind="order", move=f"'pending', 'paid', '', NOW() FROM shop_order WHERE id = {PAID_ORDER}"),
    ],
    "I12 a checkout's edge that does not exist": [
        LOG.format(kind="checkout", move=f"'paid', 'open', '', NOW() FROM shop_checkout WHERE id = {PAID}"),
        LOG.format(kind="checkout", move=f"'open', 'paid', '', NOW() FROM shop_checkout WHERE id = {PAID}"),
    ],
    "I13 an event stored twice": [
        "ALTER TABLE shop_stripeevent DROP CONSTRAINT shop_stripeevent_event_id_key",
        *["""INSERT INTO shop_stripeevent (event_id, type, account, object_id, payload, received_at, not_before,
                                           attempts, last_error)
             VALUES ('evt_1', 'x', '', '', '{}', NOW(), NOW(), 0, '')"""] * 2,
    ],
    "I14 a merchant not told": ["DELETE FROM shop_outboxmessage WHERE kind = 'mail.merchant_order'"],
    "I14 a shopper not told": ["DELETE FROM shop_outboxmessage WHERE kind = 'mail.order_confirmed'"],
    "I14 a shopper told twice": ["""
        INSERT INTO shop_outboxmessage (site_id, key, kind, recipient, payload, created_at, not_before, attempts,
                                        last_error)
        SELECT site_id, key || ':2', kind, recipient, payload, created_at, not_before, 0, ''
          FROM shop_outboxmessage WHERE kind = 'mail.order_confirmed'"""],
    **{
        f"I15 {table} of another portal": [f"UPDATE shop_{table} SET site_id = {STRANGE_SITE}"]
        for table in ("order", "product", "variant", "cart", "shop", "checkout")
    },
    "I15 debt of another portal": ["UPDATE shop_order SET merchant_share_cents = merchant_share_cents", f"""
        INSERT INTO shop_debt (site_id, merchant_id, order_id, amount_cents, reason, settled_how, created_at)
        SELECT {STRANGE_SITE}, merchant_id, id, -1, '', '', NOW() FROM shop_order"""],
    "L1 half a journal": [UNLOCK, "DELETE FROM shop_ledgerentry WHERE account = 'stripe'",
                          "DELETE FROM shop_ledgerentry WHERE account = 'shopper'"],
    "L2 a sale that the ledger does not know": [
        UNLOCK, f"DELETE FROM shop_ledgerentry WHERE kind = 'sale' AND order_id = {PAID_ORDER}"],
    "L3 a transfer that the ledger does not know": [UNLOCK, "DELETE FROM shop_ledgerentry WHERE kind = 'transfer'"],
    "L3 taken back, and no row says why": ["DELETE FROM shop_reversal"],
    "L4 given back, and the order does not know": [
        "UPDATE shop_order SET refunded_cents = 0 WHERE status = 'refunded'"],
    "L4 given back, and the payment does not know": ["UPDATE shop_paymentintent SET refunded_cents = 0"],
    "L4 refunded for nothing": ["UPDATE shop_refund SET status = 'failed'"],
    "L5 a debt from nowhere": [f"""
        INSERT INTO shop_debt (site_id, merchant_id, order_id, amount_cents, reason, settled_how, created_at)
        SELECT site_id, merchant_id, id, -1, '', '', NOW() FROM shop_order WHERE id = {PAID_ORDER}"""],
    "L6 a share that leaves while the payment is disputed": [WAITING, f"""
        INSERT INTO shop_dispute (checkout_id, dispute_id, charge_id, amount_cents, reason, status, evidence,
                                  created_at)
        SELECT id, 'du_1', '', 1, '', 'needs_response', '{{}}', NOW() FROM shop_checkout WHERE id = {PAID}"""],
    "L6 a share that waits for nothing": [
        WAITING, "UPDATE shop_transfer SET frozen_at = NOW() WHERE status = 'pending'"],
    "S1 a place that nobody holds": ["""
        INSERT INTO shop_pickupslot (shop_id, starts_at, ends_at, capacity, taken)
        SELECT id, NOW(), NOW() + INTERVAL '1 hour', 3, 1 FROM shop_shop"""],
    "P1 a use that nobody made": ["""
        INSERT INTO shop_promotion (site_id, title, code, percent_bps, funder, minimum_cents, starts_at, uses)
        SELECT id, 'Rabais', 'RABAIS', 1000, 'portal', 0, NOW(), 1 FROM wagtailcore_site WHERE is_default_site"""],
    "T1 an option that nobody pays for any more": [
        """INSERT INTO directory_plan (site_id, tier, monthly_price_cents, benefits)
           SELECT id, 'transactional', 3900, '' FROM wagtailcore_site WHERE is_default_site""",
        "UPDATE home_portalsettings SET free_until = '2020-01-01'"],
    "T2 a merchant that pays twice": [SUBSCRIBED.format("sub_1", "site_id"), SUBSCRIBED.format("sub_2", "site_id")],
    "T3 a subscription in another portal": [SUBSCRIBED.format("sub_1", STRANGE_SITE)],
    "I15 merchant in another portal's category": [f"""
        UPDATE directory_merchant
           SET category_id = (SELECT id FROM directory_category WHERE site_id = {STRANGE_SITE})"""],
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_an_invariant_sees_what_breaks_it_and_no_other_does(shop, breaks_the_books, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in BROKEN[what]:
            cursor.execute(statement)
            assert cursor.rowcount, statement
    found = {breach.name: breach.rows for breach in breaches()}
    assert broken_names() == set(found)
    name = what.split(maxsplit=1)[0]
    # The ledger says everything a second time: what breaks an invariant may break it too.
    assert set(found) - set(BOOKKEEPING) == {name} - set(BOOKKEEPING)
    assert found[name]


def test_each_is_broken_here() -> None:
    assert set(INVARIANTS) == {f"I{n}" for n in range(1, 16)}
    assert {what.split()[0] for what in BROKEN} == {*INVARIANTS, *BOOKKEEPING}
