"""Leaving, coming back within a month, and what happens when the month is over. The only writer of departures.

Nothing is erased: the page becomes a public listing that nobody holds, or is taken down; products go off the shelves
with the option that showed them; orders, invoices and results stay in the books, as the law asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from directory import claims, departures, tiers
from directory.departures import CAN_BE_UNDONE_FOR
from directory.enums import DepartureReason, MembershipRole, Tier
from directory.models import Departure, HelpConsent, Membership, Merchant
from home import audit
from home.dates import date_format
from home.models import PortalSettings
from home.tenancy import across_portals, portal_scope, unjoined
from shop.enums import OrderStatus
from shop.letters import Letter, post_to_each
from shop.models import Order, Product, Shop
from shop.payments.plans import parting
from shop.payments.sessions import portal_url

LEFT, CAME_BACK, CLOSED = "departure.left", "departure.undone", "departure.closed"
OPEN = (OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.READY)
"""What somebody is paying for, or waits for: finished or given back first."""


class StillOpen(Exception):
    """Orders are under way: ``open_orders`` names them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Why it leaves, where it sells now (graduated alone), whether a public listing stays, and a word if it likes."""

    reason: DepartureReason
    own_site: str = ""
    keeps_page: bool = True
    words: str = ""


def open_orders(merchant: Merchant) -> QuerySet[Order]:
    """What keeps it from leaving: orders under way, the oldest first."""
    rows: QuerySet[Order] = Order.objects.filter(merchant=merchant, status__in=OPEN)
    return rows.order_by("placed_at", "pk")


@transaction.atomic
def leave(merchant: Merchant, wish: Wish, *, by_id: int, now: datetime) -> Departure | None:
    """The merchant has left. None when it had already. Raises StillOpen.

    An order that is being placed at this very moment may still come in: its people keep the screens it is seen on.
    """
    held: Merchant = (
        Merchant.objects.select_for_update(of=("self",)).select_related("site").get(pk=merchant.pk)
    )
    if departures.standing(held):
        return None
    if open_orders(held).exists():
        raise StillOpen
    try:
        with transaction.atomic():
            row = _noted(held, wish, by_id, now)
    except IntegrityError:  # another owner was first
        return None
    _let_go(held, wish, now)
    tiers.choose(held, Tier.LISTING, by_id=by_id, now=now)
    parting.put(row, now=now)
    after = {"reason": str(wish.reason), "own_site": wish.own_site, "keeps_page": wish.keeps_page}
    audit.note(LEFT, row, actor_id=by_id, merchant_id=held.pk, after=after)
    _tell(row, held, now)
    return row


def _noted(held: Merchant, wish: Wish, by_id: int, now: datetime) -> Departure:
    before = {
        "chosen_tier": str(tiers.wanted(held)),
        "shop_url": held.shop_url,
        **parting.facts_before(held),
    }
    row: Departure = Departure.objects.create(
        site_id=held.site_id, merchant=held, reason=wish.reason, own_site=wish.own_site, words=wish.words,
        keeps_page=wish.keeps_page, has_books=_has_books(held), claimed_at=held.claimed_at, before=before,
        left_by_id=by_id, left_at=now,
    )  # fmt: skip
    return row


def _has_books(held: Merchant) -> bool:
    """Goods, orders or an account to be paid: whoever claims the page later must never be given those."""
    goods = Product.objects.filter(merchant=held).exists() or Order.objects.filter(merchant=held).exists()
    return goods or Shop.objects.filter(merchant=held).exclude(stripe_account_id="").exists()


def _let_go(held: Merchant, wish: Wish, now: datetime) -> None:
    """Nobody holds the page any more; it leads to the merchant's own shop, where it has one."""
    changed: dict[str, Any] = {"claimed_at": None}
    if not wish.keeps_page:
        changed["removed_at"] = now
    if wish.own_site:
        changed["shop_url"] = wish.own_site
    unjoined(Merchant).filter(pk=held.pk).update(**changed)
    for name, value in changed.items():
        setattr(held, name, value)


# ------------------------------------------------------------------------------------------------ coming back


