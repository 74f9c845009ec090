"""A guest with a phone buys from two shops at once and pays once."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from home.tenancy import portal_scope
from shop.enums import CheckoutStatus, OrderStatus, TransferStatus
from shop.models import Checkout, CheckoutSession, Order, Transfer, Variant
from tests.journeys.conftest import (
    Street,
    check_out,
    pay,
    product_address,
    put_in_basket,
    thanks,
    work,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def phone(request: pytest.FixtureRequest) -> Page:
    return request.getfixturevalue("page" if request.param == "with JavaScript" else "page_without_scripts")


def everything_happened_once(street: Street) -> None:
    """Two orders, two transfers, three mails, stock down."""
    work()
    with portal_scope(street.site):
        assert Checkout.objects.get().status == CheckoutStatus.PAID
        assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.PAID}
        shares = Transfer.objects.order_by("pk").values_list("amount_cents", "status")
        assert list(shares) == [(12_00 - 60, TransferStatus.SENT), (19_99 - 1_00, TransferStatus.SENT)]
        assert sorted(Variant.objects.values_list("on_hand", flat=True)) == [9, 9]
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        ["marie@exemple.test", street.owner.email, "boutique@exemple.test"]
    )


def test_guest_reads_a_story_and_buys_from_two_shops(
    request: pytest.FixtureRequest, phone: Page, street: Street
) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="La nuit des fromagers").first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("La nuit des fromagers")
    phone.get_by_role("link", name="Fromage de chèvre").first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Fromage de chèvre")
    phone.get_by_role("button", name="Mettre au panier").click()
    expect(phone.get_by_role("status").first).to_contain_text("est dans votre panier")
    put_in_basket(phone, product_address(street.candles))
    expect(phone.get_by_role("heading", name="Fromagerie des Chutes")).to_be_visible()
    expect(phone.get_by_role("heading", name="Chandelles Lauzon")).to_be_visible()
    check_out(phone)
    pay(phone)
    expect(thanks(phone)).to_be_visible()
    for words in ("Fromagerie des Chutes", "Chandelles Lauzon", "31,99\u00a0$", "visa 4242"):
        expect(phone.get_by_role("main")).to_contain_text(words)
    everything_happened_once(street)
    with_scripts = request.node.callspec.params["phone"] == "with JavaScript"
    with portal_scope(street.site):
        assert list(Order.objects.order_by("pk").values_list("credit_source", "credit_id")) == [
            ("story", street.story.pk),
            ("story", street.story.pk) if with_scripts else ("", 0),  # the tab carried it to the next shop
        ]


def test_webhook_alone_completes_a_purchase_whose_shopper_never_came_back(
    page: Page, street: Street, live_server
) -> None:
    street.sandbox.webhook_url = f"{live_server.url}/stripe/webhook/"
    put_in_basket(page, product_address(street.cheese))
    put_in_basket(page, product_address(street.candles))
    check_out(page)
    page.goto("/")
    with portal_scope(street.site):
        session = CheckoutSession.objects.get().session_id
    street.sandbox.pay(str(session))
    street.sandbox.flush_webhooks()
    everything_happened_once(street)


def test_basket_count_is_shown_and_kept(page: Page, street: Street) -> None:
    put_in_basket(page, product_address(street.cheese))
    page.goto("/")
    expect(page.locator("[data-basket-count]")).to_have_text("1")


def test_what_was_taken_out_is_put_back(phone: Page, street: Street) -> None:
    put_in_basket(phone, product_address(street.cheese))
    phone.get_by_role("button", name="Enlever Fromage de chèvre").click()
    expect(phone.get_by_role("status").first).to_contain_text("n’est plus dans votre panier")
    phone.get_by_role("button", name="Remettre").click()
    expect(phone.get_by_role("heading", name="Fromagerie des Chutes")).to_be_visible()


def test_declined_card_says_so_in_french_and_one_tries_another(page: Page, street: Street) -> None:
    put_in_basket(page, product_address(street.cheese))
    check_out(page)
    pay(page, "4000 0000 0000 0002")
    expect(page.get_by_role("alert")).to_contain_text("Votre carte a été refusée.")
    pay(page)
    expect(thanks(page)).to_be_visible()
    with portal_scope(street.site):
        assert (Checkout.objects.count(), CheckoutSession.objects.count()) == (1, 1)


def test_bank_asks_who_is_there_and_the_purchase_goes_on(page: Page, street: Street) -> None:
    put_in_basket(page, product_address(street.cheese))
    check_out(page)
    pay(page, "4000 0025 0000 3155")
    expect(page.get_by_role("heading", level=1)).to_have_text("Autoriser ce paiement?")
    page.get_by_role("button", name="Autoriser").click()
    expect(thanks(page)).to_be_visible()


def test_refusing_at_the_bank_leads_back_to_the_card(page: Page, street: Street) -> None:
    put_in_basket(page, product_address(street.cheese))
    check_out(page)
    pay(page, "4000 0025 0000 3155")
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_role("alert")).to_contain_text("Votre banque n’a pas autorisé le paiement.")
    page.get_by_role("link", name="Retour à la boutique").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre panier")
    expect(page.get_by_role("status").first).to_contain_text("Rien n’a été payé.")
    with portal_scope(street.site):
        assert Variant.objects.get(pk=street.cheese.pk).on_hand == 10


def test_back_button_after_placing_pays_once(page: Page, street: Street) -> None:
    put_in_basket(page, product_address(street.cheese))
    check_out(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tout est juste?")
    page.get_by_role("button", name="Payer").click()
    pay(page)
    expect(thanks(page)).to_be_visible()
    with portal_scope(street.site):
        assert list(Checkout.objects.values_list("status", flat=True)).count(CheckoutStatus.PAID) == 1
        assert Variant.objects.get(pk=street.cheese.pk).on_hand == 9


def test_mistyped_email_is_shown_beside_its_field_and_focus_is_on_the_summary(
    page: Page, street: Street
) -> None:
    put_in_basket(page, product_address(street.cheese))
    page.goto("/paiement/")
    page.get_by_label("Votre nom").fill("Marie Tremblay")
    page.get_by_label("Votre courriel").fill("marie@")
    page.get_by_role("button", name="Continuer vers la remise").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Votre courriel")).to_be_focused()
    expect(page.get_by_label("Votre courriel")).to_have_accessible_description(
        re.compile("n’est pas complet")
    )
    expect(page.get_by_label("Votre nom")).to_have_value("Marie Tremblay")


# ---------------------------------------------------------------------------------------------------------- keyboard


def tab_to(page: Page, role: str, name: str) -> None:
    """Press Tab until that control has the focus, as somebody without a mouse does."""
    wanted = page.get_by_role(role, name=name).first
    expect(wanted).to_be_visible()
    for _press in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab never reaches {role} « {name} »")


def test_keyboard_alone_buys(page: Page, street: Street) -> None:
    page.goto(product_address(street.cheese))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
    tab_to(page, "button", "Mettre au panier")
    page.keyboard.press("Enter")
    tab_to(page, "link", "Passer à la caisse")
    page.keyboard.press("Enter")
    tab_to(page, "textbox", "Votre nom")
    page.keyboard.type("Marie Tremblay")
    page.keyboard.press("Tab")
    page.keyboard.type("marie@exemple.test")
    page.keyboard.press("Enter")
    tab_to(page, "button", "Continuer vers la vérification")
    page.keyboard.press("Enter")
    tab_to(page, "button", "Payer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Payer la commande")
    tab_to(page, "textbox", "Numéro de carte")
    for typed in ("4242424242424242", "1234", "123", "Marie Tremblay", "G6V 6C4"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(thanks(page)).to_be_visible()


# ---------------------------------------------------------------------------------------------------------- merchant


def test_merchant_signs_in_prepares_and_hands_over(page: Page, street: Street) -> None:
    put_in_basket(page, product_address(street.cheese))
    check_out(page)
    pay(page)
    expect(thanks(page)).to_be_visible()
    page.goto("/mon-commerce/")
    page.get_by_label("Courriel").fill(street.owner.email)
    page.get_by_label("Mot de passe").fill("un-mot-de-passe-de-test")
    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fromagerie des Chutes")
    page.get_by_role("button", name="C’est prêt").click()
    expect(page.get_by_role("status").first).to_contain_text("est prête")
    page.get_by_role("button", name="Remise au client").click()
    expect(page.get_by_role("heading", name="Dernières remises")).to_be_visible()
    with portal_scope(street.site):
        assert Order.objects.get().status == OrderStatus.FULFILLED
