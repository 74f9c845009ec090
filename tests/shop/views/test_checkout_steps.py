"""The steps of the checkout: their order, what they ask, and how they say what is wrong."""

import re

import pytest
from django.utils import timezone
from wagtail.models import Site

from shop import stock
from shop.enums import Tax
from shop.models import Cart, Checkout, Shop
from tests.factories import TaxRegistrationFactory
from tests.shop.conftest import Stall
from tests.shop.views.conftest import ADDRESS, CONTACT, LEVIS, Shopper, said, text

VISIBLE = re.compile(r'<(?:input(?![^>]*type="hidden")|select|textarea)[^>]*?name="([^"]+)"[^>]*>')


@pytest.fixture
def buyer(shopper: Shopper, cheese: Stall) -> Shopper:
    shopper.add(cheese, 2)
    return shopper


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize("step", ["contact", "remise", "verification", "autre", ""])
def test_without_a_basket_there_is_nothing_to_pay(shopper: Shopper, in_levis: Site, step: str) -> None:
    answer = shopper.step(step)
    assert (answer.status_code, answer.url) == (302, "/panier/")


@pytest.mark.parametrize("asked", ["remise", "verification", "nimporte", "", "\x00"])
def test_first_step_comes_first(buyer: Shopper, asked: str) -> None:
    assert buyer.step(asked).context["step"] == 1


def test_second_step_comes_before_the_third(buyer: Shopper) -> None:
    assert buyer.answer("contact", CONTACT).url == "/paiement/?etape=remise"
    assert buyer.step("verification").context["step"] == 2


def test_all_answered_shows_the_review(buyer: Shopper) -> None:
    buyer.answer("contact", CONTACT)
    assert buyer.answer("remise", {"pickup": "on"}).url == "/paiement/?etape=verification"
    assert buyer.step("verification").context["step"] == 3


def test_one_may_go_back_and_finds_what_was_typed(buyer: Shopper) -> None:
    buyer.answer_all()
    html = text(buyer.step("contact"))
    assert 'value="Marie Tremblay"' in html
    assert 'value="marie@exemple.test"' in html
    assert "checked" in text(buyer.step("remise"))


def test_answers_are_kept_when_one_corrects_them(buyer: Shopper) -> None:
    buyer.answer_all()
    buyer.answer("contact", {**CONTACT, "email": "autre@exemple.test"})
    assert buyer.step("verification").context["contact"]["email"] == "autre@exemple.test"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Écrivez votre nom, comme Marie Tremblay."),
        ("name", "   ", "Écrivez votre nom, comme Marie Tremblay."),
        ("email", "", "Écrivez votre courriel, comme marie@exemple.ca."),
        ("email", "marie@", "Ce courriel n’est pas complet\u00a0: il s’écrit comme marie@exemple.ca."),
        ("phone", "418", "Ce numéro n’est pas complet\u00a0: il s’écrit comme 418 555-0123."),
        ("phone", "rappelez-moi", "Ce numéro n’est pas complet\u00a0: il s’écrit comme 418 555-0123."),
    ],
)
def test_wrong_answer_is_said_in_the_summary_and_beside_its_field(
    buyer: Shopper, field: str, typed: str, sentence: str
) -> None:
    answer = buyer.answer("contact", {**CONTACT, field: typed})
    html = text(answer)
    assert answer.status_code == 422
    assert f'<a href="#id_{field}">{sentence}</a>' in html
    assert re.search(rf'id="id_{field}_error".*?{re.escape(sentence)}', html, re.DOTALL)
    asked = re.search(rf'<input[^>]*name="{field}"[^>]*>', html)[0]
    assert 'aria-invalid="true"' in asked
    assert f"id_{field}_error" in asked


def test_wrong_answer_loses_nothing_that_was_typed(buyer: Shopper) -> None:
    html = text(
        buyer.answer("contact", {"name": "Marie Tremblay", "email": "marie@", "phone": "418 555-0123"})
    )
    for typed in ("Marie Tremblay", "marie@", "418 555-0123"):
        assert f'value="{typed}"' in html
    assert not Cart.objects.exclude(contact_email="").exists()


@pytest.mark.parametrize("typed", ["x" * 121, "Marie\x00Tremblay"])
def test_impossible_name_is_refused_in_french(buyer: Shopper, typed: str) -> None:
    answer = buyer.answer("contact", {**CONTACT, "name": typed})
    assert answer.status_code == 422
    assert "Ensure" not in text(answer)


def test_one_way_to_have_it_asks_nothing_but_is_shown_before_the_review(buyer: Shopper) -> None:
    buyer.answer("contact", CONTACT)
    assert buyer.step("verification").context["step"] == 2
    assert buyer.answer("remise", {}).url == "/paiement/?etape=verification"
    assert buyer.step("verification").context["step"] == 3


