"""The City's screen: who reads it, what may be asked for, and what the Journal's manager writes down."""

import csv
import io
from html import unescape

import pytest
import time_machine
from django.test import Client

from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from portal.impact.models import LocalMultiplier, MerchantQuote, PublicMoney
from tests.factories import UserFactory
from tests.portal.conftest import make_staff
from tests.portal.impact.samples import OCTOBER, SEPTEMBER, a_month, publish
from tests.portal.people import person, sign_in
from tests.portal.towns import Town

DESK = "/admin/bilan/"
FILES = ("", "bilan.csv")
SETTINGS = (
    "reglages/",
    "reglages/part/",
    "argent-public/",
    "argent-public/ajouter/",
    "paroles/",
    "paroles/ajouter/",
)
READERS = (PortalRole.CITY, PortalRole.MANAGER, PortalRole.ADVISER)


@pytest.fixture
def town(here: Town) -> Town:
    with portal_scope(here.site):
        publish(a_month(SEPTEMBER, less=100))
        publish(a_month(OCTOBER))
    return here


@pytest.fixture(autouse=True)
def in_november():
    with time_machine.travel("2026-11-23T12:00:00-05:00", tick=False):
        yield


def staff(town: Town, role: PortalRole) -> Client:
    return town.signed_in(make_staff(town.site, role))


def text_of(answer) -> str:
    assert answer.status_code == 200
    return unescape(answer.content.decode())


# ---------------------------------------------------------------------------------------------------------------- who


@pytest.mark.parametrize("role", PortalRole)
def test_readers_find_the_report_and_the_manager_alone_what_it_rests_on(town: Town, role: PortalRole) -> None:
    client, reads = staff(town, role), role in READERS
    for file in FILES:
        assert client.get(DESK + file).status_code == (200 if reads else 404)
    for address in SETTINGS:
        assert client.get(DESK + address).status_code == (200 if role == PortalRole.MANAGER else 404)


def test_nobody_else_finds_it(town: Town, there: Town) -> None:
    for client in (
        town.signed_in(town.owner),
        town.signed_in(UserFactory()),
        town.signed_in(make_staff(there.site, PortalRole.CITY)),
    ):
        assert {client.get(DESK + file).status_code for file in (*FILES, *SETTINGS)} == {404}


def test_the_city_of_another_town_reads_its_own(town: Town, there: Town) -> None:
    page = text_of(staff(there, PortalRole.CITY).get(DESK))
    assert "16\u00a0321" not in page


def test_the_city_lands_on_its_report(town: Town) -> None:
    city = make_staff(town.site, PortalRole.CITY)
    person_ = person("ville@exemple.test")
    with portal_scope(town.site):
        from portal import staffing

        staffing.grant(person_, town.site, PortalRole.CITY)
    assert city.pk != person_.pk
    assert sign_in(town.visitor(), person_.email)["Location"] == DESK


def test_home_says_the_last_published_headline_to_who_reads(town: Town) -> None:
    sentence = "11 commerces d’ici ont reçu 16\u00a0321\u00a0$ de leurs ventes en ligne."
    assert sentence in text_of(staff(town, PortalRole.CITY).get("/admin/"))
    assert sentence not in text_of(staff(town, PortalRole.EDITOR).get("/admin/"))


# ------------------------------------------------------------------------------------------------------------- periods


def test_months_in_a_row_are_added_up_in_either_order(town: Town) -> None:
    city = staff(town, PortalRole.CITY)
    page = text_of(city.get(f"{DESK}?du=2026-10&au=2026-09"))
    assert "Entre septembre et octobre 2026, " in page
    assert "32\u00a0641,96\u00a0$" in page  # 16 321,48 + 16 320,48
    assert page.count(" selected>") == 2
    sheet = city.get(f"{DESK}bilan.csv?du=2026-09&au=2026-10").content.decode()[1:]
    rows = list(csv.DictReader(io.StringIO(sheet), delimiter=";"))
    assert {row["Période"] for row in rows} == {"2026-09 / 2026-10"}
    assert (
        next(row["Valeur"] for row in rows if row["Ligne"] == "Argent reçu par les commerces") == "32641,96"
    )
    with portal_scope(town.site):
        assert AuditEntry.objects.filter(action="export").count() == 1


@pytest.mark.parametrize(
    "query", ["du=2026-12", "du=2031-01&au=2026-10", "du=zut", "au=2026-99", "du=2026-10%00"]
)
def test_a_month_that_is_not_there_leads_to_the_last(town: Town, query: str) -> None:
    city = staff(town, PortalRole.CITY)
    answer = city.get(f"{DESK}?{query}", follow=True)
    assert "Ces mois ne sont pas tous là." in text_of(answer)
    assert city.get(f"{DESK}bilan.csv?{query}")["Location"] == DESK


