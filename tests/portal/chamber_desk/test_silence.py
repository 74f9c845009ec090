"""Who fell silent, and whom nobody contacts: of whose acts, since which day, and what is said of them."""

from datetime import date
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from directory import follow_up
from directory.models import DailyCount, FollowUp, Merchant
from home import audit
from home.tenancy import portal_scope
from tests.factories import MembershipFactory, UserFactory, make_merchant_page
from tests.portal.chamber_desk.people import adviser_of, merchant
from tests.portal.chamber_desk.ways import at
from tests.portal.towns import Town

SILENCE = "/admin/chambre/silence/"
NOW = "2026-11-23 12:00"


@pytest.fixture
def chamber(here: Town) -> Any:
    with time_machine.travel(at(NOW), tick=False):
        yield adviser_of(here)


def live(town: Town, name: str, *, since: str = "2026-06-01 10:00") -> Merchant:
    shop = merchant(town.site, name, claimed_at=at(since))
    with portal_scope(town.site):
        make_merchant_page(shop, first_published_at=at(since))
    return shop


def acted(town: Town, shop: Merchant, moment: str, action: str = "hours.week", **fields: Any) -> None:
    with portal_scope(town.site), time_machine.travel(at(moment), tick=False):
        person = fields.pop("by", None) or MembershipFactory(merchant=shop).user
        about = {"merchant_id": None} if action == "user.sign_in" else {"merchant_id": shop.pk}
        audit.note(action, shop, actor_id=person.pk, **{**about, **fields})


def shown(client: Client, **query: str) -> dict[str, str]:
    """What the list says of each merchant, by its name."""
    html = BeautifulSoup(client.get(SILENCE, query).content, "html.parser")
    rows = html.select(".chamber-table tbody tr")
    return {row.th.a.get_text(strip=True): " ".join(row.td.get_text(" ").split()) for row in rows}


def test_silent_are_those_without_an_act_of_their_own_the_longest_first(here: Town, chamber: Client) -> None:
    """Thirty days before 23 November is 24 October, by the town's calendar: its last minute counts."""
    acted(here, live(here, "Trente jours"), "2026-10-24 23:59")
    acted(here, live(here, "Vingt-neuf jours"), "2026-10-25 00:00")
    acted(here, live(here, "Connectée"), "2026-11-20 10:00", "user.sign_in")
    acted(here, live(here, "Vieille connexion"), "2026-09-01 10:00", "user.sign_in")
    acted(here, live(here, "Aidée seulement"), "2026-11-20 10:00", by=UserFactory())
    acted(here, live(here, "Vend"), "2026-10-01 10:00", "order.ready")
    assert list(shown(chamber).items()) == [
        ("Aidée seulement", "il y a 175 jours a pris sa page, 1er juin 2026"),
        ("Vieille connexion", "il y a 83 jours s’est connecté, 1er septembre 2026"),
        ("Vend", "il y a 53 jours a travaillé à sa boutique, 1er octobre 2026"),
        ("Trente jours", "il y a 30 jours a changé les heures d’ouverture, 24 octobre 2026"),
    ]
    assert list(shown(chamber, jours="60")) == ["Aidée seulement", "Vieille connexion"]
    assert len(shown(chamber, jours="x", suivi="x", liste="x", page="x")) == 4


def test_nobody_contacts_those_without_a_counted_contact(here: Town, there: Town, chamber: Client) -> None:
    shops = {name: live(here, name) for name in ("Vue seulement", "Appelée", "Appelée jadis")}
    live(here, "Nouvelle", since="2026-11-01 10:00")
    live(there, there.canary)
    counts = (
        ("Vue seulement", "seen", date(2026, 11, 20), 12),
        ("Appelée", "call", date(2026, 9, 25), 1),
        ("Appelée jadis", "call", date(2026, 9, 24), 1),
    )
    assert "Rien n’a encore été compté" in chamber.get(SILENCE, {"liste": "sans-contact"}).content.decode()
    with portal_scope(here.site):
        for name, act, day, times in counts:
            DailyCount.objects.create(
                site=here.site, day=day, act=act, source="search", subject="merchant",
                subject_id=shops[name].pk, merchant=shops[name], times=times,
            )  # fmt: skip
    assert shown(chamber, liste="sans-contact") == {
        "Vue seulement": "12 vues en ligne depuis le 1er juin 2026",
        "Appelée jadis": "0 vue en ligne depuis le 1er juin 2026",
    }
    text = chamber.get(SILENCE, {"liste": "sans-contact"}).content.decode()
    assert "On ne compte que depuis" not in text
    with portal_scope(here.site):
        DailyCount.objects.filter(day__lt=date(2026, 10, 1)).delete()
    assert (
        "On ne compte que depuis le 20 novembre 2026"
        in chamber.get(SILENCE, {"liste": "sans-contact"}).content.decode()
    )


def test_next_act_is_noted_in_the_list_and_wrong_words_are_kept(
    here: Town, there: Town, chamber: Client
) -> None:
    shop, mine = live(here, "Muette"), str(chamber.session["_auth_user_id"])
    told = {"adviser": mine, "next_act": "Passer la voir", "next_act_on": "demain"}
    wrong = chamber.post(f"{SILENCE}{shop.pk}/suivi/?jours=60", told)
    line = BeautifulSoup(wrong.content, "html.parser").select_one(f"#c{shop.pk}")
    assert (wrong.status_code, line.details.has_attr("open")) == (422, True)
    assert line.select_one("input[name=next_act]")["value"] == "Passer la voir"
    assert "Écrivez la date comme 2026-11-30." in line.text
    kept = chamber.post(f"{SILENCE}{shop.pk}/suivi/?jours=60", {**told, "next_act_on": "2026-11-30"})
    assert kept.url == f"{SILENCE}?jours=60#c{shop.pk}"
    with portal_scope(here.site):
        assert follow_up.of_merchant(shop).next_act == "Passer la voir"
    assert chamber.post(f"{SILENCE}{there.merchant.pk}/suivi/", told).status_code == 404
    with portal_scope(there.site):
        assert not FollowUp.objects.exists()
    assert list(shown(chamber, suivi="moi")) == ["Muette"]
    assert shown(chamber, suivi="personne") == {}