def test_at_most_eight_fields_from_basket_to_payment(buyer: Shopper) -> None:
    buyer.answer_all()
    steps = [main_of(text(buyer.step(name))) for name in ("contact", "remise", "verification")]
    assert [set(VISIBLE.findall(html)) for html in steps] == [
        {"name", "email", "phone"},
        {f"way-{buyer.kept().items.get().variant.product.merchant_id}", *ADDRESS},
        set(),
    ]


def test_even_with_slots_delivery_and_alcohol_there_are_at_most_eight_to_fill_in(
    shopper: Shopper, producer: Stall
) -> None:
    """The slot and the address are not asked at once: the style hides what the chosen way does not need."""
    key = producer.merchant.pk
    shopper.add(producer)
    shopper.answer("contact", CONTACT)
    asked = set(VISIBLE.findall(main_of(text(shopper.step("remise")))))
    assert asked == {f"way-{key}", f"slot-{key}", *ADDRESS}
    shopper.answer("remise", {f"way-{key}": "delivery", **LEVIS})
    assert set(VISIBLE.findall(main_of(text(shopper.step("verification"))))) == {"adult"}
    assert len({"name", "email", "phone", f"way-{key}", *ADDRESS, "adult"}) == 8


@pytest.mark.parametrize(
    ("field", "attributes"),
    [
        ("name", ['autocomplete="name"', "required"]),
        ("email", ['autocomplete="email"', 'inputmode="email"', 'type="email"', "required"]),
        ("phone", ['autocomplete="tel"', 'inputmode="tel"', 'type="tel"']),
    ],
)
def test_field_helps_the_phone_fill_it_in(buyer: Shopper, field: str, attributes: list[str]) -> None:
    html = text(buyer.step("contact"))
    asked = re.search(rf'<input[^>]*name="{field}"[^>]*>', html)[0]
    assert [name for name in attributes if name not in asked] == []
    assert f'<label for="id_{field}">' in html


def test_optional_field_says_so_once(buyer: Shopper) -> None:
    assert text(buyer.step("contact")).count("(facultatif)") == 1


def test_review_says_all_that_the_law_wants_before_paying(buyer: Shopper, cheese: Stall) -> None:
    """Consumer Protection Act, 54.4: who sells, where, what, each price and tax, the total, pick-up, returns."""
    merchant = cheese.merchant
    merchant.legal_name, merchant.phone = "9123-4567 Québec inc.", "+14185550199"
    merchant.street_address, merchant.postal_code = "12, rue des Chutes", "G6V 6C4"
    merchant.save()
    Shop.objects.update(return_policy="Échange en 14 jours.", pickup_instructions="Sonnez à l’arrière.")
    TaxRegistrationFactory(merchant=merchant, tax=Tax.GST)
    html = text(buyer.answer_all())
    for said_there in (
        "Fromagerie des Chutes", "9123-4567 Québec inc.", "12, rue des Chutes", "G6V 6C4", "418\u00a0555-0199",
        "123456789 RT0001", "Échange en 14 jours.", "Sonnez à l’arrière.", "2 × 12,00\u00a0$",
        "Payer 24,00\u00a0$", "/conditions/", "Marie Tremblay", "marie@exemple.test",
    ):  # fmt: skip
        assert said_there in html


def test_problem_sends_back_to_the_basket_which_says_what(buyer: Shopper, cheese: Stall) -> None:
    buyer.answer_all()
    stock.receive(cheese.variant, -10, reason="test", now=timezone.now())
    answer = buyer.get("/paiement/?etape=verification", follow=True)
    assert answer.redirect_chain[-1][0] == "/panier/"
    assert said(answer)[-1] == "Un article de votre panier a changé\u00a0: regardez-le avant de payer."
    assert f"«\u00a0{cheese.variant}\u00a0» est épuisé." in text(answer)


@pytest.mark.parametrize(
    "broken", [{}, {"form_token": "abc", "accepted_total_cents": "1"}, {"form_token": ""}]
)
def test_tampered_review_is_shown_again(buyer: Shopper, broken: dict[str, str]) -> None:
    buyer.answer_all()
    assert buyer.answer("verification", broken).context["step"] == 3
    assert not Checkout.objects.exists()


@pytest.mark.parametrize("step", ["contact", "remise", "verification"])
def test_no_step_is_kept_by_a_cache_or_found_by_a_robot(buyer: Shopper, step: str) -> None:
    buyer.answer_all()
    answer = buyer.step(step)
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in text(answer)
