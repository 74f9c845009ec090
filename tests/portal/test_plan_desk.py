"""What the options cost, and a merchant's own free period: set by the Journal's manager, read by its editors."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from directory.enums import Tier
from directory.models import Merchant, Plan
from home.models import AuditEntry, PortalRole, PortalSettings
from home.tenancy import portal_scope
from tests.portal.conftest import make_staff
from tests.portal.towns import Purchase, Town

FORFAITS = "/admin/forfaits/"
PRICES = {"price_linked_shop": "19", "price_transactional": "39,50"}


@pytest.fixture
def manager(here: Town) -> Client:
    return here.signed_in(make_staff(here.site, PortalRole.MANAGER))


def free_until(town: Town, day: date | None) -> None:
    PortalSettings.objects.filter(site=town.site).update(free_until=day)


def prices(town: Town) -> dict[str, int]:
    with portal_scope(town.site):
        return dict(Plan.objects.values_list("tier", "monthly_price_cents"))


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_a_manager_sets_the_prices_of_its_own_portal(manager: Client, here: Town, there: Town) -> None:
    free_until(here, in_days(60))
    answer = manager.post(FORFAITS, {**PRICES, "benefits_transactional": "Un panier commun"})
    assert answer.status_code == 302
    assert prices(here) == {"listing": 0, "linked_shop": 19_00, "transactional": 39_50}
    assert prices(there) == {}
    assert "39,50" in manager.get(FORFAITS).content.decode()
    with portal_scope(here.site):
        assert AuditEntry.objects.filter(action="plan.price").count() == 2


def test_what_was_free_does_not_become_due_overnight(manager: Client, here: Town) -> None:
    free_until(here, in_days(10))
    answer = manager.post(FORFAITS, PRICES)
    assert answer.status_code == 422
    assert "Repoussez d’abord" in answer.content.decode()
    assert prices(here) == {}


@pytest.mark.parametrize(
    ("price", "words"),
    [("", "Écrivez un prix"), ("-1", "jamais négatif"), ("neuf", "Écrivez un montant"), ("501", "au plus"),
     ("9,999", "Deux chiffres"), ("NaN", "Écrivez un montant"), ("1" * 40, "au plus")],
)  # fmt: skip
def test_what_is_no_price_is_told_beside_its_field(
    manager: Client, here: Town, price: str, words: str
) -> None:
    answer = manager.post(FORFAITS, {**PRICES, "price_transactional": price})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert prices(here) == {}


def test_an_option_that_becomes_free_comes_back_at_once(manager: Client, here: Town) -> None:
    free_until(here, date(2020, 1, 1))
    with portal_scope(here.site):
        Plan.objects.create(site=here.site, tier=Tier.TRANSACTIONAL, monthly_price_cents=39_00)
        Merchant.objects.filter(pk=here.merchant.pk).update(tier="listing", chosen_tier="transactional")
    manager.post(FORFAITS, {"price_linked_shop": "0", "price_transactional": "0"})
    with portal_scope(here.site):
        assert Merchant.objects.get(pk=here.merchant.pk).tier == "transactional"


def test_a_merchants_own_free_period_restores_or_ends_what_it_has(manager: Client, here: Town) -> None:
    free_until(here, date(2020, 1, 1))
    with portal_scope(here.site):
        Plan.objects.create(site=here.site, tier=Tier.TRANSACTIONAL, monthly_price_cents=39_00)
    address = f"{FORFAITS}{here.merchant.pk}/"
    for day, tier in (("2020-01-01", "listing"), (in_days(40).isoformat(), "transactional"), ("", "listing")):
        assert manager.post(address, {"free_until": day}).status_code == 302
        with portal_scope(here.site):
            assert Merchant.objects.get(pk=here.merchant.pk).tier == tier
    assert manager.post(address, {"free_until": "demain"}).status_code == 422
    assert manager.post(address, {"free_until": "9999-12-31"}).status_code == 422


def test_an_editor_reads_a_merchants_plan_and_changes_nothing(here: Town) -> None:
    editor = here.signed_in(make_staff(here.site, PortalRole.EDITOR))
    address = f"{FORFAITS}{here.merchant.pk}/"
    assert "Option de" in editor.get(address).content.decode()
    assert editor.post(address, {"free_until": "2030-01-01"}).status_code == 404
    assert editor.get(FORFAITS).status_code == 404


@pytest.mark.parametrize("role", [PortalRole.ADVISER, PortalRole.CITY])
def test_the_chamber_and_the_city_do_not_find_it(here: Town, role: PortalRole) -> None:
    other = here.signed_in(make_staff(here.site, role))
    assert {other.get(url).status_code for url in (FORFAITS, f"{FORFAITS}{here.merchant.pk}/")} == {404}


def test_another_portals_merchant_does_not_exist(manager: Client, there: Town) -> None:
    assert manager.get(f"{FORFAITS}{there.merchant.pk}/").status_code == 404


def test_a_merchants_option_is_its_own_to_choose_not_a_field_of_staffs_form(
    manager: Client, here: Town
) -> None:
    answer = manager.get(f"/admin/commerces/edit/{here.merchant.pk}/")
    assert answer.status_code == 200
    assert 'name="tier"' not in answer.content.decode()


# ---------------------------------------------------------------------------------------------- yearly seller report

REPORT = "/admin/rapport-vendeurs/"


def this_year() -> int:
    return timezone.localdate().year


def test_the_manager_reads_the_year_and_takes_it_away(
    manager: Client, here: Town, bought_here: Purchase, bought_there: Purchase, there: Town
) -> None:
    told = manager.get(REPORT, {"annee": this_year()}).content.decode()
    assert here.merchant.name in told
    assert there.canary not in told
    assert "L’année n’est pas finie" in told
    sheet = manager.get(f"{REPORT}rapport.csv", {"annee": this_year()}).content.decode("utf-8-sig")
    assert f";{here.merchant.name};" in sheet
    assert there.canary not in sheet
    with portal_scope(here.site):
        assert AuditEntry.objects.get(action="export").after == {"rapport-vendeurs": this_year()}


@pytest.mark.parametrize("year", ["1999", "3000", "deux mille", "-1", "²"])
def test_a_year_that_is_not_offered_is_not_found(manager: Client, here: Town, year: str) -> None:
    assert manager.get(REPORT, {"annee": year}).status_code == 404
    assert manager.get(f"{REPORT}rapport.csv", {"annee": year}).status_code == 404


@pytest.mark.parametrize("role", [PortalRole.EDITOR, PortalRole.ADVISER, PortalRole.CITY])
def test_the_report_is_the_managers(here: Town, role: PortalRole) -> None:
    other = here.signed_in(make_staff(here.site, role))
    assert {other.get(f"{REPORT}{end}").status_code for end in ("", "rapport.csv")} == {404}


def test_each_merchant_has_its_own_copy_and_no_other(here: Town, there: Town, bought_here: Purchase) -> None:
    address = f"/mon-commerce/{here.merchant.slug}/versements/annee.csv"
    owner = here.signed_in(here.owner)
    sheet = owner.get(address, {"annee": this_year()}).content.decode("utf-8-sig")
    assert len(sheet.splitlines()) == 6
    assert ";40,00;" in sheet
    assert owner.get(address, {"annee": this_year() - 1}).status_code == 404
    assert here.signed_in(there.owner).get(address, {"annee": this_year()}).status_code == 404
