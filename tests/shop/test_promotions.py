"""Who gets what off: codes as typed, the best discount per line, the portal's within its commission, uses counted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone
from wagtail.models import Site

from home.models import PortalSettings
from home.tenancy import portal_scope
from shop import carts, checkouts, promotions
from shop.enums import CheckoutStatus, Funder
from shop.exceptions import CannotSell
from shop.models import Cart, LineItem, Promotion
from shop.payments.sync import sync_checkout
from shop.promotions import Goods, Wish
from shop.sandbox.server import Sandbox
from tests.shop.conftest import Stall, at_once, open_session, place

NOW = timezone.now()


def promotion(site: Site, **fields: object) -> Promotion:
    """Ten percent off by the portal with a code, unless said otherwise."""
    terms: dict[str, object] = {
        "title": "Bienvenue", "code": "BIENVENUE10", "percent_bps": 1_000, "funder": Funder.PORTAL,
        "starts_at": NOW - timedelta(days=1),
    }  # fmt: skip
    if "amount_cents" in fields:
        terms["percent_bps"] = None
    return Promotion.objects.create(site=site, **{**terms, **fields})


def basket(cart: Cart, portal: PortalSettings) -> carts.Basket:
    cart.refresh_from_db()
    return carts.basket_of(cart, settings=portal, today=timezone.localdate())


def offs(found: carts.Basket) -> list[int]:
    return [line.discount_cents for line in found.lines]


# ------------------------------------------------------------------------------------------------------ which one holds


@pytest.mark.parametrize("typed", ["bienvenue10", " Bienvenue 10 ", "BIENVENUE-10", "BIENVENUE10\x00"])
def test_a_code_is_folded(typed: str) -> None:
    assert promotions.folded_code(typed) == "BIENVENUE10"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": "AUTRE"}, "Ce code n’existe pas\u00a0: vérifiez comment il s’écrit."),
        ({"starts_at": NOW + timedelta(days=9)}, "Ce code n’existe pas\u00a0: vérifiez comment il s’écrit."),
        ({"ends_at": NOW - timedelta(hours=1)}, "Ce code n’est plus valide."),
        ({"most_uses": 3, "uses": 3}, "Ce code a déjà servi autant de fois qu’il le pouvait."),
        ({"minimum_cents": 60_00}, "Ce code demande un achat d’au moins 60,00\u00a0$."),
    ],
)
def test_why_a_code_does_not_hold_is_said(
    cart: Cart,
    portal: PortalSettings,
    in_levis: Site,
    fields: dict[str, object],
    sentence: str,
    breaks_the_books,
) -> None:
    promotion(in_levis, **fields)
    carts.use_code(cart, "bienvenue10")
    found = basket(cart, portal)
    assert (found.code_problem, offs(found)) == (sentence, [0, 0])


def test_another_shops_code_says_that_nothing_here_has_it(
    portal: PortalSettings, in_levis: Site, cheese: Stall, candles: Stall
) -> None:
    promotion(in_levis, merchant=candles.merchant, funder=Funder.MERCHANT)
    cart = carts.create()
    carts.add(cart, cheese.variant, 1)
    carts.use_code(cart, "BIENVENUE10")
    assert basket(cart, portal).code_problem == "Ce code ne vaut pour rien de ce qui est dans votre panier."


def test_another_portals_code_is_unknown(cart: Cart, portal: PortalSettings, bellechasse: Site) -> None:
    with portal_scope(bellechasse):
        promotion(bellechasse)
    carts.use_code(cart, "BIENVENUE10")
    assert basket(cart, portal).code_problem.startswith("Ce code n’existe pas")


def test_the_portals_gift_stays_within_its_commission(
    cart: Cart, portal: PortalSettings, in_levis: Site
) -> None:
    """Commission is 5 %: a code of 10 % gives 5 %, and the merchants get what they would have got."""
    before = [group.order.merchant_share_cents for group in basket(cart, portal).groups]
    promotion(in_levis)
    carts.use_code(cart, "bienvenue10")
    found = basket(cart, portal)
    assert offs(found) == [1_20, 1_00]
    assert [group.order.merchant_share_cents for group in found.groups] == before
    assert [group.order.commission_cents for group in found.groups] == [0, 0]


def test_an_amount_is_spread_over_the_shops_it_covers(
    cart: Cart, portal: PortalSettings, in_levis: Site
) -> None:
    promotion(in_levis, amount_cents=2_00)
    carts.use_code(cart, "bienvenue10")
    found = basket(cart, portal)
    assert (offs(found), sum(offs(found))) == ([1_09, 91], 2_00)


def test_a_merchants_own_promotion_applies_by_itself_to_its_goods_alone(
    cart: Cart, portal: PortalSettings, in_levis: Site, cheese: Stall
) -> None:
    promotion(in_levis, code="", merchant=cheese.merchant, funder=Funder.MERCHANT, percent_bps=2_500)
    assert offs(basket(cart, portal)) == [6_00, 0]


def test_each_line_has_its_best_discount_and_only_one(
    cart: Cart, portal: PortalSettings, in_levis: Site, cheese: Stall
) -> None:
    promotion(in_levis, code="", merchant=cheese.merchant, funder=Funder.MERCHANT, percent_bps=2_500)
    promotion(in_levis)
    carts.use_code(cart, "bienvenue10")
    found = basket(cart, portal)
    assert offs(found) == [6_00, 1_00]
    assert [line.given.funder for line in found.lines if line.given] == [Funder.MERCHANT, Funder.PORTAL]


def test_a_promotion_of_one_product_leaves_the_others_alone(
    cart: Cart, portal: PortalSettings, in_levis: Site, cheese: Stall
) -> None:
    promotion(
        in_levis, code="", merchant=cheese.merchant, product=cheese.variant.product, funder=Funder.MERCHANT
    )
    assert offs(basket(cart, portal)) == [2_40, 0]


def test_a_merchants_discount_found_after_the_portals_leaves_it_less_to_give() -> None:
    gift = Promotion(pk=1, percent_bps=1_000, funder=Funder.PORTAL)
    own = Promotion(pk=2, merchant_id=7, product_id=2, percent_bps=9_000, funder=Funder.MERCHANT)
    lines = [Goods(1, 7, 100_00), Goods(2, 7, 1_00)]
    given = promotions.give(lines, [Wish(gift, None), Wish(own, None)], commission_bps=500)
    # The gift takes 5.05 $ first, a twentieth of 101 $; the merchant's then lowers the goods to 100.10 $ or less.
    total = sum(got.cents for got in given if got and got.funder is Funder.PORTAL)
    by_merchant = sum(got.cents for got in given if got and got.funder is Funder.MERCHANT)
    assert total <= promotions.pricing.most_portal_discount(101_00 - by_merchant, 500)


# ---------------------------------------------------------------------------------------------------------- uses


def test_a_discount_is_frozen_on_its_lines_and_counted_once(
    cart: Cart, portal: PortalSettings, in_levis: Site
) -> None:
    code = promotion(in_levis, most_uses=5)
    carts.use_code(cart, "bienvenue10")
    basket(cart, portal)
    checkout = place(cart, portal)
    code.refresh_from_db()
    lines = LineItem.objects.order_by("pk").values_list("discount_cents", "discount_title", "discount_funder")
    assert list(lines) == [(1_20, "Bienvenue", "portal"), (1_00, "Bienvenue", "portal")]
    assert (code.uses, checkout.total_cents) == (1, 24_00 + 19_99 - 2_20)
    assert set(checkout.orders.values_list("discount_cents", flat=True)) == {1_20, 1_00}


def test_what_is_let_go_was_not_used(cart: Cart, portal: PortalSettings, in_levis: Site) -> None:
    code = promotion(in_levis, most_uses=1)
    carts.use_code(cart, "bienvenue10")
    checkout = place(cart, portal)
    # To who comes back from the payment page the last use is still theirs.
    assert basket(cart, portal).code_problem == ""
    checkouts.let_go(checkout, to=CheckoutStatus.CANCELED, cause="test", now=timezone.now())
    checkouts.let_go(checkout, to=CheckoutStatus.CANCELED, cause="test", now=timezone.now())
    code.refresh_from_db()
    assert code.uses == 0


def test_paid_late_a_discount_stays_though_its_last_use_went_to_another(
    cart: Cart, portal: PortalSettings, in_levis: Site, cheese: Stall, sandbox: Sandbox
) -> None:
    code = promotion(in_levis, most_uses=1)
    carts.use_code(cart, "bienvenue10")
    late = place(cart, portal)
    session = open_session(late)
    checkouts.let_go(late, to=CheckoutStatus.EXPIRED, cause="test", now=timezone.now())
    other = carts.create()
    carts.add(other, cheese.variant, 1)
    carts.use_code(other, "bienvenue10")
    place(other, portal)
    sandbox.pay(str(session.session_id))
    assert sync_checkout(late.pk, now=timezone.now())
    late.refresh_from_db()
    code.refresh_from_db()
    assert (late.status, late.total_cents, code.uses) == (CheckoutStatus.PAID, 43_99 - 2_20, 1)


@pytest.fixture
def last_use(in_levis: Site, monkeypatch: pytest.MonkeyPatch) -> Promotion:
    """A code with one use left, which everybody read before anybody took it."""
    code = promotion(in_levis, most_uses=1)
    monkeypatch.setattr(promotions, "running", lambda *_about, **_how: [code])
    return code


def shoppers(stall: Stall, site: Site, portal: PortalSettings) -> list[object]:
    """Four carts with the code, all placed at the same instant: what each got."""
    filled = []
    for _i in range(4):
        cart = carts.create()
        carts.add(cart, stall.variant, 1)
        carts.use_code(cart, "BIENVENUE10")
        filled.append(cart)
    return at_once(site, *[lambda cart=cart: place(cart, portal).pk for cart in filled])


@pytest.mark.django_db(transaction=True)
def test_the_last_use_goes_to_one_of_those_who_press_at_once(
    last_use: Promotion, cheese: Stall, portal: PortalSettings, in_levis: Site
) -> None:
    placed = shoppers(cheese, in_levis, portal)
    last_use.refresh_from_db()
    assert (last_use.uses, LineItem.objects.filter(promotion=last_use).count()) == (1, 1)
    assert sorted(type(each) is int for each in placed) == [False, False, False, True]
    assert {each.reason for each in placed if isinstance(each, CannotSell)} == {
        "Un rabais de votre panier vient de servir une dernière fois à quelqu’un d’autre."
    }


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_only_the_database_stops_the_second_use(
    last_use: Promotion,
    cheese: Stall,
    portal: PortalSettings,
    in_levis: Site,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: counted blindly, the race is there, and a CHECK is the last wall."""

    def take_blindly(keys: set[int]) -> bool:
        return bool(Promotion.objects.filter(pk__in=keys).update(uses=F("uses") + 1))

    monkeypatch.setattr(promotions, "take", take_blindly)
    with pytest.raises(IntegrityError, match="promotion_is_used_no_more_than_allowed"):
        shoppers(cheese, in_levis, portal)
