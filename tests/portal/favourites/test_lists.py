import re

import pytest
from django.utils import timezone

from home.tenancy import portal_scope
from portal.favourites import lists
from portal.favourites.models import Favourite, FavouriteList, ListedFavourite
from shop.enums import ProductStatus
from shop.models import Product
from tests.portal.favourites.conftest import Browser
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db

LINK = re.compile(r'value="http://[^/"]+(/favoris/liste/[^"]+)"')


def make_list(browser: Browser, name: str = "Idées pour maman") -> FavouriteList:
    """With all that the browser keeps."""
    browser.keep_all()
    with portal_scope(browser.town.site):
        chosen = list(Favourite.objects.filter(removed_at=None).values_list("pk", flat=True))
    answer = browser.post("/favoris/listes/nouvelle/", {"name": name, "chosen": chosen})
    assert answer.status_code == 302, answer.content.decode()
    with portal_scope(browser.town.site):
        return FavouriteList.objects.get(pk=int(answer["Location"].split("/")[-2]))


def link_of(browser: Browser, row: FavouriteList) -> str:
    browser.post(f"/favoris/listes/{row.pk}/partager/")
    found = LINK.search(browser.page(f"/favoris/listes/{row.pk}/"))
    assert found
    return found[1]


def test_list_is_read_by_whoever_has_the_link_until_it_is_stopped(here: Town) -> None:
    browser, anybody = Browser(here), here.visitor()
    row = make_list(browser)
    with portal_scope(here.site):
        guessed = f"/favoris/liste/{lists.token_of(row)}/"
    assert anybody.get(guessed).status_code == 404  # not shared yet
    link = link_of(browser, row)
    answer = anybody.get(link)
    page = answer.content.decode()
    assert f"Commerce {here.canary}" in page
    assert f"Produit {here.canary}" in page
    assert "Idées pour maman" in page
    assert 'name="robots" content="noindex' in page
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "same-origin")
    assert not answer.cookies
    browser.post(f"/favoris/listes/{row.pk}/arreter/")
    assert anybody.get(link).status_code == 404
    again = link_of(browser, row)
    assert again != link
    assert (anybody.get(again).status_code, anybody.get(link).status_code) == (200, 404)


def test_what_is_gone_is_not_named_to_others(here: Town) -> None:
    browser = Browser(here)
    link = link_of(browser, make_list(browser))
    with portal_scope(here.site):
        Product.objects.filter(pk=here.variant.product_id).update(status=ProductStatus.HIDDEN)
    page = here.visitor().get(link).content.decode()
    assert f"Produit {here.canary}" not in page
    assert "1 autre chose de cette liste" in page


def test_nobody_touches_a_strangers_list(here: Town, there: Town) -> None:
    owner, stranger = Browser(here), Browser(here)
    row = make_list(owner)
    link = link_of(owner, row)
    stranger.press("commerce", here.merchant.pk)
    own = f"/favoris/listes/{row.pk}/"
    assert stranger.client.get(own).status_code == 404
    for act in ("", "partager/", "arreter/", "supprimer/"):
        assert stranger.post(own + act, {"name": "Prise"}).status_code == 404
    assert there.visitor().get(link).status_code == 404
    for wrong in (link.replace("-0.", "-1."), link[:-3] + "x/", "/favoris/liste/1/", "/favoris/liste/é.x/"):
        assert here.visitor().get(wrong).status_code == 404
    with portal_scope(here.site):
        row.refresh_from_db()
        assert (row.name, row.shared_at is not None) == ("Idées pour maman", True)
    assert owner.client.get(f"/favoris/listes/{'9' * 30}/").status_code == 404


def test_list_takes_nothing_of_a_strangers_favourites(here: Town) -> None:
    owner, stranger = Browser(here), Browser(here)
    row = make_list(owner)
    stranger.press("commerce", here.merchant.pk)
    with portal_scope(here.site):
        theirs = Favourite.objects.exclude(holder=row.holder_id).get()
    answer = owner.post(f"/favoris/listes/{row.pk}/", {"name": "À moi", "chosen": [theirs.pk]})
    assert answer.status_code == 422
    assert "choisissez parmi ceux qui restent" in answer.content.decode()
    with portal_scope(here.site):
        lists.change(row, "À moi", [theirs.pk], now=timezone.now())
        assert not ListedFavourite.objects.filter(list=row).exists()


def test_errors_stand_beside_the_field_and_nothing_typed_is_lost(browser: Browser, settings) -> None:
    browser.keep_all()
    with portal_scope(browser.town.site):
        key = Favourite.objects.first().pk
    answer = browser.post("/favoris/listes/nouvelle/", {"name": " ", "chosen": [key]})
    page = answer.content.decode()
    assert (answer.status_code, page.count("Donnez un nom à la liste")) == (422, 2)
    assert re.search(rf'value="{key}"[^>]*checked', page)
    assert (
        "60 caractères au plus"
        in browser.post("/favoris/listes/nouvelle/", {"name": "a" * 61}).content.decode()
    )
    settings.ACCOUNT_RATE_LIMITS = {"favourites_list": "0/h/ip", "favourites": "9/h/ip"}
    answer = browser.post("/favoris/listes/nouvelle/", {"name": "Trop"})
    assert "Attendez une heure" in answer.content.decode()


def test_twenty_lists_are_the_most(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    make_list(browser)
    monkeypatch.setattr(lists, "MOST", 1)
    answer = browser.post("/favoris/listes/nouvelle/", {"name": "Une de trop"})
    assert answer.status_code == 422
    assert "20 listes" in answer.content.decode()
    assert "Une de trop" in answer.content.decode()


def test_what_is_put_back_is_in_its_lists_again(browser: Browser) -> None:
    row = make_list(browser)
    answer = browser.press("produit", browser.town.variant.product_id, "enlever")
    key = answer["Location"].partition("?enleve=")[2]
    assert "1 favori" in browser.page()
    browser.post(f"/favoris/listes/{row.pk}/", {"name": "Renommée", "chosen": []})
    browser.post("/favoris/remettre/", {"cle": key})
    with portal_scope(browser.town.site):
        assert lists.keys_in(row) == [int(key)]


def test_dropped_list_leaves_its_favourites(browser: Browser) -> None:
    row = make_list(browser)
    browser.post(f"/favoris/listes/{row.pk}/supprimer/")
    page = browser.page()
    assert "ses favoris restent" in page
    assert f"Produit {browser.town.canary}" in page
    assert f"/favoris/listes/{row.pk}/" not in page


def test_who_keeps_nothing_is_led_to_the_favourites(browser: Browser) -> None:
    assert browser.client.get("/favoris/listes/nouvelle/")["Location"] == "/favoris/"
