"""What is held on a person is shown, taken along, and forgotten; nobody else's is, and the books stay."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from directory.enums import MembershipRole
from directory.models import Invitation, Membership
from home.models import AuditEntry, Consent, ConsentPurpose, PortalRole
from home.tenancy import across_portals, portal_scope
from portal import jobs
from portal.models import User
from portal.privacy import erasure, retention
from shop import handover
from shop.invariants import breaches
from shop.models import Checkout, ContractCopy, LedgerEntry, Order, OutboxMessage
from tests.factories import MembershipFactory, UserFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Purchase, Town

MINE = "/compte/mes-renseignements/"


@pytest.fixture
def shopper(here: Town, bought_here: Purchase) -> User:
    """Who bought in Lévis as a guest, and has proved that address to be its own since."""
    user = UserFactory(email=bought_here.checkout.contact_email, first_name="Éloïse")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def consent_of(user: User, town: Town) -> Consent:
    with portal_scope(town.site):
        return Consent.objects.create(
            site=town.site, user=user, purpose=ConsentPurpose.NEWSLETTER, version="1", words="Oui."
        )


def hand_over(bought: Purchase, town: Town) -> None:
    with portal_scope(town.site):
        order = Order.objects.get(pk=bought.order.pk)
        handover.mark_ready(order, cause="test", now=timezone.now())
        handover.mark_fulfilled(order, cause="test", now=timezone.now(), age_checked_by=None)


# ------------------------------------------------------------------------------------------------- seen, taken along


def test_person_sees_and_takes_along_its_own(here: Town, shopper: User, bought_here: Purchase) -> None:
    client = here.signed_in(shopper)
    assert bought_here.checkout.contact_email in client.get(MINE).content.decode()
    held = json.loads(client.get(MINE + "json/").content)
    assert [row["commande"] for row in held["achats"]] == [bought_here.order.number]
    assert held["compte"][0]["courriel"] == shopper.email
    assert {row["langue_du_contrat"] for row in held["achats"]} == {"fr-ca"}
    assert held["compte"][0]["langue_des_courriels"] == "fr-ca"
    archive = zipfile.ZipFile(io.BytesIO(client.get(MINE + "csv/").content))
    assert sorted(archive.namelist()) == sorted(f"{name}.csv" for name in held)
    assert bought_here.order.number in archive.read("achats.csv").decode()
    with portal_scope(here.site):
        assert AuditEntry.objects.filter(action="data.exported", actor=shopper).count() == 2


def test_an_address_that_was_not_proved_shows_nothing(
    here: Town, shopper: User, bought_here: Purchase
) -> None:
    EmailAddress.objects.update(verified=False)
    held = json.loads(here.signed_in(shopper).get(MINE + "json/").content)
    assert held["achats"] == []


def test_person_takes_along_nothing_of_anybody_else(
    here: Town, there: Town, shopper: User, bought_there: Purchase
) -> None:
    stranger = UserFactory()
    body = here.signed_in(stranger).get(MINE + "json/").content.decode()
    assert here.canary not in body
    assert there.canary not in here.signed_in(shopper).get(MINE + "json/").content.decode()


def test_spreadsheet_computes_nothing(here: Town, shopper: User) -> None:
    User.objects.filter(pk=shopper.pk).update(first_name="=1+1")
    archive = zipfile.ZipFile(io.BytesIO(here.signed_in(shopper).get(MINE + "csv/").content))
    assert "'=1+1" in archive.read("compte.csv").decode()


@pytest.mark.parametrize("rest", ["", "json/", "csv/"])
def test_nobody_is_sent_to_sign_in(here: Town, rest: str) -> None:
    answer = here.visitor().get(MINE + rest)
    assert answer.status_code == 302
    assert "/compte/connexion/" in answer["Location"]


# -------------------------------------------------------------------------------------------------------- consents


def test_consent_is_taken_back_once(here: Town, shopper: User) -> None:
    consent = consent_of(shopper, here)
    client = here.signed_in(shopper)
    for _twice in range(2):
        client.post(f"{MINE}consentements/{consent.pk}/reprendre/")
    with portal_scope(here.site):
        assert Consent.objects.get().withdrawn_at is not None
        assert AuditEntry.objects.filter(action="consent.withdrawn").count() == 1


def test_strangers_consent_does_not_exist(here: Town, shopper: User) -> None:
    consent = consent_of(shopper, here)
    answer = here.signed_in(UserFactory()).post(f"{MINE}consentements/{consent.pk}/reprendre/")
    assert answer.status_code == 404
    with portal_scope(here.site):
        assert Consent.objects.get().withdrawn_at is None


# --------------------------------------------------------------------------------------------------------- erasure


def test_erased_person_is_nobody_and_the_books_stay(here: Town, shopper: User, bought_here: Purchase) -> None:
    hand_over(bought_here, here)
    consent_of(shopper, here)
    client = here.signed_in(shopper)
    with portal_scope(here.site):
        books = list(LedgerEntry.objects.values_list("pk", "amount_cents"))
    assert client.post(MINE + "effacer/", {"word": "effacer"}).status_code == 302
    erased = User.objects.get(pk=shopper.pk)
    assert (erased.email, erased.first_name, erased.is_active) == (
        f"efface-{shopper.pk}@efface.invalid",
        "",
        False,
    )
    assert not EmailAddress.objects.filter(user=shopper).exists()
    assert client.get(MINE).status_code == 302
    with portal_scope(here.site):
        checkout = Checkout.objects.get(pk=bought_here.checkout.pk)
        assert (checkout.user, str(checkout.contact_phone)) == (None, "")
        assert checkout.contact_name == bought_here.checkout.contact_name
        assert Consent.objects.get().user is None
        assert list(LedgerEntry.objects.values_list("pk", "amount_cents")) == books
    assert breaches() == []


def test_erasing_twice_is_erasing_once(here: Town) -> None:
    user = UserFactory()
    with portal_scope(here.site):
        erasure.erase(user, now=timezone.now())
        erasure.erase(user, now=timezone.now())
        assert AuditEntry.objects.filter(action="data.erased").count() == 1


def test_nothing_happens_before_the_word_is_written(here: Town, shopper: User, bought_here: Purchase) -> None:
    hand_over(bought_here, here)
    answer = here.signed_in(shopper).post(MINE + "effacer/", {"word": "oui"})
    assert answer.status_code == 422
    assert "Écrivez EFFACER" in answer.content.decode()
    assert User.objects.get(pk=shopper.pk).is_active


def test_who_waits_for_an_order_is_told_to_wait(here: Town, shopper: User) -> None:
    answer = here.signed_in(shopper).post(MINE + "effacer/", {"word": "EFFACER"})
    assert "est en cours" in answer.content.decode()
    assert User.objects.get(pk=shopper.pk).is_active


def test_only_owner_is_told_to_find_another(here: Town) -> None:
    with portal_scope(here.site):
        with pytest.raises(erasure.CannotErase, match="propriétaire"):
            erasure.erase(here.owner, now=timezone.now())
        MembershipFactory(merchant=here.merchant, role=MembershipRole.OWNER)
        erasure.erase(here.owner, now=timezone.now())
        assert not Membership.objects.filter(user=here.owner).exists()


def test_staff_leave_their_role_first(here: Town) -> None:
    adviser = make_staff(here.site, PortalRole.ADVISER)
    with portal_scope(here.site), pytest.raises(erasure.CannotErase, match="rôle"):
        erasure.erase(adviser, now=timezone.now())


# -------------------------------------------------------------------------------------------------------- retention


def age(town: Town, bought: Purchase, **when: datetime) -> None:
    with portal_scope(town.site):
        Checkout.objects.filter(pk=bought.checkout.pk).update(contact_phone="+14185550199", **when)
        Order.objects.filter(pk=bought.order.pk).update(
            delivery_address={"street_address": "1, rue"}, placed_at=when["created_at"]
        )


def test_phone_and_address_go_after_a_year_and_the_buyer_after_the_tax_years(
    here: Town, bought_here: Purchase
) -> None:
    bought_on = datetime(2026, 3, 1, tzinfo=UTC)
    age(here, bought_here, created_at=bought_on)
    retention.apply(bought_on + timedelta(days=364))
    with across_portals():
        assert Checkout.objects.get(pk=bought_here.checkout.pk).contact_phone == "+14185550199"
    retention.apply(bought_on + timedelta(days=366))
    with across_portals():
        assert str(Checkout.objects.get(pk=bought_here.checkout.pk).contact_phone) == ""
        assert Order.objects.get(pk=bought_here.order.pk).delivery_address == {}
    retention.apply(datetime(2032, 12, 31, tzinfo=UTC))
    with across_portals():
        assert ContractCopy.objects.filter(order=bought_here.order).exists()
    retention.apply(datetime(2033, 1, 1, 12, tzinfo=UTC))
    with across_portals():
        checkout = Checkout.objects.get(pk=bought_here.checkout.pk)
        assert (checkout.contact_name, checkout.contact_email) == ("Anonymisé", "anonyme@efface.invalid")
        assert not ContractCopy.objects.filter(order=bought_here.order).exists()
        assert set(
            OutboxMessage.objects.filter(sent_at__isnull=False).values_list("recipient", flat=True)
        ) <= {""}
    assert retention.apply(datetime(2033, 1, 1, 12, tzinfo=UTC)) == 0


def test_what_is_young_stays(here: Town, bought_here: Purchase, shopper: User) -> None:
    consent_of(shopper, here)
    with portal_scope(here.site):
        Invitation.objects.create(
            site=here.site,
            merchant=here.merchant,
            email="aide@exemple.test",
            role=MembershipRole.HELPER,
            secret_digest="0" * 64,
            invited_by=here.owner,
            expires_at=timezone.now() - timedelta(days=364),
        )
    assert retention.apply(timezone.now()) == 0


def test_privacy_page_names_the_person_in_charge_and_how_long(here: Town) -> None:
    with portal_scope(here.site):
        settings = here.site.portalsettings
        settings.privacy_officer, settings.privacy_email = "Colombe Gendron", "vie-privee@levis.test"
        settings.save()
    page = here.visitor().get("/confidentialite/").content.decode()
    assert "Colombe Gendron" in page
    assert "six ans après la fin de l’année" in page
    assert "/confidentialite/" in here.visitor().get("/").content.decode()


def test_worker_forgets_once_a_day(here: Town, bought_here: Purchase) -> None:
    age(here, bought_here, created_at=timezone.now() - timedelta(days=400))
    now = timezone.now()
    assert jobs.forget_what_is_past(now) > 0
    age(here, bought_here, created_at=now - timedelta(days=400))
    assert jobs.forget_what_is_past(now + timedelta(hours=23)) == 0
    assert jobs.forget_what_is_past(now + timedelta(hours=25)) > 0
