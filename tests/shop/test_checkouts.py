"""Placing freezes everything or writes nothing; one form token makes one checkout."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from shop import carts, checkouts, placing
from shop.checkouts import PAYABLE_FOR
from shop.enums import CheckoutStatus, LineState, OrderStatus, ProductStatus, Tax, TaxClass, TaxCollector
from shop.exceptions import CannotSell, EmptyCart, ForbiddenMove, OutOfStock, TotalChanged
from shop.models import Cart, Checkout, LineItem, Order, Product, Shop, StatusChange, TaxRegistration, Variant
from tests.factories import TaxRegistrationFactory
from tests.shop.conftest import BUYER, Stall, at_once, make_stall, place


def nothing_was_written(*stalls: Stall) -> bool:
    rows = (Checkout, Order, LineItem, StatusChange)
    return not any(row.objects.exists() for row in rows) and {stall.left() for stall in stalls} == {10}


def refused(cart: Cart, portal: PortalSettings, **wish: Any) -> Any:
    """Place, accepting what the basket says of its total; what was raised."""
    basket = carts.basket_of(cart, settings=portal, today=timezone.localdate())
    wishes = {"form_token": cart.form_token, "accepted_total_cents": basket.total_cents, **wish}
    with pytest.raises(checkouts_errors) as refusal:
        checkouts.place(cart, contact=BUYER, settings=portal, now=timezone.now(), **wishes)
    return refusal.value


checkouts_errors = (CannotSell, EmptyCart, OutOfStock, TotalChanged)


def test_everything_is_frozen_when_it_is_placed(
    cart: Cart, portal: PortalSettings, cheese: Stall, candles: Stall
) -> None:
    TaxRegistrationFactory(merchant=candles.merchant)
    checkout = place(cart, portal)
    rows = ("total_cents", "gst_cents", "qst_cents", "commission_bps", "commission_cents", "seller")
    before = (
        list(checkout.orders.order_by("pk").values(*rows)),
        list(LineItem.objects.order_by("pk").values()),
    )
    Variant.objects.update(price_cents=1, sku=Concat("sku", Value("-autre")), title="autre")
    Product.objects.update(title="autre", tax_class=TaxClass.STANDARD)
    TaxRegistration.objects.all().delete()
    type(cheese.merchant).objects.update(name="autre", legal_name="autre", street_address="autre")
    Shop.objects.update(commission_bps=9_999, return_policy="autre")
    after = list(checkout.orders.order_by("pk").values(*rows)), list(LineItem.objects.order_by("pk").values())
    assert after == before
    checkout.refresh_from_db()
    assert checkout.total_cents == 24_00 + 19_99 + 1_00


def test_what_is_frozen_says_who_sold_what_at_which_rates(
    cart: Cart, portal: PortalSettings, candles: Stall
) -> None:
    TaxRegistrationFactory(merchant=candles.merchant)
    TaxRegistrationFactory(merchant=candles.merchant, tax=Tax.QST)
    order = place(cart, portal).orders.get(merchant=candles.merchant)
    line = order.lines.get()
    assert (order.gst_cents, order.qst_cents, order.total_cents) == (1_00, 1_99, 22_98)
    assert (line.gst_rate_ppm, line.qst_rate_ppm) == (50_000, 99_750)
    assert (line.gst_collector, line.qst_collector) == (TaxCollector.MERCHANT, TaxCollector.MERCHANT)
    assert order.seller["gst_number"] == "123456789 RT0001"
    assert order.seller["qst_number"] == "1234567890 TQ0001"


def test_taxes_that_nobody_collects_are_neither_charged_nor_shown(
    cart: Cart, portal: PortalSettings, candles: Stall
) -> None:
    order = place(cart, portal).orders.get(merchant=candles.merchant)
    line = order.lines.get()
    assert (order.gst_cents, order.qst_cents, order.seller["gst_number"]) == (0, 0, "")
    assert (line.gst_rate_ppm, line.gst_collector) == (0, TaxCollector.NONE)


def test_taxes_the_portal_collects_stay_with_the_portal(
    cart: Cart, portal: PortalSettings, candles: Stall
) -> None:
    portal.collects_tax_for_unregistered = True
    portal.gst_number, portal.qst_number = "123456789 RT0001", "1234567890 TQ0001"
    portal.save()
    order = place(cart, portal).orders.get(merchant=candles.merchant)
    assert (order.total_cents, order.portal_tax_cents, order.commission_cents) == (22_98, 2_99, 1_00)
    assert order.merchant_share_cents == 19_99 - 1_00
    assert order.lines.get().gst_collector == TaxCollector.PORTAL


@pytest.mark.parametrize(("own_bps", "bps", "cents"), [(None, 500, 1_20), (0, 0, 0), (1_000, 1_000, 2_40)])
def test_the_commission_is_the_shops_own_even_when_it_is_nothing(
    cart: Cart, portal: PortalSettings, cheese: Stall, own_bps: int | None, bps: int, cents: int
) -> None:
    Shop.objects.filter(merchant=cheese.merchant).update(commission_bps=own_bps)
    order = place(cart, portal).orders.get(merchant=cheese.merchant)
    assert (order.commission_bps, order.commission_cents) == (bps, cents)


def test_a_checkout_can_be_paid_for_thirty_one_minutes(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    assert checkout.expires_at - checkout.created_at == PAYABLE_FOR
    assert (checkout.contact_name, checkout.contact_email) == (BUYER.name, BUYER.email)


# ------------------------------------------------------------------------------------------------------------- refusals


def test_an_empty_cart_is_not_placed(cart: Cart, portal: PortalSettings, cheese: Stall) -> None:
    cart.items.all().delete()
    assert isinstance(refused(cart, portal, accepted_total_cents=1), EmptyCart)
    assert nothing_was_written(cheese)


def test_another_total_than_the_accepted_one_is_not_placed(
    cart: Cart, portal: PortalSettings, cheese: Stall, candles: Stall
) -> None:
    Variant.objects.filter(pk=cheese.variant.pk).update(price_cents=13_00)
    refusal = refused(cart, portal, accepted_total_cents=43_99)
    assert (refusal.accepted_cents, refusal.total_cents) == (43_99, 45_99)
    assert nothing_was_written(cheese, candles)


@pytest.mark.parametrize(
    ("thing", "change"),
    [
        (Product, {"status": ProductStatus.HIDDEN}),
        (Product, {"is_alcohol": True}),
        (Shop, {"paused_at": timezone.now()}),
        (Shop, {"transfers_status": "inactive"}),
        (Shop, {"stripe_account_id": ""}),
    ],
)
def test_what_is_not_sold_any_more_is_not_placed(
    cart: Cart, portal: PortalSettings, cheese: Stall, candles: Stall, thing: type, change: dict[str, object]
) -> None:
    thing.objects.filter(merchant=cheese.merchant).update(**change)
    assert isinstance(refused(cart, portal), CannotSell)
    assert nothing_was_written(cheese, candles)


def test_less_than_a_card_can_pay_is_not_placed(in_levis: Site, portal: PortalSettings) -> None:
    stall, cart = make_stall("Bonbons", price_cents=10), carts.create()
    carts.add(cart, stall.variant, 4)
    assert refused(cart, portal).reason == "Un paiement par carte demande au moins 0,50\u00a0$."
    assert nothing_was_written(stall)


def test_stock_gone_at_the_last_instant_leaves_nothing_behind(
    cart: Cart, portal: PortalSettings, cheese: Stall, candles: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkouts.carts, "problem_with", lambda *_about, **_how: "")
    carts.add(cart, candles.variant, 50)
    refusal = refused(cart, portal)
    assert [(short.asked, short.left) for short in refusal.shortages] == [(51, 10)]
    assert nothing_was_written(cheese, candles)


# --------------------------------------------------------------------------------------------------------------- tokens


def test_one_form_token_makes_one_checkout(cart: Cart, portal: PortalSettings, cheese: Stall) -> None:
    first = place(cart, portal)
    assert place(cart, portal, form_token=first.form_token) == first
    assert (Checkout.objects.count(), cheese.left()) == (1, 8)


def test_a_used_form_does_not_sell_another_total(cart: Cart, portal: PortalSettings, cheese: Stall) -> None:
    """Back from the payment page, a third cheese in the basket: not the page for two."""
    place(cart, portal)
    carts.add(cart, cheese.variant, 1)
    assert isinstance(refused(cart, portal), TotalChanged)
    assert Checkout.objects.count() == 1


def test_anothers_form_token_opens_nothing(cart: Cart, portal: PortalSettings, candles: Stall) -> None:
    theirs = place(cart, portal)
    mine = carts.create()
    carts.add(mine, candles.variant, 1)
    assert checkouts.made_by(theirs.form_token, mine) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        place(mine, portal, form_token=theirs.form_token)
    assert Checkout.objects.count() == 1


def test_a_form_that_made_a_checkout_is_followed_by_another(cart: Cart, portal: PortalSettings) -> None:
    token = cart.form_token
    assert checkouts.unused_form_token(cart) == token
    place(cart, portal)
    assert checkouts.unused_form_token(cart) not in (token, None)
    assert Cart.objects.get().form_token == cart.form_token != token


def test_a_basket_whose_checkout_expired_can_be_bought_again(cart: Cart, portal: PortalSettings) -> None:
    first = place(cart, portal)
    with transaction.atomic():
        assert checkouts.let_go(first, to=CheckoutStatus.EXPIRED, cause="test", now=timezone.now())
    cart.refresh_from_db()
    second = place(cart, portal)
    assert (second.pk != first.pk, second.status) == (True, CheckoutStatus.OPEN)


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_instant_make_one_checkout(
    cart: Cart, portal: PortalSettings, cheese: Stall, in_levis: Site
) -> None:
    placed = at_once(in_levis, *[lambda: place(cart, portal).pk] * 4)
    assert placed == [Checkout.objects.get().pk] * 4
    assert (cheese.left(), Order.objects.count()) == (8, 2)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_with_two_forms_hold_the_stock_once(
    cart: Cart, portal: PortalSettings, cheese: Stall, in_levis: Site
) -> None:
    at_once(in_levis, *[lambda: place(cart, portal, form_token=uuid.uuid4())] * 3)
    assert (Checkout.objects.count(), cheese.left()) == (1, 8)


def test_a_number_that_is_taken_is_drawn_again(
    cart: Cart, portal: PortalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["LEV-222222", "LEV-222222", "LEV-222222", "LEV-333333"])  # Two at once, then one by one.
    monkeypatch.setattr(placing, "new_number", lambda _town: next(drawn))
    numbers = place(cart, portal).orders.order_by("pk").values_list("number", flat=True)
    assert sorted(numbers) == ["LEV-222222", "LEV-333333"]


@pytest.mark.parametrize(
    ("town", "prefix"), [("Lévis", "LEV"), ("L’Islet", "LIS"), ("Île-d’Orléans", "ILE"), ("Le Bic", "LEB")]
)
def test_numbers_can_be_read_aloud_and_typed(town: str, prefix: str) -> None:
    start, _dash, rest = placing.new_number(town).partition("-")
    assert (start, len(rest)) == (prefix, 6)
    assert not set(rest) & set("01OILU")


# ---------------------------------------------------------------------------------------------------------- letting go


def test_what_is_let_go_goes_back_to_the_shelf_once(
    cart: Cart, portal: PortalSettings, cheese: Stall, candles: Stall
) -> None:
    checkout = place(cart, portal)
    with transaction.atomic():
        assert checkouts.let_go(checkout, to=CheckoutStatus.CANCELED, cause="test", now=timezone.now())
        assert not checkouts.let_go(checkout, to=CheckoutStatus.CANCELED, cause="test", now=timezone.now())
    assert (cheese.left(), candles.left()) == (10, 10)
    assert set(LineItem.objects.values_list("state", flat=True)) == {LineState.RELEASED}
    assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.CANCELED}


def test_a_checkout_moves_only_along_its_edges(cart: Cart, portal: PortalSettings) -> None:
    checkout = place(cart, portal)
    with pytest.raises(ForbiddenMove):
        checkouts.mark_refunded(checkout, cause="test", now=timezone.now())
    stale = Checkout.objects.get()
    Checkout.objects.filter(pk=checkout.pk).update(status=CheckoutStatus.EXPIRED)
    with pytest.raises(ForbiddenMove), transaction.atomic():
        checkouts.mark_paid(stale, now=timezone.now())
    Checkout.objects.filter(pk=checkout.pk).update(status=CheckoutStatus.OPEN)


def test_the_day_of_the_sale_is_the_towns(cart: Cart, portal: PortalSettings, candles: Stall) -> None:
    """23:30 in Lévis is the next day in UTC: a registration of tomorrow does not hold yet."""
    TaxRegistrationFactory(merchant=candles.merchant, effective_from=date(2026, 11, 23))
    late = timezone.datetime(2026, 11, 22, 23, 30, tzinfo=timezone.get_default_timezone())
    checkout = checkouts.place(
        cart, form_token=cart.form_token, contact=BUYER, accepted_total_cents=43_99, settings=portal, now=late
    )
    assert checkout.total_cents == 43_99
