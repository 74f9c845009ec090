"""The Chamber's link: good for the first who proves an address, until its day, in its portal alone."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from directory import mail_refusals, registrations
from directory.enums import RegistrationStatus
from directory.models import Membership, Merchant, Registration
from home.models import CustomImage, PortalRole
from home.tenancy import portal_scope
from portal.joining import letters, privacy
from portal.privacy.erasure import erase
from portal.privacy.holdings import holdings_of
from shop.payments.handlers import deliver_outbox
from tests.portal.conftest import make_staff
from tests.portal.joining.walk import answer_all, newcomer, registration_of
from tests.portal.people import last_code, person
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(here: Town) -> Registration:
    """The town's merchant, which nobody has, is asked to take its page."""
    with portal_scope(here.site):
        Membership.objects.filter(merchant=here.merchant).delete()
        Merchant.objects.filter(pk=here.merchant.pk).update(claimed_at=None)
        return registrations.invite(
            here.site, merchant=Merchant.objects.get(pk=here.merchant.pk), email="info@exemple.test", answers={},
            by=make_staff(here.site, PortalRole.ADVISER), now=timezone.now(),
        )  # fmt: skip


def path(town: Town, row: Registration) -> str:
    with portal_scope(town.site):
        row.refresh_from_db()
        return "/inscription/" + letters.link(row).split("/inscription/")[1]


def test_link_leads_to_what_is_known_and_becomes_the_merchants(here: Town, invited: Registration) -> None:
    client, user = newcomer(here)
    link = path(here, invited)
    assert here.merchant.name in client.get(link).content.decode()
    assert client.post(link).url == f"/inscription/{invited.pk}/"
    assert "Est-ce exact?" in client.get(f"/inscription/{invited.pk}/nom/").content.decode()
    row = answer_all(client, here, user, nom={"name": here.merchant.name}, heures={"how": "exact"})
    client.post(f"/inscription/{row.pk}/verification/")
    with portal_scope(here.site):
        assert Membership.objects.get(merchant=here.merchant).user == user
        assert registration_of(here, user).status == RegistrationStatus.WAITING


def test_second_person_with_the_link_comes_too_late(here: Town, invited: Registration) -> None:
    link = path(here, invited)
    first, _user = newcomer(here, "un@exemple.test")
    second, other = newcomer(here, "deux@exemple.test")
    first.post(link)
    assert second.get(link).status_code == 404
    assert second.post(link).status_code == 404
    with portal_scope(here.site):
        assert not Registration.objects.filter(user=other).exists()


def test_link_runs_out(here: Town, invited: Registration) -> None:
    link = path(here, invited)
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        assert here.visitor().get(link).status_code == 404


def test_link_that_was_taken_back_opens_nothing(here: Town, invited: Registration) -> None:
    link = path(here, invited)
    with portal_scope(here.site):
        assert registrations.revoke(invited, by=invited.invited_by, now=timezone.now())
        assert not registrations.revoke(invited, by=invited.invited_by, now=timezone.now())
    assert here.visitor().get(link).status_code == 404


def test_other_portal_does_not_know_the_link(here: Town, there: Town, invited: Registration) -> None:
    assert there.visitor().get(path(here, invited)).status_code == 404


@pytest.mark.parametrize("token", ["x", "1-1.forged", "1" * 5000, "1-1", "%00"])
def test_forged_link_opens_nothing(here: Town, token: str) -> None:
    assert here.visitor().get(f"/inscription/lien/{token}/").status_code == 404


def test_who_is_new_gets_a_code_like_who_is_known(here: Town, invited: Registration) -> None:
    """Nothing on the way tells which addresses have an account."""
    person("connue@exemple.test")
    answers = [
        here.visitor().post("/inscription/courriel/", {"email": email})
        for email in ("connue@exemple.test", "nouvelle@exemple.test")
    ]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, answers[0].url)}
    assert [letter.to for letter in mail.outbox] == [["connue@exemple.test"], ["nouvelle@exemple.test"]]
    assert last_code()


