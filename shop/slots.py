"""Pick-up slots: windows in which a shop hands over so many orders. The only writer of ``PickupSlot``.

A slot's row is made when it is first chosen; taking a place in it is one conditional statement, like a unit of stock.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.hours import LOOK_AHEAD_DAYS, ZONE, Schedule, wall_clock
from home.clock import clock
from home.dates import date_format
from home.tenancy import unjoined
from shop import alcohol
from shop.models import PickupSlot, Shop

DAYS_OFFERED = 7
"""So many days on which something is free are shown: enough to choose from, short enough for a phone."""

Taken = Mapping[tuple[int, datetime], int]
"""Places taken, by shop and start; a slot nobody chose yet is missing."""


@dataclass(frozen=True, slots=True)
class Window:
    """One slot as offered, in the town's time."""

    starts_at: datetime
    ends_at: datetime
    left: int

    @property
    def key(self) -> str:
        """What a form says to name it: its start, in seconds since 1970."""
        return str(int(self.starts_at.timestamp()))

    @property
    def day(self) -> date:
        return self.starts_at.date()

    @property
    def label(self) -> str:
        return hours_of(self.starts_at, self.ends_at)


def hours_of(starts_at: datetime, ends_at: datetime) -> str:
    """« 10 h à 11 h »."""
    start, end = timezone.localtime(starts_at, ZONE), timezone.localtime(ends_at, ZONE)
    return _("%(start)s à %(end)s") % {"start": clock(start.time()), "end": clock(end.time())}


def slot_sentence(starts_at: datetime, ends_at: datetime) -> str:
    """« mardi 24 novembre, 10 h à 11 h »."""
    return f"{date_format(timezone.localtime(starts_at, ZONE), 'l j F')}, {hours_of(starts_at, ends_at)}"


def taken_in(shops: Iterable[Shop], *, now: datetime) -> Taken:
    """Places taken in the coming slots of these shops: one query; none where no shop counts places."""
    keys = [shop.pk for shop in shops if shop.pickup_slot_capacity]
    if not keys:
        return {}
    rows = PickupSlot.objects.filter(shop__in=keys, starts_at__gt=now)
    return {(row.shop_id, row.starts_at): row.taken for row in rows}


def offered(
    shop: Shop,
    schedule: Schedule,
    *,
    prepared: datetime,
    taken: Taken,
    has_alcohol: bool = False,
    held: Collection[datetime] = (),
) -> list[Window]:
    """The windows with a free place that begin once the order is prepared, from the shop's stated hours.

    Special days count, holidays nobody confirmed do not. Alcohol keeps to its hours. ``held``: the starts of the places
    that this shopper's own open checkout holds, which are free to that shopper. Empty where the shop has no slots.
    """
    found: list[Window] = []
    for starts_at, ends_at in _windows(shop, schedule, prepared, has_alcohol=has_alcohol):
        left = (shop.pickup_slot_capacity or 0) - taken.get((shop.pk, starts_at), 0) + (starts_at in held)
        if left <= 0:
            continue
        if len({window.day for window in found} | {starts_at.date()}) > DAYS_OFFERED:
            break
        found.append(Window(starts_at, ends_at, left))
    return found


def _windows(
    shop: Shop, schedule: Schedule, prepared: datetime, *, has_alcohol: bool
) -> Iterator[tuple[datetime, datetime]]:
    """Each span of the coming days cut into windows, from its opening; the rest that is too short is left out."""
    length = timedelta(minutes=shop.pickup_slot_minutes)
    first_day, last = wall_clock(prepared).date() - timedelta(days=1), None
    for number in range(LOOK_AHEAD_DAYS + 1):
        for span in schedule.spans_on(first_day + timedelta(days=number)):
            start, closes = span.on(first_day + timedelta(days=number))
            while start + length <= closes:
                window = start.replace(tzinfo=ZONE), (start + length).replace(tzinfo=ZONE)
                start += length
                if window[0] < prepared or (last and window[0] < last):
                    continue
                if has_alcohol and not _is_hour_for_alcohol(*window):
                    continue
                last = window[1]
                yield window


def _is_hour_for_alcohol(starts_at: datetime, ends_at: datetime) -> bool:
    last_minute = ends_at - timedelta(minutes=1)
    return alcohol.may_be_handed_over(starts_at) and alcohol.may_be_handed_over(last_minute)


def by_day(windows: Iterable[Window]) -> list[tuple[str, list[Window]]]:
    """Windows under their day's name: « mardi 24 novembre »."""
    days: dict[date, list[Window]] = defaultdict(list)
    for window in windows:
        days[window.day].append(window)
    return [(date_format(day, "l j F"), rows) for day, rows in days.items()]


def row_of(shop: Shop, window: Window) -> PickupSlot:
    """The slot's row, made now if nobody chose it before. Takes no place."""
    row, _made = PickupSlot.objects.get_or_create(
        shop=shop,
        starts_at=window.starts_at,
        defaults={"ends_at": window.ends_at, "capacity": shop.pickup_slot_capacity or 1},
    )
    return row


def take(slot: PickupSlot, *, capacity: int | None) -> bool:
    """Take one place. False when it is full: of two shoppers for the last place, one gets False.

    ``capacity``: what the shop allows today, which the row then says; None: what the row says.
    """
    most = slot.capacity if capacity is None else capacity
    free = unjoined(PickupSlot).filter(pk=slot.pk, taken__lt=most)
    return bool(free.update(taken=F("taken") + 1, capacity=most))


def give_back(slot_ids: Iterable[int | None]) -> None:
    """Free one place in each of these slots, in primary key order; None is skipped. Once per order: see ``orders``."""
    for slot_id in sorted(pk for pk in slot_ids if pk is not None):
        unjoined(PickupSlot).filter(pk=slot_id, taken__gt=0).update(taken=F("taken") - 1)