@transaction.atomic
def come_back(merchant: Merchant, *, by_id: int, now: datetime) -> bool:
    """The page is as it was, its option too where it is still given. False when it never left, or it is too late."""
    held: Merchant = Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    row = departures.standing(held)
    if row is None or not departures.can_be_undone(row, now=now):
        return False
    rows = unjoined(Departure).filter(pk=row.pk, undone_at=None, closed_at=None)
    if not rows.update(undone_at=now, undone_by=by_id):
        return False
    row.undone_at = now
    _take_up(held, row)
    tiers.choose(held, Tier(row.before["chosen_tier"]), by_id=by_id, now=now)
    parting.put(row, now=now)
    audit.note(CAME_BACK, row, actor_id=by_id, merchant_id=held.pk)
    return True


def _take_up(held: Merchant, row: Departure) -> None:
    """What leaving changed, unless somebody changed it since."""
    changed: dict[str, Any] = {"claimed_at": row.claimed_at, "removed_at": None}
    if row.own_site and held.shop_url == row.own_site:
        changed["shop_url"] = row.before["shop_url"]
    unjoined(Merchant).filter(pk=held.pk).update(**changed)
    for name, value in changed.items():
        setattr(held, name, value)


# ------------------------------------------------------------------------------------------------ for good


def close_old(now: datetime) -> int:
    """A worker's job: departures that nobody took back in a month are for good; returns how many."""
    with across_portals():
        rows = Departure.objects.filter(undone_at=None, closed_at=None, left_at__lte=now - CAN_BE_UNDONE_FOR)
        old = list(rows.order_by("pk").values_list("pk", "site_id"))
    return sum(_close(pk, site_id, now) for pk, site_id in old)


def _close(pk: int, site_id: int, now: datetime) -> bool:
    """Its people have no more screens here, unless somebody still waits for an order: then it is left for later."""
    with portal_scope(site_id), transaction.atomic():
        row = Departure.objects.get(pk=pk)
        held = Merchant.objects.select_for_update(of=("self",)).get(pk=row.merchant_id)
        rows = unjoined(Departure).filter(pk=pk, undone_at=None, closed_at=None)
        if departures.can_be_undone(row, now=now):
            return False
        if open_orders(held).exists() or not rows.update(closed_at=now):
            return False
        people = list(Membership.objects.filter(merchant=held).select_related("user").order_by("user"))
        Membership.objects.filter(merchant=held).delete()
        for member in people:
            member.user.end_sessions()
        unjoined(HelpConsent).filter(merchant=held.pk, ended_at=None).update(ended_at=now)
        claims.let_go(held)
        audit.note(CLOSED, row, actor_id=None, merchant_id=held.pk, before={"people": _keys(people)})
    return True


def _keys(people: Iterable[Membership]) -> list[int]:
    return [member.user_id for member in people]


# ------------------------------------------------------------------------------------------------ the letter


def _tell(row: Departure, merchant: Merchant, now: datetime) -> None:
    """To every owner: whoever did not know of it can take it back."""
    owners = Membership.objects.filter(merchant=merchant, role=MembershipRole.OWNER, user__is_active=True)
    to = list(owners.values_list("user__email", flat=True))
    address = portal_url(merchant.site) + reverse("merchant:leaving", args=[merchant.slug])
    brand = PortalSettings.for_site(merchant.site).brand
    post_to_each(
        lambda: _letter(row, merchant, brand, address),
        to=to,
        site_id=merchant.site_id,
        key=f"departure:{row.pk}",
        now=now,
    )


def _letter(row: Departure, merchant: Merchant, brand: str, address: str) -> Letter:
    told = {
        "name": merchant.name,
        "brand": brand,
        "day": date_format(departures.last_day_to_undo(row), "j F Y"),
    }
    kind = (
        _("Bravo pour votre boutique\u00a0: c’est une réussite, et nous la comptons comme telle.")
        if row.is_graduation
        else _("Merci d’avoir été des nôtres.")
    )
    return Letter(
        _("%(name)s a quitté %(brand)s") % told,
        (
            kind,
            _(
                "Rien n’est effacé\u00a0: jusqu’au %(day)s, vous pouvez tout emporter, ou tout remettre comme avant."
            )
            % told,
            _("Aucun forfait ne sera plus facturé."),
        ),
        _("Voir, emporter, ou revenir"),
        address,
    )
