"""« Mots à vérifier »: the manager's page, and nobody else's."""

from typing import Any

import pytest
from django.test import Client

from home.models import PortalRole
from home.tenancy import portal_scope
from shop.enums import ProductStatus
from shop.models import AllowedWord, Product
from tests.factories import ProductFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Town

WORDS = "/admin/a-regler/mots/"


@pytest.fixture
def product(here: Town) -> Product:
    with portal_scope(here.site):
        return ProductFactory(merchant=here.merchant, title="Boîte à cigares", status=ProductStatus.DRAFT)


@pytest.fixture
def manager(here: Town) -> Client:
    return here.signed_in(make_staff(here.site, PortalRole.MANAGER))


def post(client: Client, product: Product, reason: str, word: str = "cigares") -> Any:
    name = f"{product.pk}-tobacco"
    return client.post(WORDS, {"what": name, f"{name}-word": word, f"{name}-reason": reason}, follow=True)


def allowed(town: Town) -> list[str]:
    with portal_scope(town.site):
        return list(AllowedWord.objects.values_list("word", flat=True))


def test_an_editor_and_a_stranger_find_no_such_page(here: Town, there: Town, product: Product) -> None:
    for town in (here, there):
        editor = town.signed_in(make_staff(town.site, PortalRole.EDITOR))
        assert (editor.get(WORDS).status_code, post(editor, product, "une boîte").status_code) == (404, 404)
    stranger = there.signed_in(make_staff(there.site, PortalRole.MANAGER))
    assert "Boîte à cigares" not in stranger.get(WORDS).content.decode()
    assert "C’était déjà fait" in post(stranger, product, "une boîte").content.decode()
    assert allowed(here) == allowed(there) == []


def test_a_manager_allows_a_word_and_takes_it_back(here: Town, manager: Client, product: Product) -> None:
    assert "Boîte à cigares" in manager.get(WORDS).content.decode()
    assert "est permis pour Boîte à cigares" in post(manager, product, "une boîte").content.decode()
    assert "C’était déjà fait" in post(manager, product, "une boîte").content.decode()
    with portal_scope(here.site):
        row = AllowedWord.objects.get()
        Product.objects.filter(pk=product.pk).update(status=ProductStatus.PUBLISHED)
    assert (row.reason, row.allowed_by is not None) == ("une boîte", True)
    gone = manager.post(f"{WORDS}{row.pk}/", follow=True)
    assert "n’est plus permis" in gone.content.decode()
    assert manager.post(f"{WORDS}{row.pk}/").status_code == 404
    product.refresh_from_db()
    assert (product.status, allowed(here)) == (ProductStatus.HIDDEN, [])


@pytest.mark.parametrize(("reason", "word"), [("", "cigares"), ("ok", "cigares"), ("é" * 201, "cigares")])
def test_a_reason_too_short_or_too_long_is_asked_for_again(
    here: Town, manager: Client, product: Product, reason: str, word: str
) -> None:
    answer = post(manager, product, reason, word)
    assert (answer.status_code, allowed(here)) == (422, [])
    assert reason in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_nonsense_allows_nothing(here: Town, manager: Client, product: Product) -> None:
    assert post(manager, product, "une boîte", word="viagra").status_code == 200
    for data in ({}, {"what": "x"}, {"what": f"{product.pk}-vaping"}):
        assert manager.post(WORDS, data).status_code == 302
    assert allowed(here) == []
