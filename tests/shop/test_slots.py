"""Slots come from the hours a shop states; a place is taken once, and comes back once."""

import datetime as dt
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from directory.hours import ZONE, Schedule, Span
from home.models import PortalSettings
from shop import carts, checkouts, orders, slots
from shop.enums import CheckoutStatus, Fulfillment, OrderStatus
from shop.exceptions import CannotSell
from shop.models import Cart, CheckoutSession, PickupSlot, Shop
from shop.payments.handlers import deliver_outbox
from shop.payments.sync import sync_checkout
from shop.pickup import prepared_at, ready_from
from shop.sandbox.server import Sandbox
from shop.tokens import order_token
from tests.factories import OpeningHoursFactory
from tests.shop.conftest import Stall, at_once, pay, place

NBSP = "\u00a0"

MONDAY = dt.date(2026, 11, 23)
WEEK = {weekday: (Span(dt.time(9), dt.time(12, 30)),) for weekday in range(5)}


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), ZONE)


def shop_with(minutes: int = 60, capacity: int | None = 2, preparation: int = 0) -> Shop:
    return Shop(
        pk=1,
        pickup_slot_minutes=minutes,
        pickup_slot_capacity=capacity,
        preparation_minutes=preparation,
    )


def starts(found: list[slots.Window], day: dt.date = MONDAY) -> list[str]:
    return [f"{window.starts_at:%H:%M}" for window in found if window.day == day]


def offered(schedule: Schedule, prepared: dt.datetime, **how: object) -> list[slots.Window]:
    return slots.offered(shop_with(), schedule, prepared=prepared, taken={}, **how)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------------- offered


def test_a_span_is_cut_from_its_opening_and_a_rest_too_short_is_left_out() -> None:
    assert starts(offered(Schedule(WEEK), at(MONDAY, 6))) == ["09:00", "10:00", "11:00"]


def test_a_window_begins_once_the_order_is_prepared() -> None:
    assert starts(offered(Schedule(WEEK), at(MONDAY, 9, 15))) == ["10:00", "11:00"]


def test_special_days_count_and_holidays_nobody_confirmed_do_not() -> None:
    special = {MONDAY: (Span(dt.time(13), dt.time(15)),), MONDAY + timedelta(days=1): ()}
    found = offered(Schedule(WEEK, special), at(MONDAY, 6))
    assert starts(found) == ["13:00", "14:00"]
    assert starts(found, MONDAY + timedelta(days=1)) == []
    christmas = dt.date(2026, 12, 25)
    assert starts(offered(Schedule(WEEK), at(dt.date(2026, 12, 24), 6)), christmas) == []
    confirmed = Schedule(WEEK, {christmas: (Span(dt.time(9), dt.time(10)),)})
    assert starts(offered(confirmed, at(dt.date(2026, 12, 24), 6)), christmas) == ["09:00"]


def test_alcohol_keeps_to_its_hours() -> None:
    night = Schedule({weekday: (Span(dt.time(5), dt.time(0)),) for weekday in range(7)})
    found = starts(offered(night, at(MONDAY, 4), has_alcohol=True))
    assert (found[0], found[-1], len(found)) == ("07:00", "22:00", 16)
    assert starts(offered(night, at(MONDAY, 4)))[0] == "05:00"


def test_seven_days_with_something_free_are_shown() -> None:
    found = offered(Schedule(WEEK), at(MONDAY, 6))
    assert len({window.day for window in found}) == slots.DAYS_OFFERED
    assert found[-1].day == MONDAY + timedelta(days=8)


def test_a_full_window_is_not_offered_but_to_who_holds_its_place() -> None:
    taken = {(1, at(MONDAY, 9)): 2, (1, at(MONDAY, 10)): 1}
    found = slots.offered(shop_with(), Schedule(WEEK), prepared=at(MONDAY, 6), taken=taken)
    assert [(f"{w.starts_at:%H:%M}", w.left) for w in found[:2]] == [("10:00", 1), ("11:00", 2)]
    mine = slots.offered(
        shop_with(), Schedule(WEEK), prepared=at(MONDAY, 6), taken=taken, held=[at(MONDAY, 9)]
    )
    assert starts(mine) == ["09:00", "10:00", "11:00"]


def test_a_shop_that_counts_no_places_has_no_slots() -> None:
    assert slots.offered(shop_with(capacity=None), Schedule(WEEK), prepared=at(MONDAY, 6), taken={}) == []


