"""Whatever allauth would say is said in our words: no sentence, letter, notice or template of its own gets through."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils.translation import override

from portal.accounts.letters import LETTERS, named
from portal.accounts.words import NOTICES, REFUSALS, SECOND_FACTOR_REFUSALS
from tests.portal.people import person, visitor

SOURCES = [
    path
    for part in ("account", "mfa")
    for path in (Path(allauth.__file__).parent / part).rglob("*.py")
    if "migrations" not in path.parts
]
SAID = "\n".join(path.read_text() for path in SOURCES)
NOT_SENT = {"account/email/password_reset_key"}
"""Of a way that is not taken here: a password is forgotten with a code, not with a link."""


def test_every_refusal_is_ours() -> None:
    assert set(DefaultAccountAdapter.error_messages) <= set(REFUSALS)
    assert set(DefaultMFAAdapter.error_messages) <= set(SECOND_FACTOR_REFUSALS)


def test_every_notice_is_ours() -> None:
    assert set(re.findall(r'"((?:account|mfa)/messages/\w+\.txt)"', SAID)) <= set(NOTICES)


def test_every_letter_is_ours() -> None:
    assert set(re.findall(r'"((?:account|mfa)/email/\w+)"', SAID)) - NOT_SENT <= set(LETTERS)


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_letter_is_french(name: str) -> None:
    with override("fr-ca"):
        letter = named(name, {"code": "1234-5678", "to_email": "b@exemple.test"})
    text = " ".join((letter.subject, *letter.paragraphs, letter.button_label))
    assert re.search(r"\b(votre|vous|Vous|compte)\b", text)
    assert not re.search(r"\b(your|the|you|account|password)\b", text)


def views_of_allauth() -> dict[str, str]:
    """URL name and template of each screen of allauth's that has an address here."""
    found: dict[str, str] = {}

    def walk(resolver) -> None:
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                walk(entry)
                continue
            template = getattr(getattr(entry.callback, "view_class", None), "template_name", None)
            if template and entry.name and entry.name.startswith(("account_", "mfa_")):
                found[entry.name] = template

    walk(get_resolver())
    return found


@pytest.mark.parametrize(("name", "template"), sorted(views_of_allauth().items()))
def test_screen_is_our_template(name: str, template: str, settings) -> None:
    origin = Path(get_template(template).origin.name)
    assert origin.is_relative_to(settings.BASE_DIR / "templates"), f"{name} shows allauth's own {template}"


ENGLISH = re.compile(
    r"\b(sign|password|your|email address|the|please|code sent|back|submit)\b", re.IGNORECASE
)


@pytest.mark.parametrize(
    "address",
    [
        "/compte/connexion/", "/compte/connexion/code/", "/compte/inscription/", "/compte/mot-de-passe/oublie/",
        "/compte/securite/", "/compte/courriel/", "/compte/mot-de-passe/", "/compte/verification/",
        "/compte/deconnexion/", "/compte/securite/application/", "/compte/securite/cle/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("posted", [False, True])
def test_no_english_is_read(levis, address: str, posted: bool) -> None:
    client, user = visitor(), person()
    if "connexion" not in address and "inscription" not in address and "oublie" not in address:
        client.force_login(user)
    answer = client.post(address, {}, follow=True) if posted else client.get(address, follow=True)
    text = re.sub(r"<(script|head)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    assert answer.status_code in {200, 405, 422}
    assert ENGLISH.findall(text) == []
