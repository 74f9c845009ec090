"""« C’est mon commerce »: shown by a code or the Chamber's word, answered by staff, never learned by a stranger."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from directory import claims
from directory.enums import ClaimProof, ClaimStatus, RegistrationStatus
from directory.models import Claim, Membership, Merchant
from home.models import PortalRole
from home.tenancy import portal_scope
from portal.joining.claiming import masked
from shop.payments.handlers import deliver_outbox
from tests.portal.conftest import make_staff
from tests.portal.joining.walk import answer_all, newcomer, registration_of
from tests.portal.people import last_code
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b\d{4}-\d{4}\b")


@pytest.fixture
def free(here: Town) -> Merchant:
    """The town's merchant, with a live page and nobody who has it."""
    with portal_scope(here.site):
        Membership.objects.filter(merchant=here.merchant).delete()
        Merchant.objects.filter(pk=here.merchant.pk).update(
            claimed_at=None, email="info@fleurs.example", phone="+14185550133"
        )
        merchant: Merchant = Merchant.objects.get(pk=here.merchant.pk)
    return merchant


def address(merchant: Merchant) -> str:
    return f"/inscription/commerce/{merchant.slug}/"


def claim_of(town: Town, email: str) -> Claim:
    with portal_scope(town.site):
        row: Claim = Claim.objects.select_related("merchant__site", "user", "site").get(user__email=email)
        return row


def by_email(client: Client, merchant: Merchant) -> str:
    """The code that went to the merchant's public address."""
    client.post(address(merchant), {"acte": "prouver", "preuve": "email"})
    return last_code()


