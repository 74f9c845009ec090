"""A product that nobody confirmed: its merchant sees it on its list, and keeps it by one tap."""

import datetime as dt

import pytest
from django.utils import timezone

from directory.enums import Tier
from directory.models import Merchant
from home.tenancy import portal_scope
from shop.models import Product
from tests.portal.merchant_space.conftest import Screens, acts
from tests.portal.towns import Town

LONG_AGO = dt.timedelta(days=60)


@pytest.fixture
def silent(here: Town) -> Product:
    with portal_scope(here.site):
        Product.objects.update(confirmed_at=timezone.now() - LONG_AGO)
        return Product.objects.get()


def is_fresh(here: Town) -> bool:
    with portal_scope(here.site):
        return timezone.now() - Product.objects.get().confirmed_at < dt.timedelta(minutes=5)


def test_list_says_so_and_one_tap_keeps_it(here: Town, desk: Screens, silent: Product) -> None:
    for path in ("produits/", f"produits/{silent.pk}/"):
        assert "Il n’est plus sur les étalages depuis le" in desk.html(path)
    answer = desk.post("produits/encore-vrai/", produit=silent.pk)
    assert answer.url == desk.address("produits/")
    assert is_fresh(here)
    assert "étalages" not in desk.html("produits/")
    desk.post("produits/encore-vrai/", produit=silent.pk)
    assert acts(here) == ["product.still_true"]


def test_all_at_once(here: Town, desk: Screens, silent: Product) -> None:
    assert "Toujours en vente?" in desk.html("produits/")
    desk.post("produits/encore-vrai/")
    assert (is_fresh(here), acts(here)) == (True, ["product.still_true"])


def test_page_says_since_when(here: Town, silent: Product) -> None:
    url = f"/boutique/{here.merchant.slug}/{silent.slug}/"
    assert "Le commerce ne l’a pas confirmé depuis le" in here.visitor().get(url).content.decode()
    with portal_scope(here.site):
        Product.objects.update(confirmed_at=timezone.now())
    assert "ne l’a pas confirmé" not in here.visitor().get(url).content.decode()


@pytest.mark.parametrize("key", ["0", "autre", "²", "9" * 30])
def test_nonsense_confirms_nothing(here: Town, desk: Screens, silent: Product, key: str) -> None:
    assert desk.post("produits/encore-vrai/", produit=key).status_code == 404
    assert not is_fresh(here)


def test_nobody_else_confirms(here: Town, there: Town, stranger: Screens, silent: Product) -> None:
    assert stranger.post("produits/encore-vrai/", produit=silent.pk).status_code == 404
    at_home = Screens(there.signed_in(there.owner), there.merchant)
    assert at_home.post("produits/encore-vrai/", produit=silent.pk).status_code == 404
    with portal_scope(here.site):
        Merchant.objects.update(tier=Tier.LISTING)
    own = Screens(here.signed_in(here.owner), here.merchant)
    assert own.post("produits/encore-vrai/", produit=silent.pk).status_code == 404
    assert not is_fresh(here)
