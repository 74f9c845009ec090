"""A merchant comes in: one question after the other, sent at the end, answered by the Journal."""

from datetime import time
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory import moderation, registrations
from directory.enums import RegistrationStatus, Tier
from directory.models import Agreement, Category, Membership, Merchant, MerchantPage, Registration
from home.models import AuditEntry, CustomImage, PortalRole
from home.tenancy import portal_scope
from portal.models import User
from shop.payments.handlers import deliver_outbox
from tests.portal.conftest import make_staff
from tests.portal.joining.walk import TYPED, answer_all, newcomer, registration_of, typed
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def florist(here: Town) -> tuple[Client, User]:
    return newcomer(here)


def made(town: Town) -> Merchant:
    with portal_scope(town.site):
        merchant: Merchant = Merchant.objects.select_related("site").get(name="Le Panier fleuri")
        return merchant


def sent(town: Town, florist: tuple[Client, User], **others: Any) -> Registration:
    row = answer_all(*florist[:1], town, florist[1], **others)
    answer = florist[0].post(f"/inscription/{row.pk}/verification/")
    assert answer.url == f"/inscription/{row.pk}/attente/"
    return registration_of(town, florist[1])


def test_all_answers_become_the_merchant_its_owner_and_a_page_that_waits(here: Town, florist) -> None:
    row = sent(here, florist)
    with portal_scope(here.site):
        merchant = made(here)
        page = MerchantPage.objects.get(merchant=merchant)
        copy = moderation.working_copy(page)
        assert row.status == RegistrationStatus.WAITING
        assert row.merchant == merchant
        assert (merchant.postal_code, merchant.phone.as_e164, merchant.city) == (
            "G6V 6C4",
            "+14185550177",
            here.canary.capitalize(),
        )
        assert merchant.legal_name == "Le Panier fleuri"
        assert merchant.claimed_at is not None
        assert [(m.user, m.role) for m in Membership.objects.filter(merchant=merchant)] == [
            (florist[1], "owner")
        ]
        assert {(h.weekday, h.opens, h.closes) for h in merchant.opening_hours.all()} == {
            (day, time(9), time(17, 30)) for day in range(5)
        }
        assert not page.live
        assert moderation.standing(page).stage == moderation.Stage.WAITING
        assert (copy.intro, copy.cover_alt) == (TYPED["phrase"]["intro"], "La devanture de Le Panier fleuri")
        assert copy.cover.merchant_id == merchant.pk
        agreed = Agreement.objects.get(merchant=merchant)
        assert (agreed.language, agreed.accepted_by) == ("fr", florist[1])
        assert "De quoi il s’agit" in agreed.words


def test_nobody_sees_it_before_the_journal_has(here: Town, florist) -> None:
    sent(here, florist)
    visitor = here.visitor()
    assert b"Panier fleuri" not in visitor.get("/commerces/").content
    assert visitor.get(f"/commerces/{made(here).slug}/").status_code == 404
    assert florist[0].get(f"/mon-commerce/{made(here).slug}/").status_code == 200


def test_journal_publishes_exactly_what_it_saw(here: Town, florist) -> None:
    row = sent(here, florist)
    journal = here.signed_in(make_staff(here.site, PortalRole.EDITOR))
    screen = journal.get(f"/admin/inscriptions/{row.pk}/")
    assert TYPED["phrase"]["intro"] in screen.content.decode()
    answer = journal.post(
        f"/admin/inscriptions/{row.pk}/repondre/", {"seen": screen.context["seen"], "reponse": "approuver"}
    )
    assert answer.status_code == 302
    assert registration_of(here, florist[1]).status == RegistrationStatus.APPROVED
    assert TYPED["phrase"]["intro"] in here.visitor().get(f"/commerces/{made(here).slug}/").content.decode()


def test_what_changed_since_it_was_seen_is_not_published(here: Town, florist) -> None:
    row = sent(here, florist)
    journal = here.signed_in(make_staff(here.site, PortalRole.EDITOR))
    seen = journal.get(f"/admin/inscriptions/{row.pk}/").context["seen"]
    with portal_scope(here.site):
        page = MerchantPage.objects.get(merchant=made(here))
        copy = moderation.working_copy(page)
        copy.intro = "Autre chose"
        moderation.keep(copy, user=florist[1], seen=page.latest_revision_id)
    answer = journal.post(f"/admin/inscriptions/{row.pk}/repondre/", {"seen": seen, "reponse": "approuver"})
    assert answer.url.endswith("?depasse=1")
    assert registration_of(here, florist[1]).status == RegistrationStatus.WAITING


