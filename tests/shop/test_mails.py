"""What shopper and merchant read, from what was frozen at the sale."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from home import pdf
from home.models import PortalRole, PortalSettings, PortalStaff
from shop.enums import DisputeStatus, RefundSource
from shop.models import Cart, Checkout, Dispute, OutboxMessage, Product
from shop.payments import cancel, effects, refunds
from shop.payments.handlers import deliver_outbox
from shop.sandbox.server import Sandbox
from shop.tokens import order_token
from tests.factories import MembershipFactory, TaxRegistrationFactory, UserFactory
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


def test_the_order_mail_carries_the_copy_of_each_contract(checkout: Checkout) -> None:
    sent = delivered("marie@exemple.test")
    kept = {f"recu-{o.number}.html": o.contract_copy.html for o in checkout.orders.all()}
    assert {name: content for name, content, _kind in sent.attachments} == kept


@pytest.mark.skipif(not pdf.can_print(), reason=pdf.why_not())
def test_copies_are_pdf_where_they_can_be_made(checkout: Checkout, settings) -> None:
    settings.MAIL_ATTACHES_PDF = True
    sent = delivered("marie@exemple.test")
    assert len(sent.attachments) == 2
    for name, content, kind in sent.attachments:
        assert name.endswith(".pdf")
        assert (kind, content[:5]) == ("application/pdf", b"%PDF-")


def written(kind: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind=kind))


def test_a_refund_is_told_to_the_shopper_once_with_its_parts_and_reason(
    checkout: Checkout, candles: Stall
) -> None:
    deliver_outbox(now=timezone.now())
    mail.outbox.clear()
    order = checkout.orders.get(merchant=candles.merchant)
    refunds.request(
        order, reason="il n’en reste plus", restock=False, source=RefundSource.MERCHANT, now=timezone.now()
    )
    sent = delivered("marie@exemple.test")
    assert sent.subject == f"Chandelles Lauzon vous rembourse 20,99{NBSP}$ ({order.number})"
    for said in (
        "Raison\u00a0: il n’en reste plus",
        f"TPS{NBSP}: 1,00{NBSP}$",
        f"Remboursé{NBSP}: 20,99{NBSP}$",
    ):
        assert said in sent.body
    assert [m.to for m in mail.outbox] == [["marie@exemple.test"]]  # the shop did it itself


def test_a_refund_that_is_not_the_shops_own_act_is_told_to_it(checkout: Checkout, cheese: Stall) -> None:
    deliver_outbox(now=timezone.now())
    mail.outbox.clear()
    order = checkout.orders.get(merchant=cheese.merchant)
    cancel.by_shopper(order, now=timezone.now())
    sent = delivered("fromagere@exemple.test")
    assert sent.subject == f"Commande {order.number} annulée par la clientèle"
    assert "Marie Tremblay a annulé sa commande" in sent.body
    assert len(mail.outbox) == 2


def test_staff_read_of_a_refund_that_failed(checkout: Checkout, cheese: Stall) -> None:
    order = checkout.orders.get(merchant=cheese.merchant)
    manager = UserFactory(email="direction@levis.test")
    PortalStaff.objects.create(site=checkout.site, user=manager, role=PortalRole.MANAGER)
    refund = refunds.request(order, reason="retour", restock=True, now=timezone.now())
    refunds.fail(refund, "lost_or_stolen_card", now=timezone.now())
    assert refunds.fail(refund, "lost_or_stolen_card", now=timezone.now()) is False
    sent = delivered("direction@levis.test")
    assert sent.subject == f"Un remboursement de 24,00{NBSP}$ n’est pas passé ({order.number})"
    assert "marie@exemple.test" in sent.body
    assert "lost_or_stolen_card" in sent.body


def test_a_contested_payment_is_told_to_each_merchant_and_to_staff_once(checkout: Checkout) -> None:
    dispute = Dispute.objects.create(
        checkout=checkout, dispute_id="du_1", charge_id="ch_1", amount_cents=44_99, reason="fraudulent",
        status=DisputeStatus.NEEDS_RESPONSE, created_at=timezone.now(),
    )  # fmt: skip
    for _time in range(2):
        effects.after_dispute(dispute, now=timezone.now())
    merchants, staff = written(effects.MAIL_MERCHANT_DISPUTE), written(effects.MAIL_STAFF_DISPUTE)
    assert (len(merchants), [row.recipient for row in staff]) == (2, ["journal@levis.test"])
    deliver_outbox(now=timezone.now())
    subjects = [sent.subject for sent in mail.outbox if sent.to == ["fromagere@exemple.test"]]
    assert len([subject for subject in subjects if "est contesté" in subject]) == 1
    to_staff = next(sent for sent in mail.outbox if "contesté (" in sent.subject)
    assert f"44,99{NBSP}$ contesté" in to_staff.subject
    assert "fraudulent" in to_staff.body


def test_every_mail_has_its_landmarks_and_one_headline(checkout: Checkout, cheese: Stall) -> None:
    order = checkout.orders.get(merchant=cheese.merchant)
    refund = refunds.request(order, reason="retour", restock=True, now=timezone.now())
    refunds.fail(refund, "expired_card", now=timezone.now())
    deliver_outbox(now=timezone.now())
    htmls = [str(sent.alternatives[0][0]) for sent in mail.outbox]
    assert len(htmls) >= 6
    for html in htmls:
        assert (html.count("<main"), html.count("<h1"), html.count("<header")) == (1, 1, 1)
        assert 'lang="fr-CA"' in html
