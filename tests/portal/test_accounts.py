"""Signing in: in French, without telling who exists, and never out to another site."""

import re

import pytest
from django.core import mail
from django.test import Client
from wagtail.models import Site

from home.models import PortalSettings
from home.tenancy import portal_scope
from portal.demo.loading import people
from portal.models import User
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.portal.conftest import make_staff
from tests.portal.people import LOGIN, last_code, person, sign_in
from tests.portal.towns import Purchase, Town

WRONG = "Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez-les, puis réessayez."


@pytest.fixture
def visitor(levis) -> Client:
    return Client(headers={"host": "localhost"})


def test_page_asks_for_email_and_password(visitor: Client) -> None:
    html = visitor.get(LOGIN).content.decode()
    assert re.search(r'<label for="id_username">\s*Courriel', html)
    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html


def test_right_password_leads_to_the_account(visitor: Client) -> None:
    person()
    assert sign_in(visitor, "marie@exemple.test").url == "/compte/"


@pytest.mark.parametrize("typed", ["MARIE@exemple.test", " marie@exemple.test "])
def test_email_is_one_address_however_it_is_typed(visitor: Client, typed: str) -> None:
    person()
    assert sign_in(visitor, typed).status_code == 302


def test_merchant_lands_in_its_shop(here: Town) -> None:
    client = here.visitor()
    answer = client.post(LOGIN, {"username": here.owner.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/mon-commerce/{here.merchant.slug}/"


@pytest.mark.parametrize("who", ["stranger", "wrong password", "inactive"])
def test_refusal_is_the_same_whoever_it_is(visitor: Client, who: str) -> None:
    person()
    UserFactory(email="partie@exemple.test", is_active=False)
    tried = {
        "stranger": ("nul@exemple.test", PASSWORD),
        "wrong password": ("marie@exemple.test", "pas-le-bon-du-tout"),
        "inactive": ("partie@exemple.test", PASSWORD),
    }
    email, password = tried[who]
    answer = sign_in(visitor, email, password)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count(WRONG) >= 1
    assert f'value="{email}"' in html
    assert password not in html


def test_nothing_typed_is_said_in_french(visitor: Client) -> None:
    html = sign_in(visitor, "", "").content.decode()
    assert "Écrivez votre courriel, comme marie@exemple.ca." in html
    assert "Écrivez votre mot de passe." in html


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "javascript:alert(1)",
        "http:evil.test",
        "\x00/",
        "https:///evil.test",
    ],
)
def test_next_never_leads_to_another_site(visitor: Client, target: str) -> None:
    person()
    assert sign_in(visitor, "marie@exemple.test", next=target).url == "/compte/"


def test_next_leads_back_to_where_one_was(visitor: Client) -> None:
    person()
    assert sign_in(visitor, "marie@exemple.test", next="/panier/").url == "/panier/"


def test_account_sends_strangers_to_sign_in(visitor: Client) -> None:
    assert visitor.get("/compte/").url == "/compte/connexion/?next=/compte/"


def test_signing_out_is_a_post(visitor: Client) -> None:
    visitor.force_login(UserFactory())
    assert "Me déconnecter" in visitor.get("/compte/deconnexion/").content.decode()
    assert visitor.get("/compte/").status_code == 200
    assert visitor.post("/compte/deconnexion/").url == "/"
    assert visitor.get("/compte/").status_code == 302


def test_account_shows_only_what_is_of_this_person_and_this_portal(
    here: Town, there: Town, bought_here: Purchase, bought_there: Purchase
) -> None:
    person, other = UserFactory(), UserFactory()
    for town, bought in ((here, bought_here), (there, bought_there)):
        with portal_scope(town.site):
            type(bought.checkout).objects.update(user=person)
            MembershipFactory(merchant=town.merchant, user=person)
    html = here.signed_in(person).get("/compte/").content.decode()
    assert here.canary in html
    assert bought_here.token in html
    assert there.canary not in html
    assert bought_there.token not in html
    html = here.signed_in(other).get("/compte/").content.decode()
    assert bought_here.token not in html


def test_unpaid_checkouts_are_not_listed(here: Town) -> None:
    from tests.portal.towns import place

    checkout = place(here)
    with portal_scope(here.site):
        type(checkout).objects.update(user=here.owner)
    assert here.signed_in(here.owner).get("/compte/").context["past_orders"] == []


def test_staff_find_the_admin_on_their_account(here: Town) -> None:
    journal = make_staff(here.site, "editor")
    assert 'href="/admin/"' in here.signed_in(journal).get("/compte/").content.decode()
    assert 'href="/admin/"' not in here.signed_in(here.owner).get("/compte/").content.decode()


def test_pages_of_a_person_are_kept_out_of_caches_and_robots(here: Town) -> None:
    client = here.signed_in(here.owner)
    for address in ("/compte/", f"/mon-commerce/{here.merchant.slug}/"):
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_everybody_of_the_demo_signs_in_with_its_password_and_with_a_code(levis: Site) -> None:
    with portal_scope(levis):
        people.settle_everybody()
        people.settle_staff("levis", levis)
    everybody = [people.OPERATOR, people.SHOPPER, *(account for account, _role in people.STAFF["levis"])]
    for account in everybody:
        client = Client(headers={"host": "localhost"})
        lands = "/admin/bilan/" if account.email.startswith("ville@") else "/compte/"
        assert sign_in(client, account.email, people.PASSWORD).url == lands, account.email
    assert client.get("/compte/").status_code == 200
    client = Client(headers={"host": "localhost"})
    client.post("/compte/connexion/code/", {"email": people.OPERATOR.email})
    assert client.post("/compte/connexion/code/saisie/", {"code": last_code()}).url == "/compte/"
    assert client.get("/admin/").status_code == 200


def offer_english(site: Site) -> None:
    PortalSettings.objects.filter(site=site).update(offers_english=True)


def test_account_made_in_english_is_written_to_in_english_from_its_first_code_on(levis: Site) -> None:
    offer_english(levis)
    visitor = Client(headers={"host": "localhost"})
    assert visitor.post("/en/compte/inscription/", {"email": "jane@exemple.test"}).status_code == 302
    assert "is your code" in mail.outbox[-1].subject
    visitor.post("/en/compte/courriel/code/", {"code": last_code()})
    assert User.objects.get(email="jane@exemple.test").language == "en"


def test_language_of_mails_is_changed_with_one_button_where_there_are_two(levis: Site) -> None:
    user = person()
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    assert "M’écrire plutôt" not in client.get("/compte/").content.decode()
    offer_english(levis)
    assert "M’écrire plutôt en anglais" in client.get("/compte/").content.decode()
    told = client.post("/compte/langue/", {"language": "en"}, follow=True).content.decode()
    assert "nous vous écrirons en anglais" in told
    assert "M’écrire plutôt en français" in told
    for nonsense in ("", "xx", "\x00"):
        client.post("/compte/langue/", {"language": nonsense})
        user.refresh_from_db()
        assert user.language == "en"
