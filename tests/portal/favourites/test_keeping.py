from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.tenancy import portal_scope
from portal.favourites import keeping, privacy
from portal.favourites.models import Favourite, Holder
from portal.favourites.visitor import COOKIE, COUNT_COOKIE
from shop.enums import ProductStatus
from shop.models import Product
from tests.factories import ProductFactory, ProductPhotoFactory, VariantFactory
from tests.portal.favourites.conftest import OURS, SCRIPT, Browser
from tests.portal.towns import Town, make_marked_merchant

pytestmark = pytest.mark.django_db


def test_looking_sets_no_cookie(browser: Browser) -> None:
    assert "Rien encore" in browser.page()
    browser.client.get("/favoris/etat/")
    browser.client.get(f"/commerces/{browser.town.merchant.slug}/")
    assert {COOKIE, COUNT_COOKIE} & set(browser.client.cookies) == set()
    with portal_scope(browser.town.site):
        assert not Holder.objects.exists()


def test_heart_keeps_once_however_often_it_is_pressed(browser: Browser) -> None:
    answer = browser.press("commerce", browser.town.merchant.pk)
    assert (answer.status_code, answer["Location"]) == (302, "/favoris/")
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 395 * 24 * 3600
    assert not answer.cookies[COUNT_COOKIE]["httponly"]
    browser.press("commerce", browser.town.merchant.pk)
    page = browser.page()
    assert f"Commerce {browser.town.canary}" in page
    assert "est dans vos favoris" in page
    assert "tel:+14185550123" in page
    assert "hours-status" in page
    with portal_scope(browser.town.site):
        assert Favourite.objects.count() == 1
    assert browser.count == "1"


def test_script_is_told_what_to_say_and_how_many(browser: Browser) -> None:
    answer = browser.press("produit", browser.town.variant.product_id, headers=SCRIPT)
    assert answer.json()["nombre"] == 1
    assert "est dans vos favoris" in answer.json()["dit"]
    told = browser.client.get("/favoris/etat/")
    assert told.json() == {"commerce": [], "produit": [browser.town.variant.product_id], "nombre": 1}
    assert "private" in told["Cache-Control"]
    assert "no-store" in told["Cache-Control"]
    answer = browser.press("commerce", browser.town.merchant.pk, "enlever", headers=SCRIPT)
    assert answer.json() == {"dit": "", "nombre": 1}
    answer = browser.press("produit", browser.town.variant.product_id, "enlever", headers=SCRIPT)
    assert answer.json()["nombre"] == 0
    assert browser.count == "0"


def test_public_page_is_the_same_whatever_one_keeps(browser: Browser) -> None:
    address = f"/commerces/{browser.town.merchant.slug}/"
    before = browser.client.get(address)
    browser.keep_all()
    browser.page()  # says what was done, once
    after = browser.client.get(address)
    assert before.content == after.content
    assert "Cookie" not in after.get("Vary", "")
    assert b'data-heart="commerce"' in after.content
    assert COOKIE not in after.cookies


@pytest.mark.parametrize("act", ["garder", "enlever"])
@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.test"}]
)
def test_post_of_another_host_changes_nothing(browser: Browser, act: str, headers: dict[str, str]) -> None:
    browser.keep_all()
    product = browser.town.variant.product_id
    assert browser.press("produit", product, act, headers=headers).status_code == 403
    stranger = Client(headers={"host": browser.town.host}, enforce_csrf_checks=True)
    refused = stranger.post("/favoris/garder/", {"sorte": "produit", "cle": product}, headers=headers)
    assert refused.status_code == 403
    assert COOKIE not in refused.cookies
    with portal_scope(browser.town.site):
        assert Favourite.objects.filter(removed_at=None).count() == 2


def test_origin_of_this_host_is_enough_for_browsers_that_say_no_more(browser: Browser) -> None:
    answer = browser.press("commerce", browser.town.merchant.pk, headers={"Origin": "http://localhost"})
    assert answer.status_code == 302


def test_nonsense_is_404(browser: Browser) -> None:
    words = [("commerce", key) for key in ("0", "-4", "²", "9" * 18, "9" * 40, "x", "")]
    for kind, key in [*words, ("favori", "1"), ("histoire", "1"), ("", "1")]:
        answer = browser.client.post("/favoris/garder/", {"sorte": kind, "cle": key}, headers=OURS)
        assert answer.status_code == 404, (kind, key)
        assert COOKIE not in answer.cookies


def test_strangers_things_are_not_there(browser: Browser, there: Town) -> None:
    for kind, key in (("commerce", there.merchant.pk), ("produit", there.variant.product_id)):
        assert browser.press(kind, key).status_code == 404
    with portal_scope(browser.town.site):
        holder = Holder.objects.create(site=browser.town.site)
        with pytest.raises(type(there.merchant).DoesNotExist):
            keeping.keep(holder, there.merchant, now=timezone.now())
        assert not Favourite.objects.exists()


def test_cookie_opens_nothing_in_the_other_portal(browser: Browser, there_browser: Browser) -> None:
    browser.keep_all()
    there_browser.client.cookies[COOKIE] = browser.client.cookies[COOKIE].value
    assert "Rien encore" in there_browser.page()


