"""A merchant leaves: asked one thing a page, refused while somebody waits, taken back for a month, then for good."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from directory import claims, departures
from directory.claims import AlreadyClaimed
from directory.counting import leaving
from directory.enums import Act, ClaimStatus, DepartureReason, Tier
from directory.models import Claim, Departure, Membership, Merchant
from home.periods import Period, town_day
from home.tenancy import portal_scope
from portal.leaving import departing
from portal.leaving.departing import StillOpen, Wish
from shop import handover
from shop.models import Product
from shop.payments.handlers import deliver_outbox
from tests.factories import UserFactory
from tests.portal.merchant_space.conftest import Screens, acts, desk
from tests.portal.towns import Purchase, Town

__all__ = ["desk"]
pytestmark = pytest.mark.django_db

SHOP = "https://fromages.example"


def now_of(town: Town) -> Merchant:
    with portal_scope(town.site):
        return Merchant.objects.get(pk=town.merchant.pk)


def leave(town: Town, wish: Wish | None = None) -> Departure | None:
    with portal_scope(town.site):
        wish = wish or Wish(DepartureReason.CLOSING)
        return departing.leave(town.merchant, wish, by_id=town.owner.pk, now=timezone.now())


def hold(town: Town) -> None:
    """Somebody claimed it, long ago."""
    with portal_scope(town.site):
        Merchant.objects.filter(pk=town.merchant.pk).update(claimed_at=timezone.now() - timedelta(days=90))


def test_owner_is_asked_one_thing_a_page_and_graduates(desk: Screens, here: Town) -> None:
    hold(here)
    first = desk.html("partir/")
    assert "Pourquoi partez-vous?" in first
    assert "Vos produits quittent les rayons" in first
    assert "L’adresse de votre boutique" in desk.html("partir/?raison=graduated")
    wrong = desk.get("partir/?raison=graduated&site=pas une adresse")
    assert (wrong.status_code, "comme monsite.ca" in wrong.content.decode()) == (422, True)
    assert "Et votre page?" in desk.html("partir/?raison=graduated&site=fromages.example")
    last = desk.html("partir/?raison=graduated&site=fromages.example&page=fiche")
    assert "Bravo pour votre boutique" in last
    assert f'name="site" value="{SHOP}"' in last
    answers = {"raison": "graduated", "site": SHOP, "page": "fiche", "mot": "Merci!"}
    assert desk.post("partir/", **answers)["Location"] == desk.address("partir/")
    gone = desk.html("partir/")
    assert "Vous vendez chez vous. Bravo." in gone
    with portal_scope(here.site):
        row = Departure.objects.get()
        today = town_day(timezone.now())
        assert (row.reason, row.own_site, row.words) == ("graduated", SHOP, "Merci!")
        assert departures.graduated_in(Period(today, today)).get() == row
        assert departures.counts_in(Period(today, today))[DepartureReason.GRADUATED] == 1
        assert not departures.left_in(Period(today, today).before).exists()
    merchant = now_of(here)
    assert (merchant.tier, merchant.claimed_at, merchant.shop_url) == (Tier.LISTING, None, SHOP)
    page = here.visitor().get(f"/commerces/{merchant.slug}/").content.decode()
    assert "vend maintenant dans sa propre boutique" in page
    assert "Est-ce votre commerce?" not in page
    with portal_scope(here.site):
        assert leaving.stored_address(merchant, Act.SHOP) == SHOP
    assert "À vendre ici" not in page
    assert here.visitor().get(f"/boutique/{merchant.slug}/produit-canarilevis/").status_code == 404
    deliver_outbox(now=timezone.now())
    assert "a quitté" in mail.outbox[-1].subject
    assert "réussite" in mail.outbox[-1].body
    assert "departure.left" in acts(here)


def test_answers_that_say_nothing_are_asked_again(desk: Screens, here: Town) -> None:
    for path in ("partir/?raison=x", "partir/?raison=", "partir/?raison=other&page=x"):
        assert desk.get(path).status_code == 422
    assert (
        desk.post("partir/", raison="graduated", page="rien").status_code == 200
    )  # its address is asked first
    assert desk.post("partir/", raison="other", page="rien", mot="x" * 1001).status_code == 422
    with portal_scope(here.site):
        assert not Departure.objects.exists()


def test_nobody_leaves_while_somebody_waits_for_an_order(
    desk: Screens, here: Town, bought_here: Purchase
) -> None:
    answer = desk.get("partir/?raison=closing&page=rien")
    assert "Des gens attendent encore" in answer.content.decode()
    assert f"commandes/{bought_here.order.number}/" in answer.content.decode()
    assert desk.post("partir/", raison="closing", page="rien").status_code == 409
    with pytest.raises(StillOpen):
        leave(here)
    with portal_scope(here.site):
        handover.mark_ready(bought_here.order, cause="test", now=timezone.now())
        handover.mark_fulfilled(bought_here.order, cause="test", now=timezone.now())
    assert leave(here) is not None
    assert bought_here.order.number in desk.html("partir/")
    assert desk.get(f"commandes/{bought_here.order.number}/").status_code == 200


def test_who_left_keeps_its_account_and_no_other_screen(desk: Screens, here: Town) -> None:
    leave(here)
    assert desk.get()["Location"] == desk.address("partir/")
    for path in ("emporter/", "versements/"):
        assert desk.get(path).status_code == 200
    for path in ("produits/", "heures/", "page/", "equipe/", "option/", "coordonnees/"):
        assert desk.get(path).status_code == 404
    assert desk.post("option/choisir/", option="transactional").status_code == 404
    assert now_of(here).tier == Tier.LISTING


def test_coming_back_puts_everything_as_it_was_and_counts_as_nothing(desk: Screens, here: Town) -> None:
    hold(here)
    before = now_of(here)
    leave(here, Wish(DepartureReason.GRADUATED, SHOP, keeps_page=False))
    assert here.visitor().get(f"/commerces/{here.merchant.slug}/").status_code in (404, 410)
    assert desk.post("partir/revenir/")["Location"] == desk.address()
    again = now_of(here)
    for name in ("tier", "chosen_tier", "claimed_at", "removed_at", "website_url", "shop_url"):
        assert getattr(again, name) == getattr(before, name), name
    assert here.visitor().get(f"/boutique/{here.merchant.slug}/produit-canarilevis/").status_code == 200
    desk.post("partir/revenir/")
    assert acts(here).count("departure.undone") == 1
    with portal_scope(here.site):
        today = town_day(timezone.now())
        assert not departures.left_in(Period(today, today)).exists()
        assert not departures.holds_back(again, UserFactory().pk)


def test_leaving_twice_is_once(here: Town) -> None:
    assert leave(here) is not None
    assert leave(here) is None
    with portal_scope(here.site):
        assert Departure.objects.count() == 1


def test_after_a_month_it_is_for_good_and_its_books_go_to_nobody_else(here: Town) -> None:
    hold(here)
    with portal_scope(here.site):
        won = Claim.objects.create(
            site=here.site, merchant=here.merchant, user=here.owner, status=ClaimStatus.APPROVED
        )
    leave(here)
    stranger = UserFactory(email="autre@exemple.test")
    with portal_scope(here.site):
        assert departing.close_old(timezone.now() + timedelta(days=30)) == 0
        with pytest.raises(AlreadyClaimed):
            claims.begin(here.merchant, user=here.owner, now=timezone.now())
        later = timezone.now() + timedelta(days=31)
        assert departing.close_old(later) == 1
        assert departing.close_old(later) == 0
        assert not departing.come_back(here.merchant, by_id=here.owner.pk, now=later)
        assert not Membership.objects.filter(merchant=here.merchant).exists()
        won.refresh_from_db()
        assert won.status == ClaimStatus.WITHDRAWN
        with pytest.raises(AlreadyClaimed):
            claims.begin(here.merchant, user=stranger, now=later)
        assert claims.begin(here.merchant, user=here.owner, now=later)
        assert Product.objects.filter(merchant=here.merchant).exists()
    here.owner.refresh_from_db()  # its sessions ended
    assert here.signed_in(here.owner).get(f"/mon-commerce/{here.merchant.slug}/").status_code == 404


def test_listing_without_books_may_be_claimed_by_whoever_comes_next(here: Town) -> None:
    with portal_scope(here.site):
        row = Departure.objects.create(
            site=here.site, merchant=here.merchant, reason=DepartureReason.CLOSING, keeps_page=True, has_books=False,
            left_by=here.owner, left_at=timezone.now() - timedelta(days=40), closed_at=timezone.now(),
        )  # fmt: skip
        stranger = UserFactory(email="autre@exemple.test")
        assert claims.begin(here.merchant, user=stranger, now=timezone.now())
        assert departures.last_of(here.merchant) == row


def test_a_month_too_late_the_screens_are_as_good_as_closed(here: Town) -> None:
    leave(here)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        desk = Screens(here.signed_in(here.owner), here.merchant)
        assert "Tout remettre comme avant" not in desk.html("partir/")
        desk.post("partir/revenir/")
        assert now_of(here).tier == Tier.LISTING
