"""Who may sell alcohol, and when it may change hands."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shop import alcohol
from shop.enums import Tax
from shop.models import AlcoholPermit, Shop, TaxRegistration
from tests.factories import AlcoholPermitFactory, TaxRegistrationFactory, make_seller, make_vineyard

TODAY = date(2026, 11, 22)
TORONTO = ZoneInfo("America/Toronto")

pytestmark = pytest.mark.usefixtures("in_levis")


def why_not(merchant, today: date = TODAY) -> str:
    return alcohol.why_no_alcohol(type(merchant).objects.get(pk=merchant.pk), merchant.shop, today=today)


def test_producer_with_all_it_takes_may_sell() -> None:
    assert why_not(make_vineyard()) == ""


@pytest.mark.parametrize(
    "kind", ["Permis de brasseur", "DISTILLATEUR", "Permis de fabricant de  cidre", "Production artisanale"]
)
def test_permit_of_any_producer_will_do(kind: str) -> None:
    merchant = make_vineyard()
    AlcoholPermit.objects.update(kind=kind)
    assert why_not(merchant) == ""


@pytest.mark.parametrize(
    ("model", "change", "reason"),
    [
        (AlcoholPermit, {"expires_on": date(2026, 11, 21)}, "est échu"),
        (AlcoholPermit, {"kind": "Permis de bar"}, "Inscrivez votre permis de production"),
        (AlcoholPermit, {"kind": "Permis d’épicerie"}, "Inscrivez votre permis de production"),
        (TaxRegistration, {"tax": Tax.GST, "number": "123456789 RT0001"}, "numéro de TVQ"),
        (TaxRegistration, {"effective_until": TODAY}, "numéro de TVQ"),
        (TaxRegistration, {"effective_from": date(2026, 11, 23)}, "numéro de TVQ"),
        (Shop, {"charges_status": "restricted"}, "paiements par carte"),
        (Shop, {"stripe_account_id": ""}, "paiements par carte"),
    ],
)
def test_each_thing_that_is_missing_is_told(model, change: dict, reason: str) -> None:
    merchant = make_vineyard()
    model.objects.update(**change)
    merchant.shop.refresh_from_db()
    assert reason in why_not(merchant)


def test_permit_is_good_on_its_last_day_and_a_second_one_takes_over() -> None:
    merchant = make_vineyard()
    AlcoholPermit.objects.update(expires_on=TODAY)
    assert why_not(merchant) == ""
    tomorrow = date(2026, 11, 23)
    assert why_not(merchant, tomorrow) != ""
    AlcoholPermitFactory(merchant=merchant)
    assert why_not(merchant, tomorrow) == ""


def test_who_has_nothing_is_told_everything() -> None:
    merchant = make_seller()
    assert len(alcohol.what_is_missing(merchant, merchant.shop, today=TODAY)) == 3


def test_strangers_permit_opens_nothing() -> None:
    make_vineyard()
    merchant = make_seller()
    Shop.objects.filter(merchant=merchant).update(charges_status="active")
    TaxRegistrationFactory(merchant=merchant, tax=Tax.QST)
    merchant.shop.refresh_from_db()
    assert "permis de production" in why_not(merchant)


@pytest.mark.parametrize(
    ("clock", "allowed", "first"),
    [
        ("2026-11-22 06:59", False, "2026-11-22 07:00"),
        ("2026-11-22 07:00", True, "2026-11-22 07:00"),
        ("2026-11-22 22:59", True, "2026-11-22 22:59"),
        ("2026-11-22 23:00", False, "2026-11-23 07:00"),
        ("2026-11-23 00:30", False, "2026-11-23 07:00"),
        ("2026-03-08 01:30", False, "2026-03-08 07:00"),  # the night the clocks go forward
        ("2026-10-31 23:30", False, "2026-11-01 07:00"),  # and the one they go back
    ],
)
def test_hand_over_keeps_to_the_hours_of_the_law(clock: str, allowed: bool, first: str) -> None:
    moment = datetime.fromisoformat(clock).replace(tzinfo=TORONTO)
    assert alcohol.may_be_handed_over(moment) is allowed
    assert alcohol.first_hand_over(moment) == datetime.fromisoformat(first).replace(tzinfo=TORONTO)
