"""Today's five calls: one rule, one order, a reason that can be read; made or put off in one act."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import CallbackRequest, FollowUp, Merchant, Note
from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from portal.chamber_desk import calls
from portal.chamber_desk.calls import Day, Why
from portal.chamber_desk.stages import Place, Stage
from tests.portal.chamber_desk.people import adviser_of, ago, answering, merchant
from tests.portal.conftest import make_staff
from tests.portal.towns import Town

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = Day(NOW, date(2026, 12, 10), frozenset({"linked_shop", "transactional"}))


def before(days: float) -> datetime:
    return NOW - timedelta(days=days)


A_WHILE_AGO, A_MONTH_AGO, TWO_MONTHS_AGO = before(20), before(30), before(60)


@dataclass
class Row:
    """A merchant of the pipeline with its standing: in the directory, and nothing to call it for."""

    pk: int = 1
    merchant_id: int | None = 1
    stage: str = Stage.LIVE
    place: str = ""
    since: datetime = A_MONTH_AGO
    question: str = ""
    tier: str = "listing"
    chosen_tier: str = ""
    free_until: date | None = None
    claimed_at: datetime | None = TWO_MONTHS_AGO
    heard_at: datetime | None = A_WHILE_AGO
    callback_asked_at: datetime | None = None
    next_act: str = ""
    next_act_on: date | None = None
    first_sale_at: datetime | None = None
    is_subscribed: bool = False


RELANCER = "«\u00a0Relancer\u00a0», prévu le 20 novembre"
STUCK = {"stage": Stage.STUCK, "place": Place.PHOTO, "since": before(9)}
CASES: list[tuple[dict[str, Any], Why | None, str]] = [
    ({}, None, ""),
    ({"callback_asked_at": before(2)}, Why.ASKED, "demande un appel depuis 2 jours"),
    ({"callback_asked_at": before(0), "next_act": "Plus tard", "next_act_on": date(2027, 1, 1)}, Why.ASKED,
     "demande un appel depuis aujourd’hui"),
    ({"merchant_id": None, "callback_asked_at": before(1)}, Why.ASKED, "demande un appel depuis 1 jour"),
    ({"merchant_id": None, **STUCK}, None, ""),
    ({"next_act": "Relancer", "next_act_on": date(2026, 11, 20)}, Why.DUE, RELANCER),
    ({"next_act": "Relancer", "next_act_on": date(2026, 11, 24)}, None, ""),
    ({**STUCK, "next_act": "Relancer", "next_act_on": date(2026, 12, 1)}, None, ""),
    ({"first_sale_at": before(3)}, Why.FIRST_SALE, "première vente le 20 novembre 2026\u00a0: dites bravo"),
    ({"first_sale_at": before(3), "heard_at": before(1)}, None, ""),
    ({"first_sale_at": before(15)}, None, ""),
    ({"tier": "linked_shop"}, Why.FREE_PERIOD_ENDS, "sa période gratuite prend fin le 10 décembre, sans choix"),
    ({"tier": "linked_shop", "is_subscribed": True}, None, ""),
    ({"tier": "linked_shop", "free_until": date(2027, 6, 1)}, None, ""),
    ({"stage": Stage.LEAVING, "place": Place.LESS, "since": before(2)}, Why.LEAVING,
     "a choisi une option de moins, depuis 2 jours"),
    (STUCK, Why.STUCK, "bloqué aux photos depuis 9 jours"),
    ({**STUCK, "place": Place.QUESTIONS, "question": "photo"}, Why.STUCK, "bloqué à la photo depuis 9 jours"),
    ({**STUCK, "heard_at": before(2)}, None, ""),
    ({"heard_at": None}, Why.NEVER_CALLED, "des nôtres depuis le 24 septembre 2026, jamais appelé"),
    ({"heard_at": None, "claimed_at": None, "stage": Stage.UNCLAIMED}, None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "why", "reason"), CASES)
def test_reason_for_a_call(facts: dict[str, Any], why: Why | None, reason: str) -> None:
    call = calls.call_for(Row(**facts), TODAY)
    assert (call and call.why, call.reason if call else "") == (why, reason)


def test_order_of_the_day_is_readable_and_complete() -> None:
    """Each kind before the next; the nearest to the end first; then the longest; then the key."""
    rows = [
        Row(pk=1, heard_at=None),
        Row(pk=2, **{**STUCK, "place": Place.INVITATION}),
        Row(pk=3, **STUCK),
        Row(pk=4, **{**STUCK, "since": before(12)}),
        Row(pk=5, stage=Stage.LEAVING, place=Place.SILENT),
        Row(pk=6, tier="transactional"),
        Row(pk=7, first_sale_at=before(1)),
        Row(pk=8, next_act="Relancer", next_act_on=date(2026, 11, 23)),
        Row(pk=9, callback_asked_at=before(1)),
        Row(pk=10, callback_asked_at=before(3)),
        Row(pk=11, **{**STUCK, "place": Place.PRODUCTS}),
        Row(pk=12, **STUCK),
    ]
    assert [call.row.pk for call in calls.of_the_day(rows, TODAY)] == [10, 9, 8, 7, 6, 5, 11, 4, 3, 12, 2, 1]


def test_order_holds_from_morning_to_evening() -> None:
    rows = [Row(pk=pk, **{**STUCK, "since": before(9) + timedelta(minutes=pk)}) for pk in (3, 1, 2)]
    hours = (datetime(2026, 11, 23, 6, tzinfo=UTC), datetime(2026, 11, 24, 4, tzinfo=UTC))
    orders = [[call.row.pk for call in calls.of_the_day(rows, Day(hour))] for hour in hours]
    assert orders == [[1, 2, 3], [1, 2, 3]]


# ------------------------------------------------------------------------------------------------ the screen

CALLS = "/admin/chambre/appels/"


@pytest.fixture
def chamber(here: Town) -> Client:
    return adviser_of(here)


def six_to_call(town: Town) -> list[Merchant]:
    return [
        merchant(town.site, f"Bloquée {n}", claimed_at=ago(20 - n), phone=f"+1418555010{n}") for n in range(6)
    ]


def names(client: Client) -> list[str]:
    answer = client.get(CALLS)
    assert answer.status_code == 200
    return [line["row"].name for line in answer.context["lines"]]


def test_five_of_six_with_their_phone_and_reason(here: Town, chamber: Client) -> None:
    six_to_call(here)
    assert names(chamber) == [f"Bloquée {n}" for n in range(5)]
    html = chamber.get(CALLS).content.decode()
    assert 'href="tel:+14185550100"' in html
    assert "bloqué à la publication de sa page depuis 20 jours" in html


def test_call_made_is_a_note_its_answer_and_what_comes_next(here: Town, chamber: Client) -> None:
    first = six_to_call(here)[0]
    with portal_scope(here.site):
        CallbackRequest.objects.create(site=here.site, merchant=first, phone="+14185550100")
    told = {"words": "On prend ses photos mardi", "next_act": "Photos", "next_act_on": "2027-01-12"}
    assert chamber.post(f"{CALLS}{first.pk}/fait/", told).url == CALLS
    with portal_scope(here.site):
        assert Note.objects.get().words == "On prend ses photos mardi"
        kept = FollowUp.objects.get(merchant=first)
        assert (kept.next_act, kept.next_act_on) == ("Photos", date(2027, 1, 12))
        assert CallbackRequest.objects.get().called_at is not None
        assert AuditEntry.objects.filter(action="follow_up.called", merchant=first).count() == 1
    # Four are left of today's five: the sixth is tomorrow's.
    assert names(chamber) == [f"Bloquée {n}" for n in range(1, 5)]


def test_call_without_a_word_is_not_made(here: Town, chamber: Client) -> None:
    first = six_to_call(here)[0]
    answer = chamber.post(
        f"{CALLS}{first.pk}/fait/", {"words": " ", "next_act": "", "next_act_on": "2027-01-12"}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Écrivez en un mot ce qui s’est dit" in html
    assert 'value="2027-01-12"' in html
    with portal_scope(here.site):
        assert not Note.objects.exists()


def test_put_off_comes_back_on_its_day(here: Town, chamber: Client) -> None:
    first = six_to_call(here)[0]
    chamber.post(f"{CALLS}{first.pk}/plus-tard/", {"quand": "trois"})
    with portal_scope(here.site):
        kept = FollowUp.objects.get(merchant=first)
    assert (kept.next_act, kept.next_act_on) == ("Appeler", timezone.localdate() + timedelta(days=3))
    assert "Bloquée 0" not in names(chamber)


def test_all_five_made_says_so(here: Town, chamber: Client) -> None:
    for shop in six_to_call(here)[:5]:
        chamber.post(f"{CALLS}{shop.pk}/fait/", {"words": "Vu"})
    assert "Les appels du jour sont faits. Bravo." in chamber.get(CALLS).content.decode()


def test_each_adviser_has_its_own_and_what_nobody_follows(here: Town, chamber: Client) -> None:
    shops, other = six_to_call(here), make_staff(here.site, PortalRole.MANAGER)
    with portal_scope(here.site):
        FollowUp.objects.create(site=here.site, merchant=shops[0], adviser=other)
    assert names(chamber) == [f"Bloquée {n}" for n in range(1, 6)]


def test_who_registers_a_new_shop_is_called_back_and_closed(here: Town, chamber: Client) -> None:
    row = answering(here.site, question="photo", days=9, answers={"name": "Nouvelle"})
    with portal_scope(here.site):
        CallbackRequest.objects.create(
            site=here.site, registration=row, phone="+14185550177", when="le soir", words="la photo"
        )
    html = chamber.get(CALLS).content.decode()
    assert "le soir" in html
    assert "tel:+14185550177" in html
    assert chamber.post(f"{CALLS}inscription/{row.pk}/").url == CALLS
    with portal_scope(here.site):
        assert CallbackRequest.objects.get().called_at is not None
    assert names(chamber) == []


def test_strangers_are_not_called(here: Town, there: Town, chamber: Client) -> None:
    theirs = six_to_call(there)[0]
    assert names(chamber) == []
    for act in ("fait/", "plus-tard/"):
        assert chamber.post(f"{CALLS}{theirs.pk}/{act}", {"words": "Vu"}).status_code == 404
    with portal_scope(there.site):
        assert not Note.objects.exists()
        assert not FollowUp.objects.exists()


def test_home_tells_the_calls_first_sales_and_who_is_stuck(
    here: Town, chamber: Client, bought_here: Any, django_assert_max_num_queries
) -> None:
    six_to_call(here)
    chamber.get("/admin/")
    with django_assert_max_num_queries(30):
        html = chamber.get("/admin/").content.decode()
    for words in ("Les appels du jour", "Bloquée 0", "Première vente!", here.merchant.name, "6 commerces"):
        assert words in html
    assert "$" not in html[html.index('id="chamber-today"') : html.index("</main>")]
