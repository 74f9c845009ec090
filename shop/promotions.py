"""Discounts: which promotions hold for a basket, what they take off each line, and how often they were used.

A line bears at most one discount, the best there is. A portal-funded one never exceeds the order's commission.
A code holds for one payment. ``uses`` counts placed checkouts; the count and its limit are one statement.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from home.compiled import Compiled, Ints
from home.money import cad
from shop import pricing
from shop.enums import Funder
from shop.models import Promotion


@dataclass(frozen=True, slots=True)
class Goods:
    """A line as promotions see it: its product, its merchant, and its price before any discount, in cents."""

    product_id: int
    merchant_id: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Given:
    """What a promotion takes off one line, in cents."""

    promotion: Promotion
    cents: int

    @property
    def funder(self) -> Funder:
        return Funder(self.promotion.funder)


@dataclass(frozen=True, slots=True)
class Wish:
    """A promotion as it may hold for one order: its own terms, or its part of an amount spread over several."""

    promotion: Promotion
    amount_cents: int | None

    @property
    def funder(self) -> Funder:
        return Funder(self.promotion.funder)


def folded_code(typed: str) -> str:
    """A code as it is kept: capitals, without the spaces and dashes that people put in."""
    return "".join(typed.replace("\x00", "").split()).replace("-", "").upper()[:30]


def running(merchant_ids: Collection[int], code: str, *, now: datetime) -> list[Promotion]:
    """The promotions that apply by themselves to these merchants now, and the one with this code, running or not."""
    return _RUNNING.rows(merchants=list(merchant_ids), now=now, code=code or NO_CODE)


def _running(merchants: list[int], now: datetime, code: str) -> QuerySet[Promotion]:
    by_itself = Q(code="") & (Q(merchant=None) | Q(merchant__id__any_of=merchants))
    runs = Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
    unused = Q(most_uses=None) | Q(uses__lt=F("most_uses"))
    wanted = by_itself & runs & unused | Q(code=code)
    found: QuerySet[Promotion] = Promotion.objects.filter(wanted).select_related("merchant").order_by("pk")
    return found


NO_CODE = "-"
"""Is no promotion's code: see ``folded_code``."""

_RUNNING = Compiled(_running, merchants=Ints, now=datetime, code=str)


def why_not(promotion: Promotion | None, *, now: datetime, held: Collection[int] = ()) -> str:
    """Why a typed code does not hold, in French; "" when it does. ``held``: the shopper's open checkout uses it."""
    if promotion is None or now < promotion.starts_at:
        return _("Ce code n’existe pas\u00a0: vérifiez comment il s’écrit.")
    if promotion.ends_at is not None and now >= promotion.ends_at:
        return _("Ce code n’est plus valide.")
    is_used_up = promotion.most_uses is not None and promotion.uses >= promotion.most_uses
    if is_used_up and promotion.pk not in held:
        return _("Ce code a déjà servi autant de fois qu’il le pouvait.")
    return ""


def covers(promotion: Promotion, goods: Goods) -> bool:
    if promotion.product_id is not None:
        return promotion.product_id == goods.product_id
    return promotion.merchant_id is None or promotion.merchant_id == goods.merchant_id


def covered_cents(promotion: Promotion, lines: Iterable[Goods]) -> int:
    return sum(line.amount_cents for line in lines if covers(promotion, line))


def why_too_little(promotion: Promotion, lines: Iterable[Goods]) -> str:
    """What a code still asks for, in French; "" when these lines have it."""
    covered = covered_cents(promotion, lines)
    if not covered:
        return _("Ce code ne vaut pour rien de ce qui est dans votre panier.")
    if covered < promotion.minimum_cents:
        amount = cad(promotion.minimum_cents)
        return _("Ce code demande un achat d’au moins %(amount)s.") % {"amount": amount}
    return ""


