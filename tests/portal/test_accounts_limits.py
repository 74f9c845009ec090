"""Limits: guessing is stopped, nobody is locked out of their own house by strangers, and nobody learns who exists."""

import re

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts import limits
from portal.settings import base
from tests.factories import UserFactory
from tests.portal.people import LOGIN, is_signed_in, last_code, person, sign_in, visitor

ASK = "/compte/connexion/code/"
WRONG = "pas le bon mot de passe"

pytestmark = pytest.mark.usefixtures("levis")


@pytest.fixture
def as_in_production(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS


def at(address: str) -> Client:
    return visitor(REMOTE_ADDR=address)


def tried_from_everywhere(email: str) -> None:
    """Thirty wrong passwords, six from each of five addresses."""
    for number in range(1, 6):
        AccessAttempt.objects.create(
            username=email,
            ip_address=f"203.0.113.{number}",
            failures_since_start=6,
            attempt_time=timezone.now(),
        )


def statuses(client: Client, email: str, tries: int) -> list[int]:
    return [sign_in(client, email, WRONG).status_code for _ in range(tries)]


@pytest.mark.parametrize("email", ["marie@exemple.test", "personne@exemple.test"])
def test_thirty_wrong_passwords_are_stopped_at_the_tenth(email: str) -> None:
    user = person()
    met = statuses(at("203.0.113.7"), email, 30)
    assert met == [422] * 9 + [429] * 21
    attempt = AccessAttempt.objects.get()
    assert attempt.failures_since_start == 10
    assert WRONG not in f"{attempt.post_data}{attempt.get_data}"
    locked = sign_in(at("203.0.113.7"), user.email) if email == user.email else None
    assert locked is None or locked.status_code == 429


def test_locked_page_is_french_and_says_what_still_opens() -> None:
    client, _ = at("203.0.113.7"), person()
    statuses(client, "marie@exemple.test", 10)
    html = sign_in(client, "marie@exemple.test").content.decode()
    assert "Trop d’essais de suite" in html
    assert f'href="{ASK}"' in html
    assert client.post(ASK, {"email": "marie@exemple.test"}).status_code == 302
    client.post(f"{ASK}saisie/", {"code": last_code()})
    assert is_signed_in(client)


def test_typing_the_email_otherwise_does_not_start_the_count_anew() -> None:
    client, _ = at("203.0.113.7"), person()
    for number in range(10):
        sign_in(client, "marie@exemple.test".replace("m", "M", number % 2), WRONG)
    assert sign_in(client, " Marie@Exemple.test ").status_code == 429


def test_owner_enters_from_elsewhere_while_a_stranger_is_locked_out() -> None:
    user = person()
    statuses(at("203.0.113.7"), user.email, 12)
    assert sign_in(at("198.51.100.4"), user.email).status_code == 302


def test_many_addresses_together_are_stopped_but_the_owners_device_and_the_code_are_not() -> None:
    user = person()
    device = at("198.51.100.4")
    sign_in(device, user.email)
    device.post("/compte/deconnexion/")
    for number in range(1, 6):
        statuses(at(f"203.0.113.{number}"), user.email, 6)
    assert sign_in(at("203.0.113.99"), user.email).status_code == 429
    assert sign_in(device, user.email).status_code == 302
    elsewhere = at("192.0.2.33")
    assert elsewhere.post(ASK, {"email": user.email}).status_code == 302
    assert elsewhere.post(f"{ASK}saisie/", {"code": last_code()}).url == "/compte/"


def test_device_of_one_person_opens_nobody_elses_account() -> None:
    user, other = person(), person("autre@exemple.test")
    device = at("198.51.100.4")
    sign_in(device, other.email)
    device.post("/compte/deconnexion/")
    tried_from_everywhere(user.email)
    assert sign_in(device, user.email).status_code == 429


def test_forged_device_is_none() -> None:
    user, forger = person(), at("203.0.113.99")
    forger.cookies["appareil"] = "WyJhIl0:1xyz:forged"
    tried_from_everywhere(user.email)
    assert sign_in(forger, user.email).status_code == 429


def test_right_password_forgets_the_wrong_ones_from_here() -> None:
    user, client = person(), at("198.51.100.4")
    statuses(client, user.email, 9)
    sign_in(client, user.email)
    client.post("/compte/deconnexion/")
    assert statuses(client, user.email, 9) == [422] * 9


@pytest.mark.usefixtures("as_in_production")
def test_codes_are_limited_per_person_and_place_and_no_stranger_uses_up_the_owners() -> None:
    person()
    ask = {"email": "marie@exemple.test"}
    met = [at("203.0.113.7").post(ASK, ask).status_code for _ in range(7)]
    assert met == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5
    assert at("198.51.100.4").post(ASK, ask).status_code == 302
    assert at("203.0.113.7").post("/compte/mot-de-passe/oublie/", ask).status_code == 429


@pytest.mark.usefixtures("as_in_production")
def test_pressing_twice_is_told_to_wait_and_not_that_a_door_is_shut() -> None:
    client = visitor()
    client.post("/compte/inscription/", {"email": "neuve@exemple.test"})
    client.cookies.clear()
    again = client.post("/compte/inscription/", {"email": "neuve@exemple.test"})
    assert again.status_code == 429
    assert "Attendez quelques minutes" in again.content.decode()
    assert "une heure" not in again.content.decode()


@pytest.mark.usefixtures("as_in_production")
def test_nobody_fills_a_letter_box_from_everywhere_and_a_known_device_still_gets_its_code(settings) -> None:
    user, device = person(), at("198.51.100.4")
    sign_in(device, user.email)
    device.post("/compte/deconnexion/")
    settings.ACCOUNT_RATE_LIMITS = {**base.ACCOUNT_RATE_LIMITS, "code_to_account": "6/h/key"}
    met = [at(f"203.0.113.{n}").post(ASK, {"email": user.email}).status_code for n in range(1, 9)]
    assert met == [302] * 6 + [429] * 2
    assert device.post(ASK, {"email": user.email}).status_code == 302


# --------------------------------------------------------------------------------------------- nobody learns who exists


def page_of(html: bytes, email: str) -> str:
    """The page without what differs from one asking to the next: the token, and the email that was typed."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html.decode()).replace(email, "…")


def asked(address: str, email: str) -> tuple[list[object], int]:
    """Where it leads, what that page says, what the visitor is given; and how many queries it took."""
    client, sent = visitor(), len(mail.outbox)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.post(address, {"email": email})
    page = client.get(answer.url)
    seen = [
        answer.status_code,
        answer.url,
        sorted(client.cookies),
        page.status_code,
        page_of(page.content, email),
    ]
    return [*seen, len(mail.outbox) - sent], len(queries)


@pytest.mark.parametrize("address", [ASK, "/compte/inscription/", "/compte/mot-de-passe/oublie/"])
def test_known_and_unknown_emails_are_answered_alike(address: str) -> None:
    person()
    visitor().get(LOGIN)  # what a first visit fills the caches with
    known, queries_known = asked(address, "marie@exemple.test")
    unknown, queries_unknown = asked(address, "inconnue@exemple.test")
    assert known == unknown
    assert known[-1] == 1, "one letter each"
    if "inscription" not in address:  # there a person is made, or not
        assert abs(queries_known - queries_unknown) <= 2


@pytest.mark.parametrize("email", ["marie@exemple.test", "inconnue@exemple.test", "fermee@exemple.test"])
def test_password_is_hashed_once_whoever_it_is(email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person()
    UserFactory(email="fermee@exemple.test", is_active=False)
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    assert sign_in(visitor(), email, WRONG).status_code == 422
    assert len(hashed) == 1


def test_wrong_code_is_answered_alike() -> None:
    person()
    pages = []
    for email in ("marie@exemple.test", "inconnue@exemple.test"):
        client = visitor()
        client.post(ASK, {"email": email})
        answer = client.post(f"{ASK}saisie/", {"code": "0000-0000"})
        pages.append((answer.status_code, page_of(answer.content, email)))
    assert pages[0] == pages[1]


# ------------------------------------------------------------------------------------------------ the visitor's address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 198.51.100.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "<script>", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_address_is_what_our_proxies_wrote(settings, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert limits.client_address(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **headers)) == expected


def test_server_on_a_socket_tells_no_address() -> None:
    assert limits.client_address(RequestFactory().get("/", REMOTE_ADDR="")) == limits.NOWHERE


def test_forged_header_does_not_unlock(settings) -> None:
    settings.TRUSTED_PROXIES = 1
    user = person()
    met = [
        sign_in(visitor(HTTP_X_FORWARDED_FOR=f"6.6.6.{n}, 203.0.113.9"), user.email, WRONG).status_code
        for n in range(11)
    ]
    assert met == [422] * 9 + [429] * 2