def test_refused_with_a_word_corrected_and_sent_again(here: Town, florist) -> None:
    row = sent(here, florist)
    journal = here.signed_in(make_staff(here.site, PortalRole.EDITOR))
    address = f"/admin/inscriptions/{row.pk}/repondre/"
    seen = journal.get(f"/admin/inscriptions/{row.pk}/").context["seen"]
    assert journal.post(address, {"seen": seen, "reponse": "refuser"}).status_code == 422
    journal.post(address, {"seen": seen, "reponse": "refuser", "comment": "Une photo plus claire"})
    assert registration_of(here, florist[1]).status == RegistrationStatus.REFUSED
    assert "Une photo plus claire" in florist[0].get(f"/inscription/{row.pk}/attente/").content.decode()
    florist[0].post(f"/mon-commerce/{made(here).slug}/page/envoyer/", {"seen": seen})
    assert registration_of(here, florist[1]).status == RegistrationStatus.WAITING


def test_letters_tell_each_step(here: Town, florist) -> None:
    row = sent(here, florist)
    journal = make_staff(here.site, PortalRole.EDITOR)
    deliver(here)
    subjects = {(letter.to[0], letter.subject) for letter in mail.outbox}
    assert (florist[1].email, "L’inscription de Le Panier fleuri est reçue") in subjects
    mail.outbox.clear()
    client = here.signed_in(journal)
    seen = client.get(f"/admin/inscriptions/{row.pk}/").context["seen"]
    client.post(f"/admin/inscriptions/{row.pk}/repondre/", {"seen": seen, "reponse": "approuver"})
    deliver(here)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([florist[1].email], "Le Panier fleuri est en ligne")
    ]


def deliver(town: Town) -> None:
    deliver_outbox(now=timezone.now())


def test_adviser_looks_and_does_not_publish(here: Town, florist) -> None:
    row = sent(here, florist)
    adviser = here.signed_in(make_staff(here.site, PortalRole.ADVISER))
    screen = adviser.get(f"/admin/inscriptions/{row.pk}/")
    assert screen.status_code == 200
    assert not screen.context["can_answer"]
    answer = adviser.post(f"/admin/inscriptions/{row.pk}/repondre/", {"seen": 1, "reponse": "approuver"})
    assert answer.status_code == 404


# ------------------------------------------------------------------------------------------------ the line


def test_question_is_not_answered_before_its_turn(here: Town, florist) -> None:
    client, user = florist
    row = answer_all(client, here, user, until="adresse")
    answer = client.post(f"/inscription/{row.pk}/option/", {"tier": "transactional"})
    assert answer.url == f"/inscription/{row.pk}/"
    assert "tier" not in registration_of(here, user).answers
    assert client.post(f"/inscription/{row.pk}/verification/").url == f"/inscription/{row.pk}/"


def test_category_that_is_gone_is_asked_for_again(here: Town, florist) -> None:
    client, user = florist
    with portal_scope(here.site):
        short_lived = Category.objects.create(site=here.site, name="Passagère", slug="passagere")
    row = answer_all(client, here, user, categorie={"category": short_lived.pk})
    with portal_scope(here.site):
        short_lived.delete()
    answer = client.post(f"/inscription/{row.pk}/verification/")
    assert answer.url == f"/inscription/{row.pk}/"
    assert registration_of(here, user).step == "categorie"


def test_one_goes_back_changes_and_comes_to_the_check_again(here: Town, florist) -> None:
    client, user = florist
    row = answer_all(client, here, user)
    address = f"/inscription/{row.pk}/phrase/"
    assert TYPED["phrase"]["intro"] in client.get(f"{address}?retour=verification").content.decode()
    answer = client.post(address, {"intro": "Autre phrase", "retour": "verification"})
    assert answer.url == f"/inscription/{row.pk}/verification/"
    assert registration_of(here, user).answers["intro"] == "Autre phrase"


def test_choosing_the_second_option_asks_for_the_shop(here: Town, florist) -> None:
    client, user = florist
    row = answer_all(client, here, user, option={"tier": "linked_shop"})
    assert row.answers["shop_url"] == "https://lepanierfleuri.example/boutique"
    client.post(f"/inscription/{row.pk}/verification/")
    with portal_scope(here.site):
        assert made(here).shop_url == "https://lepanierfleuri.example/boutique"
        assert Tier(made(here).tier) == Tier.LINKED_SHOP


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("nom", {"name": ""}, "Écrivez le nom de votre commerce"),
    ("nom", {"name": "x" * 5000}, "120 caractères au plus"),
    (
        "adresse",
        {"street_address": "12, rue X", "postal_code": "12345"},
        "Un code postal s’écrit comme G6V 6C4.",
    ),
    ("secteur", {"sector": "999999"}, "Choisissez le secteur"),
    ("telephone", {"phone": "12"}, "Écrivez dix chiffres"),
    ("heures", {"how": "heures", "opens": "25", "closes": "17", "days": "0"}, "Cette heure ne se lit pas"),
    ("heures", {"how": "heures", "opens": "9", "closes": "17"}, "Cochez au moins un jour"),
    ("phrase", {"intro": "x" * 201}, "200 caractères au plus"),
    ("option", {"tier": "gratis"}, "Choisissez une des trois options."),
    ("nom-legal", {"legal_name": ""}, "Écrivez le nom légal"),
]


