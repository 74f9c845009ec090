"""Hours, today, dates and vacation: live at once, undone in one press, nobody else's business."""

import datetime as dt

import pytest
import time_machine

from directory.hours import ZONE
from directory.models import Merchant, OpeningHours, SpecialHours
from home.models import AuditEntry
from home.tenancy import portal_scope
from tests.factories import MembershipFactory
from tests.portal.merchant_space.conftest import Screens, acts
from tests.portal.towns import Town

MONDAY = dt.datetime(2026, 11, 23, 11, 0, tzinfo=ZONE)
TODAY = MONDAY.date()


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def week_of(town: Town) -> list[tuple[int, str, str]]:
    with portal_scope(town.site):
        rows = OpeningHours.objects.filter(merchant=town.merchant)
        return [(row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}") for row in rows]


def special_of(town: Town) -> list[tuple[str, str, str]]:
    with portal_scope(town.site):
        rows = SpecialHours.objects.filter(merchant=town.merchant)
        return [(f"{row.date}", f"{row.opens or ''}", row.reason) for row in rows]


def merchant_of(town: Town) -> Merchant:
    with portal_scope(town.site):
        return Merchant.objects.get(pk=town.merchant.pk)


def test_week_is_what_was_typed(here: Town, desk: Screens) -> None:
    answers = {
        "d0_opens_1": "09:00", "d0_closes_1": "12:00", "d0_opens_2": "13", "d0_closes_2": "17 h 30",
        "d4_opens_1": "17:00", "d4_closes_1": "03:00", "d6_all_day": "on",
    }  # fmt: skip
    assert desk.post("heures/", **answers).status_code == 302
    assert week_of(here) == [
        (0, "09:00", "12:00"),
        (0, "13:00", "17:30"),
        (4, "17:00", "03:00"),
        (6, "00:00", "00:00"),
    ]
    form = desk.get("heures/").context["form"]
    assert (form["d0_closes_2"].value(), form["d6_all_day"].value()) == (dt.time(17, 30), True)
    desk.undo()
    assert week_of(here) == [(0, "09:00", "17:30")]
    assert acts(here) == ["hours.week", "hours.week"]


def test_one_day_is_copied_to_all(here: Town, desk: Screens) -> None:
    desk.post("heures/", d2_opens_1="10:00", d2_closes_1="16:00", copier="2")
    assert week_of(here) == [(day, "10:00", "16:00") for day in range(7)]
    assert desk.post("heures/", copier="9").status_code == 404


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"d0_opens_1": "09:00"}, "Écrivez aussi l’heure de fermeture"),
        ({"d0_closes_1": "09:00"}, "Écrivez aussi l’heure d’ouverture"),
        ({"d0_opens_1": "9 heures pile", "d0_closes_1": "17:00"}, "au plus 10"),
        ({"d0_opens_1": "25:00", "d0_closes_1": "17:00"}, "Cette heure ne se lit pas"),
        ({"d0_opens_1": "midi", "d0_closes_1": "17:00"}, "Cette heure ne se lit pas"),
        ({"d0_opens_1": "09:00", "d0_closes_1": "09:00"}, "Ouvert jour et nuit?"),
        (
            {"d0_opens_1": "09:00", "d0_closes_1": "17:00", "d0_opens_2": "12:00", "d0_closes_2": "18:00"},
            "en recouvrent d’autres",
        ),
    ],
)
def test_hours_that_do_not_read_say_what_to_type(here: Town, desk: Screens, answers, sentence: str) -> None:
    before = week_of(here)
    shown = desk.post("heures/", d3_opens_1="08:00", d3_closes_1="12:00", **answers)
    assert shown.status_code == 422
    assert sentence in shown.content.decode()
    assert shown.context["form"]["d3_opens_1"].value() == "08:00"
    assert (week_of(here), acts(here)) == (before, [])


def test_closed_today_in_one_press_and_undone(here: Town, desk: Screens) -> None:
    html = desk.html()
    assert "Ouvert jusqu’à 17" in html
    desk.post("heures/aujourdhui/", acte="ferme")
    assert special_of(here) == [("2026-11-23", "", "")]
    html = desk.html()
    assert "Fermé aujourd’hui\u00a0: c’est écrit partout." in html
    assert "Ouvrir comme d’habitude" in html
    desk.undo()
    assert special_of(here) == []
    with portal_scope(here.site):
        entry = AuditEntry.objects.order_by("pk").first()
    assert (entry.action, entry.actor, entry.after["spans"]) == ("hours.date", here.owner, [])


@pytest.mark.parametrize(
    ("typed", "status", "closes"),
    [("15:00", 302, "15:00:00"), ("18:00", 422, None), ("", 422, None), ("tôt", 422, None)],
)
def test_closing_early_today(here: Town, desk: Screens, typed: str, status: int, closes: str | None) -> None:
    answer = desk.post("heures/aujourdhui/", closes=typed)
    assert answer.status_code == status
    with portal_scope(here.site):
        assert [str(row.closes) for row in SpecialHours.objects.all()] == ([closes] if closes else [])


def test_holidays_are_proposed_and_never_assumed(here: Town, desk: Screens) -> None:
    html = desk.html("heures/dates/")
    assert "Noël" in html
    form = desk.get("heures/dates/2026-12-25/").context["form"]
    assert form["how"].value() is None
    assert desk.post("heures/dates/2026-12-25/").status_code == 422
    desk.post("heures/dates/2026-12-25/", how="ferme", reason="Noël")
    assert special_of(here) == [("2026-12-25", "", "Noël")]
    assert "Noël" in desk.html("heures/dates/")
    desk.post("heures/dates/2026-12-25/oublier/")
    desk.undo()
    assert special_of(here) == [("2026-12-25", "", "Noël")]


