"""When an order can be picked up: the shop's next open moment once it is prepared."""

from datetime import datetime, timedelta

from directory.hours import next_open_moment
from directory.models import Merchant
from directory.schedules import schedule_of
from shop.models import Shop


def ready_from(merchant: Merchant, shop: Shop, *, now: datetime) -> datetime | None:
    """The first moment the shop is open after its preparation time; None when its hours do not say."""
    prepared = now + timedelta(minutes=shop.preparation_minutes)
    return next_open_moment(schedule_of(merchant), prepared)
