"""What shopper and merchant read, from what was frozen at the sale."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from home.models import PortalSettings
from shop.models import Cart, Checkout, OutboxMessage, Product
from shop.payments.handlers import deliver_outbox
from shop.sandbox.server import Sandbox
from shop.tokens import order_token
from tests.factories import MembershipFactory, TaxRegistrationFactory
from tests.shop.conftest import Stall, complete, place

NBSP = "\u00a0"


@pytest.fixture
def checkout(cart: Cart, portal: PortalSettings, sandbox: Sandbox, candles: Stall, cheese: Stall) -> Checkout:
    portal.contact_email = "journal@levis.test"
    portal.save()
    TaxRegistrationFactory(merchant=candles.merchant)
    MembershipFactory(merchant=cheese.merchant, user__email="fromagere@exemple.test")
    return complete(place(cart, portal), sandbox)


def delivered(to: str) -> EmailMultiAlternatives:
    deliver_outbox(now=timezone.now())
    return next(sent for sent in mail.outbox if sent.to == [to])


def test_the_shopper_gets_the_contract_with_its_taxes_and_its_address(checkout: Checkout) -> None:
    sent = delivered("marie@exemple.test")
    assert sent.subject == "Votre commande sur Achetons Lévis est payée"
    for said in (
        "Fromagerie des Chutes",
        "Chandelles Lauzon",
        f"TPS{NBSP}: 1,00{NBSP}$ (123456789 RT0001)",
        f"Payé en tout{NBSP}: 44,99{NBSP}$",
        f"/commande/{order_token(checkout)}/",
    ):
        assert said in sent.body
    html, kind = sent.alternatives[0]
    assert kind == "text/html"
    assert f"44,99{NBSP}$" in html


def test_each_merchant_reads_its_own_part_alone(checkout: Checkout, cheese: Stall) -> None:
    sent = delivered("fromagere@exemple.test")
    order = checkout.orders.get(merchant=cheese.merchant)
    assert sent.subject == f"Nouvelle commande {order.number} pour Marie Tremblay"
    assert f"/mon-commerce/{cheese.merchant.slug}/commandes/{order.number}/" in sent.body
    assert "Chandelles" not in sent.body


def test_a_copy_says_what_was_sold_not_what_the_shelf_says_today(checkout: Checkout, cheese: Stall) -> None:
    title = cheese.variant.product.title
    Product.objects.update(title="autre chose")
    assert title in delivered("marie@exemple.test").body


def test_a_mail_sent_twice_has_one_name_and_an_answer_reaches_the_portal(checkout: Checkout) -> None:
    first = delivered("marie@exemple.test")
    OutboxMessage.objects.filter(kind="mail.order_confirmed").update(sent_at=None, not_before=timezone.now())
    mail.outbox.clear()
    second = delivered("marie@exemple.test")
    expected = f"<mail.order_confirmed.{checkout.pk}@localhost>"
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"] == expected
    assert first.reply_to == ["journal@levis.test"]


def test_a_shop_without_anybody_is_told_through_the_portal(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, candles: Stall
) -> None:
    portal.contact_email = "journal@levis.test"
    portal.save()
    type(candles.merchant).objects.filter(pk=candles.merchant.pk).update(email="")
    complete(place(cart, portal), sandbox)
    assert "Produit" in delivered("journal@levis.test").body


def test_with_nobody_to_tell_nothing_is_sent_and_nothing_is_stuck(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, candles: Stall
) -> None:
    type(candles.merchant).objects.filter(pk=candles.merchant.pk).update(email="")
    complete(place(cart, portal), sandbox)
    assert deliver_outbox(now=timezone.now()) == 5
    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_down_is_tried_again(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_mail: EmailMultiAlternatives) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as down:
        down.setattr(EmailMultiAlternatives, "send", refuse)
        assert deliver_outbox(now=timezone.now()) == 2
    waiting = OutboxMessage.objects.filter(sent_at=None)
    assert set(waiting.values_list("last_error", flat=True)) == {"ConnectionRefusedError: "}
    assert deliver_outbox(now=max(waiting.values_list("not_before", flat=True))) == 3
