"""What the step « remise » offers for each shop of a basket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shop import delivery, remise, slots
from shop.baskets import Basket, BasketGroup
from shop.enums import Fulfillment
from shop.remise import Way
from shop.slots import Window

Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class RemisePart:
    """One shop's part: the ways to have it, as the form names and words them."""

    group: BasketGroup
    ways: Sequence[Way]
    no_way: str
    is_again: bool

    @property
    def shop_name(self) -> str:
        return self.group.merchant.name

    @property
    def way_name(self) -> str:
        return f"way-{self.group.merchant.pk}"

    @property
    def slot_name(self) -> str:
        return f"slot-{self.group.merchant.pk}"

    @property
    def windows(self) -> Sequence[Window]:
        return next((way.windows for way in self.ways if way.fulfillment == Fulfillment.PICKUP), ())

    @property
    def slot_choices(self) -> Choices:
        days = slots.by_day(self.windows)
        grouped: Choices = [(day, [(w.key, w.label) for w in windows]) for day, windows in days]
        return [("", _("Choisissez une plage")), *grouped]

    @property
    def ask_way(self) -> str:
        return _("Choisissez comment recevoir vos articles de %(shop)s.") % {"shop": self.shop_name}

    @property
    def ask_slot(self) -> str:
        return _("Choisissez quand passer chez %(shop)s.") % {"shop": self.shop_name}

    @property
    def slot_gone(self) -> str:
        return _("Cette plage n’est plus libre chez %(shop)s\u00a0: choisissez-en une autre.") % {
            "shop": self.shop_name
        }

    def why_not_brought(self, way: Fulfillment, postal_code: str) -> str:
        ask = delivery.why_not_delivered if way == Fulfillment.DELIVERY else delivery.why_not_shipped
        return ask(self.group.shop, postal_code, self.group.part.items_cents)


def remise_parts(basket: Basket, *, chosen_before: frozenset[int] = frozenset()) -> list[RemisePart]:
    """Each part of the basket. ``chosen_before``: the merchants whose part had a choice, which may hold no more."""
    if basket.moment is None:
        return []
    parts = []
    for group in basket.groups:
        found = remise.ways(group.part, basket.moment)
        is_again = group.remise is None and group.merchant.pk in chosen_before
        parts.append(RemisePart(group, found, remise.why_none(group.part, basket.moment, found), is_again))
    return parts


def initial_choices(parts: Sequence[RemisePart]) -> dict[str, str]:
    """What stands chosen when the step opens: what was chosen before, else the first way, which is the simplest."""
    initial: dict[str, str] = {}
    for part in parts:
        current = part.group.remise
        if current is not None:
            initial[part.way_name] = current.fulfillment
        elif part.ways:
            initial[part.way_name] = part.ways[0].fulfillment
        if current is not None and current.slot is not None:
            initial[part.slot_name] = str(int(current.slot.starts_at.timestamp()))
    return initial