def test_nobody_is_invited_twice_nor_against_its_word(here: Town, invited: Registration) -> None:
    with portal_scope(here.site):
        merchant, by, now = invited.merchant, invited.invited_by, timezone.now()
        with pytest.raises(registrations.AlreadyInvited):
            registrations.invite(
                here.site, merchant=merchant, email="b@exemple.test", answers={}, by=by, now=now
            )
        registrations.revoke(invited, by=by, now=now)
        mail_refusals.refuse("non@exemple.test")
        with pytest.raises(registrations.MailRefused):
            registrations.invite(
                here.site, merchant=merchant, email="NON@exemple.test", answers={}, by=by, now=now
            )
        Merchant.objects.filter(pk=merchant.pk).update(claimed_at=now)
        with pytest.raises(registrations.AlreadyClaimed):
            registrations.invite(
                here.site, merchant=merchant, email="c@exemple.test", answers={}, by=by, now=now
            )


def test_letter_is_not_written_once_the_link_was_taken_up(here: Town, invited: Registration) -> None:
    client, _user = newcomer(here)
    with portal_scope(here.site):
        assert letters.send_invitation(invited, now=timezone.now())
    client.post(path(here, invited))
    deliver_outbox(now=timezone.now())
    assert [letter.to for letter in mail.outbox if "sa place dans" in letter.subject] == []


def test_mailed_link_goes_on_once_on_another_device(here: Town) -> None:
    client, user = newcomer(here)
    row = answer_all(client, here, user, until="adresse")
    link = path(here, row)
    other = here.visitor()
    assert other.get(link).status_code == 200
    assert other.post(link).url == f"/inscription/{row.pk}/"
    assert other.get(f"/inscription/{row.pk}/adresse/").status_code == 200
    assert here.visitor().get(link).status_code == 404


def test_link_does_not_let_in_who_has_more_to_lose(here: Town) -> None:
    client = here.signed_in(here.owner)
    row = answer_all(client, here, here.owner, until="adresse")
    answer = here.visitor().post(path(here, row))
    assert answer.url == f"/inscription/courriel/?next=/inscription/{row.pk}/"


def test_what_is_kept_is_told_and_forgotten(here: Town) -> None:
    client, user = newcomer(here)
    row = answer_all(client, here, user)
    with portal_scope(here.site):
        told = holdings_of(user)
        assert "12, rue Saint-Laurent" in told["inscriptions"][0]["reponses"]
        assert told["ententes"][0]["langue"] == "fr"
        erase(user, now=timezone.now())
        row.refresh_from_db()
        assert (row.answers, row.email, row.user, row.status) == ({}, "", None, RegistrationStatus.WITHDRAWN)


def test_adviser_shows_the_link_and_its_code_across_a_counter(here: Town, invited: Registration) -> None:
    adviser = here.signed_in(make_staff(here.site, PortalRole.EDITOR))
    told = adviser.get(f"/admin/inscriptions/{invited.pk}/").context
    assert told["invitation_url"].endswith(path(here, invited))
    client, _user = newcomer(here)
    client.post(path(here, invited))
    assert "invitation_url" not in adviser.get(f"/admin/inscriptions/{invited.pk}/").context


def test_answers_and_words_go_after_a_year(here: Town) -> None:
    client, user = newcomer(here)
    row = answer_all(client, here, user, until="option")
    picture = row.answers["photo"]
    later = timezone.now() + timedelta(days=366)
    with portal_scope(here.site):
        assert privacy.forget_registrations(later) == 1
        assert privacy.forget_registrations(later) == 0
        row.refresh_from_db()
        assert (row.answers, row.email, row.status) == ({}, "", RegistrationStatus.WITHDRAWN)
        assert not CustomImage.objects.filter(pk=picture).exists()