def wishes_by_itself(promotions: Iterable[Promotion], lines: Sequence[Goods]) -> list[Wish]:
    """The promotions without a code that hold for one order."""
    return [
        Wish(promotion, promotion.amount_cents)
        for promotion in promotions
        if not promotion.code and not why_too_little(promotion, lines)
    ]


def code_over_orders(promotion: Promotion, orders: Sequence[Sequence[Goods]]) -> list[Wish | None]:
    """A code's wish for each order of one payment; an amount is spread over them. None where it covers nothing."""
    covered = [covered_cents(promotion, lines) for lines in orders]
    amounts: Sequence[int | None] = [None for _lines in orders]
    if promotion.amount_cents is not None:
        amounts = pricing.discounts(covered, amount_cents=promotion.amount_cents)
    return [
        Wish(promotion, amount) if cents else None for cents, amount in zip(covered, amounts, strict=True)
    ]


def give(lines: Sequence[Goods], wishes: Iterable[Wish], *, commission_bps: int) -> list[Given | None]:
    """What each line of one order gets off: the wish that takes off most goes first, each line has one.

    What the portal funds is at most the commission on the goods that the merchant's own discounts leave.
    """
    given: list[Given | None] = [None for _line in lines]
    waiting = list(wishes)
    while waiting:
        offers = [_offer(wish, lines, given, commission_bps) for wish in waiting]
        best = max(range(len(waiting)), key=lambda i: sum(offers[i]))
        if not sum(offers[best]):
            break
        wish = waiting.pop(best)
        for i, cents in enumerate(offers[best]):
            if cents:
                given[i] = Given(wish.promotion, cents)
    return _within_commission(lines, given, commission_bps)


def _offer(
    wish: Wish, lines: Sequence[Goods], given: Sequence[Given | None], commission_bps: int
) -> list[int]:
    free = [
        line.amount_cents if got is None and covers(wish.promotion, line) else 0
        for line, got in zip(lines, given, strict=True)
    ]
    most = None
    if wish.funder is Funder.PORTAL:
        most = max(0, _commission(lines, given, commission_bps) - _by_portal(given))
    return pricing.discounts(
        free, percent_bps=wish.promotion.percent_bps, amount_cents=wish.amount_cents, most_cents=most
    )


def _within_commission(
    lines: Sequence[Goods], given: list[Given | None], commission_bps: int
) -> list[Given | None]:
    """A merchant's discount that was chosen after the portal's leaves less commission to pay it from."""
    most = _commission(lines, given, commission_bps)
    if _by_portal(given) <= most:
        return given
    shares = pricing.split(most, [got.cents if got and got.funder is Funder.PORTAL else 0 for got in given])
    return [
        got if got is None or got.funder is Funder.MERCHANT else replace(got, cents=cents) if cents else None
        for got, cents in zip(given, shares, strict=True)
    ]


def _commission(lines: Sequence[Goods], given: Sequence[Given | None], commission_bps: int) -> int:
    by_merchant = sum(got.cents for got in given if got and got.funder is Funder.MERCHANT)
    goods = sum(line.amount_cents for line in lines) - by_merchant
    return pricing.most_portal_discount(goods, commission_bps)


def _by_portal(given: Iterable[Given | None]) -> int:
    return sum(got.cents for got in given if got and got.funder is Funder.PORTAL)


def take(promotion_ids: Iterable[int]) -> bool:
    """Count one use of each, in primary key order. False when one is used up: the caller must then roll back.

    The condition and the count are one statement: of two shoppers with the last use, one gets False.
    """
    return all(
        Promotion.objects.filter(Q(most_uses=None) | Q(uses__lt=F("most_uses")), pk=pk).update(
            uses=F("uses") + 1
        )
        for pk in sorted(promotion_ids)
    )


def give_back(promotion_ids: Iterable[int]) -> None:
    """Uncount the uses of a checkout that was let go."""
    for pk in sorted(promotion_ids):
        Promotion.objects.filter(pk=pk, uses__gt=0).update(uses=F("uses") - 1)
