from datetime import timedelta

import pytest
from django.utils import timezone

from directory.models import Merchant, Plan
from home.models import PortalSettings
from shop.models import OutboxMessage
from shop.payments.plans import changing, reminders
from tests.factories import MembershipFactory
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
