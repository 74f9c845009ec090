"""How one merchant's part of a basket reaches its shopper: the ways there are, the one chosen, its fee, its promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.hours import ZONE
from directory.models import Merchant
from directory.schedules import schedule_of
from home.dates import date_format
from shop import delivery, slots
from shop.enums import Fulfillment
from shop.models import CartFulfillment, PickupSlot, Shop
from shop.pickup import first_hand_over, pickup_sentence, prepared_at
from shop.slots import Taken, Window


@dataclass(frozen=True, slots=True)
class Part:
    """What of a merchant's part decides how it may be handed over. ``items_cents``: its goods before discounts."""

    merchant: Merchant
    shop: Shop
    items_cents: int
    made_in_days: int = 0
    is_digital: bool = False
    has_alcohol: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """What the ways depend on besides the part: the clock, the address, and the places that are taken."""

    now: datetime
    postal_code: str = ""
    taken: Taken | None = None
    held_slots: frozenset[tuple[int, datetime]] = frozenset()

    def held_in(self, shop: Shop) -> frozenset[datetime]:
        """The starts of the places that this shopper's own open checkout holds there."""
        return frozenset(starts_at for shop_id, starts_at in self.held_slots if shop_id == shop.pk)


@dataclass(frozen=True, slots=True)
class Remise:
    """The way that holds for a part: its fee in cents, and what is promised."""

    fulfillment: Fulfillment
    fee_cents: int = 0
    ready_at: datetime | None = None
    promised_at: datetime | None = None
    slot: PickupSlot | None = None
    sentence: str = ""

    @property
    def needs_address(self) -> bool:
        return self.fulfillment in (Fulfillment.DELIVERY, Fulfillment.SHIPPING)


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways as a form offers it. ``fee_text`` says what is known before an address is."""

    fulfillment: Fulfillment
    fee_text: str
    promise: str
    windows: tuple[Window, ...] = ()
    details: str = ""


def ways(part: Part, moment: Moment) -> list[Way]:
    """Every way to have this part; a pick-up by slots that has none free is not one."""
    if part.is_digital:
        return [Way(Fulfillment.DOWNLOAD, _("gratuit"), _("Dès que c’est payé"))]
    makers = {
        Fulfillment.PICKUP: _pickup_way,
        Fulfillment.DELIVERY: _delivery_way,
        Fulfillment.SHIPPING: _shipping_way,
    }
    found = [makers[way](part, moment) for way in delivery.ways_of(part.shop, has_alcohol=part.has_alcohol)]
    return [way for way in found if way is not None]


def _pickup_way(part: Part, moment: Moment) -> Way | None:
    if part.shop.pickup_slot_capacity:
        windows = tuple(windows_of(part, moment))
        return Way(Fulfillment.PICKUP, _("gratuit"), _("À l’heure choisie"), windows) if windows else None
    return Way(
        Fulfillment.PICKUP, _("gratuit"), pickup_sentence(_ready_from(part, moment.now), now=moment.now)
    )


def _delivery_way(part: Part, moment: Moment) -> Way:
    zone = delivery.zone_for(part.shop, moment.postal_code)
    zones = [zone] if zone else [zone for zone in part.shop.delivery_zones.all() if zone.is_active]
    fees = delivery.span_of_fees(delivery.zone_fee(each, part.items_cents) for each in zones)
    days = max(each.promised_days for each in zones) + part.made_in_days
    return Way(
        Fulfillment.DELIVERY, fees, promise_sentence(days, moment.now), (), delivery.zones_in_words(part.shop)
    )


def _shipping_way(part: Part, moment: Moment) -> Way:
    rates = [
        rate
        for code in ([moment.postal_code] if moment.postal_code else ["G", "K"])
        if (rate := delivery.rate_for(part.shop, code, part.items_cents))
    ]
    days = max((rate.promised_days for rate in rates), default=0) + part.made_in_days
    fees = delivery.span_of_fees(rate.fee_cents for rate in rates)
    return Way(
        Fulfillment.SHIPPING,
        fees,
        promise_sentence(days, moment.now),
        (),
        delivery.shipping_in_words(part.shop),
    )


def windows_of(part: Part, moment: Moment) -> list[Window]:
    return slots.offered(
        part.shop,
        schedule_of(part.merchant),
        prepared=prepared_at(part.shop, now=moment.now, made_in_days=part.made_in_days),
        taken=moment.taken or {},
        has_alcohol=part.has_alcohol,
        held=moment.held_in(part.shop),
    )


def chosen(part: Part, choice: CartFulfillment | None, moment: Moment) -> Remise | None:
    """What holds for the part: the shopper's choice while it can be kept, else the only way that asks nothing.

    None: the shopper has yet to choose (again).
    """
    if part.is_digital:
        return Remise(
            Fulfillment.DOWNLOAD, promised_at=moment.now, sentence=_("À télécharger dès le paiement")
        )
    if choice is not None:
        return _kept(part, choice, moment)
    open_ways = delivery.ways_of(part.shop, has_alcohol=part.has_alcohol)
    if Fulfillment.PICKUP in open_ways and not part.shop.pickup_slot_capacity:
        return _without_slot(part, moment)
    return None


def _kept(part: Part, choice: CartFulfillment, moment: Moment) -> Remise | None:
    if choice.fulfillment not in delivery.ways_of(part.shop, has_alcohol=part.has_alcohol):
        return None
    if choice.fulfillment == Fulfillment.DELIVERY:
        return _delivered(part, moment)
    if choice.fulfillment == Fulfillment.SHIPPING:
        return _shipped(part, moment)
    return (
        _in_slot(part, choice.slot, moment) if part.shop.pickup_slot_capacity else _without_slot(part, moment)
    )


def _delivered(part: Part, moment: Moment) -> Remise | None:
    zone = delivery.zone_for(part.shop, moment.postal_code)
    if zone is None or delivery.why_not_delivered(part.shop, moment.postal_code, part.items_cents):
        return None
    days = zone.promised_days + part.made_in_days
    return _brought(Fulfillment.DELIVERY, delivery.zone_fee(zone, part.items_cents), days, moment.now)


def _shipped(part: Part, moment: Moment) -> Remise | None:
    if not moment.postal_code:
        return None
    rate = delivery.rate_for(part.shop, moment.postal_code, part.items_cents)
    if rate is None:
        return None
    days = rate.promised_days + part.made_in_days
    return _brought(Fulfillment.SHIPPING, rate.fee_cents, days, moment.now)


def _brought(fulfillment: Fulfillment, fee_cents: int, days: int, now: datetime) -> Remise:
    return Remise(
        fulfillment,
        fee_cents,
        promised_at=end_of_day(days, now),
        sentence=f"{fulfillment.label.capitalize()}, {_within(promise_sentence(days, now))}",
    )


def _in_slot(part: Part, slot: PickupSlot | None, moment: Moment) -> Remise | None:
    if slot is None:
        return None
    if not any(window.starts_at == slot.starts_at for window in windows_of(part, moment)):
        return None
    return Remise(
        Fulfillment.PICKUP,
        ready_at=slot.starts_at,
        promised_at=slot.ends_at,
        slot=slot,
        sentence=_("Cueillette le %(slot)s") % {"slot": slots.slot_sentence(slot.starts_at, slot.ends_at)},
    )


def _without_slot(part: Part, moment: Moment) -> Remise:
    ready = _ready_from(part, moment.now)
    # Where the hours do not say, what is promised is the preparation; the shopper's thirty days run from it.
    promised = ready or prepared_at(part.shop, now=moment.now, made_in_days=part.made_in_days)
    return Remise(
        Fulfillment.PICKUP,
        ready_at=ready,
        promised_at=promised,
        sentence=_("Cueillette à la boutique. %s") % pickup_sentence(ready, now=moment.now),
    )


def _ready_from(part: Part, now: datetime) -> datetime | None:
    prepared = prepared_at(part.shop, now=now, made_in_days=part.made_in_days)
    return first_hand_over(schedule_of(part.merchant), prepared, has_alcohol=part.has_alcohol)


def end_of_day(days: int, now: datetime) -> datetime:
    """The last minute of the day that comes so many days after today."""
    return datetime.combine(timezone.localdate(now) + timedelta(days=days), time(23, 59), ZONE)


def _within(sentence: str) -> str:
    """As it goes on behind a comma: English days and months keep their capital."""
    return sentence[:1].lower() + sentence[1:]


def promise_sentence(days: int, now: datetime) -> str:
    """« Au plus tard le mercredi 25 novembre »; « Aujourd’hui »."""
    if not days:
        return _("Aujourd’hui")
    day = date_format(timezone.localdate(now) + timedelta(days=days), "l j F")
    return _("Au plus tard le %(day)s") % {"day": day}


def why_none(part: Part, moment: Moment, offered: Sequence[Way]) -> str:
    """Why a part can be had in no way at all, for the shopper; "" while there is one."""
    if offered:
        return ""
    return _("%(shop)s n’a aucune façon de vous remettre ceci pour le moment. Appelez la boutique.") % {
        "shop": part.merchant.name
    }
