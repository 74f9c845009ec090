"""The report as tables: the one form that page, chart, CSV and PDF are all made from, so that they cannot disagree."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from directory.enums import Act, Source
from home.money import cad
from portal.impact import words
from portal.impact.report import Cell, Figures, Group, Hidden, Report


class Unit(StrEnum):
    COUNT = "count"
    CENTS = "cents"
    BPS = "bps"
    """Hundredths of a per cent."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell: a value, or why it is hidden, or neither where nothing is known."""

    value: int | None
    unit: Unit = Unit.COUNT
    hidden: Hidden | None = None

    @property
    def words(self) -> str:
        if self.hidden is not None:
            return words.hidden(self.hidden)
        if self.value is None:
            return words.UNKNOWN
        return WRITTEN[self.unit](self.value)

    @property
    def note(self) -> str:
        """Why it is hidden, as a sentence; "" where it is not."""
        return words.why_hidden(self.hidden) if self.hidden else ""


WRITTEN: dict[Unit, Callable[[int], str]] = {
    Unit.COUNT: words.number,
    Unit.CENTS: cad,
    Unit.BPS: words.share,
}
NOTHING = Entry(None)


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    label: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Table:
    """``heads``: the names of its columns, the first being that of the lines. ``about``: a sentence, or ""."""

    key: str
    title: str
    heads: Sequence[str]
    lines: Sequence[Line]
    about: str = ""

    def entry(self, line: str, column: int = 0) -> Entry:
        """Raises KeyError for a line that it has not."""
        return {each.key: each for each in self.lines}[line].entries[column]


def count(value: int | None) -> Entry:
    return Entry(value)


def cents(value: int | None) -> Entry:
    return Entry(value, Unit.CENTS)


def shown(cell: Cell, unit: Unit = Unit.COUNT) -> Entry:
    return Entry(cell.value, unit, cell.hidden)


def money(cell: Cell) -> Entry:
    return shown(cell, Unit.CENTS)


def tables(report: Report) -> list[Table]:
    """All of them, in the order in which they are read. Those of what nobody wrote down are left out."""
    made = [
        key_figures(report),
        contacts_by_kind(report),
        contacts_by_source(report),
        stories(report),
        sectors(report),
        categories(report),
        public_money(report),
        local_share(report),
        by_month(report),
    ]
    return [table for table in made if table is not None]


def _compared(
    key: str,
    title: str,
    first: str,
    report: Report,
    lines: Iterable[tuple[str, Any, Callable[[Figures], Entry]]],
    about: str = "",
) -> Table:
    """Lines with the period and, beside it, the one before."""
    now, before = report.figures, report.before
    made = [
        Line(name, str(label), (read(now), read(before) if before else NOTHING))
        for name, label, read in lines
    ]
    return Table(key, title, (first, *_periods(report)), made, about)


def _periods(report: Report) -> tuple[str, str]:
    """The heads of the two columns."""
    return words.period(report.period), words.period(report.period.before)


def key_figures(report: Report) -> Table:
    return _compared("chiffres", _("Les chiffres clés"), _("Mesure"), report, _key_lines())


def _key_lines() -> list[tuple[str, str, Callable[[Figures], Entry]]]:
    return [
        ("recu", _("Argent reçu par les commerces"), lambda f: money(f.money.reached_cents)),
        ("paye", _("Payé par les clients, taxes comprises"), lambda f: money(f.money.charged_cents)),
        ("rendu", _("Rendu aux clients"), lambda f: money(f.money.given_back_cents)),
        ("commandes", _("Commandes payées"), lambda f: shown(f.money.orders)),
        ("contacts", _("Contacts"), lambda f: shown(f.reach.contacts)),
        ("vues", _("Pages vues"), lambda f: count(f.reach.pages_seen)),
        ("en-ligne", _("Commerces en ligne à la fin"), lambda f: count(f.merchants.live)),
        ("tenus", _("… dont la page est tenue par le commerce"), lambda f: count(f.merchants.held)),
        ("vendent", _("… qui offrent de vendre ici"), lambda f: count(f.merchants.selling)),
        ("vendu", _("Commerces qui ont vendu"), lambda f: shown(f.merchants.sold)),
        ("nouveaux", _("Nouveaux commerces"), lambda f: count(f.merchants.newcomers)),
        ("diplomes", _("Partis vers leur propre boutique"), lambda f: count(f.merchants.graduated)),
        ("partis", _("Partis pour une autre raison"), lambda f: count(f.merchants.left)),
    ]


