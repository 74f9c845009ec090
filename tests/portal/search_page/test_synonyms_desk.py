"""The Journal's own words for things: what is written there is found; nobody else's list is touched."""

import pytest
from django.test import Client

from directory.models import Merchant, SearchSynonym
from directory.search import matching
from directory.searching.refreshing import refresh_all
from home.models import PortalRole
from home.tenancy import portal_scope
from portal import staffing
from portal.staff_desk.opening import open_staff_desk
from tests.factories import MerchantFactory, UserFactory, make_merchant_page
from tests.portal.people import proved
from tests.portal.towns import Town

LIST = "/admin/synonymes/"


def staff(town: Town, role: PortalRole) -> Client:
    user = proved(UserFactory())
    with portal_scope(town.site):
        staffing.grant(user, town.site, role)
    return town.signed_in(user)


def test_synonym_is_found_as_soon_as_it_is_written(here: Town) -> None:
    with portal_scope(here.site):
        make_merchant_page(MerchantFactory(name="Ferblanterie"))
        refresh_all()
        assert not matching(Merchant.objects.visible(), "patente").exists()
    answer = staff(here, PortalRole.EDITOR).post(
        f"{LIST}ajouter/", {"words": "Patentes", "means": "ferblanteries"}
    )
    assert (answer.status_code, answer.url) == (302, LIST)
    with portal_scope(here.site):
        assert [m.name for m in matching(Merchant.objects.visible(), "patente")] == ["Ferblanterie"]


@pytest.mark.parametrize(
    ("words", "means", "said"),
    [
        ("Écrou", "vis", "Ces mots sont déjà dans la liste."),
        ("???", "vis", "au moins un mot"),
        ("clou", "…", "Écrivez au moins un mot à chercher aussi."),
        ("", "vis", "Écrivez les mots que les gens cherchent."),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_kept(here: Town, words: str, means: str, said: str) -> None:
    with portal_scope(here.site):
        SearchSynonym.objects.create(site=here.site, words="ecrou", means="boulon")
    answer = staff(here, PortalRole.EDITOR).post(f"{LIST}ajouter/", {"words": words, "means": means})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with portal_scope(here.site):
        assert SearchSynonym.objects.count() == 1


def test_list_is_the_journals_alone(here: Town, there: Town) -> None:
    with portal_scope(there.site):
        theirs = SearchSynonym.objects.create(site=there.site, words="leur mot", means="autre")
    journal = staff(here, PortalRole.EDITOR)
    assert "leur mot" not in journal.get(LIST).content.decode()
    assert journal.get(f"{LIST}{theirs.pk}/").status_code == 404
    assert journal.post(f"{LIST}{theirs.pk}/retirer/").status_code == 404
    assert staff(here, PortalRole.ADVISER).get(LIST).status_code == 404
    assert staff(there, PortalRole.EDITOR).get(LIST).status_code == 200


def test_new_portal_begins_with_our_list_once(here: Town) -> None:
    open_staff_desk(here.site)
    with portal_scope(here.site):
        count = SearchSynonym.objects.count()
        SearchSynonym.objects.filter(words="char").delete()
    assert count > 200
    open_staff_desk(here.site)
    with portal_scope(here.site):
        assert SearchSynonym.objects.count() == count - 1
