"""What bringing an order costs, and where: the shop's own zones by postal prefix, its flat shipping table.

Reads rows in hand (``delivery_zones`` and ``shipping_rates``, see ``prefetch_fees``); writes nothing.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from home.compiled import Compiled, Ints
from home.money import cad
from shop.enums import Fulfillment, ShippingRegion
from shop.models import DeliveryZone, ShippingRate, Shop

_ZONES = Compiled(lambda parents: DeliveryZone.objects.filter(shop__id__any_of=parents), parents=Ints)
_RATES = Compiled(lambda parents: ShippingRate.objects.filter(shop__id__any_of=parents), parents=Ints)

PROVINCES = {
    **dict.fromkeys("GHJ", "QC"),
    **dict.fromkeys("KLMNP", "ON"),
    **dict.fromkeys("X", "NT"),
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "Y": "YT",
}  # fmt: skip
"""The province of a postal code's first letter (X is shared by two territories)."""


def prefetch_fees(shops: Iterable[Shop], *, is_mailed: bool = True) -> None:
    """Read the zones and the tables of all these shops at once; a merchant that has no shop yet has none."""
    saved = [shop for shop in shops if shop.pk]
    _ZONES.prefetch(saved, "delivery_zones")
    if is_mailed:
        _RATES.prefetch(saved, "shipping_rates")


def province_of(postal_code: str) -> str:
    """« QC »; "" for no code."""
    return PROVINCES.get(postal_code[:1], "")


def region_of(postal_code: str) -> ShippingRegion:
    return ShippingRegion.QUEBEC if province_of(postal_code) == "QC" else ShippingRegion.CANADA


def zone_for(shop: Shop, postal_code: str) -> DeliveryZone | None:
    """The active zone that holds the address: the narrowest prefix, then the lowest fee; None outside all."""
    bare = postal_code.replace(" ", "")
    found = [
        (-len(prefix), zone.fee_cents, zone.pk, zone)
        for zone in active_zones(shop)
        for prefix in zone.postal_prefixes
        if bare and bare.startswith(prefix)
    ]
    return min(found)[-1] if found else None


def rate_for(shop: Shop, postal_code: str, items_cents: int) -> ShippingRate | None:
    """The line of the flat table for an order of that value sent there; None where the shop does not send."""
    return rate_in(shop, region_of(postal_code), items_cents)


def rate_in(shop: Shop, region: ShippingRegion, items_cents: int) -> ShippingRate | None:
    """The same, for a region."""
    rows = [rate for rate in _rates(shop) if rate.region == region and rate.from_items_cents <= items_cents]
    return max(rows, key=lambda rate: rate.from_items_cents, default=None)


def zone_fee(zone: DeliveryZone, items_cents: int) -> int:
    """Cents; 0 from the order value on that the zone says."""
    is_free = zone.free_from_cents is not None and items_cents >= zone.free_from_cents
    return 0 if is_free else zone.fee_cents


def why_not_delivered(shop: Shop, postal_code: str, items_cents: int) -> str:
    """The reason, for the shopper, why the shop does not bring this order there; "" when it does."""
    zone = zone_for(shop, postal_code)
    names = {"shop": shop.merchant.name, "code": postal_code}
    if zone is None:
        return (
            _("%(shop)s ne livre pas au %(code)s\u00a0: choisissez autrement, ou une autre adresse.") % names
        )
    if items_cents < zone.minimum_cents:
        amount = {"amount": cad(zone.minimum_cents)}
        return _("%(shop)s livre à cette adresse dès %(amount)s d’achat.") % (names | amount)
    return ""


def why_not_shipped(shop: Shop, postal_code: str, items_cents: int) -> str:
    """The same for sending by mail."""
    if rate_for(shop, postal_code, items_cents) is None:
        names = {"shop": shop.merchant.name, "code": postal_code}
        return (
            _("%(shop)s n’envoie rien au %(code)s\u00a0: choisissez autrement, ou une autre adresse.") % names
        )
    return ""


def ways_of(shop: Shop, *, has_alcohol: bool = False) -> list[Fulfillment]:
    """How goods of the shop can reach a shopper, the simplest first. Alcohol is never mailed."""
    ways = [Fulfillment.PICKUP] if shop.pickup_enabled else []
    if active_zones(shop):
        ways.append(Fulfillment.DELIVERY)
    if not has_alcohol and _rates(shop):
        ways.append(Fulfillment.SHIPPING)
    return ways


def zones_in_words(shop: Shop) -> str:
    """« 5,00 $ à Lévis (G6V, G6W), gratuite dès 60,00 $ ; … », each zone in turn."""
    return "; ".join(_zone_in_words(zone) for zone in active_zones(shop))


def _zone_in_words(zone: DeliveryZone) -> str:
    words = [f"{_fee(zone.fee_cents)}, {zone.name} ({', '.join(zone.postal_prefixes)})"]
    if zone.free_from_cents and zone.fee_cents:
        words.append(_("gratuite dès %(amount)s") % {"amount": cad(zone.free_from_cents)})
    if zone.minimum_cents:
        words.append(_("pour un achat d’au moins %(amount)s") % {"amount": cad(zone.minimum_cents)})
    return ", ".join(words)


def shipping_in_words(shop: Shop) -> str:
    """« Québec : 9,50 $, 5,00 $ dès 75,00 $; ailleurs au Canada : 16,00 $ »."""
    regions = []
    for region in ShippingRegion:
        rows = [rate for rate in _rates(shop) if rate.region == region]
        if rows:
            regions.append(f"{region.label}\u00a0: {', '.join(_rate_in_words(rate) for rate in rows)}")
    return "; ".join(regions)


def _rate_in_words(rate: ShippingRate) -> str:
    if not rate.from_items_cents:
        return _fee(rate.fee_cents)
    return _("%(fee)s dès %(amount)s") % {"fee": _fee(rate.fee_cents), "amount": cad(rate.from_items_cents)}


def fees_in_words(shop: Shop, *, is_digital: bool = False, has_alcohol: bool = False) -> str:
    """What having something of the shop costs, for the product's page: before the basket, every fee there may be.

    « Cueillette gratuite. Livraison : 5,00 $, Lévis (G6V, G6W), gratuite dès 60,00 $. » Asks the database for zones
    and rates unless they were prefetched.
    """
    if is_digital:
        return _("Téléchargement gratuit dès que c’est payé.")
    ways = ways_of(shop, has_alcohol=has_alcohol)
    sentences = {
        Fulfillment.PICKUP: lambda: _("Cueillette gratuite."),
        Fulfillment.DELIVERY: lambda: _("Livraison\u00a0: %s.") % zones_in_words(shop),
        Fulfillment.SHIPPING: lambda: _("Par la poste, %s.") % shipping_in_words(shop),
    }
    return " ".join(sentences[way]() for way in ways)


def span_of_fees(fees: Iterable[int]) -> str:
    """« 5,00 $ »; « de 5,00 $ à 8,00 $ »; « gratuite »."""
    low, high = min(fees := sorted(fees), default=0), max(fees, default=0)
    if low == high:
        return _fee(low)
    return _("de %(low)s à %(high)s") % {"low": cad(low), "high": cad(high)}


def _fee(cents: int) -> str:
    return cad(cents) if cents else _("gratuit")


def active_zones(shop: Shop) -> list[DeliveryZone]:
    """None for a merchant that has no shop yet: its row is not saved."""
    return [zone for zone in shop.delivery_zones.all() if zone.is_active] if shop.pk else []


def _rates(shop: Shop) -> list[ShippingRate]:
    return list(shop.shipping_rates.all()) if shop.pk else []