def test_before_a_month_is_over_the_screen_says_so(here: Town) -> None:
    with time_machine.travel(here.merchant.created_at):
        page = text_of(staff(here, PortalRole.CITY).get(DESK))
    assert "Le premier mois n’est pas encore fini" in page


# ------------------------------------------------------------------------------------------------------------ settings


def test_public_money_is_written_as_one_types_it(town: Town) -> None:
    manager = staff(town, PortalRole.MANAGER)
    told = {"amount_cents": "120 000,50 $", "first_day": "2026-09-01", "last_day": "2027-08-31", "link": ""}
    answer = manager.post(f"{DESK}argent-public/ajouter/", {**told, "source": ""})
    assert answer.status_code == 422
    assert "Dites qui a payé, et où c’est écrit." in unescape(answer.content.decode())
    assert 'value="120 000,50 $"' in unescape(answer.content.decode())
    assert manager.post(f"{DESK}argent-public/ajouter/", {**told, "source": "Ville"}).status_code == 302
    with portal_scope(town.site):
        assert PublicMoney.objects.get().amount_cents == 120_000_50
    assert "120\u00a0000,50\u00a0$, du 1er septembre 2026 au 31 août 2027" in text_of(
        manager.get(f"{DESK}reglages/")
    )


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("amount_cents", "beaucoup", "Écrivez un montant, comme 120000 ou 1250,50."),
        ("last_day", "2026-08-31", "Le dernier jour vient avant le premier."),
        ("first_day", "hier", "Écrivez le premier jour payé."),
        ("link", "nulle part", "Écrivez une adresse complète"),
    ],
)
def test_wrong_public_money_says_what_to_type(town: Town, field: str, typed: str, said: str) -> None:
    right = {"amount_cents": "100", "first_day": "2026-09-01", "last_day": "2026-09-30", "source": "Ville"}
    answer = staff(town, PortalRole.MANAGER).post(f"{DESK}argent-public/ajouter/", {**right, field: typed})
    assert answer.status_code == 422
    assert said in unescape(answer.content.decode())
    with portal_scope(town.site):
        assert not PublicMoney.objects.exists()


def test_local_share_has_one_source_and_can_be_taken_away(town: Town) -> None:
    manager = staff(town, PortalRole.MANAGER)
    address, told = (
        f"{DESK}reglages/part/",
        {"share_bps": "45,5", "source": "Une étude", "dated": "2024-05-01"},
    )
    assert "ne dépasse pas 100" in unescape(
        manager.post(address, {**told, "share_bps": "145"}).content.decode()
    )
    for share in ("45,5 %", "48"):
        assert manager.post(address, {**told, "share_bps": share}).status_code == 302
    with portal_scope(town.site):
        assert LocalMultiplier.objects.get().share_bps == 4800
    assert 'value="48"' in text_of(manager.get(address))
    assert manager.post(f"{address}retirer/").status_code == 302
    with portal_scope(town.site):
        assert not LocalMultiplier.objects.exists()
        assert AuditEntry.objects.filter(action__startswith="impact_share.").count() == 3


def test_a_quote_needs_consent_and_a_merchant_of_this_portal(town: Town, there: Town) -> None:
    manager = staff(town, PortalRole.MANAGER)
    told = {
        "merchant": town.merchant.pk, "words": "Merci.", "said_by": "Jo Roy", "consent": "courriel",
        "consented_on": "2026-11-01", "is_shown": "on", "sort_order": "0",
    }  # fmt: skip
    for wrong in ({"consent": " "}, {"merchant": there.merchant.pk}, {"consented_on": "2026-11-24"}):
        assert manager.post(f"{DESK}paroles/ajouter/", told | wrong).status_code == 422
    assert manager.post(f"{DESK}paroles/ajouter/", told).status_code == 302
    with portal_scope(town.site):
        row = MerchantQuote.objects.get()
        assert (row.merchant, row.recorded_by.email) == (town.merchant, f"manager@{town.host}.test")
    assert "«\u00a0Merci.\u00a0»" in text_of(town.visitor().get("/bilan/"))


def test_what_is_published_stays_whatever_is_written_down_later(town: Town) -> None:
    before = town.visitor().get("/bilan/2026-10/bilan.csv").content
    with portal_scope(town.site):
        PublicMoney.objects.create(
            site=town.site, amount_cents=1, first_day=OCTOBER.first, last_day=OCTOBER.last, source="Autre"
        )
    assert town.visitor().get("/bilan/2026-10/bilan.csv").content == before
