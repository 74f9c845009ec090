from datetime import date, timedelta

import pytest
from django.utils import timezone

from directory.counting.figures import Contacts, contacts_by_merchant
from directory.models import DailyCount, Merchant, Plan
from home.models import PortalSettings
from home.money import cad
from home.periods import Period
from shop import carts, ledger
from shop.models import Order, OutboxMessage, Refund
from shop.payments.plans import changing, reminders
from shop.results import Sales, sales_by_merchant
from tests.factories import MembershipFactory, ProductFactory, VariantFactory
from tests.shop.conftest import place
from tests.shop.plans.conftest import LAST_FREE_DAY, at, letters_of, subscribe

AROUND = (31, 30, 29, 15, 14, 13, 8, 7, 6, 4, 3, 2, 1, 0, -1)
"""Days before the end: those on which letters leave, and their neighbours."""


def remind(clock) -> list[int]:
    """The days before the end on which a letter leaves, the worker looking on each of ``AROUND``."""
    sent = []
    for left in AROUND:
        clock.traveller.move_to(at(2027, 4, 30, 9) - timedelta(days=left))
        sent += [left] * reminders.remind_all(now=timezone.now())
    return sent


def test_letters_leave_30_14_7_3_and_0_days_before_the_end_once_each(merchant, clock):
    assert remind(clock) == [30, 14, 7, 3, 0]
    assert letters_of()[-1] == "Aujourd’hui, dernier jour gratuit\u00a0: que voulez-vous garder?"


def statement_of(days: int) -> dict:
    return OutboxMessage.objects.get(key__contains=f":{days}:").payload


def test_days_150_and_173_state_every_figure_as_the_report_has_it(merchant, clock, breaks_the_books):
    """Day 180 is the last free one. An order of September is given back in part in April, the day before day 173."""
    day_150, day_173 = LAST_FREE_DAY - timedelta(days=30), LAST_FREE_DAY - timedelta(days=7)
    Merchant.objects.filter(pk=merchant.pk).update(claimed_at=at(2026, 10, 31, 9))
    sold = bought(merchant, at(2026, 11, 1, 23))
    bought(merchant, at(2027, 3, 30, 23))
    seen(merchant, {date(2026, 10, 30): 100, date(2026, 10, 31): 2, day_150: 3, day_173: 50})
    clock.traveller.move_to(at(2027, 3, 31, 9))
    assert reminders.remind_all(now=timezone.now()) == 1
    given_back(sold, 5_00, at(2027, 4, 22, 23))
    clock.traveller.move_to(at(2027, 4, 23, 9))
    assert reminders.remind_all(now=timezone.now()) == 1
    first, second = statement_of(30), statement_of(7)
    assert first["figures_title"] == "Ce que votre page a fait, du 31 octobre 2026 au 30 mars 2027"
    assert figures(first) == {**NOTHING, "Page vue": "2", "Commandes payées": "2", **money("80,00", "80,00")}
    assert second["figures_title"] == "Ce que votre page a fait, du 31 octobre 2026 au 22 avril 2027"
    given = {"Rendu à votre clientèle": "5,00\u00a0$"}
    assert figures(second) == {
        **NOTHING, "Page vue": "5", "Commandes payées": "2", **money("80,00", "75,00"), **given,
    }  # fmt: skip
    assert (day_150, day_173) == (date(2027, 3, 31), date(2027, 4, 23))
    assert_report_says(merchant, second, Period(date(2026, 10, 31), date(2027, 4, 22)))


NOTHING = dict.fromkeys(("Appels", "Itinéraires demandés", "Produits vus", "Mises au panier"), "0")


def money(charged: str, reached: str) -> dict[str, str]:
    return {"Ventes, taxes comprises": f"{charged}\u00a0$", "Ce qui vous en revient": f"{reached}\u00a0$"}


def figures(letter: dict) -> dict[str, str]:
    return {label: figure for label, figure, _said in letter["figures"]}


