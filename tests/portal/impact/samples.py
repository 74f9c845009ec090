"""Months as somebody might have published them: rows alone, nothing bought, for what only shows figures."""

import datetime as dt

from directory.enums import Act, Source
from directory.models import Sector
from home.periods import Period
from portal.impact import months
from portal.impact.assumptions import Assumed
from portal.impact.report import (
    Cell,
    Figures,
    Group,
    Hidden,
    Merchants,
    Money,
    Multiplier,
    Reach,
    Stories,
)

OCTOBER, SEPTEMBER, AUGUST = (Period.month(2026, month) for month in (10, 9, 8))
CLOSED = dt.datetime(2026, 11, 4, 14, tzinfo=dt.UTC)
FEW, MASKED = Cell.without(Hidden.FEW), Cell.without(Hidden.SUBTRACTION)
STUDY = Multiplier(4500, "Étude d’exemple, page 12", "https://etude.example/12", dt.date(2024, 5, 1))
ASSUMED = Assumed(public_cents=2_083_33, sources=("Ville, résolution d’exemple.",), multiplier=STUDY)
NOTHING_WRITTEN = Assumed(public_cents=None, sources=(), multiplier=None)

KINDS = {Act.CALL: 812, Act.DIRECTIONS: 1_204, Act.SITE: 988, Act.SHOP: 478}
SOURCES = dict(zip(Source, (904, 312, 228, 17, 611, 702, 405, 303), strict=True))


def a_month(month: Period = OCTOBER, *, less: int = 0, sectors: int = 3) -> Figures:
    """Every figure is another number; ``less`` is taken off each. The second sector hides, and one source."""
    named = [*Sector.objects.order_by("pk")[:sectors]]
    return Figures(
        period=month,
        merchants=Merchants(118, 84, 12, 6, 1, 2, Cell(11)),
        money=Money(Cell(231), Cell(18_450_75 - less), Cell(312_40), Cell(16_321_48 - less)),
        reach=Reach(
            pages_seen=48_213 - less,
            contacts=Cell(3_482 - less),
            by_kind={act: Cell(times - less) for act, times in KINDS.items()},
            by_source={
                source: FEW if source == Source.FLYER else Cell(times - less)
                for source, times in SOURCES.items()
            },
        ),
        stories=Stories(7, Cell(904 - less), Cell(58), Cell(4_102_10 - less)),
        sectors=tuple(_group(n, sector, less) for n, sector in enumerate(named)),
        categories=(Group(900, "=Alimentation", 30, 5, Cell(1_511 - less), MASKED, MASKED),),
        subsidy=None,
        local_share=None,
        hidden_months=(),
        is_provisional=False,
    )


def _group(number: int, sector: Sector, less: int) -> Group:
    if number == 1:
        return Group(sector.pk, sector.name, 3, 0, FEW, FEW, FEW)
    money = Cell(7_100_00 + number * 13 - less)
    return Group(
        sector.pk, sector.name, 40 + number, 5, Cell(1_700 + number - less), Cell(90 + number), money
    )


def publish(figures: Figures, assumed: Assumed = ASSUMED, *, at: dt.datetime = CLOSED) -> None:
    """In the portal in scope."""
    assert months.keep(figures, assumed, now=at)
