"""Who buys in English pays, is written to and leads on in English; the contract comes in French first."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from home.languages import ENGLISH, FRENCH, speaking
from home.models import PortalSettings
from shop.models import Checkout
from shop.payments import cancel, gateway
from shop.payments.handlers import deliver_outbox
from shop.payments.sync import sync_checkout
from shop.sandbox.server import Sandbox
from tests.factories import MembershipFactory, TaxRegistrationFactory
from tests.portal.test_language import english_in
from tests.shop.conftest import Stall
from tests.shop.views.conftest import Shopper, text

FRENCH_WORDS = re.compile(
    r"\b(?:votre|vous|commande|commerce|boutique|le|la|les|des|du|est|sont|payée?|livraison|consignes?|taxes?"
    r" perçues?|reçu|contrat|joints|remise|annulation|merci|bonjour|suivre|téléphone|vendue?|à)\b",
    re.IGNORECASE,
)
OWN_NAMES = re.compile(
    r"Repris intact dans les 14 jours, avec le reçu\.|Achetons Lévis|Fromagerie des Chutes|Chandelles Lauzon|Lévis"
    r"|https?://\S+|\d+,? rue [^,\n<]+"
)


def french_in(said: str) -> list[str]:
    """French words beside what a shop says itself, and the names that shops, streets and addresses have anywhere."""
    words = re.sub(r"<style>.*?</style>|<[^>]+>", " ", said, flags=re.DOTALL)
    return FRENCH_WORDS.findall(OWN_NAMES.sub(" ", words))


@pytest.fixture
def in_english(portal: PortalSettings, candles: Stall) -> Iterator[None]:
    """The portal offers English, and addresses are made for English pages."""
    PortalSettings.objects.filter(pk=portal.pk).update(offers_english=True)
    TaxRegistrationFactory(merchant=candles.merchant)
    with speaking(ENGLISH):
        yield


@pytest.fixture
def review(shopper: Shopper, in_english: None, cheese: Stall, candles: Stall) -> HttpResponse:
    shopper.add(cheese, 2)
    shopper.add(candles)
    return shopper.answer_all()


def press(shopper: Shopper, review: HttpResponse, **more: str) -> Checkout:
    form = review.context["form"]
    values = {name: form[name].value() for name in ("form_token", "accepted_total_cents")}
    assert shopper.answer("verification", {**values, **more}).status_code == 303
    return Checkout.objects.get()


def paid(checkout: Checkout, sandbox: Sandbox) -> Checkout:
    sandbox.pay(checkout.sessions.get().session_id)
    sync_checkout(checkout.pk, now=timezone.now())
    checkout.refresh_from_db()
    return checkout


def mails_to(address: str) -> list[EmailMultiAlternatives]:
    """As the worker sends them, which has no address and so no language of its own."""
    with speaking(FRENCH):
        deliver_outbox(now=timezone.now())
    return [sent for sent in mail.outbox if sent.to == [address]]


def parts(sent: EmailMultiAlternatives) -> list[str]:
    return [sent.subject, str(sent.body), str(sent.alternatives[0][0])]


def test_contract_is_read_in_french_before_english_may_be_chosen(review: HttpResponse) -> None:
    page = text(review)
    french = page.index('<section class="contract contract-first" lang="fr-CA"')
    choice = page.index('name="contract_in_english"')
    assert french < page.index("Annulation\u00a0:") < choice
    assert "checked" not in page[choice : choice + 80]
    assert "Pay $" in page


def test_contract_is_english_for_whoever_asked_and_is_kept_so(
    shopper: Shopper, review: HttpResponse, sandbox: Sandbox
) -> None:
    checkout = paid(press(shopper, review, contract_in_english="on"), sandbox)
    assert (checkout.language, checkout.contract_language) == (ENGLISH, ENGLISH)
    for order in checkout.orders.all():
        copy = order.contract_copy.html
        assert '<html lang="en-CA">' in copy
        assert "Total paid" in copy
        assert french_in(copy) == []


def test_contract_is_french_where_nothing_was_asked_and_the_mail_is_english(
    shopper: Shopper, review: HttpResponse, sandbox: Sandbox
) -> None:
    checkout = paid(press(shopper, review), sandbox)
    (sent,) = mails_to("marie@exemple.test")
    assert sent.subject == "Your order on Achetons Lévis is paid"
    assert "http://localhost/en/commande/" in sent.body
    assert [french_in(part) for part in parts(sent)] == [[], [], []]
    assert '<html lang="en-CA">' in parts(sent)[2]
    assert all('<html lang="fr-CA">' in str(content) for _name, content, _kind in sent.attachments)
    assert checkout.contract_language == FRENCH


def test_payment_page_speaks_english_whoever_opens_it(
    shopper: Shopper, review: HttpResponse, candles: Stall
) -> None:
    checkout = press(shopper, review)
    session_id = checkout.sessions.get().session_id
    sessions = gateway.client().v1.checkout.sessions
    assert sessions.retrieve(session_id).locale == "en"
    names = [line.description for line in sessions.line_items.list(session_id).data]
    assert "GST, Chandelles Lauzon" in names
    assert french_in("\n".join(names).replace(candles.variant.product.title, "")) == []


def test_refund_is_told_in_english_and_to_the_shop_in_french(
    shopper: Shopper, review: HttpResponse, sandbox: Sandbox, candles: Stall
) -> None:
    MembershipFactory(merchant=candles.merchant, user__email="chandelles@exemple.test")
    order = paid(press(shopper, review), sandbox).orders.get(merchant=candles.merchant)
    type(candles.merchant.shop).objects.filter(merchant=candles.merchant).update(
        shopper_may_cancel="until_ready"
    )
    order.seller["shopper_may_cancel"] = "until_ready"
    order.save(update_fields=["seller"])
    mails_to("")
    mail.outbox.clear()
    refund = cancel.by_shopper(order, now=timezone.now())
    assert refund.reason == "annulée par la personne qui l’a passée"
    (told,) = mails_to("marie@exemple.test")
    assert [french_in(part) for part in parts(told)] == [[], [], []]
    (shop,) = [sent for sent in mail.outbox if sent.to == ["chandelles@exemple.test"]]
    assert [english_in(part) for part in parts(shop)] == [[], [], []]


def test_each_of_the_shop_is_written_to_in_its_own_language(
    shopper: Shopper, review: HttpResponse, sandbox: Sandbox, cheese: Stall
) -> None:
    for name, language in (("jean", FRENCH), ("jane", ENGLISH), ("jules", FRENCH)):
        MembershipFactory(
            merchant=cheese.merchant, user__email=f"{name}@exemple.test", user__language=language
        )
    paid(press(shopper, review), sandbox)
    (english,) = mails_to("jane@exemple.test")
    assert english.subject.startswith("New order")
    assert french_in(english.body.replace(cheese.variant.product.title, "")) == []
    (french,) = [sent for sent in mail.outbox if "jean@exemple.test" in sent.to]
    assert french.to == ["jean@exemple.test", "jules@exemple.test"]
    assert [english_in(part) for part in parts(french)] == [[], [], []]
    assert english.extra_headers["Message-ID"] != french.extra_headers["Message-ID"]


def test_portal_that_went_back_to_french_alone_writes_french(
    shopper: Shopper, review: HttpResponse, sandbox: Sandbox
) -> None:
    paid(press(shopper, review, contract_in_english="on"), sandbox)
    PortalSettings.objects.update(offers_english=False)
    (sent,) = mails_to("marie@exemple.test")
    assert sent.subject == "Votre commande sur Achetons Lévis est payée"
    link = re.search(r"http://localhost(/commande/\S+)", str(sent.body))
    assert link
    assert Client(headers={"host": "localhost"}).get(link[1]).status_code == 200


def test_links_of_english_mails_open_in_french_where_english_is_closed(
    shopper: Shopper, review: HttpResponse, sandbox: Sandbox
) -> None:
    paid(press(shopper, review), sandbox)
    (sent,) = mails_to("marie@exemple.test")
    PortalSettings.objects.update(offers_english=False)
    link = re.search(r"http://localhost(/en/commande/\S+)", str(sent.body))
    assert link
    visitor = Client(headers={"host": "localhost"})
    answer = visitor.get(link[1])
    assert (answer.status_code, answer["Content-Language"]) == (200, "fr-CA")
    assert "Fromagerie des Chutes" in text(answer)
    assert english_in(text(answer)) == []
    assert visitor.get("/en/boutique/").status_code == 404


def test_french_purchase_has_no_english_word_and_no_choice_to_make(
    at_review: tuple[Shopper, HttpResponse], sandbox: Sandbox
) -> None:
    shopper, review = at_review
    assert "contract_in_english" not in text(review)
    assert "contract-first" not in text(review)
    checkout = paid(press(shopper, review, contract_in_english="on"), sandbox)
    assert (checkout.language, checkout.contract_language) == (FRENCH, FRENCH)
    (sent,) = mails_to("marie@exemple.test")
    copies = [str(content) for _name, content, _kind in sent.attachments]
    assert [english_in(part) for part in (*parts(sent), *copies)] == [[]] * 5
