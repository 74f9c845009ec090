"""Behind the letter's link, and on the merchant's home: one tap, once; looking changes nothing."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from directory.hours import ZONE
from directory.models import Membership, Merchant, SpecialHours
from home.models import AuditEntry
from home.tenancy import portal_scope
from portal.still_true import links
from tests.factories import OpeningHoursFactory
from tests.portal.towns import Town

NOW = dt.datetime(2026, 12, 15, 9, 0, tzinfo=ZONE)
CHRISTMAS = dt.date(2026, 12, 25)
A_WEEK_AGO = NOW - dt.timedelta(days=8)


@pytest.fixture(autouse=True)
def _in_december():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(here: Town) -> Membership:
    """The owner's, of a shop that said nothing for a week, nor about Christmas. On Fridays it is open."""
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(claimed_at=A_WEEK_AGO, confirmed_at=A_WEEK_AGO)
        OpeningHoursFactory(merchant=here.merchant, weekday=4)
        return Membership.objects.select_related("merchant__site", "user").get(merchant=here.merchant)


@pytest.fixture
def url(place: Membership) -> str:
    return f"/encore-vrai/{links.token_of(place, NOW)}/"


def stated(here: Town) -> tuple[dt.datetime, list[tuple], list[str]]:
    """When it was confirmed, the special hours, the acts in the trail."""
    with portal_scope(here.site):
        special = list(SpecialHours.objects.values_list("date", "opens", "reason"))
        acts = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
        return Merchant.objects.get(pk=here.merchant.pk).confirmed_at, special, acts


def test_looking_shows_what_is_asked_and_changes_nothing(here: Town, url: str) -> None:
    answer = here.visitor().get(url)
    html = answer.content.decode().replace("\u00a0", " ")
    assert "Oui, tout est encore vrai" in html
    assert "Le vendredi 25 décembre, êtes-vous ouvert?" in html
    assert "Ouvert, 9 h à 17 h 30" in html
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
    assert stated(here) == (A_WEEK_AGO, [], [])


def test_one_tap_confirms_and_a_second_is_the_same(here: Town, place: Membership, url: str) -> None:
    visitor = here.visitor()
    for _time in range(2):
        assert visitor.post(url, {"reponse": "vrai"}).status_code == 302
    assert stated(here) == (NOW, [], ["merchant.still_true"])
    with portal_scope(here.site):
        assert AuditEntry.objects.get().actor_id == place.user_id
    assert "Votre page est confirmée depuis le 15 décembre 2026" in visitor.get(url).content.decode()


@pytest.mark.parametrize(("answer", "opens"), [("ouvert", dt.time(9)), ("ferme", None)])
def test_holiday_is_answered_in_one_tap(here: Town, url: str, answer: str, opens: dt.time | None) -> None:
    for _time in range(2):
        here.visitor().post(url, {"reponse": answer, "jour": "2026-12-25"})
    assert stated(here) == (NOW, [(CHRISTMAS, opens, "Jour de Noël")], ["hours.date"])


NONSENSE = [
    ({"reponse": "ouvert", "jour": "2026-12-24"}, 302),
    ({"reponse": "ferme", "jour": "hier"}, 302),
    ({"reponse": "ouvert"}, 404),
    ({"reponse": "autre", "jour": "2026-12-25"}, 404),
    ({}, 404),
]


@pytest.mark.parametrize(("data", "status"), NONSENSE)
def test_nonsense_states_nothing(here: Town, url: str, data: dict, status: int) -> None:
    assert here.visitor().post(url, data).status_code == status
    assert stated(here) == (A_WEEK_AGO, [], [])


def test_link_of_others_says_nothing_and_does_nothing(
    here: Town, there: Town, place: Membership, url: str
) -> None:
    late = f"/encore-vrai/{links.token_of(place, NOW - dt.timedelta(days=61))}/"
    for visitor, address in (
        (there.visitor(), url),
        (here.visitor(), late),
        (here.visitor(), f"{url[:-3]}x/"),
    ):
        assert visitor.get(address).status_code == 404
        assert visitor.post(address, {"reponse": "vrai"}).status_code == 404
    assert stated(here) == (A_WEEK_AGO, [], [])


@pytest.mark.parametrize("why", ["left", "suspended"])
def test_link_closes_with_the_place(here: Town, place: Membership, url: str, why: str) -> None:
    with portal_scope(here.site):
        if why == "left":
            place.delete()
        else:
            Merchant.objects.filter(pk=here.merchant.pk).update(suspended_at=NOW)
    assert here.visitor().post(url, {"reponse": "vrai"}).status_code == 404
    assert stated(here) == (A_WEEK_AGO, [], [])


def desk(here: Town, path: str = "") -> str:
    return f"/mon-commerce/{here.merchant.slug}/{path}"


def test_home_asks_the_same_until_it_is_answered(here: Town, place: Membership) -> None:
    owner = here.signed_in(here.owner)
    assert "Est-ce encore vrai?" in owner.get(desk(here)).content.decode()
    owner.post(desk(here, "encore-vrai/"))
    owner.post(desk(here, "heures/feries/2026-12-25/"), {"reponse": "ferme"})
    html = owner.get(desk(here)).content.decode()
    assert "Est-ce encore vrai?" not in html
    assert "Le vendredi 25 décembre, êtes-vous ouvert" not in html
    assert stated(here) == (NOW, [(CHRISTMAS, None, "Jour de Noël")], ["merchant.still_true", "hours.date"])


def test_holiday_without_usual_hours_leads_to_the_days_own_screen(here: Town, place: Membership) -> None:
    with portal_scope(here.site):
        here.merchant.opening_hours.filter(weekday=4).delete()
    owner = here.signed_in(here.owner)
    answer = owner.post(desk(here, "heures/feries/2026-12-25/"), {"reponse": "ouvert"})
    assert answer["Location"].endswith("/heures/dates/2026-12-25/")
    for day, reply in (("2026-12-24", "ferme"), ("2026-12-25", "autre"), ("rien", "ferme")):
        assert owner.post(desk(here, f"heures/feries/{day}/"), {"reponse": reply}).status_code == 404


def test_keeping_the_page_is_saying_that_it_is_true(here: Town, place: Membership) -> None:
    owner = here.signed_in(here.owner)
    owner.post(desk(here, "heures/aujourdhui/"), {"acte": "ferme"})
    assert stated(here)[0] == NOW


def test_strangers_confirm_nothing(here: Town, there: Town, place: Membership) -> None:
    stranger: Client = here.visitor()
    stranger.force_login(there.owner)
    for path in ("encore-vrai/", "heures/feries/2026-12-25/"):
        assert stranger.post(desk(here, path), {"reponse": "ferme"}).status_code == 404
    assert stated(here) == (A_WEEK_AGO, [], [])
