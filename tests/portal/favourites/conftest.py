"""Somebody who keeps things, with the headers that a browser sends along."""

from typing import Any

import pytest
from django.test import Client

from portal.favourites.visitor import COUNT_COOKIE
from tests.portal.towns import Town

OURS = {"Sec-Fetch-Site": "same-origin"}
SCRIPT = {**OURS, "Accept": "application/json"}


class Browser:
    """A browser at one town, which asks for Django's token where Django does."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.client = Client(headers={"host": town.host}, enforce_csrf_checks=True)

    def press(self, kind: str, key: int, act: str = "garder", headers: dict[str, str] | None = None) -> Any:
        """The heart of a public page, which holds no token."""
        return self.client.post(
            f"/favoris/{act}/", {"sorte": kind, "cle": key}, headers=OURS if headers is None else headers
        )

    def keep_all(self) -> None:
        """The town's shop, and its product."""
        self.press("commerce", self.town.merchant.pk)
        self.press("produit", self.town.variant.product_id)

    def post(self, path: str, data: dict[str, Any] | None = None, **extra: Any) -> Any:
        """A form of the visitor's own pages, with the token that they hold."""
        token = "a" * 32
        self.client.cookies["csrftoken"] = token
        return self.client.post(path, {**(data or {}), "csrfmiddlewaretoken": token}, **extra)

    def page(self, path: str = "/favoris/") -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.content.decode())

    @property
    def count(self) -> str:
        """As the header's script reads it."""
        cookie = self.client.cookies.get(COUNT_COOKIE)
        return cookie.value if cookie else ""


@pytest.fixture
def browser(here: Town) -> Browser:
    return Browser(here)


@pytest.fixture
def there_browser(there: Town) -> Browser:
    return Browser(there)
