"""The register of incidents: the direction of one portal keeps it, nobody else reads it, no line goes."""

import pytest
from django.test import Client

from home.models import AuditEntry, Incident, PortalRole
from home.tenancy import portal_scope
from tests.portal.conftest import make_staff
from tests.portal.towns import Town

REGISTER = "/admin/incidents/"
FACTS = {
    "what": "Une liste envoyée à la mauvaise adresse",
    "information": "Noms et courriels",
    "noticed_on": "2026-11-20",
    "happened_on": "",
    "people_affected": "12",
    "why": "Peu de personnes",
    "measures": "",
    "commission_told_on": "",
    "people_told_on": "",
}


@pytest.fixture
def manager(here: Town) -> Client:
    return here.signed_in(make_staff(here.site, PortalRole.MANAGER))


def recorded(town: Town) -> Incident:
    with portal_scope(town.site):
        return Incident.objects.get()


def test_direction_writes_it_down_and_completes_it_on_record(here: Town, manager: Client) -> None:
    assert manager.post(f"{REGISTER}new/", FACTS).status_code == 302
    incident = recorded(here)
    told = {**FACTS, "is_serious": "on", "commission_told_on": "2026-11-21"}
    assert manager.post(f"{REGISTER}edit/{incident.pk}/", told).status_code == 302
    assert recorded(here).is_serious
    assert recorded(here).recorded_by is not None
    with portal_scope(here.site):
        trail = list(AuditEntry.objects.order_by("pk").values_list("action", "after"))
    assert trail[-2:] == [
        ("incident.recorded", {}),
        ("incident.changed", {"fields": ["is_serious", "commission_told_on"]}),
    ]
    page = manager.get(REGISTER).content.decode()
    assert "Une liste envoyée" in page


def test_noticed_before_it_happened_is_said_beside_the_field(here: Town, manager: Client) -> None:
    answer = manager.post(f"{REGISTER}new/", {**FACTS, "happened_on": "2026-11-30"})
    assert "vérifiez les deux dates" in answer.content.decode()
    assert not Incident._base_manager.exists()


def test_no_line_goes(here: Town, manager: Client) -> None:
    manager.post(f"{REGISTER}new/", FACTS)
    assert manager.post(f"{REGISTER}delete/{recorded(here).pk}/").status_code == 404
    assert recorded(here)


@pytest.mark.parametrize("role", [PortalRole.EDITOR, PortalRole.ADVISER, PortalRole.CITY])
def test_nobody_else_reads_it(here: Town, manager: Client, role: PortalRole) -> None:
    manager.post(f"{REGISTER}new/", FACTS)
    client = here.signed_in(make_staff(here.site, role))
    for address in (REGISTER, f"{REGISTER}edit/{recorded(here).pk}/"):
        assert client.get(address).status_code == 404


def test_direction_of_another_portal_is_a_stranger(here: Town, there: Town, manager: Client) -> None:
    manager.post(f"{REGISTER}new/", FACTS)
    stranger = there.signed_in(make_staff(there.site, PortalRole.MANAGER))
    assert "Une liste envoyée" not in stranger.get(REGISTER).content.decode()
    assert stranger.get(f"{REGISTER}edit/{recorded(here).pk}/").status_code == 404
