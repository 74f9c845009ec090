"""The two cookies of a basket: the signed one that finds it, and the count that scripts may read."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core import signing
from django.utils import timezone
from wagtail.models import Site

from home.tenancy import portal_scope
from shop.cart_cookie import CART_COOKIE, COUNT_COOKIE, SALT
from shop.models import Cart
from tests.factories import CartFactory, CartItemFactory, VariantFactory
from tests.shop.conftest import Stall
from tests.shop.views.conftest import Shopper

THIRTY_DAYS_S = 30 * 24 * 3600


def signed(value: str) -> str:
    return signing.get_cookie_signer(salt=CART_COOKIE + SALT).sign(value)


def test_basket_is_kept_thirty_days_out_of_reach_of_scripts(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese, 3)
    cookie = shopper.cookies[CART_COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (THIRTY_DAYS_S, True, "Lax")


def test_count_says_how_many_units_and_nothing_else(shopper: Shopper, cheese: Stall, candles: Stall) -> None:
    shopper.add(cheese, 3)
    shopper.add(candles, 2)
    cookie = shopper.cookies[COUNT_COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("5", THIRTY_DAYS_S, "")


def test_looking_at_the_basket_keeps_it_for_thirty_more_days(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese)
    with time_machine.travel(timezone.now() + dt.timedelta(days=29), tick=False):
        answer = shopper.cart()
    assert answer.cookies[CART_COOKIE]["max-age"] == THIRTY_DAYS_S


def test_basket_of_a_month_ago_is_gone(shopper: Shopper, cheese: Stall) -> None:
    shopper.add(cheese)
    kept = shopper.cookies[CART_COOKIE].value
    with time_machine.travel(timezone.now() + dt.timedelta(days=31), tick=False):
        shopper.cookies.load({CART_COOKIE: kept})
        assert shopper.cart().context["is_empty"]


FORGED = {
    "empty": lambda: "",
    "word": lambda: "abc",
    "unsigned token": lambda: Cart.objects.get().token.hex,
    "signed word": lambda: signed("not-a-token"),
    "signed unknown token": lambda: signed(uuid.uuid4().hex),
    "cut": lambda: signed(Cart.objects.get().token.hex)[:-1],
    "accents": lambda: "é" * 10,
    "huge": lambda: "x" * 4000,
}


@pytest.mark.parametrize("forged", FORGED)
def test_forged_or_unknown_cookie_is_an_empty_basket(shopper: Shopper, cheese: Stall, forged: str) -> None:
    CartItemFactory(variant=cheese.variant)
    shopper.cookies.load({CART_COOKIE: FORGED[forged]()})
    page = shopper.cart()
    assert (page.status_code, page.context["is_empty"]) == (200, True)


def test_token_signed_for_another_use_is_refused(shopper: Shopper, cheese: Stall) -> None:
    item = CartItemFactory(variant=cheese.variant)
    wrong = signing.get_cookie_signer(salt=CART_COOKIE + "other").sign(item.cart.token.hex)
    shopper.cookies.load({CART_COOKIE: wrong})
    assert shopper.cart().context["is_empty"]


def test_basket_of_another_portal_is_not_found_here(
    shopper: Shopper, cheese: Stall, bellechasse: Site
) -> None:
    with portal_scope(bellechasse):
        foreign = CartItemFactory(cart=CartFactory(), variant=VariantFactory(), quantity=4)
    shopper.cookies.load({CART_COOKIE: signed(foreign.cart.token.hex)})
    assert shopper.cart().context["is_empty"]
    shopper.add(cheese)
    assert shopper.cookies[CART_COOKIE].value != signed(foreign.cart.token.hex)
    assert Cart.objects.get().items.get().variant == cheese.variant
    with portal_scope(bellechasse):
        assert foreign.cart.items.get().quantity == 4


def test_pages_do_not_differ_by_basket(shopper: Shopper, cheese: Stall) -> None:
    """What is the same for everybody can be cached: the number comes from the cookie."""
    before = shopper.get("/boutique/").content
    shopper.add(cheese, 7)
    shopper.cart()  # the message is said there
    assert shopper.get("/boutique/").content == before
