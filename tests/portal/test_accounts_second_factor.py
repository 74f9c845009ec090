"""The second factor: demanded before the admin, except in a demo; asked for again before what opens the account."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from wagtail.models import Site

from directory.models import Invitation
from home.models import PortalRole
from home.tenancy import portal_scope
from portal import staffing
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.portal.people import is_signed_in, person, proved, sign_in, visitor

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def outside_the_demo(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def code(step: int = 0, secret: str = SECRET) -> str:
    """Of this half-minute, or of one beside it: each is good once."""
    return format_hotp_value(hotp_value(secret, sorted(yield_hotp_counters_from_time())[1 + step]))


def with_app(user: Any) -> Any:
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def editor(site: Site) -> Any:
    user = person("plume@exemple.test")
    with portal_scope(site):
        staffing.grant(user, site, PortalRole.EDITOR)
    return user


@pytest.mark.usefixtures("outside_the_demo")
@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_admin_without_a_second_factor_leads_to_adding_one(levis: Site, who: str) -> None:
    user = editor(levis) if who == "editor" else proved(UserFactory(is_superuser=True))
    client = visitor()
    sign_in(client, user.email)
    assert client.get("/admin/").url == "/compte/securite/?requise=1"
    assert client.post("/admin/account/").url == "/compte/securite/?requise=1"
    assert (
        "ajoutez une clé d’accès ou une application"
        in client.get("/compte/securite/?requise=1").content.decode()
    )


def test_demo_offers_it_and_demands_nothing(levis: Site) -> None:
    client = visitor()
    sign_in(client, editor(levis).email)
    assert client.get("/admin/").status_code == 200
    assert "Relier une application" in client.get("/compte/securite/").content.decode()


def test_settings_demand_it_wherever_this_is_no_demo() -> None:
    from tests.house.test_settings import value_of

    assert value_of("s.SECOND_FACTOR_REQUIRED") == "True"
    assert value_of("s.SECOND_FACTOR_REQUIRED", DEMO="1", STRIPE_SECRET_KEY="sk_test_x") == "False"


@pytest.mark.usefixtures("outside_the_demo")
def test_adding_an_app_opens_the_admin(levis: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # Outside a test, the transaction of adding it ends within the request.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act: act())
    client = visitor()
    sign_in(client, editor(levis).email)
    asked = client.get("/compte/securite/application/")
    assert client.post(asked.url, {"password": PASSWORD}).url == "/compte/securite/application/"
    page = client.get("/compte/securite/application/")
    secret = page.context["form"].secret
    assert "<svg" in page.content.decode()
    assert client.post("/compte/securite/application/", {"code": "000000"}).status_code == 422
    done = client.post("/compte/securite/application/", {"code": code(secret=secret)})
    assert done.url == "/compte/securite/codes/"
    html = client.get(done.url).content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code>", html)) == 10
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("outside_the_demo")
def test_password_alone_no_longer_signs_in_who_has_an_app(levis: Site) -> None:
    client, user = visitor(), with_app(editor(levis))
    assert sign_in(client, user.email).url == "/compte/connexion/deuxieme-etape/"
    assert not is_signed_in(client)
    assert client.post("/compte/connexion/deuxieme-etape/", {"code": "000000"}).status_code == 422
    assert client.post("/compte/connexion/deuxieme-etape/", {"code": code()}).url == "/compte/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("levis")
def test_code_of_an_app_is_good_once_and_a_code_on_paper_stands_in() -> None:
    user = with_app(person())
    used, again, paper = visitor(), visitor(), visitor()
    for client in (used, again, paper):
        sign_in(client, user.email)
    step = "/compte/connexion/deuxieme-etape/"
    assert used.post(step, {"code": code()}).status_code == 302
    assert again.post(step, {"code": code()}).status_code == 422
    on_paper = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    assert paper.post(step, {"code": on_paper}).status_code == 302
    assert again.post(step, {"code": on_paper}).status_code == 422


@pytest.mark.usefixtures("levis")
def test_code_by_email_is_a_first_step_too() -> None:
    client, user = visitor(), with_app(person())
    client.post("/compte/connexion/code/", {"email": user.email})
    from tests.portal.people import last_code

    answer = client.post("/compte/connexion/code/saisie/", {"code": last_code()})
    assert answer.url == "/compte/connexion/deuxieme-etape/"


@pytest.mark.usefixtures("outside_the_demo")
def test_session_that_never_gave_it_is_asked_for_it(levis: Site) -> None:
    """Somebody added it on another device meanwhile: this session has proved a password only."""
    client, user = visitor(), editor(levis)
    sign_in(client, user.email)
    with_app(user)
    asked = client.get("/admin/?q=1")
    assert asked.url == "/compte/verification/code/?next=%2Fadmin%2F%3Fq%3D1"
    assert client.post(asked.url, {"code": code()}).url == "/admin/?q=1"
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("levis")
def test_email_is_changed_with_the_second_factor_and_not_with_the_password() -> None:
    client, user = visitor(), with_app(person())
    sign_in(client, user.email)
    client.post("/compte/connexion/deuxieme-etape/", {"code": code(-1)})
    asked = client.post("/compte/courriel/", {"email": "neuve@exemple.test", "action_add": "1"})
    assert asked.url.startswith("/compte/verification/code/?next=")
    assert client.post("/compte/verification/", {"password": PASSWORD}).url.startswith(
        "/compte/verification/code/"
    )
    assert len(mail.outbox) == 0
    assert client.post(asked.url, {"code": code()}).url == "/compte/courriel/code/"


def test_who_sees_the_money_changes_only_with_the_second_factor_fresh(in_levis: Site) -> None:
    owner = MembershipFactory(user=with_app(person()))
    team = f"/mon-commerce/{owner.merchant.slug}/equipe/"
    client = visitor()
    sign_in(client, owner.user.email)
    client.post("/compte/connexion/deuxieme-etape/", {"code": code(-1)})
    assert client.get(team).status_code == 200
    asked = client.post(team, {"email": "neuve@exemple.test", "role": "owner"})
    assert asked.url.startswith("/compte/verification/code/?next=")
    assert not Invitation.objects.exists()
    assert client.post(asked.url, {"code": code()}).url == team
    assert Invitation.objects.get().email == "neuve@exemple.test"
    client.post(team, {"email": "autre@exemple.test", "role": "helper"})
    assert Invitation.objects.count() == 2, "it was given a moment ago"


@pytest.mark.usefixtures("levis")
def test_taking_the_app_away_asks_for_it_once_more_and_is_told() -> None:
    client, user = visitor(), with_app(person())
    sign_in(client, user.email)
    client.post("/compte/connexion/deuxieme-etape/", {"code": code(-1)})
    asked = client.get("/compte/securite/application/retirer/")
    assert asked.url.startswith("/compte/verification/code/")
    client.post(asked.url, {"code": code()})
    assert client.post("/compte/securite/application/retirer/").url == "/compte/securite/"
    assert not Authenticator.objects.filter(user=user).exists()
    assert mail.outbox[-1].subject == "L’application est retirée de votre compte"


@pytest.mark.usefixtures("levis")
def test_nobody_removes_anothers_key() -> None:
    other = person("autre@exemple.test")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Clé", "credential": {}})
    client = visitor()
    client.force_login(UserFactory(password=""))
    assert client.post(f"/compte/securite/cle/{key.pk}/retirer/").status_code in {302, 404}
    assert Authenticator.objects.filter(pk=key.pk).exists()
