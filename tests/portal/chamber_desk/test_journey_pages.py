"""Cohorts, steps, lists behind numbers, and their files: what the page shows, the file says to the unit."""

import csv
import io
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from tests.factories import UserFactory
from tests.portal.chamber_desk.people import adviser_of
from tests.portal.chamber_desk.test_cohorts import NOW, golden
from tests.portal.chamber_desk.ways import way
from tests.portal.conftest import make_staff
from tests.portal.towns import Town

DESK = "/admin/chambre/"
SCREENS = ("cohortes/", "etapes/", "parcours/", "silence/")


@pytest.fixture(autouse=True)
def _money_adds_up() -> None:
    """Sales here are days alone, without payments: the invariants of money are not asked."""


@pytest.fixture
def chamber(here: Town) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield adviser_of(here)


def page(client: Client, address: str, **query: str) -> BeautifulSoup:
    answer = client.get(f"{DESK}{address}", query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def table(html: BeautifulSoup, section: str) -> dict[str, list[str]]:
    """Its rows by their first cell, each cell as it is read."""
    rows = html.select(f"section[aria-labelledby='{section}'] tbody tr")
    told = [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]
    return {row[0]: row[1:] for row in told}


def test_cohorts_stand_on_the_page_as_worked_out(here: Town, chamber: Client) -> None:
    golden(here.site)
    html = page(chamber, "cohortes/")
    assert table(html, "entrer")["octobre 2026"] == ["5", "2 40 %", "4 80 %", "3 60 %", "3 60 %", "3 60 %"]
    assert table(html, "rester")["octobre 2026"] == [
        "5", "3 sur 3", "2 sur 3", "trop tôt", "1 20 %", "1 20 %", "0",
    ]  # fmt: skip
    assert table(html, "delais")["octobre 2026"][1:4] == ["30 (30)", "3 (10)", "2 (2)"]
    assert table(html, "page-et-vente")["Tous"][:1] == ["7"]
    assert "Tous les pas franchis sont datés." in html.get_text()
    link = html.select_one("section[aria-labelledby='rester'] tr:last-child td:nth-of-type(3) a")
    assert names(page(chamber, f"parcours/{link['href'].partition('parcours/')[2]}")) == [
        "Presque",
        "Vendeuse",
    ]


def speak_english(client: Client, town: Town) -> None:
    """The adviser reads the admin in English."""
    user = UserProfile.objects.get_or_create(user_id=int(client.session["_auth_user_id"]))[0]
    UserProfile.objects.filter(pk=user.pk).update(preferred_language="en")


def names(html: BeautifulSoup) -> list[str]:
    return sorted(cell.get_text(strip=True) for cell in html.select(".chamber-table th[scope=row] a"))


def file_of(client: Client, address: str, shape: str, **query: str) -> list[list[Any]]:
    answer = client.get(f"{DESK}{address}{shape}/", query)
    assert answer.status_code == 200
    data = b"".join(answer.streaming_content)
    if shape == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet.freeze_panes == "B2"
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def as_text(rows: list[list[Any]]) -> list[list[str]]:
    """As the CSV says it: an Excel date is a moment at midnight."""
    return [
        [str(value if value is not None else "").replace(" 00:00:00", "") for value in row] for row in rows
    ]


@pytest.mark.parametrize("address", ["cohortes/", "etapes/", "parcours/"])
def test_csv_and_excel_say_the_same(here: Town, chamber: Client, address: str) -> None:
    golden(here.site)
    told = file_of(chamber, address, "csv", du="2026-10-01")
    assert as_text(file_of(chamber, address, "xlsx", du="2026-10-01")) == told
    assert len({len(row) for row in told}) == 1
    with portal_scope(here.site):
        noted = AuditEntry.objects.filter(action="follow_up.figures_exported").order_by("pk")
        assert [entry.after["shape"] for entry in noted] == ["csv", "xlsx"]
        assert noted[0].after["rows"] == len(told) - 1


def test_file_of_cohorts_equals_the_page(here: Town, chamber: Client) -> None:
    golden(here.site)
    heading, *rows = file_of(chamber, "cohortes/", "xlsx")
    october = dict(zip(heading, rows[4], strict=True))
    assert october["Mois d’entrée"].date().isoformat() == "2026-10-01"
    html = page(chamber, "cohortes/")
    for section in html.select("section[aria-labelledby='entrer'], section[aria-labelledby='page-et-vente']"):
        columns = [" ".join(cell.text.split()) for cell in section.select("thead th")]
        shown = table(html, str(section["aria-labelledby"]))["octobre 2026"]
        for column, cell in zip(columns[1:], shown, strict=True):
            assert int(cell.split()[0]) == october[column], column
    assert [october[f"En ligne après {days} jours"] for days in (30, 90, 180)] == [3, 2, 0]
    assert october["En ligne après 180 jours : sur".replace(" :", "\u00a0:")] == 0


def test_columns_are_french_whoever_exports(here: Town, chamber: Client) -> None:
    golden(here.site)
    speak_english(chamber, here)
    for address in ("cohortes/", "etapes/", "parcours/", "silence/"):
        heading = file_of(chamber, address, "csv")[0]
        assert heading[0] in {"Mois d’entrée", "Étape ou arrêt", "Commerce"}
    answer = chamber.get(f"{DESK}excel/")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]][:3] == ["Clé", "Commerce", "Étape"]


