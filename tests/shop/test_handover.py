"""Ready, then handed over: the shopper gets one mail, whatever is pressed twice."""

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from shop import carts, handover
from shop.enums import Fulfillment, OrderStatus, ProductKind
from shop.exceptions import ForbiddenMove
from shop.models import Cart, Order, OutboxMessage, Product
from shop.payments import refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from tests.factories import UserFactory
from tests.shop.conftest import Stall, complete, open_session, place


@pytest.fixture
def paid_order(cart: Cart, portal: PortalSettings, sandbox: Sandbox) -> Order:
    """The first order of a paid checkout; its mails and transfers are done."""
    checkout = place(cart, portal)
    sandbox.pay(str(open_session(checkout).session_id))
    sync_checkout(checkout.pk, now=timezone.now())
    deliver_outbox(now=timezone.now())
    mail.outbox.clear()
    order: Order = checkout.orders.select_related("checkout").order_by("pk")[0]
    order.refresh_from_db(fields=["status"])
    return order


def test_ready_moves_the_order_and_tells_the_shopper_once(paid_order: Order) -> None:
    assert handover.mark_ready(paid_order, cause="test", now=timezone.now()) is True
    assert handover.mark_ready(paid_order, cause="test", now=timezone.now()) is False
    deliver_outbox(now=timezone.now())
    assert [m.to for m in mail.outbox] == [["marie@exemple.test"]]
    assert paid_order.number in mail.outbox[0].subject
    assert paid_order.seller["street_address"] in mail.outbox[0].body
    assert Order.objects.get(pk=paid_order.pk).status == OrderStatus.READY


def test_ready_after_it_was_handed_over_is_refused_and_tells_nobody(paid_order: Order) -> None:
    assert handover.mark_fulfilled(paid_order, cause="test", now=timezone.now()) is True
    deliver_outbox(now=timezone.now())
    mail.outbox.clear()
    with pytest.raises(ForbiddenMove):
        handover.mark_ready(paid_order, cause="test", now=timezone.now())
    assert deliver_outbox(now=timezone.now()) == 0
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("fulfillment", "said"),
    [
        (Fulfillment.PICKUP, "vous a été remise"),
        (Fulfillment.DELIVERY, "livrée"),
        (Fulfillment.SHIPPING, "arrivée"),
    ],
)
def test_handed_over_is_told_once_with_what_is_left_and_how_to_return_it(
    paid_order: Order, fulfillment: Fulfillment, said: str
) -> None:
    seller = {**paid_order.seller, "return_policy": "Sous 14 jours."}
    Order.objects.filter(pk=paid_order.pk).update(fulfillment=fulfillment, seller=seller)
    paid_order.refresh_from_db(fields=["fulfillment", "seller"])
    for _twice in range(2):
        handover.mark_fulfilled(paid_order, cause="test", now=timezone.now())
        deliver_outbox(now=timezone.now())
    (sent,) = mail.outbox
    (line,) = paid_order.lines.all()
    assert (sent.to, said in sent.subject) == (["marie@exemple.test"], True)
    for told in (f"{line.quantity} × {line.name}", "Sous 14 jours.", "/commande/"):
        assert told in sent.body


def test_handed_over_at_once_it_is_not_told_that_it_was_ready(paid_order: Order) -> None:
    handover.mark_ready(paid_order, cause="test", now=timezone.now())
    handover.mark_fulfilled(paid_order, cause="test", now=timezone.now())
    assert deliver_outbox(now=timezone.now()) == 1
    assert ["remise" in sent.subject for sent in mail.outbox] == [True]


def test_refunded_before_the_mail_left_nobody_is_thanked(paid_order: Order) -> None:
    handover.mark_fulfilled(paid_order, cause="test", now=timezone.now())
    refunds.request(paid_order, reason="test", restock=True, now=timezone.now())
    deliver_outbox(now=timezone.now())
    assert ["remise" in sent.subject for sent in mail.outbox if sent.to == ["marie@exemple.test"]] == [False]


def test_ready_by_mistake_is_taken_back_and_a_mail_that_waits_does_not_leave(paid_order: Order) -> None:
    handover.mark_ready(paid_order, cause="test", now=timezone.now())
    assert handover.mark_not_ready(paid_order, cause="test", now=timezone.now()) is True
    assert handover.mark_not_ready(paid_order, cause="test", now=timezone.now()) is False
    assert deliver_outbox(now=timezone.now()) == 0
    assert Order.objects.get(pk=paid_order.pk).status == OrderStatus.PAID
    handover.mark_ready(paid_order, cause="test", now=timezone.now())
    deliver_outbox(now=timezone.now())
    assert len(mail.outbox) == 1


def test_a_shopper_is_told_once_however_often_it_is_ready_again(paid_order: Order) -> None:
    for _time in range(3):
        handover.mark_ready(paid_order, cause="test", now=timezone.now())
        deliver_outbox(now=timezone.now())
        handover.mark_not_ready(paid_order, cause="test", now=timezone.now())
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("status", [OrderStatus.FULFILLED, OrderStatus.REFUNDED])
def test_only_what_is_ready_is_taken_back(paid_order: Order, status: OrderStatus) -> None:
    if status == OrderStatus.FULFILLED:
        handover.mark_fulfilled(paid_order, cause="test", now=timezone.now())
    else:
        refunds.request(paid_order, reason="test", restock=True, now=timezone.now())
    with pytest.raises(ForbiddenMove):
        handover.mark_not_ready(paid_order, cause="test", now=timezone.now())
    assert Order.objects.get(pk=paid_order.pk).status == status


def test_alcohol_is_handed_over_after_somebody_looked_at_a_card(paid_order: Order) -> None:
    Order.objects.filter(pk=paid_order.pk).update(adult_required=True)
    paid_order.refresh_from_db()
    clerk, now = UserFactory(), timezone.now()
    with pytest.raises(handover.AgeNotChecked):
        handover.mark_fulfilled(paid_order, cause="test", now=now)
    assert Order.objects.get(pk=paid_order.pk).status == OrderStatus.PAID
    assert handover.mark_fulfilled(paid_order, cause="test", now=now, age_checked_by=clerk.pk) is True
    row = Order.objects.get(pk=paid_order.pk)
    assert (row.status, row.adult_checked_at, row.adult_checked_by) == (OrderStatus.FULFILLED, now, clerk)
    another, later = UserFactory(), timezone.now()
    assert handover.mark_fulfilled(row, cause="test", now=later, age_checked_by=another.pk) is False
    row.refresh_from_db()
    assert (row.adult_checked_at, row.adult_checked_by) == (now, clerk)


def test_an_order_of_files_alone_is_handed_over_by_its_payment(
    in_levis: Site, portal: PortalSettings, sandbox: Sandbox, candles: Stall
) -> None:
    Product.objects.filter(pk=candles.variant.product_id).update(
        kind=ProductKind.DIGITAL, digital_file="patrons/tuque.pdf"
    )
    basket = carts.create()
    carts.add(basket, candles.variant, 1)
    order = complete(place(basket, portal), sandbox).orders.get()
    assert (order.fulfillment, order.status) == (Fulfillment.DOWNLOAD, OrderStatus.FULFILLED)
    assert not OutboxMessage.objects.filter(kind=handover.MAIL_HANDED_OVER).exists()
