"""Favourites kept before an account are kept when one comes, and go when it goes."""

import json

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.tenancy import across_portals, portal_scope
from portal.favourites import keeping, merging
from portal.favourites.models import Favourite, FavouriteList, Holder, ListedFavourite
from portal.favourites.visitor import COOKIE
from portal.models import User
from portal.privacy import erasure, holdings
from tests.factories import PASSWORD
from tests.portal.favourites.conftest import Browser
from tests.portal.favourites.test_lists import link_of, make_list
from tests.portal.people import person
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db


def sign_in(browser: Browser, user: User) -> None:
    browser.client.handler.enforce_csrf_checks = False
    answer = browser.client.post("/compte/connexion/", {"username": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    browser.client.handler.enforce_csrf_checks = True


def test_signing_in_merges_both_ways_and_signing_out_leaves_nothing(here: Town) -> None:
    marie, phone, tablet = person(), Browser(here), Browser(here)
    row = make_list(phone)
    link = link_of(phone, row)
    sign_in(phone, marie)
    assert phone.count == "2"
    assert phone.client.cookies[COOKIE].value == ""
    tablet.press("commerce", here.merchant.pk)
    sign_in(tablet, marie)
    assert tablet.count == "2"
    page = tablet.page()
    assert f"Produit {here.canary}" in page
    assert "Idées pour maman" in page
    assert "Gardés dans votre compte" in page
    assert here.visitor().get(link).status_code == 200
    with portal_scope(here.site):
        assert Holder.objects.get().user_id == marie.pk
        assert (Favourite.objects.count(), ListedFavourite.objects.count()) == (2, 2)
    tablet.post("/compte/deconnexion/")
    assert tablet.count == ""
    assert "Rien encore" in tablet.page()


def test_merging_twice_or_with_what_was_let_go_of_loses_nothing(here: Town) -> None:
    now, marie = timezone.now(), person()
    with portal_scope(here.site):
        guest = Holder.objects.create(site=here.site)
        theirs = merging.holder_of_person(here.site.pk, marie.pk)
        product = here.variant.product
        for holder in (guest, theirs):
            keeping.keep(holder, here.merchant, now=now)
        keeping.let_go(theirs, Q(merchant=here.merchant), now=now)
        kept = keeping.keep(guest, product, now=now)
        row = FavouriteList.objects.create(holder=guest, name="Noël")
        for favourite in Favourite.objects.filter(holder=guest):
            ListedFavourite.objects.create(list=row, favourite=favourite)
        for _time in (1, 2):
            assert merging.merge(guest, marie.pk, now=now) == theirs
        held = keeping.held(theirs)
        assert {(each.merchant_id, each.product_id) for each in held} == {
            (here.merchant.pk, None),
            (None, product.pk),
        }
        assert kept in held
        assert ListedFavourite.objects.filter(list=row, favourite__holder=theirs).count() == 2
        assert not Holder.objects.filter(pk=guest.pk).exists()


def test_token_of_somebody_who_signed_in_opens_nothing(here: Town) -> None:
    phone = Browser(here)
    phone.keep_all()
    token = phone.client.cookies[COOKIE].value
    sign_in(phone, person())
    other = Browser(here)
    other.client.cookies[COOKIE] = token
    assert "Rien encore" in other.page()


def test_person_takes_favourites_along_and_erases_them_with_the_account(here: Town, there: Town) -> None:
    marie = person()
    for town in (here, there):
        browser = Browser(town)
        make_list(browser, f"Liste {town.canary}")
        sign_in(browser, marie)
    with portal_scope(here.site):
        held = holdings.holdings_of(marie)["favoris"]
    assert {row["produit"] for row in held} == {"", f"Produit {here.canary}"}
    assert {row["listes"] for row in held} == {f"Liste {here.canary}"}
    assert there.canary not in json.dumps(held)
    with portal_scope(here.site):
        erasure.erase(marie, now=timezone.now())
    with across_portals():
        assert not Holder.objects.exists()
        assert not FavouriteList.objects.exists()


def test_merge_asks_no_more_for_many(here: Town) -> None:
    """Constant but for the rows it moves: one statement each."""
    now = timezone.now()
    with portal_scope(here.site):
        counts = []
        for things in ([here.merchant], [here.merchant, here.variant.product]):
            guest = Holder.objects.create(site=here.site)
            for thing in things:
                keeping.keep(guest, thing, now=now)
            with CaptureQueriesContext(connection) as caught:
                merging.merge(guest, person(f"{len(things)}@exemple.test").pk, now=now)
            counts.append(len(caught))
    assert counts[1] - counts[0] == 1