def test_steps_of_a_period_and_where_one_stops(here: Town, chamber: Client) -> None:
    golden(here.site)
    html = page(chamber, "etapes/", du="2026-10-01", au="2026-10-31")
    steps = table(html, "chaine-1")
    assert steps["Entrés"] == ["5", "100 %", "100 %", "1", "–"]
    assert steps["Inscription envoyée"] == ["3", "60 %", "75 %", "0", "3 (10) Du début à l’envoi"]
    assert table(html, "chaine-2")["Première vente"][:3] == ["1", "20 %", "100 %"]
    # « Partie » was live: those who stopped before are the two others, since 5 and 12 October.
    stops = table(html, "arrets")
    assert stops["Invitation sans réponse"] == ["1", "133 (133)"]
    assert sum(int(row[0]) for row in stops.values()) == 2
    mute = html.find("th", string="Invitation sans réponse").find_next("a")["href"]
    assert names(page(chamber, f"parcours/{mute.partition('parcours/')[2]}")) == ["Invitée muette"]


def test_filters_leave_those_who_came_that_way(here: Town, chamber: Client) -> None:
    golden(here.site)
    by_letter = {"du": "2026-10-01", "au": "2026-10-31", "venue": "invitation"}
    assert table(page(chamber, "etapes/", **by_letter), "chaine-1")["Entrés"][0] == "2"
    assert names(page(chamber, "parcours/", **by_letter)) == ["Invitée muette", "Vendeuse"]
    assert names(page(chamber, "parcours/", du="2026-11-01", sans="acceptes")) == ["Première heure"]
    assert names(page(chamber, "parcours/", venue="import")) == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"du": "hier"}, "Écrivez la date comme 2026-11-30."),
        ({"du": "0001-01-01"}, "Écrivez la date comme 2026-11-30."),
        (
            {"du": "2026-11-02", "au": "2026-11-01"},
            "La fin vient avant le début\u00a0: inversez les deux dates.",
        ),
        ({"venue": "x' OR 1=1"}, "Choisissez dans la liste."),
    ],
)
def test_wrong_filter_is_said_beside_its_field_and_kept(
    here: Town, chamber: Client, query: dict[str, str], sentence: str
) -> None:
    html = page(chamber, "etapes/", **query, fait="\x00", arret="x", question="x", page="x")
    assert [error.text for error in html.select(".staff-field__error")] == [sentence]
    for name, value in query.items():
        if name in ("du", "au"):
            assert html.select_one(f"[name={name}]")["value"] == value


def test_nobody_yet_is_said(here: Town, chamber: Client) -> None:
    assert "La première cohorte paraîtra" in page(chamber, "cohortes/").get_text()
    assert "Élargissez les dates" in page(chamber, "etapes/").get_text()
    assert "Élargissez les dates" in page(chamber, "parcours/").get_text()


@pytest.mark.parametrize("who", ["editor", "city", "merchant", "shopper", "other portal’s adviser"])
def test_follow_up_does_not_exist_for_others(here: Town, there: Town, who: str) -> None:
    people: dict[str, Any] = {
        "merchant": lambda: here.owner,
        "shopper": UserFactory,
        "other portal’s adviser": lambda: make_staff(there.site, PortalRole.ADVISER),
    }
    user = people[who]() if who in people else make_staff(here.site, PortalRole(who))
    client = here.signed_in(user)
    addresses = [*SCREENS, *(f"{screen}{shape}/" for screen in SCREENS for shape in ("csv", "xlsx"))]
    assert {client.get(f"{DESK}{address}").status_code for address in addresses} == {404}
    assert client.post(f"{DESK}silence/{here.merchant.pk}/suivi/", {}).status_code == 404


def test_stranger_portals_ways_are_absent(here: Town, there: Town, chamber: Client) -> None:
    golden(here.site)
    way(there.site, there.canary, begun="2026-10-12 10:00", sent="2026-10-13 10:00")
    assert names(page(chamber, "parcours/", du="2026-01-01")).count(there.canary) == 0
    assert table(page(chamber, "cohortes/"), "entrer")["Tous"][0] == "7"
    assert there.canary not in str(file_of(chamber, "parcours/", "csv", du="2026-01-01"))


QUERIES = {"cohortes/": 17, "etapes/": 19, "parcours/": 19, "silence/": 19}


@pytest.mark.parametrize("count", [1, 3])
def test_screens_ask_as_many_questions_for_any_number(
    here: Town, chamber: Client, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(count):
        way(
            here.site, f"Boutique {n}", begun=f"2026-1{n % 3}-01 10:00", sent="2026-12-28 10:00",
            approved="2026-12-29 10:00", live="2026-12-29 10:00",
        )  # fmt: skip
    for address, queries in QUERIES.items():
        page(chamber, address)
        with django_assert_num_queries(queries):
            page(chamber, address)
