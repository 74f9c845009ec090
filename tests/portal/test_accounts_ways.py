"""The ways in: a code by email, a password, a new account, a forgotten password; and what one changes oneself."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from home.models import AuditEntry
from home.tenancy import portal_scope
from portal.accounts.operator import after_the_operator
from portal.models import User
from tests.factories import PASSWORD, UserFactory
from tests.portal.people import LOGIN, is_signed_in, last_code, person, proved, sign_in, visitor
from tests.portal.towns import Purchase, Town

ASK = "/compte/connexion/code/"
TYPE = "/compte/connexion/code/saisie/"
NEW_PASSWORD = "une phrase bien à moi"

pytestmark = pytest.mark.usefixtures("levis")


def enter_by_code(client: Client, email: str, **extra: str):
    assert client.post(ASK, {"email": email, **extra}).url.startswith(TYPE)
    return client.post(TYPE, {"code": last_code(), **extra})


def test_code_by_email_opens_the_account() -> None:
    client, user = visitor(), person()
    assert enter_by_code(client, " MARIE@exemple.test").url == "/compte/"
    assert is_signed_in(client)
    assert mail.outbox[0].to == [user.email]
    assert mail.outbox[0].extra_headers["Message-ID"].endswith("@localhost>")


def test_button_beside_the_password_takes_the_email_along() -> None:
    person()
    assert visitor().post(ASK, {"username": "marie@exemple.test", "password": ""}).url == TYPE


def test_code_proves_an_email_that_nobody_had_proved() -> None:
    user = UserFactory(email="marie@exemple.test")
    assert enter_by_code(visitor(), user.email).url == "/compte/"
    assert EmailAddress.objects.get(user=user).verified


def test_code_leads_back_to_where_one_was() -> None:
    person()
    assert enter_by_code(visitor(), "marie@exemple.test", next="/panier/").url == "/panier/"


def test_code_is_good_a_quarter_of_an_hour_and_once(time_machine) -> None:
    client, _ = visitor(), person()
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    client.post(ASK, {"email": "marie@exemple.test"})
    time_machine.move_to(now + timedelta(seconds=901), tick=False)
    assert client.post(TYPE, {"code": last_code()}).status_code == 302
    assert not is_signed_in(client)


def test_third_wrong_code_ends_it() -> None:
    client, _ = visitor(), person()
    client.post(ASK, {"email": "marie@exemple.test"})
    code = last_code()
    assert [client.post(TYPE, {"code": "0000-0000"}).status_code for _ in range(3)] == [422, 422, 302]
    client.post(TYPE, {"code": code})
    assert not is_signed_in(client)


def test_who_waits_for_a_code_may_still_use_a_password() -> None:
    client, _ = visitor(), person()
    client.post(ASK, {"email": "marie@exemple.test"})
    assert client.get(LOGIN).status_code == 200
    assert sign_in(client, "marie@exemple.test").url == "/compte/"


def test_field_may_be_called_login() -> None:
    person()
    assert visitor().post(LOGIN, {"login": "marie@exemple.test", "password": PASSWORD}).url == "/compte/"


def test_signing_in_is_in_the_audit_trail() -> None:
    client, user = visitor(), person()
    sign_in(client, user.email)
    with portal_scope(levis()):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.after) == ("user.sign_in", user.pk, {"by": ["password"]})


def levis() -> Site:
    return Site.objects.get(hostname="localhost")


def test_session_is_of_one_host() -> None:
    client, _ = visitor(), person()
    answer = sign_in(client, "marie@exemple.test")
    assert answer.cookies[django_settings.SESSION_COOKIE_NAME]["domain"] == ""
    assert answer.cookies["appareil"]["domain"] == ""
    assert answer.cookies["appareil"]["httponly"]


def test_new_account_by_email_alone() -> None:
    client = visitor()
    assert (
        client.post("/compte/inscription/", {"email": "neuve@exemple.test"}).url == "/compte/courriel/code/"
    )
    assert not is_signed_in(client)
    assert client.post("/compte/courriel/code/", {"code": last_code()}).url == "/compte/"
    assert is_signed_in(client)
    user = User.objects.get(email="neuve@exemple.test")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified


def test_purchase_made_as_a_guest_is_found_by_the_proved_email(here: Town, bought_here: Purchase) -> None:
    email = bought_here.checkout.contact_email
    unproved = UserFactory(email=email)
    assert here.signed_in(unproved).get("/compte/").context["past_orders"] == []
    proved(unproved)
    shown = here.signed_in(unproved).get("/compte/").context["past_orders"]
    assert [row["checkout"] for row in shown] == [bought_here.checkout]
    assert here.signed_in(person()).get("/compte/").context["past_orders"] == []


def test_forgotten_password_is_chosen_anew_with_a_code() -> None:
    user, elsewhere, client = person(), visitor(), visitor()
    elsewhere.force_login(user)
    client.post("/compte/mot-de-passe/oublie/", {"email": user.email})
    assert client.post("/compte/mot-de-passe/oublie/code/", {"code": last_code()}).status_code == 302
    assert "Nouveau mot de passe" in client.get("/compte/mot-de-passe/oublie/nouveau/").content.decode()
    assert client.post("/compte/mot-de-passe/oublie/nouveau/", {"password1": "court"}).status_code == 422
    assert client.post("/compte/mot-de-passe/oublie/nouveau/", {"password1": NEW_PASSWORD}).url == "/compte/"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert sign_in(visitor(), user.email, NEW_PASSWORD).url == "/compte/"


def test_changing_the_password_ends_the_other_sessions() -> None:
    user, elsewhere, client = person(), visitor(), visitor()
    elsewhere.force_login(user)
    client.force_login(user)
    wrong = {"oldpassword": "autre chose", "password1": NEW_PASSWORD}
    assert (
        "Ce n’est pas votre mot de passe actuel."
        in client.post("/compte/mot-de-passe/", wrong).content.decode()
    )
    assert client.post("/compte/mot-de-passe/", {**wrong, "oldpassword": PASSWORD}).url == "/compte/securite/"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert mail.outbox[-1].subject == "Votre mot de passe est changé"


def test_one_button_signs_out_everywhere_else() -> None:
    user, elsewhere, client = person(), visitor(), visitor()
    elsewhere.force_login(user)
    client.force_login(user)
    assert client.post("/compte/securite/sessions/").url == "/compte/securite/"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_account_that_the_operator_closes_is_signed_out_and_stays_so() -> None:
    user, client, operator = person(), visitor(), visitor()
    client.force_login(user)
    operator.force_login(UserFactory(is_superuser=True))
    told = {"email": user.email, "first_name": "Marie", "last_name": "Roy"}
    assert operator.post(reverse("wagtailusers_users:edit", args=[user.pk]), told).status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    assert not is_signed_in(client)
    assert sign_in(visitor(), user.email).status_code == 422
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert not is_signed_in(client)


def test_address_that_the_operator_typed_is_not_proved() -> None:
    user = person()
    user.email = "autre@exemple.test"
    user.save()
    with portal_scope(levis()):
        after_the_operator(user, by=user)
    assert sign_in(visitor(), "marie@exemple.test").status_code == 422
    assert sign_in(visitor(), "autre@exemple.test").url == "/compte/courriel/code/"


def ask_for_new_email(client: Client, email: str) -> None:
    """The password is asked for again, then the wish goes on by itself."""
    asked = client.post("/compte/courriel/", {"email": email, "action_add": "1"})
    assert asked.url.startswith("/compte/verification/?next=")
    assert client.post(asked.url, {"password": PASSWORD}).url == "/compte/courriel/code/"


def test_email_changes_only_once_the_new_one_is_proved_and_the_old_is_told() -> None:
    user, client = person(), visitor()
    client.force_login(user)
    ask_for_new_email(client, "nouvelle@exemple.test")
    code = last_code()
    assert mail.outbox[-1].to == ["nouvelle@exemple.test"]
    user.refresh_from_db()
    assert user.email == "marie@exemple.test"
    assert client.post("/compte/courriel/code/", {"code": "0000-0000"}).status_code == 422
    client.post("/compte/courriel/code/", {"code": code})
    user.refresh_from_db()
    assert user.email == "nouvelle@exemple.test"
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (
        ["marie@exemple.test"],
        "Votre courriel est changé",
    )
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("nouvelle@exemple.test", True)]
    with portal_scope(levis()):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.before, entry.after) == ("user.change_email", user.pk, {}, {})


def test_email_of_somebody_else_is_not_taken_and_not_told_before_proof() -> None:
    person("autre@exemple.test")
    user, client = person(), visitor()
    client.force_login(user)
    ask_for_new_email(client, "autre@exemple.test")
    html = client.post("/compte/courriel/code/", {"code": last_code()}).content.decode()
    assert "Ce courriel est déjà celui d’un autre compte." in html
    user.refresh_from_db()
    assert user.email == "marie@exemple.test"


def test_mail_that_does_not_leave_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("portal.accounts.letters.EmailMultiAlternatives.send", broken)
    answer = visitor().post(ASK, {"email": "marie@exemple.test"})
    assert answer.status_code == 503
    assert "Nos courriels ne partent pas en ce moment" in answer.content.decode()


@pytest.mark.parametrize("address", ["/admin/login/", "/admin/login/?next=/admin/pages/"])
def test_wagtails_sign_in_leads_to_ours(address: str) -> None:
    query = re.sub(r"^[^?]*", "", address)
    for answer in (visitor().get(address), visitor().post(address, {"username": "x", "password": "y"})):
        assert answer.url == f"/compte/connexion/{query}"


def test_wagtails_own_password_screens_are_closed() -> None:
    operator = visitor()
    operator.force_login(UserFactory(is_superuser=True))
    assert operator.get("/admin/password_reset/").status_code == 404
    assert visitor().get("/admin/password_reset/").status_code == 404
