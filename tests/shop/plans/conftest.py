"""A fromagerie that sells, in a portal where that costs 39 $ a month from May 2027 on; one clock for Stripe and us."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Site

from directory.enums import Tier
from directory.models import Merchant, Plan
from home.models import PortalSettings
from shop.models import OutboxMessage, PlanInvoice, Subscription, SubscriptionAttempt
from shop.payments import gateway
from shop.payments.plans import subscribing
from shop.payments.plans.sync import sync_subscription
from shop.sandbox.server import Sandbox
from tests.factories import MembershipFactory, UserFactory, make_seller

LEVIS = ZoneInfo("America/Toronto")
LAST_FREE_DAY = date(2027, 4, 30)
DECLINED, GOOD = "4000000000000341", "4242424242424242"
"""The first is kept without a word, and refused each time it is asked to pay."""


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=LEVIS)


MARCH, APRIL_15, MAY_1, MAY_2 = at(2027, 3, 1), at(2027, 4, 15), at(2027, 5, 1), at(2027, 5, 2)


@dataclass
class Clock:
    """Ours and the sandbox's, moved as one."""

    sandbox: Sandbox
    traveller: time_machine.Traveller

    def move_to(self, moment: datetime) -> None:
        self.traveller.move_to(moment)
        self.sandbox.freeze(int(moment.timestamp()))

    def move(self, **by: int) -> None:
        self.move_to(timezone.now() + timedelta(**by))


@pytest.fixture
def clock(sandbox: Sandbox) -> Iterator[Clock]:
    """It stands at noon of March 1st 2027."""
    with time_machine.travel(MARCH, tick=False) as traveller:
        moved = Clock(sandbox, traveller)
        moved.move_to(MARCH)
        yield moved


@pytest.fixture
def portal(in_levis: Site) -> PortalSettings:
    """Registered for both taxes, free until the end of April, 19 $ and 39 $ a month afterwards."""
    settings = PortalSettings.for_site(in_levis)
    settings.gst_number, settings.qst_number = "123456789 RT0001", "1234567890 TQ0001"
    settings.free_until, settings.brand = LAST_FREE_DAY, "Achetons Lévis"
    settings.postal_address = "1, rue du Journal, Lévis (Québec) G6V 1A1"
    settings.save()
    Plan.objects.create(site=in_levis, tier=Tier.LINKED_SHOP, monthly_price_cents=19_00)
    Plan.objects.create(site=in_levis, tier=Tier.TRANSACTIONAL, monthly_price_cents=39_00)
    return settings


@pytest.fixture
def merchant(portal: PortalSettings, sandbox: Sandbox) -> Merchant:
    """It sells, with an account that may be paid; Odile owns it."""
    found = make_seller(name="Fromagerie du Bac", slug="fromagerie", email="bac@exemple.test")
    sandbox.add_account(found.shop.stripe_account_id)
    MembershipFactory(merchant=found, user=UserFactory(email="odile@exemple.test"))
    return found


@pytest.fixture
def owner_id(merchant: Merchant) -> int:
    return merchant.memberships.get().user_id


def open_page(merchant: Merchant, tier: Tier = Tier.TRANSACTIONAL) -> SubscriptionAttempt:
    """Somebody of the merchant asks to subscribe; the page is open."""
    by_id = merchant.memberships.get().user_id
    address = subscribing.subscribe(merchant, tier, by_id=by_id, now=timezone.now())
    return SubscriptionAttempt.objects.get(url=address)


def subscribe(
    merchant: Merchant, sandbox: Sandbox, *, card: str = GOOD, tier: Tier = Tier.TRANSACTIONAL
) -> Subscription:
    """Subscribed on Stripe's page, and brought in."""
    sandbox.pay(str(open_page(merchant, tier).session_id), card)
    assert sync_subscription(merchant.pk, now=timezone.now())
    return Subscription.objects.filter(merchant=merchant).first()


def sync(merchant: Merchant) -> bool:
    return sync_subscription(merchant.pk, now=timezone.now())


def tier_of(merchant: Merchant) -> str:
    return Merchant.objects.values_list("tier", flat=True).get(pk=merchant.pk)


def letters_of() -> list[str]:
    """Their subjects, oldest first."""
    rows = OutboxMessage.objects.filter(kind="mail.letter").order_by("pk")
    return [row.payload["subject"] for row in rows]


def charged(merchant: Merchant) -> list[tuple[int, int, int, int]]:
    """What was paid: net, GST, QST, total, oldest first."""
    rows = PlanInvoice.objects.filter(merchant=merchant, status="paid", total_cents__gt=0).order_by(
        "issued_at"
    )
    return list(rows.values_list("net_cents", "gst_cents", "qst_cents", "total_cents"))


def pay_with_another_card(merchant: Merchant) -> None:
    """As its owner does on Stripe's page for the card: a good one is kept, and what is owed is paid with it."""
    customer = str(merchant.billing_customer.customer_id)
    methods = gateway.client().v1
    card = methods.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    methods.customers.update(customer, {"invoice_settings": {"default_payment_method": card}})
    for row in Subscription.objects.filter(merchant=merchant, ended_at=None):
        methods.subscriptions.update(row.subscription_id, {"default_payment_method": card})
    for invoice in methods.invoices.list({"customer": customer, "status": "open"}).data:
        methods.invoices.pay(invoice.id)