def test_a_window_past_midnight_belongs_to_the_day_it_begins() -> None:
    night = Schedule({0: (Span(dt.time(22), dt.time(1)),)})
    found = offered(night, at(MONDAY, 6))
    assert [(w.day, w.label) for w in found[:3]] == [
        (MONDAY, "22\u00a0h à 23\u00a0h"),
        (MONDAY, "23\u00a0h à 0\u00a0h"),
        (MONDAY + timedelta(days=1), "0\u00a0h à 1\u00a0h"),
    ]


def test_what_is_made_to_order_is_prepared_when_its_day_begins() -> None:
    shop = shop_with(preparation=120)
    assert prepared_at(shop, now=at(MONDAY, 16)) == at(MONDAY, 18)
    assert prepared_at(shop, now=at(MONDAY, 16), made_in_days=3) == at(dt.date(2026, 11, 26), 0)
    assert prepared_at(shop, now=at(MONDAY, 23, 50), made_in_days=1) == at(dt.date(2026, 11, 24), 2)


def test_alcohol_is_ready_when_the_shop_is_open_and_the_law_lets_it(cheese: Stall) -> None:
    for weekday in range(7):
        OpeningHoursFactory(
            merchant=cheese.merchant, weekday=weekday, opens=dt.time(6), closes=dt.time(23, 45)
        )
    shop = Shop.objects.get(merchant=cheese.merchant)
    shop.preparation_minutes = 0
    early, late = at(MONDAY, 6), at(MONDAY, 23, 15)
    assert ready_from(cheese.merchant, shop, now=early) == early
    assert ready_from(cheese.merchant, shop, now=early, has_alcohol=True) == at(MONDAY, 7)
    assert ready_from(cheese.merchant, shop, now=late, has_alcohol=True) == at(dt.date(2026, 11, 24), 7)


# --------------------------------------------------------------------------------------------------------------- places


@pytest.fixture
def one_place(cart: Cart, cheese: Stall) -> PickupSlot:
    """The cheese shop is open day and night; it has one place tomorrow at ten, and the cart has chosen it."""
    for weekday in range(7):
        OpeningHoursFactory(merchant=cheese.merchant, weekday=weekday, opens=dt.time(0), closes=dt.time(0))
    Shop.objects.filter(merchant=cheese.merchant).update(pickup_slot_capacity=1)
    start = at(timezone.localdate() + timedelta(days=1), 10)
    slot = PickupSlot.objects.create(
        shop=cheese.merchant.shop, starts_at=start, ends_at=start + timedelta(hours=1), capacity=1
    )
    carts.choose(cart, cheese.merchant, Fulfillment.PICKUP, slot.pk)
    return slot


def taken(slot: PickupSlot) -> int:
    return PickupSlot.objects.get(pk=slot.pk).taken


def test_placing_takes_a_place_and_freezes_what_is_promised(
    cart: Cart, portal: PortalSettings, cheese: Stall, one_place: PickupSlot
) -> None:
    order = place(cart, portal).orders.get(merchant=cheese.merchant)
    assert (order.slot, order.pickup_from, order.promised_at) == (
        one_place, one_place.starts_at, one_place.ends_at,
    )  # fmt: skip
    assert taken(one_place) == 1


def test_letting_go_frees_the_place_once(cart: Cart, portal: PortalSettings, one_place: PickupSlot) -> None:
    checkout = place(cart, portal)
    for _twice in range(2):
        checkouts.let_go(checkout, to=CheckoutStatus.CANCELED, cause="test", now=timezone.now())
    assert taken(one_place) == 0


def test_a_part_without_its_slot_is_not_placed(
    cart: Cart, portal: PortalSettings, cheese: Stall, one_place: PickupSlot
) -> None:
    cart.fulfillments.all().delete()
    with pytest.raises(CannotSell, match="Choisissez comment recevoir vos articles de Fromagerie des Chutes"):
        place(cart, portal)
    assert cheese.left() == 10


def test_a_slot_that_is_full_is_to_be_chosen_again(
    cart: Cart, portal: PortalSettings, one_place: PickupSlot, breaks_the_books
) -> None:
    PickupSlot.objects.update(taken=1)
    with pytest.raises(CannotSell):
        place(cart, portal)


def test_back_from_the_payment_page_the_place_is_still_ones_own(
    cart: Cart, portal: PortalSettings, one_place: PickupSlot
) -> None:
    place(cart, portal)
    found = carts.basket_of(cart, settings=portal, today=timezone.localdate())
    assert found.undecided == ()


