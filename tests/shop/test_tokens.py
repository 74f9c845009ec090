"""The signed address of an order page opens one checkout of one portal, and nothing else."""

import uuid

import pytest
from django.core import signing
from wagtail.models import Site

from home.models import PortalSettings
from home.tenancy import portal_scope
from shop.models import Cart
from shop.tokens import SALT, checkout_for, checkout_to_pay, order_token, payment_token
from tests.shop.conftest import place


def test_a_token_names_its_checkout_and_stays_the_same(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    token = order_token(checkout)
    assert (checkout_for(token), order_token(checkout)) == (checkout, token)


def test_a_forged_cut_or_resigned_token_names_nothing(cart: Cart, portal: PortalSettings, settings) -> None:
    checkout = place(cart, portal)
    token = order_token(checkout)
    value, signature = token.split(".")
    others = signing.Signer(salt="another", sep=".").sign(value)
    odd = signing.Signer(salt=SALT, sep=".").sign("not-a-uuid")
    unknown = signing.Signer(salt=SALT, sep=".").sign(uuid.uuid4().hex)
    wrong = [
        "",
        ".",
        value,
        token[:-1],
        f"{uuid.uuid4().hex}.{signature}",
        others,
        odd,
        unknown,
        token + "\0",
    ]
    assert [checkout_for(text) for text in wrong] == [None] * len(wrong)
    settings.SECRET_KEY = "another key"
    assert checkout_for(token) is None


def test_another_portal_does_not_know_the_token(
    cart: Cart, portal: PortalSettings, bellechasse: Site
) -> None:
    token = order_token(place(cart, portal))
    with portal_scope(bellechasse):
        assert checkout_for(token) is None


@pytest.mark.django_db
def test_a_token_says_nothing_of_how_many_orders_there_are(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    assert str(checkout.pk) != checkout.public_id.hex
    assert order_token(checkout).startswith(checkout.public_id.hex)


def test_the_way_back_from_stripe_opens_no_order_page(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    assert (checkout_to_pay(payment_token(checkout)), checkout_for(payment_token(checkout))) == (
        checkout,
        None,
    )
    assert checkout_to_pay(order_token(checkout)) is None
