"""Which portal a request is for, and who finds an admin there."""

import pytest
from django.test import Client
from wagtail.models import Site

from home.models import PortalRole
from tests.factories import UserFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Town


def ask(host: str, address: str = "/boutique/"):
    return Client(headers={"host": host}).get(address)


@pytest.mark.parametrize(
    ("host", "brand"), [("localhost", "Achetons Lévis"), ("bellechasse.localhost", "Achetons Bellechasse")]
)
def test_host_names_the_portal(levis: Site, bellechasse: Site, host: str, brand: str) -> None:
    assert brand in ask(host).content.decode()


def test_host_may_carry_a_port(levis: Site, bellechasse: Site) -> None:
    assert "Achetons Bellechasse" in ask("bellechasse.localhost:8000").content.decode()


def test_host_that_is_no_portal_is_not_found_without_a_default(bellechasse: Site) -> None:
    Site.objects.filter(is_default_site=True).update(is_default_site=False)
    answer = ask("ailleurs.localhost")
    assert answer.status_code == 404
    assert "Cette page n’est pas dans l’édition d’aujourd’hui." in answer.content.decode()
    assert "Bellechasse" not in answer.content.decode()


@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test", "a b", "", "levis/../"])
def test_host_nobody_allowed_is_a_bad_request_in_french(levis: Site, host: str) -> None:
    answer = ask(host)
    assert answer.status_code == 400
    assert "<!doctype html>" in answer.content.decode().lower()
    assert "Bad Request" not in answer.content.decode()


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-Host", "Forwarded"])
def test_other_headers_do_not_name_a_portal(levis: Site, bellechasse: Site, header: str) -> None:
    client = Client(headers={"host": "localhost", header: "bellechasse.localhost"})
    assert "Achetons Lévis" in client.get("/boutique/").content.decode()


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_answer_before_there_is_a_portal(db, media, address: str) -> None:
    media.mkdir()
    Site.objects.all().delete()
    assert ask("localhost", address).status_code == 200
    assert ask("10.0.0.5:8000", address).status_code == 200


# -------------------------------------------------------------------------------------------------- the admin's door


@pytest.mark.parametrize("role", [PortalRole.EDITOR, PortalRole.MANAGER, PortalRole.ADVISER])
def test_staff_enter_their_own_portals_admin(here: Town, role: PortalRole) -> None:
    assert here.signed_in(make_staff(here.site, role)).get("/admin/").status_code == 200


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/images/", "/admin/nowhere/"])
def test_staff_find_no_admin_in_another_portal(here: Town, there: Town, address: str) -> None:
    assert here.signed_in(make_staff(there.site, PortalRole.MANAGER)).get(address).status_code == 404


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/reports/site-history/"])
def test_merchants_and_shoppers_find_no_admin(here: Town, address: str) -> None:
    for user in (here.owner, UserFactory()):
        assert here.signed_in(user).get(address).status_code == 404


def test_city_finds_its_report_in_the_admin_and_nothing_else(here: Town) -> None:
    city = here.signed_in(make_staff(here.site, PortalRole.CITY))
    for address, status in (("", 200), ("bilan/", 200), ("pages/", 404), ("images/", 404), ("chambre/", 404)):
        assert city.get(f"/admin/{address}").status_code == status


def test_person_with_a_role_in_both_portals_enters_both(here: Town, there: Town) -> None:
    from home.models import PortalStaff
    from home.tenancy import portal_scope

    user = make_staff(here.site, PortalRole.EDITOR)
    with portal_scope(there.site):
        PortalStaff.objects.create(site=there.site, user=user, role=PortalRole.EDITOR)
    assert here.signed_in(user).get("/admin/").status_code == 200
    assert there.signed_in(user).get("/admin/").status_code == 200


def test_superuser_enters_everywhere(here: Town, there: Town) -> None:
    operator = UserFactory(is_superuser=True)
    assert here.signed_in(operator).get("/admin/").status_code == 200
    assert there.signed_in(operator).get("/admin/").status_code == 200


def test_anonymous_is_asked_to_sign_in(here: Town) -> None:
    answer = here.visitor().get("/admin/")
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/compte/connexion/")
    assert here.visitor().get("/admin/login/")["Location"].startswith("/compte/connexion/")
