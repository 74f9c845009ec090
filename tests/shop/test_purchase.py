"""From basket to paid: through the webhook, the return page or reconcile, once and only once."""

import pytest
from django.core import mail
from django.utils import timezone

from home.models import PortalSettings
from shop.enums import CheckoutStatus, LineState, OrderStatus, TransferStatus
from shop.models import Cart, CartItem, Checkout, LineItem, Order, OutboxMessage, Transfer
from shop.payments.handlers import deliver_outbox
from shop.payments.reconcile import Report, reconcile
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from tests.factories import MembershipFactory
from tests.shop.conftest import Stall, open_session, place


@pytest.fixture
def paid_session(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Checkout:
    """Placed and paid at Stripe; we do not know it yet."""
    checkout = place(cart, portal)
    sandbox.pay(str(open_session(checkout).session_id))
    return checkout


def statuses(checkout: Checkout) -> tuple[str, set[str], set[str]]:
    checkout.refresh_from_db()
    lines = LineItem.objects.filter(order__checkout=checkout)
    orders = Order.objects.filter(checkout=checkout)
    return (
        checkout.status,
        set(orders.values_list("status", flat=True)),
        set(lines.values_list("state", flat=True)),
    )


def test_placing_reserves_the_stock_and_freezes_one_order_per_merchant(
    cart: Cart, portal: PortalSettings, cheese: Stall, candles: Stall
) -> None:
    checkout = place(cart, portal)
    assert statuses(checkout) == (CheckoutStatus.OPEN, {OrderStatus.PENDING}, {LineState.RESERVED})
    assert (cheese.left(), candles.left()) == (8, 9)
    assert checkout.total_cents == 24_00 + 19_99
    assert [o.merchant for o in checkout.orders.order_by("pk")] == [cheese.merchant, candles.merchant]


def test_stripe_is_asked_for_exactly_our_total(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> None:
    checkout = place(cart, portal)
    session = open_session(checkout)
    assert session.url.startswith(sandbox.url)
    assert session.session_id
    assert open_session(checkout).session_id == session.session_id


def test_one_sync_sells_pays_the_merchants_and_writes_the_mails(
    paid_session: Checkout, cheese: Stall, candles: Stall
) -> None:
    MembershipFactory(merchant=cheese.merchant, user__email="fromagere@exemple.test")
    assert sync_checkout(paid_session.pk, now=timezone.now()) is True
    assert statuses(paid_session) == (CheckoutStatus.PAID, {OrderStatus.PAID}, {LineState.SOLD})
    assert deliver_outbox(now=timezone.now()) == 5
    transfers = Transfer.objects.order_by("pk")
    assert [(t.destination, t.amount_cents, t.status) for t in transfers] == [
        (cheese.account, 24_00 - 1_20, TransferStatus.SENT),
        (candles.account, 19_99 - 1_00, TransferStatus.SENT),
    ]
    assert sorted(m.to[0] for m in mail.outbox) == sorted(
        ["marie@exemple.test", "fromagere@exemple.test", candles.merchant.email]
    )
    assert not CartItem.objects.exists()


def test_syncing_again_changes_nothing(paid_session: Checkout, cheese: Stall) -> None:
    sync_checkout(paid_session.pk, now=timezone.now())
    deliver_outbox(now=timezone.now())
    left, rows = cheese.left(), OutboxMessage.objects.count()
    assert sync_checkout(paid_session.pk, now=timezone.now()) is False
    assert deliver_outbox(now=timezone.now()) == 0
    assert (cheese.left(), OutboxMessage.objects.count(), Transfer.objects.count()) == (left, rows, 2)
    assert len(mail.outbox) == 3


def test_with_every_message_lost_one_reconcile_completes_the_purchase(paid_session: Checkout) -> None:
    first = reconcile(now=timezone.now())
    assert (first.checkouts_synced, first.effects_done, first.failures) == (1, 5, [])
    assert statuses(paid_session) == (CheckoutStatus.PAID, {OrderStatus.PAID}, {LineState.SOLD})
    assert Transfer.objects.filter(status=TransferStatus.SENT).count() == 2
    assert reconcile(now=timezone.now()) == Report()


def test_an_unpaid_session_leaves_everything_as_it_is(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    open_session(checkout)
    assert sync_checkout(checkout.pk, now=timezone.now()) is False
    assert statuses(checkout) == (CheckoutStatus.OPEN, {OrderStatus.PENDING}, {LineState.RESERVED})
