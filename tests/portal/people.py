"""People who sign in, and their letter box."""

import re
from typing import Any

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from portal.models import User
from tests.factories import PASSWORD, UserFactory

LOGIN = "/compte/connexion/"
CODE = re.compile(r"\b\d{4}-\d{4}\b")


def person(email: str = "marie@exemple.test", **fields: Any) -> User:
    """Whose email is proved."""
    return proved(UserFactory(email=email, **fields))


def proved(user: User) -> User:
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    return user


def visitor(**extra: Any) -> Client:
    return Client(headers={"host": "localhost"}, **extra)


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post(LOGIN, {"username": email, "password": password, **extra})


def is_signed_in(client: Client) -> bool:
    return client.get("/compte/").status_code == 200


def last_code() -> str:
    """In the newest letter. Fails where that letter holds none."""
    found = CODE.search(mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[0]