def test_special_date_with_hours(here: Town, desk: Screens) -> None:
    assert desk.post("heures/dates/", date="2026-12-24").url.endswith("/heures/dates/2026-12-24/")
    desk.post("heures/dates/2026-12-24/", how="ouvert", opens_1="09:00", closes_1="15:00")
    assert special_of(here) == [("2026-12-24", "09:00:00", "")]
    assert "comme 10:00" in desk.post("heures/dates/2026-12-24/", how="ouvert").content.decode()


@pytest.mark.parametrize("day", ["2026-11-22", "2026-13-01", "demain", "2031-01-01"])
def test_other_dates_do_not_exist(desk: Screens, day: str) -> None:
    assert desk.get(f"heures/dates/{day}/").status_code == 404


@pytest.mark.parametrize(
    ("date", "words"), [("", "Choisissez une date."), ("x", "ne se lit pas"), ("2020-01-01", "à venir")]
)
def test_date_that_cannot_be_is_said(desk: Screens, date: str, words: str) -> None:
    assert words in desk.post("heures/dates/", date=date).content.decode()


def test_vacation_pauses_the_shop_tells_everybody_and_ends(here: Town, desk: Screens) -> None:
    desk.post("vacances/", first="2026-11-23", last="2026-11-27", note="On dort.")
    until = "En vacances jusqu’au 27 novembre"
    visitor, product = here.visitor(), here.variant.product
    page = visitor.get(f"/commerces/{here.merchant.slug}/").content.decode()
    assert until in page
    assert "On dort." in page
    assert '"validThrough":"2026-11-27"' in page
    assert (
        "est en vacances jusqu’au 27 novembre"
        in visitor.get(f"/boutique/{here.merchant.slug}/{product.slug}/").content.decode()
    )
    assert "Je suis de retour" in desk.html()
    with time_machine.travel(MONDAY + dt.timedelta(days=5), tick=False):
        assert until not in here.visitor().get(f"/commerces/{here.merchant.slug}/").content.decode()


def test_basket_is_told_of_a_vacation(here: Town, desk: Screens) -> None:
    visitor = here.visitor()
    visitor.post("/panier/ajouter/", {"variant": here.variant.pk, "quantity": 1})
    desk.post("vacances/", first="2026-11-23", last="2026-11-27")
    assert "est en vacances jusqu’au 27 novembre" in visitor.get("/panier/").content.decode()


def test_back_early_in_one_press_and_undone(here: Town, desk: Screens) -> None:
    desk.post("vacances/", first="2026-11-23", last="2026-11-27", note="On dort.")
    desk.post("vacances/retour/")
    assert merchant_of(here).vacation_from is None
    desk.undo()
    assert merchant_of(here).vacation_until == dt.date(2026, 11, 27)
    assert acts(here) == ["vacation.leave", "vacation.return", "vacation.undo"]


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("", "2026-11-27", "Choisissez le premier jour"),
        ("2026-11-27", "2026-11-24", "finissent avant de commencer"),
        ("2026-11-01", "2026-11-05", "Ce jour est passé"),
        ("2026-11-24", "2028-11-24", "Plus d’un an"),
        ("le 24", "2026-11-27", "ne se lit pas"),
    ],
)
def test_vacation_that_cannot_be_is_said(
    here: Town, desk: Screens, first: str, last: str, sentence: str
) -> None:
    shown = desk.post("vacances/", first=first, last=last)
    assert shown.status_code == 422
    assert sentence in shown.content.decode()
    assert merchant_of(here).vacation_from is None


PATHS = ("heures/", "heures/aujourdhui/", "heures/dates/", "heures/dates/2026-12-25/",
         "heures/dates/2026-12-25/oublier/", "vacances/", "vacances/retour/")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_stranger_changes_no_hours(here: Town, stranger: Screens, path: str) -> None:
    before = week_of(here)
    assert stranger.get(path).status_code in {404, 405}
    answers = {
        "acte": "ferme",
        "how": "ferme",
        "first": "2026-11-23",
        "last": "2026-11-27",
        "date": "2026-12-25",
    }
    assert stranger.post(path, **answers).status_code == 404
    assert (week_of(here), special_of(here), merchant_of(here).vacation_from) == (before, [], None)


def test_undo_of_one_desk_does_nothing_at_another(here: Town, desk: Screens) -> None:
    with portal_scope(here.site):
        second = MembershipFactory(user=here.owner, merchant__name="Zèbre").merchant
    desk.post("heures/aujourdhui/", acte="ferme")
    other = Screens(desk.client, second)
    assert "Annuler" not in other.html()
    other.undo()
    assert special_of(here) == [("2026-11-23", "", "")]


def test_undo_is_gone_after_a_while(here: Town, desk: Screens) -> None:
    desk.post("heures/aujourdhui/", acte="ferme")
    with time_machine.travel(MONDAY + dt.timedelta(minutes=16), tick=False):
        assert "Annuler" not in desk.html()
        desk.undo()
    assert special_of(here) == [("2026-11-23", "", "")]


def test_last_opened_shop_is_remembered(here: Town, desk: Screens) -> None:
    with portal_scope(here.site):
        second = MembershipFactory(user=here.owner, merchant__name="Zèbre").merchant
    Screens(desk.client, second).get()
    assert desk.client.get("/mon-commerce/").url == f"/mon-commerce/{second.slug}/"
    desk.get()
    assert desk.client.get("/mon-commerce/").url == desk.address()
    desk.client.cookies["commerce"] = "commerce-d-un-autre"
    assert desk.client.get("/mon-commerce/").url == desk.address()
