"""The pay button: once is once, twice is once, and whatever changed meanwhile is said before any money moves."""

import uuid

import pytest
from django.http import HttpResponse
from django.utils import timezone

from shop import stock
from shop.enums import CheckoutStatus, ProductStatus
from shop.models import Cart, CartItem, Checkout, CheckoutSession, Product, Shop, Variant
from shop.sandbox.server import Sandbox
from tests.factories import CartFactory
from tests.shop.conftest import Stall
from tests.shop.views.conftest import Shopper, said, text

AtReview = tuple[Shopper, HttpResponse]


def rows() -> tuple[int, int]:
    return Checkout.objects.count(), CheckoutSession.objects.count()


def test_paying_leads_to_the_hosted_page_with_303(at_review: AtReview, sandbox: Sandbox) -> None:
    shopper, review = at_review
    answer = shopper.place(review)
    assert answer.status_code == 303
    assert answer.url.startswith(f"{sandbox.url}/c/pay/")
    placed = Checkout.objects.get()
    assert (placed.contact_name, placed.contact_email, str(placed.contact_phone)) == (
        "Marie Tremblay",
        "marie@exemple.test",
        "(418) 555-0123",
    )


def test_pressing_twice_makes_one_checkout_and_one_session(at_review: AtReview) -> None:
    shopper, review = at_review
    first, second = shopper.place(review), shopper.place(review)
    assert first.url == second.url
    assert rows() == (1, 1)


def test_pressing_twice_for_the_last_unit_is_not_called_sold_out(at_review: AtReview, cheese: Stall) -> None:
    shopper, _review = at_review
    stock.receive(cheese.variant, -8, reason="test", now=timezone.now())
    review = shopper.step("verification")
    first, second = shopper.place(review), shopper.place(review)
    assert cheese.left() == 0
    assert first.url == second.url


def test_two_tabs_make_one_checkout_and_one_session(at_review: AtReview) -> None:
    shopper, first_tab = at_review
    second_tab = shopper.step("verification")
    assert shopper.place(first_tab).url == shopper.place(second_tab).url
    assert rows() == (1, 1)


def test_changed_price_is_said_and_accepted_anew(at_review: AtReview, cheese: Stall) -> None:
    shopper, review = at_review
    Variant.objects.filter(pk=cheese.variant.pk).update(price_cents=13_00)
    answer = shopper.place(review)
    assert (answer.url, rows()) == ("/paiement/?etape=verification", (0, 0))
    again = shopper.step("verification")
    assert said(again) == ["Un prix a changé entre-temps\u00a0: voici le nouveau total."]
    assert "Payer 45,99\u00a0$" in text(again)
    assert shopper.place(again).status_code == 303
    assert Checkout.objects.get().total_cents == 45_99


def test_sold_out_meanwhile_is_said_and_takes_nothing(
    at_review: AtReview, cheese: Stall, candles: Stall
) -> None:
    shopper, review = at_review
    stock.receive(cheese.variant, -9, reason="test", now=timezone.now())
    answer = shopper.place(review)
    assert (answer.url, rows()) == ("/panier/", (0, 0))
    assert f"Il ne reste que 1 exemplaire de «\u00a0{cheese.variant}\u00a0»." in text(shopper.cart())
    assert candles.left() == 10


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda: Product.objects.update(status=ProductStatus.HIDDEN), "n’est plus en vente."),
        (lambda: Shop.objects.update(paused_at=timezone.now()), "fait une pause"),
        (lambda: Shop.objects.update(transfers_status="restricted"), "ne peut pas encore recevoir"),
    ],
    ids=["product hidden", "shop paused", "account restricted"],
)
def test_what_is_no_longer_sold_is_said_and_takes_nothing(at_review: AtReview, change, sentence: str) -> None:
    shopper, review = at_review
    change()
    assert shopper.place(review).url == "/panier/"
    assert rows() == (0, 0)
    assert sentence in text(shopper.cart())


@pytest.mark.parametrize("kind", ["500_before", "reset", "429"])
def test_payment_service_down_is_said_and_loses_nothing(
    at_review: AtReview, sandbox: Sandbox, kind: str
) -> None:
    shopper, review = at_review
    sandbox.fail("POST", "/v1/checkout/sessions", kind, times=99)
    assert shopper.place(review).url == "/paiement/?etape=verification"
    again = shopper.step("verification")
    [sentence] = said(again)
    assert sentence.startswith(
        "Le service de paiement ne répond pas. Si vous n’avez pas encore payé, réessayez"
    )
    assert again.context["totals"]["total_cents"] == 43_99
    sandbox.clear_faults()
    assert shopper.place(again).status_code == 303
    assert Checkout.objects.filter(status=CheckoutStatus.OPEN).count() == 1


