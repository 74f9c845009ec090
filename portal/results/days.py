"""A merchant's result by day: small bars for the eye, and the same as a table and as a sheet."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from directory.counting.figures import Contacts, contacts_by_day
from directory.models import Merchant
from home.periods import Period
from shop.results import Sales, sales_by_day

HEIGHT, STEP, GAP = 48, 10, 3
"""Of the drawing, in its own units."""
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Day:
    date: dt.date
    contacts: Contacts
    sales: Sales


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bars:
    """How often the page was seen, day by day, the highest as tall as the drawing."""

    width: int
    bars: tuple[Bar, ...]
    height: int = HEIGHT
    thickness: int = STEP - GAP


def days_of(merchant: Merchant, period: Period, *, today: dt.date) -> list[Day]:
    """Every day of it that has begun, oldest first. Two queries."""
    contacts, sales = contacts_by_day(merchant, period), sales_by_day(merchant, period)
    last = min(period.last, today)
    return [
        Day(day, contacts.get(day, Contacts()), sales.get(day, Sales()))
        for number in range((last - period.first).days + 1)
        for day in [period.first + dt.timedelta(days=number)]
    ]


def bars(days: Iterable[Day]) -> Bars | None:
    """None where nothing was seen: empty bars would say nothing."""
    seen = [day.contacts.seen for day in days]
    most = max(seen, default=0)
    if not most:
        return None
    heights = [-(-count * HEIGHT // most) for count in seen]
    return Bars(
        len(seen) * STEP - GAP,
        tuple(Bar(number * STEP, HEIGHT - tall, tall) for number, tall in enumerate(heights)),
    )


def write_sheet(file: Any, days: Iterable[Day], *, with_money: bool) -> None:
    """One line a day, as a spreadsheet set to French opens it; amounts where ``with_money``."""
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, delimiter=";")
    writer.writerow([*_heads(), *(_heads_of_money() if with_money else ())])
    for day in days:
        writer.writerow([*_cells(day), *(_cells_of_money(day) if with_money else ())])


def _heads() -> Iterator[str]:
    yield from (_("Jour"), _("Page vue"), _("Appels"), _("Itinéraires demandés"))
    yield from (_("Visites à votre site"), _("Visites à votre boutique en ligne"))
    yield from (_("Produits vus"), _("Mises au panier"), _("Commandes payées"))


def _heads_of_money() -> Iterator[str]:
    yield from (_("Ventes, taxes comprises"), _("Rendu à votre clientèle"), _("Ce qui vous en revient"))


def _cells(day: Day) -> tuple[str | int, ...]:
    told = day.contacts
    acts = (told.seen, told.calls, told.directions, told.site_visits, told.shop_visits)
    return (day.date.isoformat(), *acts, told.products_seen, told.baskets, day.sales.orders)


def _cells_of_money(day: Day) -> Iterator[str]:
    for cents in (day.sales.charged_cents, day.sales.given_back_cents, day.sales.reached_cents):
        sign = "-" if cents < 0 else ""
        yield f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"