def test_code_to_the_public_address_proves_it(here: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    page = client.get(address(free)).content.decode()
    assert "i•••@f•••.example" in page
    assert "info@fleurs.example" not in page
    code = by_email(client, free)
    assert mail.outbox[-1].to == ["info@fleurs.example"]
    client.post(address(free), {"acte": "code", "code": code.replace("-", " ")})
    claim = claim_of(here, user.email)
    assert (claim.status, claim.proof, claim.code_digest) == (ClaimStatus.PROVED, ClaimProof.EMAIL, "")


def test_code_is_kept_nowhere(here: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    code = by_email(client, free)
    claim = claim_of(here, user.email)
    assert code not in claim.code_digest
    assert code.replace("-", "") not in claim.code_digest
    with portal_scope(here.site):
        from shop.models import OutboxMessage

        assert not [row for row in OutboxMessage.objects.all() if code in str(row.payload)]


def test_five_wrong_codes_and_the_right_one_comes_too_late(here: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    code = by_email(client, free)
    for _try in range(5):
        assert client.post(address(free), {"acte": "code", "code": "0000-0000"}).status_code == 422
    assert client.post(address(free), {"acte": "code", "code": code}).status_code == 422
    assert claim_of(here, user.email).status == ClaimStatus.STARTED


def test_tries_of_a_stranger_do_not_stand_in_the_owners_way(here: Town, free: Merchant) -> None:
    stranger, _user = newcomer(here, "intrus@exemple.test")
    by_email(stranger, free)
    for _try in range(6):
        stranger.post(address(free), {"acte": "code", "code": "1111-1111"})
    owner, user = newcomer(here)
    owner.post(address(free), {"acte": "code", "code": by_email(owner, free)})
    assert claim_of(here, user.email).status == ClaimStatus.PROVED


def test_code_of_one_person_opens_nothing_for_another(here: Town, free: Merchant) -> None:
    one, _user = newcomer(here, "un@exemple.test")
    other, other_user = newcomer(here, "deux@exemple.test")
    code = by_email(one, free)
    by_email(other, free)
    other.post(address(free), {"acte": "code", "code": code})
    assert claim_of(here, other_user.email).status == ClaimStatus.STARTED


def test_code_runs_out(here: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    code = by_email(client, free)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        client.force_login(user)
        assert client.post(address(free), {"acte": "code", "code": code}).status_code == 422
    assert claim_of(here, user.email).status == ClaimStatus.STARTED


def test_codes_are_counted_by_person_and_other_ways_stay(here: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    for _code in range(claims.CODES_A_DAY_TO_A_PERSON):
        by_email(client, free)
    before = len(mail.outbox)
    answer = client.post(address(free), {"acte": "prouver", "preuve": "email"})
    assert (answer.status_code, len(mail.outbox)) == (429, before)
    with portal_scope(here.site):
        claims.withdraw(claim_of(here, user.email), by=user, now=timezone.now())
    assert client.post(address(free), {"acte": "prouver", "preuve": "phone"}).status_code == 302


def test_who_has_the_public_address_proves_by_signing_in(here: Town, free: Merchant) -> None:
    client, user = newcomer(here, "info@fleurs.example")
    client.post(address(free), {"acte": "prouver", "preuve": "email"})
    assert claim_of(here, user.email).status == ClaimStatus.PROVED
    assert mail.outbox == []


def test_chamber_reads_a_code_once_to_the_public_telephone(here: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    client.post(address(free), {"acte": "prouver", "preuve": "phone"})
    claim = claim_of(here, user.email)
    adviser = here.signed_in(make_staff(here.site, PortalRole.ADVISER))
    assert "à appeler, au numéro public" in adviser.get("/admin/inscriptions/").content.decode()
    shown = adviser.post(f"/admin/inscriptions/pages/{claim.pk}/geste/", {"acte": "appeler"}).content.decode()
    code = CODE.search(shown)
    assert code
    assert not CODE.search(adviser.get(f"/admin/inscriptions/pages/{claim.pk}/").content.decode())
    client.post(address(free), {"acte": "code", "code": code[0]})
    assert claim_of(here, user.email).proof == ClaimProof.PHONE


def test_letter_carries_a_code_for_thirty_days(here: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    client.post(address(free), {"acte": "prouver", "preuve": "letter"})
    claim = claim_of(here, user.email)
    adviser = here.signed_in(make_staff(here.site, PortalRole.ADVISER))
    letter = adviser.post(f"/admin/inscriptions/pages/{claim.pk}/geste/", {"acte": "lettre"})
    assert letter.content[:5] == b"%PDF-"
    expires = claim_of(here, user.email).code_expires_at
    assert expires is not None
    assert expires > timezone.now() + timedelta(days=29)


def test_approved_claim_gives_the_page_and_tells_the_other(here: Town, free: Merchant) -> None:
    winner, winning = newcomer(here, "info@fleurs.example")
    winner.post(address(free), {"acte": "prouver", "preuve": "email"})
    loser, losing = newcomer(here, "autre@exemple.test")
    by_email(loser, free)
    claim = claim_of(here, winning.email)
    journal = here.signed_in(make_staff(here.site, PortalRole.EDITOR))
    journal.post(f"/admin/inscriptions/pages/{claim.pk}/geste/", {"acte": "approuver"})
    with portal_scope(here.site):
        assert Merchant.objects.get(pk=free.pk).claimed_at is not None
        assert [m.user for m in Membership.objects.filter(merchant=free)] == [winning]
    mail.outbox.clear()
    deliver_outbox(now=timezone.now())
    subjects = {(letter.to[0], letter.subject.partition("\u00a0:")[2]) for letter in mail.outbox}
    assert (losing.email, " quelqu’un d’autre l’a aussi demandé") in subjects
    assert (winning.email, " la page est à vous") in subjects
    assert "Quelqu’un tient déjà cette page" in loser.get(address(free)).content.decode()
    loser.post(address(free), {"acte": "dire", "words": "C’est à moi", "phone": "418 555-0188"})
    screen = journal.get(f"/admin/inscriptions/pages/{claim_of(here, losing.email).pk}/").content.decode()
    assert "C’est à moi" in screen
    assert 'value="approuver"' not in screen


def test_nothing_is_approved_unproved(here: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    by_email(client, free)
    claim = claim_of(here, user.email)
    journal = here.signed_in(make_staff(here.site, PortalRole.EDITOR))
    journal.post(f"/admin/inscriptions/pages/{claim.pk}/geste/", {"acte": "approuver"})
    assert claim_of(here, user.email).status == ClaimStatus.STARTED
    assert (
        journal.post(f"/admin/inscriptions/pages/{claim.pk}/geste/", {"acte": "garantir"}).status_code == 404
    )


def test_answers_sent_before_the_claim_is_approved_are_written_then(here: Town, free: Merchant) -> None:
    client, user = newcomer(here, "info@fleurs.example")
    client.post(address(free), {"acte": "prouver", "preuve": "email"})
    client.post(address(free), {"acte": "preparer"})
    row = answer_all(client, here, user, nom={"name": "Le Panier fleuri"})
    assert client.post(f"/inscription/{row.pk}/verification/").url == f"/inscription/{row.pk}/attente/"
    with portal_scope(here.site):
        assert Merchant.objects.get(pk=free.pk).name == free.name
    adviser = here.signed_in(make_staff(here.site, PortalRole.ADVISER))
    claim = claim_of(here, user.email)
    adviser.post(f"/admin/inscriptions/pages/{claim.pk}/geste/", {"acte": "approuver"})
    with portal_scope(here.site):
        merchant = Merchant.objects.get(pk=free.pk)
        assert (merchant.name, merchant.postal_code) == ("Le Panier fleuri", "G6V 6C4")
    assert registration_of(here, user).status == RegistrationStatus.WAITING


@pytest.mark.parametrize("field", ["suspended_at", "removed_at"])
def test_closed_merchant_is_not_there(here: Town, free: Merchant, field: str) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=free.pk).update(**{field: timezone.now()})
    client, _user = newcomer(here)
    assert here.visitor().get(address(free)).status_code == 404
    assert client.post(address(free), {"acte": "prouver", "preuve": "email"}).status_code == 404


def test_other_portals_merchant_is_not_there(here: Town, there: Town) -> None:
    client, _user = newcomer(here)
    assert client.get(address(there.merchant)).status_code == 404
    assert client.post(address(there.merchant), {"acte": "prouver", "preuve": "email"}).status_code == 404


def test_stranger_staff_see_no_claim(here: Town, there: Town, free: Merchant) -> None:
    client, user = newcomer(here)
    by_email(client, free)
    claim = claim_of(here, user.email)
    there_staff = there.signed_in(make_staff(there.site, PortalRole.ADVISER))
    assert there_staff.get(f"/admin/inscriptions/pages/{claim.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("email", "shown"),
    [("info@fleurs.example", "i•••@f•••.example"), ("a@b.c.ca", "a•••@b•••.ca"), ("", ""), ("rien", "")],
)
def test_address_is_shown_masked(email: str, shown: str) -> None:
    assert masked(email) == shown