def assert_report_says(merchant, letter: dict, period: Period) -> None:
    """The report's own functions, month by month, over the same days."""
    parts = [Period(max(each.first, period.first), min(each.last, period.last)) for each in period.months]
    contacts = Contacts.of_all(contacts_by_merchant(each).get(merchant.pk, Contacts()) for each in parts)
    sales = Sales.of_all(sales_by_merchant(each).get(merchant.pk, Sales()) for each in parts)
    told = figures(letter)
    assert told["Page vue"] == str(contacts.seen)
    assert told["Commandes payées"] == str(sales.orders)
    assert told["Ventes, taxes comprises"] == cad(sales.charged_cents)
    assert told["Ce qui vous en revient"] == cad(sales.reached_cents)


def bought(merchant, moment) -> Order:
    """40,00 $, paid at that moment, by the books."""
    variant = VariantFactory(product=ProductFactory(merchant=merchant), price_cents=40_00, units=4)
    cart = carts.create()
    carts.add(cart, variant, 1)
    order = place(cart, PortalSettings.objects.get()).orders.get()
    ledger.sale(order, now=moment)
    return order


def given_back(order: Order, cents: int, moment) -> None:
    row = Refund.objects.create(
        order=order, amount_cents=cents, items_cents=cents, reason="abîmé", created_at=moment
    )
    ledger.refund(row, now=moment)


def seen(merchant, by_day: dict[date, int]) -> None:
    DailyCount.objects.bulk_create(
        DailyCount(
            site_id=merchant.site_id, merchant=merchant, subject="merchant", subject_id=merchant.pk,
            act="seen", source="outside", day=day, times=times,
        )
        for day, times in by_day.items()
    )  # fmt: skip


def test_a_worker_that_slept_sends_the_nearest_letter_alone(merchant, clock):
    clock.move_to(at(2027, 4, 28))
    assert reminders.remind_all(now=timezone.now()) == 1
    assert reminders.remind_all(now=timezone.now()) == 0


def test_who_stays_free_is_not_asked_again(merchant, clock, owner_id):
    changing.stay_free(merchant, by_id=owner_id, now=timezone.now())
    assert remind(clock) == []


def test_who_subscribed_is_told_of_the_first_payment_instead(merchant, clock, sandbox):
    subscribe(merchant, sandbox)
    assert remind(clock) == [29, 13, 6, 2]
    assert letters_of()[-1] == "Premier paiement le 1er mai 2027"


def test_each_owner_is_reminded_in_its_own_language(merchant, clock, portal):
    PortalSettings.objects.filter(pk=portal.pk).update(offers_english=True)
    MembershipFactory(merchant=merchant, user__email="jane@exemple.test", user__language="en")
    clock.move_to(at(2027, 4, 30, 9))
    assert reminders.remind_all(now=timezone.now()) == 2
    assert reminders.remind_all(now=timezone.now()) == 0
    told = {row.recipient: row.payload for row in OutboxMessage.objects.filter(kind="mail.letter")}
    assert told["odile@exemple.test"]["subject"].startswith("Aujourd’hui, dernier jour gratuit")
    assert told["jane@exemple.test"]["subject"].startswith("Today")
    assert told["jane@exemple.test"]["button_url"].endswith("/en/mon-commerce/fromagerie/option/")
    assert {row["language"] for row in told.values()} == {"fr-ca", "en"}


def test_nobody_is_written_to_where_nothing_costs_anything(merchant, clock):
    Plan.objects.all().delete()
    assert remind(clock) == []


def test_a_suspended_merchant_is_not_written_to(merchant, clock):
    Merchant.objects.update(suspended_at=timezone.now())
    assert remind(clock) == []


@pytest.mark.parametrize(
    ("left", "letter"),
    [(31, None), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (1, 3), (0, 0), (-1, None)],
)
def test_which_letter_is_due_on_which_day(left, letter):
    now = at(2027, 4, 30) - timedelta(days=left)
    assert reminders.due(LAST_FREE_DAY, reminders.BEFORE_THE_END, now) == letter
