"""What a process may be doing when it is killed. A new one: its arrangement, the act, what the act must pass.

The act may be done again by whoever did it: the shopper presses once more, Stripe sends its event again, the worker
starts again. `repeat` says how, where it is not simply the act.
"""

import copy
import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from home.models import PortalSettings
from shop import carts, checkouts
from shop.enums import ChargeModel, CheckoutStatus
from shop.models import Checkout, Order, Shop
from shop.payments import refunds, webhooks
from shop.payments.expiry import expire_overdue
from shop.payments.handlers import deliver_outbox
from shop.sandbox.courier import sign
from shop.sandbox.server import Sandbox
from shop.sandbox.store import Query
from shop.tokens import payment_token
from tests.shop.conftest import Stall, complete, open_session, pay, place
from tests.shop.views.conftest import Shopper


@dataclass
class Town:
    """Two stalls of ten units each, a portal that takes a commission, and Stripe."""

    sandbox: Sandbox
    portal: PortalSettings
    cheese: Stall
    candles: Stall

    def checkout(self, *, cheeses: int = 2, candles: int = 1) -> Checkout:
        """Placed by a shopper of its own; nobody asked for a page to pay it on."""
        cart = carts.create()
        for stall, units in ((self.cheese, cheeses), (self.candles, candles)):
            if units:
                carts.add(cart, stall.variant, units)
        return place(cart, self.portal)

    def event(self, kind: str) -> dict[str, Any]:
        """The newest of its kind that Stripe made."""
        return next(each for each in self.sandbox.world.store.find(Query("event")) if each["type"] == kind)

    def deliver(self, event: dict[str, Any]) -> None:
        """Signed, to our door."""
        body = json.dumps(event).encode()
        signature = sign(body, self.sandbox.webhook_secret, int(time.time()))
        answer: Any = Shopper().post(
            "/stripe/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature}
        )
        assert answer.status_code == 200


class Scene:
    """`passes`: steps that must be among the points; `at_least`: how many points there must be."""

    passes: tuple[str, ...]
    at_least: int

    def __init__(self, town: Town) -> None:
        self.town = town

    def arrange(self) -> None:
        """Up to the act, once."""
        raise NotImplementedError

    def act(self) -> None:
        """What is cut short."""
        raise NotImplementedError

    def repeat(self) -> None:
        """What whoever acted does when nothing came back."""
        self.act()


class Placing(Scene):
    """The shopper presses the pay button."""

    passes = ("COMMIT", "HTTP POST /v1/checkout/sessions", "SQL UPDATE")
    at_least = 32

    def arrange(self) -> None:
        shopper = Shopper(headers={"host": "localhost"})
        shopper.add(self.town.cheese, 2)
        shopper.add(self.town.candles)
        self.review = shopper.answer_all()
        self.cookies = shopper.cookies

    def act(self) -> None:
        self.press()

    def repeat(self) -> None:
        answer = self.press()
        assert (answer.status_code, answer["Location"].startswith(self.town.sandbox.url)) == (303, True)

    def press(self) -> HttpResponse:
        shopper = Shopper(headers={"host": "localhost"})
        shopper.cookies = copy.deepcopy(self.cookies)
        return shopper.place(self.review)


class Returning(Scene):
    """The shopper paid and comes back from Stripe's page."""

    passes = ("COMMIT", "HTTP GET /v1/checkout/sessions/", "SQL UPDATE")
    at_least = 60

    def arrange(self) -> None:
        checkout = self.town.checkout()
        pay(checkout, self.town.sandbox)
        self.address = f"/paiement/retour/{payment_token(checkout)}/"

    def act(self) -> None:
        self.come_back()

    def repeat(self) -> None:
        assert self.come_back()["Location"].startswith("/commande/")

    def come_back(self) -> HttpResponse:
        answer = Shopper(headers={"host": "localhost"}).get(self.address)
        assert answer.status_code == 302
        return answer


class DirectPayment(Returning):
    """The same where a merchant charges on its own account: nothing is transferred."""

    at_least = 35

    def arrange(self) -> None:
        stall = self.town.candles
        Shop.objects.filter(merchant=stall.merchant).update(
            charge_model=ChargeModel.DIRECT, charges_status="active"
        )
        self.town.sandbox.set_capabilities(stall.account, card_payments="active")
        checkout = self.town.checkout(cheeses=0)
        assert checkout.account == stall.account
        pay(checkout, self.town.sandbox)
        self.address = f"/paiement/retour/{payment_token(checkout)}/"


class Webhook(Scene):
    """Stripe's event comes in, and the worker applies it. Without an answer Stripe sends it again."""

    passes = ("COMMIT", "HTTP GET /v1/checkout/sessions/", 'SQL INSERT INTO "shop_stripeevent"')
    at_least = 70

    def arrange(self) -> None:
        pay(self.town.checkout(), self.town.sandbox)
        self.event = self.town.event("checkout.session.completed")

    def act(self) -> None:
        self.town.deliver(self.event)
        webhooks.process(now=timezone.now())


