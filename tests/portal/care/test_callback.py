"""« Rappelez-moi »: asked once, told to the Chamber, closed by whoever calls."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from directory.enums import RegistrationStatus
from directory.models import CallbackRequest, Merchant, Registration
from home.models import PortalSettings
from home.tenancy import portal_scope
from portal.care import letters
from portal.models import User
from shop.models import OutboxMessage
from shop.payments.handlers import deliver_outbox
from tests.portal.care.conftest import html_of
from tests.portal.people import person
from tests.portal.towns import Town

ASK = "/rappelez-moi/"
SAID = {"phone": "418 555-0199", "when": "le matin", "words": "mes photos"}


def of(town: Town) -> str:
    return f"{ASK}?commerce={town.merchant.slug}"


def waiting(town: Town) -> CallbackRequest:
    with portal_scope(town.site):
        return CallbackRequest.objects.get()


def test_asked_from_the_person_block_and_said_back(owner: Client, here: Town, acts) -> None:
    home = f"/mon-commerce/{here.merchant.slug}/"
    assert of(here) in html_of(owner.get(home))
    assert 'value="418\u00a0555-0123"' in html_of(owner.get(of(here)))
    assert owner.post(of(here), SAID).url == of(here)
    assert "Demandé aujourd’hui à" in html_of(owner.get(of(here)))
    assert "Demandé aujourd’hui à" in html_of(owner.get(home))
    assert acts() == ["callback.asked"]


def test_asked_twice_is_one_call_with_the_latest_words(owner: Client, here: Town, odile: User) -> None:
    owner.post(of(here), SAID)
    owner.post(of(here), {**SAID, "words": "mes heures"})
    row = waiting(here)
    assert (row.words, row.asked_by) == ("mes heures", here.owner)
    with portal_scope(here.site):
        assert OutboxMessage.objects.filter(kind="mail.letter_written_later").count() == 1


def test_database_keeps_one_waiting(here: Town) -> None:
    with portal_scope(here.site):
        made = {"site": here.site, "merchant": here.merchant, "phone": "+14185550123"}
        CallbackRequest.objects.create(**made)
        with pytest.raises(IntegrityError), transaction.atomic():
            CallbackRequest.objects.create(**made)


@pytest.mark.parametrize("phone", ["", "12", "pas un numéro", "9" * 400])
def test_no_number_is_said_beside_the_field(owner: Client, here: Town, phone: str) -> None:
    answer = owner.post(of(here), {**SAID, "phone": phone})
    assert answer.status_code == 422
    assert "Écrivez dix chiffres" in answer.content.decode()
    assert "mes photos" in answer.content.decode()


def test_letter_goes_to_the_advisers(owner: Client, here: Town, odile: User) -> None:
    owner.post(of(here), SAID)
    deliver_outbox(now=timezone.now())
    letter = mail.outbox[-1]
    assert letter.to == [odile.email]
    assert "418" in letter.body
    assert "mes photos" in letter.body
    assert f"/admin/dossiers/{here.merchant.pk}/" in letter.body


def test_without_an_adviser_the_portals_contact_is_told(owner: Client, here: Town) -> None:
    with portal_scope(here.site):
        PortalSettings.objects.filter(site=here.site).update(contact_email="accueil@levis.test")
    owner.post(of(here), SAID)
    deliver_outbox(now=timezone.now())
    assert mail.outbox[-1].to == ["accueil@levis.test"]


def test_letter_is_not_sent_once_somebody_called(owner: Client, chamber: Client, here: Town) -> None:
    owner.post(of(here), SAID)
    row = waiting(here)
    chamber.post(f"/admin/accompagnement/rappels/{row.pk}/fait/")
    with portal_scope(here.site):
        assert letters.callback(row.pk) is None


def test_adviser_calls_and_says_so_once(
    owner: Client, chamber: Client, here: Town, odile: User, acts
) -> None:
    owner.post(of(here), SAID)
    row = waiting(here)
    assert "mes photos" in html_of(chamber.get(f"/admin/dossiers/{here.merchant.pk}/"))
    assert "mes photos" in html_of(chamber.get("/admin/accompagnement/rappels/"))
    for _twice in range(2):
        chamber.post(f"/admin/accompagnement/rappels/{row.pk}/fait/")
    row = waiting(here)
    assert row.called_by == odile
    assert row.called_at is not None
    assert acts().count("callback.done") == 1
    assert "Demandé" not in html_of(owner.get(of(here)))
    assert "Personne n’attend" in html_of(chamber.get("/admin/accompagnement/rappels/"))


def test_somebody_who_registers_asks_too(here: Town, chamber: Client) -> None:
    newcomer = person("nouvelle@exemple.test")
    with portal_scope(here.site):
        registration = Registration.objects.create(
            site=here.site, user=newcomer, email=newcomer.email, status=RegistrationStatus.STARTED,
            answers={"name": "Atelier neuf", "phone": "+14185550177"},
        )  # fmt: skip
    client = here.signed_in(newcomer)
    assert f'href="{ASK}"' in html_of(client.get("/inscription/"))
    assert "418\u00a0555-0177" in html_of(client.get(ASK))
    assert client.post(ASK, SAID).status_code == 302
    assert waiting(here).registration_id == registration.pk
    assert "Atelier neuf" in html_of(chamber.get("/admin/accompagnement/rappels/"))


def test_somebody_without_a_shop_is_told_to_call(here: Town) -> None:
    page = html_of(here.signed_in(person("seule@exemple.test")).get(ASK))
    assert "Vous n’avez pas encore de commerce ici" in page
    assert "418" in page


def test_strangers_and_suspended_merchants_have_no_such_screen(
    owner: Client, here: Town, there: Town
) -> None:
    assert here.signed_in(there.owner).post(of(here), SAID).status_code == 404
    assert here.visitor().get(of(here)).status_code == 302
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(suspended_at=timezone.now())
        assert owner.post(of(here), SAID).status_code == 404
        assert not CallbackRequest.objects.exists()


def test_nobody_else_closes_a_call(
    owner: Client, here: Town, journal: Client, far_chamber: Client, chamber: Client
) -> None:
    owner.post(of(here), SAID)
    row = waiting(here)
    for client in (owner, journal, far_chamber):
        assert client.post(f"/admin/accompagnement/rappels/{row.pk}/fait/").status_code == 404
    assert waiting(here).called_at is None