def test_removed_is_put_back_by_one_press(browser: Browser) -> None:
    browser.keep_all()
    answer = browser.press("commerce", browser.town.merchant.pk, "enlever")
    page = browser.page(answer["Location"])
    assert "n’est plus dans vos favoris" in page
    assert "Remettre" in page
    key = answer["Location"].partition("?enleve=")[2]
    assert browser.post("/favoris/remettre/", {"cle": key}).status_code == 302
    assert browser.count == "2"
    assert browser.post("/favoris/remettre/", {"cle": "0"}).status_code == 404


def test_nobody_puts_back_or_lets_go_of_a_strangers(browser: Browser, here: Town) -> None:
    browser.keep_all()
    other = Browser(here)
    other.press("commerce", here.merchant.pk)
    with portal_scope(here.site):
        theirs = Favourite.objects.filter(product=here.variant.product_id).get()
    other.press("favori", theirs.pk, "enlever")
    browser.press("favori", theirs.pk, "enlever")
    assert other.post("/favoris/remettre/", {"cle": theirs.pk}).status_code == 404
    with portal_scope(here.site):
        theirs.refresh_from_db()
    assert theirs.removed_at is not None
    assert f"Produit {here.canary}" not in other.page(f"/favoris/?enleve={theirs.pk}")


def test_what_is_gone_is_said_and_kept(browser: Browser) -> None:
    browser.keep_all()
    with portal_scope(browser.town.site):
        Product.objects.filter(pk=browser.town.variant.product_id).update(status=ProductStatus.HIDDEN)
    page = browser.page()
    assert "Pas ici en ce moment" in page
    assert f"Produit {browser.town.canary}" in page
    assert f"/boutique/{browser.town.merchant.slug}/" not in page
    with portal_scope(browser.town.site):
        Product.objects.filter(pk=browser.town.variant.product_id).update(status=ProductStatus.PUBLISHED)
    assert "Pas ici en ce moment" not in browser.page()


def test_sold_out_and_away_are_said(browser: Browser) -> None:
    browser.keep_all()
    assert "En vente maintenant" in browser.page()
    with portal_scope(browser.town.site):
        shop = browser.town.merchant.shop
        shop.paused_at = timezone.now()
        shop.save()
        assert "La boutique fait une pause" in browser.page()
        browser.town.variant.product.variants.update(is_active=False)
    assert "Épuisé pour le moment" in browser.page()


def test_everything_is_erased_at_once(browser: Browser) -> None:
    browser.keep_all()
    assert "2 favoris" in browser.page("/favoris/effacer/")
    answer = browser.post("/favoris/effacer/")
    assert answer.cookies[COOKIE].value == ""
    assert answer.cookies[COUNT_COOKIE].value == ""
    with portal_scope(browser.town.site):
        assert not Holder.objects.exists()
        assert not Favourite.objects.exists()


def test_two_hundred_is_the_most(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 1)
    browser.keep_all()
    assert "enlevez-en un" in browser.page()
    assert browser.count == "1"
    answer = browser.press("produit", browser.town.variant.product_id, headers=SCRIPT)
    assert answer.status_code == 422
    assert "enlevez-en un" in answer.json()["dit"]


def test_floods_are_refused_in_words(browser: Browser, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"favourites": "1/h/ip"}
    browser.keep_all()
    assert "Attendez une heure" in browser.page()
    assert browser.press("commerce", browser.town.merchant.pk, headers=SCRIPT).status_code == 429


def test_number_of_queries_does_not_grow(browser: Browser) -> None:
    town = browser.town
    browser.keep_all()
    browser.page()

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            browser.page()
        return len(caught)

    one = asked()
    with portal_scope(town.site):
        for name in ("deux", "trois"):
            merchant = make_marked_merchant(name)
            product = ProductFactory(merchant=merchant)
            ProductPhotoFactory(product=product)
            VariantFactory(product=product, units=1)
            browser.press("commerce", merchant.pk)
            browser.press("produit", product.pk)
    browser.page()  # its pictures are cut once
    assert (asked(), one) == (one, one)
    assert one <= 22


def test_old_ones_are_forgotten(browser: Browser) -> None:
    browser.keep_all()
    browser.press("commerce", browser.town.merchant.pk, "enlever")
    now = timezone.now()
    with portal_scope(browser.town.site):
        assert privacy.forget_old(now) == 0
        assert privacy.forget_old(now + timedelta(days=2)) == 1
        assert Favourite.objects.count() == 1
        privacy.forget_old(now + keeping.KEPT_FOR + timedelta(days=1))
        assert not Holder.objects.exists()
    assert "Rien encore" in browser.page()


def test_database_itself_keeps_a_thing_once(browser: Browser) -> None:
    """Whatever lock a rule forgets (« favourite_merchant_once »)."""
    with portal_scope(browser.town.site):
        holder = Holder.objects.create(site=browser.town.site)
        for thing in ({"merchant": browser.town.merchant}, {"product": browser.town.variant.product}):
            Favourite.objects.create(holder=holder, **thing)
            with pytest.raises(IntegrityError), transaction.atomic():
                Favourite.objects.create(holder=holder, **thing)
        for nothing in ({}, {"merchant": browser.town.merchant, "product": browser.town.variant.product}):
            with pytest.raises(IntegrityError, match="favourite_is_one_thing"), transaction.atomic():
                Favourite.objects.create(holder=Holder.objects.create(site=browser.town.site), **nothing)