class Transfers(Scene):
    """The worker sends the merchants their shares and everybody their mails."""

    passes = ("COMMIT", "HTTP POST /v1/transfers", "MAIL")
    at_least = 60

    def arrange(self) -> None:
        complete(self.town.checkout(), self.town.sandbox)

    def act(self) -> None:
        deliver_outbox(now=timezone.now())


class RefundRequest(Scene):
    """A merchant gives an order back."""

    passes = ("COMMIT", 'SQL INSERT INTO "shop_refund"')
    at_least = 40

    def arrange(self) -> None:
        checkout = complete(self.town.checkout(), self.town.sandbox)
        deliver_outbox(now=timezone.now())
        self.order = checkout.orders.order_by("pk")[0]

    def act(self) -> None:
        refunds.request(self._fresh(), self.wish(), reason="test", restock=True, now=timezone.now())

    def wish(self) -> refunds.Wish:
        """All that is left."""
        return refunds.WHOLE

    def repeat(self) -> None:
        """The page shows what is refunded; the button says what it would give back of what it showed."""
        if not self._fresh().refunds.exists():
            RefundRequest.act(self)

    def _fresh(self) -> Order:
        return Order.objects.get(pk=self.order.pk)


class RefundSent(RefundRequest):
    """The worker gives the money back to the card, and takes the merchant's part of it back."""

    passes = ("COMMIT", "HTTP POST /v1/refunds", "HTTP POST /v1/transfers/")
    at_least = 60

    def arrange(self) -> None:
        super().arrange()
        RefundRequest.act(self)

    def act(self) -> None:
        deliver_outbox(now=timezone.now())

    def repeat(self) -> None:
        self.act()


class PartialRefund(RefundRequest):
    """One unit of a line and its part of the merchant's share, from the press to Stripe."""

    passes = ("COMMIT", "HTTP POST /v1/refunds", "HTTP POST /v1/transfers/")
    at_least = 100

    def wish(self) -> refunds.Wish:
        line = self.order.lines.order_by("pk")[0]
        return refunds.Units({line.pk: 1})

    def act(self) -> None:
        super().act()
        deliver_outbox(now=timezone.now())


class RefundBeforeTransfer(RefundSent):
    """Both are in the outbox: the order was given back before its merchant's share left."""

    passes = ("COMMIT", "HTTP POST /v1/refunds", "HTTP POST /v1/transfers")
    at_least = 95

    def arrange(self) -> None:
        checkout = complete(self.town.checkout(), self.town.sandbox)
        self.order = checkout.orders.order_by("pk")[0]
        RefundRequest.act(self)


class Disputed(Scene):
    """The card's holder contests what was paid and sent: the event comes in, and the worker applies it."""

    passes = ("COMMIT", 'SQL INSERT INTO "shop_dispute"')
    at_least = 60

    def arrange(self) -> None:
        checkout = complete(self.town.checkout(), self.town.sandbox)
        deliver_outbox(now=timezone.now())
        self.town.sandbox.dispute(checkout.payment_intents.get().charge_id)
        self.event = self.town.event("charge.dispute.created")

    def act(self) -> None:
        self.town.deliver(self.event)
        webhooks.process(now=timezone.now())
        deliver_outbox(now=timezone.now())


class Expiry(Scene):
    """The worker closes what is overdue: a page nobody paid, one paid in its last second, one never made."""

    passes = ("COMMIT", "HTTP POST /v1/checkout/sessions/", "SQL UPDATE")
    at_least = 90

    def arrange(self) -> None:
        unpaid, paid, _never_shown = (self.town.checkout() for _i in range(3))
        open_session(unpaid)
        pay(paid, self.town.sandbox)
        Checkout.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    def act(self) -> None:
        expire_overdue(now=timezone.now())


class LatePayment(Scene):
    """Paid after its stock was let go and sold to another: all of it is to be refunded."""

    passes = ("COMMIT", 'SQL INSERT INTO "shop_refund"', "SQL SAVEPOINT", "SQL ROLLBACK TO SAVEPOINT")
    at_least = 70

    def arrange(self) -> None:
        late = self.town.checkout(cheeses=8)
        pay(late, self.town.sandbox)
        checkouts.let_go(late, to=CheckoutStatus.EXPIRED, cause="test", now=timezone.now())
        self.town.checkout(cheeses=9)
        self.address = f"/paiement/retour/{payment_token(late)}/"

    def act(self) -> None:
        assert Shopper(headers={"host": "localhost"}).get(self.address).status_code == 302


SCENES: tuple[type[Scene], ...] = (
    Placing,
    Returning,
    DirectPayment,
    Webhook,
    Transfers,
    RefundRequest,
    PartialRefund,
    RefundBeforeTransfer,
    Disputed,
    Expiry,
    LatePayment,
)
