"""Ready, then handed over: the shopper gets one mail, whatever is pressed twice."""

import pytest
from django.core import mail
from django.utils import timezone

from home.models import PortalSettings
from shop import handover
from shop.enums import OrderStatus
from shop.exceptions import ForbiddenMove
from shop.models import Cart, Order
from shop.payments.handlers import deliver_outbox
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from tests.shop.conftest import open_session, place


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
    with pytest.raises(ForbiddenMove):
        handover.mark_ready(paid_order, cause="test", now=timezone.now())
    assert deliver_outbox(now=timezone.now()) == 0
    assert mail.outbox == []