def test_payment_service_down_does_not_make_the_last_unit_unbuyable(
    at_review: AtReview, sandbox: Sandbox, cheese: Stall
) -> None:
    shopper, _review = at_review
    stock.receive(cheese.variant, -8, reason="test", now=timezone.now())
    sandbox.fail("POST", "/v1/checkout/sessions", "reset", times=99)
    shopper.place(shopper.step("verification"))
    sandbox.clear_faults()
    assert shopper.cart().context["problems"] == ()
    assert shopper.place(shopper.step("verification")).status_code == 303
    assert cheese.left() == 0


def test_back_from_the_hosted_page_may_change_the_basket_and_pay_the_new_total(
    at_review: AtReview, cheese: Stall
) -> None:
    shopper, review = at_review
    shopper.place(review)
    shopper.add(cheese)
    again = shopper.step("verification")
    assert "Payer 55,99\u00a0$" in text(again)
    assert shopper.place(again).status_code == 303
    assert list(Checkout.objects.order_by("pk").values_list("status", "total_cents")) == [
        (CheckoutStatus.CANCELED, 43_99),
        (CheckoutStatus.OPEN, 55_99),
    ]
    assert cheese.left() == 7


def test_back_from_the_hosted_page_may_correct_the_email(at_review: AtReview) -> None:
    shopper, review = at_review
    shopper.place(review)
    shopper.answer("contact", {"name": "Marie", "email": "juste@exemple.test", "phone": ""})
    shopper.place(shopper.step("verification"))
    assert Checkout.objects.get(status=CheckoutStatus.OPEN).contact_email == "juste@exemple.test"


def test_back_from_the_hosted_page_with_the_last_unit_is_not_sold_out(
    at_review: AtReview, cheese: Stall
) -> None:
    shopper, _review = at_review
    stock.receive(cheese.variant, -8, reason="test", now=timezone.now())
    shopper.place(shopper.step("verification"))
    assert shopper.step("verification").context["step"] == 3
    assert shopper.place(shopper.step("verification")).status_code == 303
    assert (cheese.left(), Checkout.objects.filter(status=CheckoutStatus.OPEN).count()) == (0, 1)


def test_paid_in_another_tab_leads_to_the_order(at_review: AtReview, sandbox: Sandbox, cheese: Stall) -> None:
    shopper, review = at_review
    shopper.place(review)
    again = shopper.step("verification")
    sandbox.pay(str(CheckoutSession.objects.get().session_id))
    assert shopper.place(again).url.startswith("/commande/")
    assert rows() == (1, 1)
    assert Checkout.objects.get().status == CheckoutStatus.PAID


def test_form_of_a_checkout_that_was_let_go_is_checked_again(at_review: AtReview, placed: Checkout) -> None:
    shopper, stale = at_review
    shopper.get(f"/paiement/abandon/{token_of(placed)}/")
    assert shopper.place(stale).url == "/paiement/?etape=verification"
    assert "Cette page datait" in said(shopper.step("verification"))[-1]
    assert rows() == (1, 1)


def test_form_token_of_another_cart_opens_nothing(at_review: AtReview, placed: Checkout) -> None:
    """Whoever learns a token gets neither the other's payment page nor the other's order."""
    thief = Shopper(headers={"host": "localhost"})
    item = CartItem.objects.first()
    thief.add(item.variant)
    thief.answer_all()
    total = thief.step("verification").context["totals"]["total_cents"]
    wish = {"form_token": str(placed.form_token), "accepted_total_cents": total}
    assert thief.answer("verification", wish).url == "/paiement/?etape=verification"
    assert rows() == (1, 1)


def test_invented_form_token_places_nothing(at_review: AtReview) -> None:
    shopper, _review = at_review
    wish = {"form_token": str(uuid.uuid4()), "accepted_total_cents": 43_99}
    assert shopper.answer("verification", wish).url == "/paiement/?etape=verification"
    assert rows() == (0, 0)


def test_cart_of_somebody_else_is_not_placed(at_review: AtReview) -> None:
    stranger = CartFactory()
    shopper, review = at_review
    shopper.place(review)
    assert Checkout.objects.get().cart == Cart.objects.exclude(pk=stranger.pk).get()


def token_of(checkout: Checkout) -> str:
    from shop.tokens import payment_token

    return payment_token(checkout)
