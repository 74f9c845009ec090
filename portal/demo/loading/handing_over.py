"""How the demo's shops hand over: their slots, zones and shipping tables; and the town's promotion code."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from directory.models import Merchant
from portal.demo.reading import CONTENT
from portal.demo.typography import french
from shop import carts
from shop.enums import Fulfillment, Funder
from shop.models import Cart, DeliveryZone, Promotion, ShippingRate, Shop
from shop.remise import windows_of
from shop.slots import row_of


def arrange(key: str, merchants: Mapping[str, Merchant], *, now: datetime) -> None:
    """Twice is normal: what a shop has already is left as it is."""
    content = tomllib.loads((CONTENT / key / "remise.toml").read_text(encoding="utf-8"))
    for row in content["shops"]:
        _arrange_shop(Shop.objects.get(merchant=merchants[row["slug"]]), row)
    _offer_code(content["code"], merchants, now=now)


def _arrange_shop(shop: Shop, row: dict[str, Any]) -> None:
    if slot := row.get("slot"):
        Shop.objects.filter(pk=shop.pk, pickup_slot_capacity=None).update(
            pickup_slot_minutes=slot["minutes"], pickup_slot_capacity=slot["capacity"]
        )
    for zone in row.get("zones", ()):
        DeliveryZone.objects.get_or_create(
            shop=shop,
            name=french(zone["name"]),
            defaults={
                "postal_prefixes": zone["prefixes"],
                "fee_cents": zone["fee"],
                "minimum_cents": zone.get("minimum", 0),
                "free_from_cents": zone.get("free_from"),
                "promised_days": zone["days"],
            },
        )
    for rate in row.get("shipping", ()):
        ShippingRate.objects.get_or_create(
            shop=shop,
            region=rate["region"],
            from_items_cents=rate["from"],
            defaults={"fee_cents": rate["fee"], "promised_days": rate["days"]},
        )


def _offer_code(row: dict[str, Any], merchants: Mapping[str, Merchant], *, now: datetime) -> None:
    """A code, never a discount that applies by itself: what the towns have sold so far stays what it was."""
    merchant = merchants[row["merchant"]]
    Promotion.objects.get_or_create(
        site_id=merchant.site_id,
        code=row["code"],
        defaults={
            "merchant": merchant,
            "title": french(row["title"]),
            "percent_bps": row["percent_bps"],
            "minimum_cents": row["minimum"],
            "funder": Funder.MERCHANT,
            "starts_at": now,
        },
    )


def choose_slots(cart: Cart, basket: carts.Basket) -> None:
    """What a shopper of the demo picks where a shop has slots: the first that is free."""
    for group in basket.undecided:
        windows = windows_of(group.part, basket.moment) if basket.moment else []
        if windows:
            carts.choose(cart, group.merchant, Fulfillment.PICKUP, row_of(group.shop, windows[0]).pk)
