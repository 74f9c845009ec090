"""What the cart and the checkout's steps show of a basket."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from directory.hours import status_at
from directory.schedules import schedule_of
from shop import delivery
from shop.baskets import Basket, BasketGroup, BasketLine, BasketPayment
from shop.cards import prefetch_photos, product_url
from shop.carts import MOST_OF_ONE
from shop.enums import ChargeModel, Funder, ShopperMayCancel
from shop.models import Cart
from shop.pricing import discounts
from shop.unit_prices import unit_price_text


def cart_context(basket: Basket, *, payment: BasketPayment | None = None) -> dict[str, Any]:
    """``cart_groups`` and ``totals`` for the templates, in a number of queries that rows do not change.

    ``payment``: show what it covers alone; else all of the basket.
    """
    shown = payment or basket
    _prefetch_photos(shown.lines)
    return {
        "basket": basket,
        "cart_groups": [_shown_group(group, basket) for group in shown.groups],
        "totals": asdict(shown.totals),
        "problems": basket.problems,
        "is_empty": basket.is_empty,
        "payments": [shown_payment(each) for each in basket.payments],
        "code": _shown_code(basket),
    }


def shown_payment(payment: BasketPayment) -> dict[str, Any]:
    """One of several payments: the shops it pays, its total, and who charges it."""
    return {
        "shops": payment.shop_names,
        "total_cents": payment.total_cents,
        "is_direct": payment.charge_model is ChargeModel.DIRECT,
    }


def _shown_code(basket: Basket) -> dict[str, Any]:
    """The cart's promotion code: what it takes off, or why it does not hold."""
    cart: Cart | None = basket.cart
    typed = cart.promotion_code if cart else ""
    off = sum(
        line.discount_cents
        for line in basket.lines
        if typed and line.given and line.given.promotion.code == typed
    )
    problem = basket.code_problem
    if typed and not off and not problem:
        problem = _("Un meilleur rabais vaut déjà pour ces articles.")
    return {"typed": typed, "off_cents": off, "problem": problem, "note": _cap_note(basket, typed)}


def _cap_note(basket: Basket, typed: str) -> str:
    """That the portal gives less than its code says, since it gives no more than its commission; "" otherwise."""
    given = [line for line in basket.lines if line.given and typed and line.given.promotion.code == typed]
    for promotion in {line.given.promotion for line in given if line.given}:
        covered = [line.full_cents for line in given]
        terms = {"percent_bps": promotion.percent_bps, "amount_cents": promotion.amount_cents}
        wished = sum(discounts(covered, **terms))
        if promotion.funder == Funder.PORTAL and sum(line.discount_cents for line in given) < wished:
            return _("Le portail offre ce rabais\u00a0: il y met au plus sa commission sur ces articles.")
    return ""


def _prefetch_photos(lines: Iterable[BasketLine]) -> None:
    prefetch_photos(line.variant.product for line in lines)


def _shown_group(group: BasketGroup, basket: Basket) -> dict[str, Any]:
    merchant, part = group.merchant, group.part
    if basket.moment is not None:
        merchant.hours_status = status_at(schedule_of(merchant), basket.moment.now)
    fees = delivery.fees_in_words(group.shop, is_digital=part.is_digital, has_alcohol=part.has_alcohol)
    return {
        "merchant": merchant,
        "items": [_shown_line(line) for line in group.lines],
        "order": group.order,
        "taxes": group.taxes,
        "shop": group.shop,
        "remise": group.remise,
        "remise_note": group.remise.sentence if group.remise else "",
        "fees": fees,
        "address": _shown_address(group, basket.cart),
        "cancel_note": cancel_sentence(group),
        "has_alcohol": group.has_alcohol,
    }


def cancel_sentence(group: BasketGroup) -> str:
    """What one may read before paying of canceling; the law's own rights come on top of it."""
    if group.shop.shopper_may_cancel == ShopperMayCancel.UNTIL_READY:
        return _("Vous pouvez annuler sans frais tant que la commande n’est pas prête.")
    return _(
        "Une commande payée ne s’annule pas, sauf si elle n’est pas remise 30 jours après la date promise."
    )


def _shown_address(group: BasketGroup, cart: Cart | None) -> str:
    """Where the part is brought: one line; "" when it is picked up or downloaded."""
    if cart is None or group.remise is None or not group.remise.needs_address:
        return ""
    province = delivery.province_of(cart.postal_code)
    return f"{cart.street_address}, {cart.city} ({province}) {cart.postal_code}"


def _shown_line(line: BasketLine) -> dict[str, Any]:
    product, variant = line.variant.product, line.variant
    photos = list(product.photos.all())
    return {
        "item": line.item,
        "product_title": product.title,
        "variant_title": variant.title,
        "product_url": product_url(product),
        "photo": photos[0].image if photos else None,
        "unit_price_cents": variant.price_cents,
        "unit_price_text": unit_price_text(product, variant),
        "quantity": line.item.quantity,
        "line_total_cents": line.full_cents,
        "discount_cents": line.discount_cents,
        "discount_title": line.given.promotion.title if line.given else "",
        "deposit_cents": line.unit_deposit_cents * line.item.quantity,
        "price_note": line.price_note,
        "max_quantity": max(1, min(line.units_free, MOST_OF_ONE)),
        "problem": line.problem,
    }