@pytest.mark.parametrize(("step", "data", "words"), WRONG)
def test_wrong_answer_is_told_beside_the_field(here: Town, florist, step: str, data: Any, words: str) -> None:
    client, user = florist
    row = answer_all(client, here, user, until=step) if step != "nom" else None
    answer = client.post(f"/inscription/{row.pk}/{step}/" if row else "/inscription/commencer/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    if row:
        assert registration_of(here, user).step == step


def test_sector_and_category_of_another_portal_are_no_choice(here: Town, there: Town, florist) -> None:
    client, user = florist
    row = answer_all(client, here, user, until="secteur")
    answer = client.post(f"/inscription/{row.pk}/secteur/", {"sector": there.merchant.sector_id})
    assert answer.status_code == 422
    assert there.canary not in answer.content.decode()


def test_no_picture_is_no_photo(here: Town, florist) -> None:
    client, user = florist
    row = answer_all(client, here, user, until="photo")
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = client.post(f"/inscription/{row.pk}/photo/", {"photo": SimpleUploadedFile("a.jpg", b"MZ" * 500)})
    assert answer.status_code == 422
    with portal_scope(here.site):
        assert not CustomImage.objects.filter(merchant=None, title="Le Panier fleuri").exists()


def test_two_devices_lose_no_answer(here: Town, florist) -> None:
    client, user = florist
    row = answer_all(client, here, user)
    with portal_scope(here.site):
        stale = Registration.objects.get(pk=row.pk)
        registrations.answer(row, registrations.Question.SENTENCE, {"intro": "De l’un"})
        registrations.answer(stale, registrations.Question.WEB, {"website_url": "https://deux.example"})
    kept = registration_of(here, user).answers
    assert (kept["intro"], kept["website_url"]) == ("De l’un", "https://deux.example")


def test_sent_twice_is_sent_once(here: Town, florist) -> None:
    row = sent(here, florist)
    florist[0].post(f"/inscription/{row.pk}/verification/")
    with portal_scope(here.site):
        assert Merchant.objects.filter(name="Le Panier fleuri").count() == 1
        assert AuditEntry.objects.filter(action="registration.send").count() == 1


# ------------------------------------------------------------------------------------------------ strangers


@pytest.mark.parametrize("part", ["", "nom/", "verification/", "attente/", "apercu/", "deja-la/"])
def test_registration_of_another_person_does_not_exist(here: Town, florist, part: str) -> None:
    row = answer_all(*florist[:1], here, florist[1])
    stranger, _user = newcomer(here, "autre@exemple.test")
    assert stranger.get(f"/inscription/{row.pk}/{part}").status_code == 404


def test_other_portal_knows_nothing_of_it(here: Town, there: Town, florist) -> None:
    row = answer_all(*florist[:1], here, florist[1])
    assert there.signed_in(florist[1]).get(f"/inscription/{row.pk}/").status_code == 404


def test_who_is_not_signed_in_is_asked_to(here: Town, florist) -> None:
    row = answer_all(*florist[:1], here, florist[1])
    assert here.visitor().get(f"/inscription/{row.pk}/nom/").status_code == 302


# ------------------------------------------------------------------------------------------------ is it there already?


def test_shop_of_nearly_that_name_is_shown_first(here: Town, florist) -> None:
    client, user = florist
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(name="Panier Fleuri (Le)", claimed_at=None)
    answer = client.post("/inscription/commencer/", TYPED["nom"])
    row = registration_of(here, user)
    assert answer.url == f"/inscription/{row.pk}/deja-la/"
    assert f"/inscription/commerce/{here.merchant.slug}/" in client.get(answer.url).content.decode()
    assert client.post(answer.url).url == f"/inscription/{row.pk}/"


def test_same_telephone_is_asked_about_before_sending(here: Town, florist) -> None:
    client, user = florist
    row = answer_all(client, here, user, telephone={"phone": str(here.merchant.phone)})
    address = f"/inscription/{row.pk}/verification/"
    assert client.post(address).status_code == 422
    assert registration_of(here, user).status == RegistrationStatus.STARTED
    assert client.post(address, {"autre": "1"}).status_code == 302


def test_sector_is_guessed_from_the_postal_code(here: Town, florist) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(postal_code="G6V 1A1")
        type(here.merchant.sector).objects.create(
            site=here.site, name="Ailleurs", slug="ailleurs", sort_order=0
        )
    client, user = florist
    row = answer_all(client, here, user, until="secteur")
    form = client.get(f"/inscription/{row.pk}/secteur/").context["form"]
    assert form.initial["sector"] == here.merchant.sector_id
    assert typed(here)["secteur"]["sector"] == here.merchant.sector_id
