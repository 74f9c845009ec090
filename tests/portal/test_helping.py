"""The Chamber at a merchant's desk: with the owner's consent, in the open, never at the money, ended by either."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from directory import help_consents
from directory.enums import MembershipRole
from directory.models import HelpConsent, Merchant
from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from portal import audit_trail
from portal.models import User
from shop.payments.handlers import deliver_outbox
from tests.factories import MembershipFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Town


@pytest.fixture
def adviser(here: Town) -> User:
    return make_staff(here.site, PortalRole.ADVISER)


@pytest.fixture
def consent(here: Town) -> HelpConsent:
    with portal_scope(here.site):
        return help_consents.give(here.merchant, by_id=here.owner.pk, words="Oui.", now=timezone.now())


def desk(town: Town, rest: str = "") -> str:
    return f"/mon-commerce/{town.merchant.slug}/{rest}"


def began(town: Town, adviser: User, consent: HelpConsent) -> Client:
    client = town.signed_in(adviser)
    assert client.post(f"/aide-aux-commerces/{consent.pk}/entrer/").status_code == 302
    return client


def trail(site: Site) -> list[tuple[str, int | None, int | None]]:
    with portal_scope(site):
        return list(AuditEntry.objects.order_by("pk").values_list("action", "actor_id", "on_behalf_of_id"))


def test_without_consent_there_is_no_desk(here: Town, adviser: User) -> None:
    client = here.signed_in(adviser)
    assert client.get(desk(here)).status_code == 404
    assert client.post("/aide-aux-commerces/1/entrer/").status_code == 404


def test_adviser_sits_down_sees_the_banner_and_is_noted(
    here: Town, adviser: User, consent: HelpConsent
) -> None:
    client = began(here, adviser, consent)
    page = client.get(desk(here)).content.decode()
    assert "desk-helping" in page
    assert "Quitter ses écrans" in page
    assert trail(here.site)[-1] == ("help.began", adviser.pk, here.merchant.pk)


def test_owner_sees_no_banner(here: Town, consent: HelpConsent) -> None:
    assert "desk-helping" not in here.signed_in(here.owner).get(desk(here)).content.decode()


@pytest.mark.parametrize("rest", ["versements/", "versements/grand-livre.csv", "aide/", "activite/"])
def test_adviser_never_finds_what_is_the_owners_alone(
    here: Town, adviser: User, consent: HelpConsent, rest: str
) -> None:
    assert began(here, adviser, consent).get(desk(here, rest)).status_code == 404


def test_adviser_gives_no_money_back(here: Town, adviser: User, consent: HelpConsent, bought_here) -> None:
    client = began(here, adviser, consent)
    address = desk(here, f"commandes/{bought_here.order.number}/")
    assert client.get(address + "remboursement/").status_code == 404
    page = client.get(address).content.decode()
    assert "remboursement/" not in page


def test_act_of_an_adviser_is_noted_by_one_for_the_other(
    here: Town, adviser: User, consent: HelpConsent, bought_here
) -> None:
    client = began(here, adviser, consent)
    client.post(desk(here, f"commandes/{bought_here.order.number}/etat/"), {"to": "ready"})
    assert trail(here.site)[-1] == ("order.ready", adviser.pk, here.merchant.pk)
    page = here.signed_in(here.owner).get(desk(here, "activite/")).content.decode()
    assert "(Chambre, pour vous)" in page
    assert "a préparé une commande" in page


def test_owner_ends_it_and_the_adviser_is_out_at_once(
    here: Town, adviser: User, consent: HelpConsent
) -> None:
    client = began(here, adviser, consent)
    here.signed_in(here.owner).post(desk(here, "aide/"), {"act": "end"})
    assert client.get(desk(here)).status_code == 404
    assert trail(here.site)[-1] == ("help.ended", here.owner.pk, None)


def test_adviser_leaves_or_ends_it(here: Town, adviser: User, consent: HelpConsent) -> None:
    client = began(here, adviser, consent)
    client.post("/aide-aux-commerces/quitter/")
    assert client.get(desk(here)).status_code == 404
    client = began(here, adviser, consent)
    client.post("/aide-aux-commerces/quitter/", {"act": "end"})
    assert trail(here.site)[-1] == ("help.ended", adviser.pk, here.merchant.pk)
    assert here.signed_in(adviser).post(f"/aide-aux-commerces/{consent.pk}/entrer/").status_code == 404


def test_consent_ends_by_itself_with_its_day(here: Town, adviser: User, consent: HelpConsent) -> None:
    client = began(here, adviser, consent)
    with portal_scope(here.site):
        HelpConsent.objects.filter(pk=consent.pk).update(
            given_at=timezone.now() - timedelta(days=31), expires_at=timezone.now() - timedelta(seconds=1)
        )
    assert client.get(desk(here)).status_code == 404


def test_who_is_no_adviser_any_more_is_out(here: Town, adviser: User, consent: HelpConsent) -> None:
    client = began(here, adviser, consent)
    with portal_scope(here.site):
        adviser.portal_roles.all().delete()
    assert client.get(desk(here)).status_code in {302, 404}


def test_suspended_merchant_has_no_door_for_helpers_either(
    here: Town, adviser: User, consent: HelpConsent
) -> None:
    client = began(here, adviser, consent)
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(suspended_at=timezone.now())
    assert client.get(desk(here)).status_code == 404


@pytest.mark.parametrize("role", [PortalRole.EDITOR, PortalRole.MANAGER, PortalRole.CITY])
def test_only_advisers_help(here: Town, consent: HelpConsent, role: PortalRole) -> None:
    client = here.signed_in(make_staff(here.site, role))
    assert client.get("/aide-aux-commerces/").status_code == 404
    assert client.post(f"/aide-aux-commerces/{consent.pk}/entrer/").status_code == 404


def test_helper_of_the_merchant_cannot_consent(here: Town) -> None:
    with portal_scope(here.site):
        helper = MembershipFactory(merchant=here.merchant, role=MembershipRole.HELPER).user
    assert here.signed_in(helper).post(desk(here, "aide/"), {"act": "give"}).status_code == 404
    with portal_scope(here.site):
        assert not HelpConsent.objects.exists()


@pytest.mark.parametrize("act", ["", "GIVE", "tout"])
def test_only_the_word_itself_is_a_consent(here: Town, act: str) -> None:
    assert here.signed_in(here.owner).post(desk(here, "aide/"), {"act": act}).status_code == 404
    with portal_scope(here.site):
        assert not HelpConsent.objects.exists()


def test_adviser_of_another_portal_is_a_stranger(here: Town, there: Town, consent: HelpConsent) -> None:
    stranger = make_staff(there.site, PortalRole.ADVISER)
    assert there.signed_in(stranger).post(f"/aide-aux-commerces/{consent.pk}/entrer/").status_code == 404
    assert here.signed_in(stranger).get("/aide-aux-commerces/").status_code == 404
    page = there.signed_in(stranger).get(f"/aide-aux-commerces/?q={here.canary}").content.decode()
    assert f"Commerce {here.canary}" not in page


def test_adviser_asks_once_a_day_and_the_owner_gives_it(here: Town, adviser: User) -> None:
    client = here.signed_in(adviser)
    for _twice in range(2):
        client.post(f"/aide-aux-commerces/{here.merchant.pk}/proposer/")
    deliver_outbox(now=timezone.now())
    assert [message.to for message in mail.outbox] == [[here.owner.email]]
    assert desk(here, "aide/") in mail.outbox[0].body
    owner = here.signed_in(here.owner)
    assert "Jamais mes versements" in owner.get(desk(here, "aide/")).content.decode()
    for _twice in range(2):
        owner.post(desk(here, "aide/"), {"act": "give"})
    with portal_scope(here.site):
        given = HelpConsent.objects.get()
    assert given.words.startswith("J’accepte")
    assert here.merchant.name in client.get("/aide-aux-commerces/").content.decode()


def test_chamber_reads_no_line_about_money(here: Town, adviser: User, bought_here) -> None:
    here.signed_in(here.owner).post(
        desk(here, f"commandes/{bought_here.order.number}/etat/"), {"to": "ready"}
    )
    with portal_scope(here.site):
        help_consents.give(here.merchant, by_id=here.owner.pk, words="Oui.", now=timezone.now())
        seen = [entry.action for entry in audit_trail.seen_by([PortalRole.ADVISER])]
        journal = [entry.action for entry in audit_trail.seen_by([PortalRole.EDITOR])]
    assert seen == ["help.consented"]
    assert set(journal) == {"help.consented", "order.ready"}
    with portal_scope(here.site):
        assert not audit_trail.seen_by([PortalRole.CITY])