def test_paid_late_the_place_is_taken_again_or_the_order_goes_without(
    cart: Cart, portal: PortalSettings, cheese: Stall, one_place: PickupSlot, breaks_the_books
) -> None:
    checkout = place(cart, portal)
    checkouts.let_go(checkout, to=CheckoutStatus.EXPIRED, cause="test", now=timezone.now())
    PickupSlot.objects.update(taken=1)  # Somebody else came.
    checkouts.mark_paid(checkout, now=timezone.now())
    order = checkout.orders.get(merchant=cheese.merchant)
    hours = (order.slot, order.pickup_from, order.pickup_until)
    assert (order.status, hours, order.slot_lost) == (OrderStatus.PAID, (None, None, None), True)
    assert taken(one_place) == 1


def test_a_lost_slot_is_told_to_both_sides(
    cart: Cart, portal: PortalSettings, sandbox: Sandbox, cheese: Stall, one_place: PickupSlot, client: Client
) -> None:
    now = timezone.now()
    checkout = place(cart, portal)
    session = pay(checkout, sandbox)
    with transaction.atomic():
        checkouts.let_go(checkout, to=CheckoutStatus.EXPIRED, cause="test", now=now)
    other = carts.create()
    carts.add(other, cheese.variant, 1)
    carts.choose(other, cheese.merchant, Fulfillment.PICKUP, one_place.pk)
    place(other, portal)
    CheckoutSession.objects.filter(pk=session.pk).update(closed_at=now)
    assert sync_checkout(checkout.pk, now=now)
    deliver_outbox(now=now)
    (to_shop,) = (sent for sent in mail.outbox if sent.to == [cheese.merchant.email])
    (to_shopper,) = (sent for sent in mail.outbox if sent.to == ["marie@exemple.test"])
    page = client.get(reverse("shop:order", args=[order_token(checkout)])).content.decode()
    for told in (to_shop.body, to_shopper.body, page):
        assert f"Créneau à convenir{NBSP}: celui" in told


def test_an_order_refunded_before_its_pickup_frees_its_place(
    cart: Cart, portal: PortalSettings, cheese: Stall, one_place: PickupSlot, breaks_the_books
) -> None:
    checkout = place(cart, portal)
    checkouts.mark_paid(checkout, now=timezone.now())
    order = checkout.orders.get(merchant=cheese.merchant)
    orders.mark_refunded(order, restock=True, cause="test", now=timezone.now())
    assert taken(one_place) == 0


@pytest.fixture
def everybody_sees_it_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """All shoppers read the slots before any of them took one."""
    monkeypatch.setattr(slots, "taken_in", lambda *_about, **_how: {})


def four_at_once(stall: Stall, slot: PickupSlot, site: Site, portal: PortalSettings) -> list[object]:
    filled = []
    for _i in range(4):
        cart = carts.create()
        carts.add(cart, stall.variant, 1)
        carts.choose(cart, stall.merchant, Fulfillment.PICKUP, slot.pk)
        filled.append(cart)
    return at_once(site, *[lambda cart=cart: place(cart, portal).pk for cart in filled])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("everybody_sees_it_free")
def test_the_last_place_goes_to_one_of_those_who_press_at_once(
    cheese: Stall, portal: PortalSettings, one_place: PickupSlot, in_levis: Site
) -> None:
    placed = four_at_once(cheese, one_place, in_levis, portal)
    assert sorted(type(each) is int for each in placed) == [False, False, False, True]
    assert all("vient d’être prise" in each.reason for each in placed if isinstance(each, CannotSell))
    assert (taken(one_place), cheese.left()) == (1, 9)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("everybody_sees_it_free")
def test_without_the_condition_only_the_database_stops_the_second_place(
    cheese: Stall,
    portal: PortalSettings,
    one_place: PickupSlot,
    in_levis: Site,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: taken blindly, the race is there, and a CHECK is the last wall."""

    def take_blindly(slot: PickupSlot, *, capacity: int | None) -> bool:
        return bool(PickupSlot.objects.filter(pk=slot.pk).update(taken=F("taken") + 1))

    monkeypatch.setattr(slots, "take", take_blindly)
    with pytest.raises(IntegrityError, match="slot_is_never_overfull"):
        four_at_once(cheese, one_place, in_levis, portal)
