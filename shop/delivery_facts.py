"""What the shop knows of deliveries, for ``directory.delivery`` (``settings.DELIVERY_FACTS``)."""

from typing import Any

from django.db.models import QuerySet

from directory.enums import Tier
from shop.models import DeliveryZone

SHORTEST_PREFIX = 3


def delivering_to(postal_code: str) -> QuerySet[Any]:
    """Merchants that sell here now and have an active zone that holds the address: the same as ``zone_for`` finds."""
    bare = postal_code.replace(" ", "")
    prefixes = [bare[:length] for length in range(SHORTEST_PREFIX, len(bare) + 1)]
    zones = DeliveryZone.objects.filter(
        is_active=True,
        postal_prefixes__overlap=prefixes,
        shop__paused_at=None,
        shop__merchant__tier=Tier.TRANSACTIONAL,
    )
    return zones.values("shop__merchant")