def contacts_by_kind(report: Report) -> Table:
    def reading(kind: Act) -> Callable[[Figures], Entry]:
        return lambda f: shown(f.reach.by_kind[kind])

    lines = [(str(kind), label, reading(kind)) for kind, label in words.KINDS.items()]
    total: list[tuple[str, Any, Callable[[Figures], Entry]]] = [
        ("total", _("Tous les contacts"), lambda f: shown(f.reach.contacts))
    ]
    return _compared("contacts", _("Les contacts, par genre"), _("Genre"), report, [*lines, *total])


def contacts_by_source(report: Report) -> Table:
    def reading(source: Source) -> Callable[[Figures], Entry]:
        return lambda f: shown(f.reach.by_source[source])

    lines = [(str(source), label, reading(source)) for source, label in words.SOURCES.items()]
    return _compared("sources", _("Les contacts, par ce qui y a mené"), _("Ce qui y a mené"), report, lines)


def stories(report: Report) -> Table:
    lines: list[tuple[str, Any, Callable[[Figures], Entry]]] = [
        ("publiees", _("Histoires publiées"), lambda f: count(f.stories.published)),
        ("contacts", _("Contacts venus d’une histoire"), lambda f: shown(f.stories.contacts)),
        ("commandes", _("Commandes venues d’une histoire"), lambda f: shown(f.stories.orders)),
        ("recu", _("Argent reçu de ces commandes"), lambda f: money(f.stories.reached_cents)),
    ]
    return _compared("histoires", _("La part des histoires"), _("Mesure"), report, lines)


def sectors(report: Report) -> Table:
    return _grouped("secteurs", _("Par secteur"), _("Secteur"), report.figures.sectors)


def categories(report: Report) -> Table:
    return _grouped("categories", _("Par catégorie"), _("Catégorie"), report.figures.categories)


def _grouped(key: str, title: str, first: str, groups: Iterable[Group]) -> Table:
    heads = (first, _("En ligne"), _("Vendent ici"), _("Contacts"), _("Commandes"), _("Argent reçu"))
    return Table(key, title, heads, [_group(group) for group in groups])


def _group(group: Group) -> Line:
    entries = (
        count(group.live), count(group.selling), shown(group.contacts), shown(group.orders),
        money(group.reached_cents),
    )  # fmt: skip
    return Line(str(group.key), group.name, entries)


def public_money(report: Report) -> Table | None:
    """None where nobody wrote down public money for any day of the period."""
    subsidy = report.figures.subsidy
    if subsidy is None:
        return None
    lines = [
        Line("public", _("Argent public de la période"), (cents(subsidy.public_cents),)),
        Line("recu", _("Argent reçu par les commerces"), (money(subsidy.reached_cents),)),
        Line("par-dollar", _("Argent public pour un dollar reçu"), (_per_dollar(report),)),
    ]
    about = " ".join(subsidy.sources)
    return Table(
        "argent-public", _("L’argent public"), (_("Mesure"), words.period(report.period)), lines, about
    )


def _per_dollar(report: Report) -> Entry:
    subsidy = report.figures.subsidy
    if subsidy is None or subsidy.per_dollar_cents is None:
        return Entry(None, Unit.CENTS, subsidy.reached_cents.hidden if subsidy else None)
    return cents(subsidy.per_dollar_cents)


def local_share(report: Report) -> Table | None:
    """None where no multiplier is set."""
    local = report.figures.local_share
    if local is None:
        return None
    lines = [
        Line(f"part-{number}", _("Part qui reste dans la région"), (Entry(each.share_bps, Unit.BPS),))
        for number, each in enumerate(local.multipliers, start=1)
    ]
    stayed = Line("reste", _("Argent resté dans la région, estimé"), (money(local.stayed_cents),))
    heads = (_("Mesure"), words.period(report.period))
    return Table("part-locale", _("Ce qui reste dans la région"), heads, [*lines, stayed])


def by_month(report: Report) -> Table:
    heads = (
        _("Mois"), _("En ligne"), _("Vendent ici"), _("Contacts"), _("Commandes"), _("Argent reçu"),
    )  # fmt: skip
    lines = [
        Line(
            f"{point.month.first:%Y-%m}",
            words.period(point.month),
            (
                count(point.live), count(point.selling), shown(point.contacts), shown(point.orders),
                money(point.reached_cents),
            ),
        )
        for point in report.series
    ]  # fmt: skip
    return Table("mois", _("Mois par mois"), heads, lines)


def reasons(made: Iterable[Table]) -> Iterator[Hidden]:
    """Why some figures of these tables are hidden, each reason once."""
    found = {entry.hidden for table in made for line in table.lines for entry in line.entries}
    return (reason for reason in Hidden if reason in found)
