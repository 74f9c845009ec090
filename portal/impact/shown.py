"""One report, ready to be laid out: on the public page, on the City's screen, and in the PDF, from the same values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Sector
from home.models import PortalSettings
from portal.impact import charts, tables, words
from portal.impact.charts import Columns, Rows
from portal.impact.headline import Headline, headline
from portal.impact.method import Term, method
from portal.impact.report import Report
from portal.impact.sector_map import SectorMap, sector_map
from portal.impact.tables import Entry, Table, Unit


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure, large, and a line with that of the period before; "" where none is known."""

    label: str
    entry: Entry
    before: str

    @property
    def is_money(self) -> bool:
        return self.entry.unit is Unit.CENTS


@dataclass(frozen=True, slots=True)
class Sum:
    """What is worked out with somebody else's number: how it is written, and from where that number is."""

    label: str
    words: str
    told: str
    link: str = ""
    is_figure: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    words: str
    told: str


@dataclass(frozen=True, slots=True)
class Shown:
    report: Report
    headline: Headline
    figures: Sequence[Figure]
    tables: Mapping[str, Table]
    charts: Mapping[str, Columns | Rows | None]
    map: SectorMap | None
    sums: Sequence[Sum]
    method: Sequence[Term]
    reasons: Sequence[Reason]

    @property
    def period_words(self) -> str:
        return words.period(self.report.period)

    @property
    def before_words(self) -> str:
        """ "" where nothing was counted yet."""
        return words.period(self.report.before.period) if self.report.before else ""

    @property
    def is_published(self) -> bool:
        return self.report.closed_at is not None

    @property
    def standing(self) -> str:
        """Whether it may still change."""
        closed = self.report.closed_at
        if closed is None:
            return _("Provisoire\u00a0: ces chiffres peuvent encore bouger.")
        return _("Publié le %(day)s, ne change plus.") % {"day": words.day(timezone.localdate(closed))}

    @property
    def has_open_months(self) -> bool:
        return any(point.is_provisional for point in self.report.series)


def shown(report: Report, settings: PortalSettings) -> Shown:
    """Within the portal's scope. One query: which shape each sector has."""
    made = {table.key: table for table in tables.tables(report)}
    return Shown(
        report,
        headline(report.figures),
        _figures(made, has_before=report.before is not None),
        made,
        _charts(report, made),
        sector_map(settings.town_shape, report.figures.sectors, _slugs(report)),
        [_public_money(report, made), _local_share(report)],
        method(report.figures),
        _reasons(report, made),
    )


def _slugs(report: Report) -> Mapping[int, str]:
    keys = [group.key for group in report.figures.sectors]
    return dict(Sector.objects.filter(pk__in=keys).values_list("pk", "slug")) if keys else {}


def _reasons(report: Report, made: Mapping[str, Table]) -> list[Reason]:
    """Each said once: two are said in the same words. Of several months, those that hide the money are named."""
    told = {
        words.why_hidden(reason): Reason(words.hidden(reason), words.why_hidden(reason))
        for reason in tables.reasons(made.values())
    }
    reasons = list(told.values())
    if reasons and len(list(report.period.months)) > 1 and report.figures.hidden_months:
        months = ", ".join(words.period(month) for month in report.figures.hidden_months)
        reasons.append(Reason(_("Argent masqué"), f"{months}."))
    return reasons


LARGE = (
    ("chiffres", "recu"), ("chiffres", "contacts"), ("chiffres", "commandes"), ("chiffres", "en-ligne"),
    ("chiffres", "vendu"), ("chiffres", "nouveaux"), ("chiffres", "diplomes"), ("chiffres", "vues"),
    ("histoires", "publiees"),
)  # fmt: skip


def _figures(made: Mapping[str, Table], *, has_before: bool) -> list[Figure]:
    """Those that are set in large figures, in their order."""
    figures = []
    for table, key in LARGE:
        line = next(line for line in made[table].lines if line.key == key)
        before = _before(made[table].heads[2], line.entries[1]) if has_before else ""
        figures.append(Figure(line.label, line.entries[0], before))
    return figures


def _before(period: str, entry: Entry) -> str:
    return _("%(period)s\u00a0: %(figure)s") % {
        "period": f"{period[:1].upper()}{period[1:]}",
        "figure": entry.words,
    }


# --------------------------------------------------------------------------------------------------------- charts


def _charts(report: Report, made: Mapping[str, Table]) -> dict[str, Columns | Rows | None]:
    told = _("Le tableau de la même section dit les mêmes chiffres.")
    of_money, of_contacts = _months(report, made["mois"], 4), _months(report, made["mois"], 2)
    return {
        "argent": charts.columns("argent-mois", _("L’argent reçu, mois par mois"), told, of_money),
        "contacts": charts.columns("contacts-mois", _("Les contacts, mois par mois"), told, of_contacts),
        "genres": charts.rows(
            "contacts-genres", made["contacts"].title, told, _kinds(report, made["contacts"].lines[:-1])
        ),
        "sources": charts.rows(
            "contacts-sources", made["sources"].title, told, _kinds(report, made["sources"].lines)
        ),
    }


def _months(report: Report, table: Table, column: int) -> list[charts.Point]:
    """The year is written under the first month, and under each January."""
    points: list[charts.Point] = []
    for point, line in zip(report.series, table.lines, strict=True):
        label, year = words.month_and_year(point.month)
        note = year if not points or point.month.first.month == 1 else ""
        points.append(charts.Point(label, line.entries[column], note=note, is_open=point.is_provisional))
    return points


def _kinds(report: Report, lines: Sequence[tables.Line]) -> list[charts.Point]:
    return [
        charts.Point(line.label, line.entries[0], before=line.entries[1] if report.before else None)
        for line in lines
    ]


# --------------------------------------------------------------------------------- public money, and what stays here


def _public_money(report: Report, made: Mapping[str, Table]) -> Sum:
    label = _("Argent public pour un dollar reçu par les commerces")
    subsidy = report.figures.subsidy
    if subsidy is None:
        return Sum(
            label, _("Non inscrit"), _("Aucune somme n’est inscrite pour cette période."), is_figure=False
        )
    entry = made["argent-public"].entry("par-dollar")
    told = _("%(amount)s pour la période. %(sources)s") % {
        "amount": made["argent-public"].entry("public").words,
        "sources": " ".join(subsidy.sources),
    }
    if entry.hidden or entry.value is None:
        return Sum(label, entry.words if entry.hidden else _("Sans objet"), told, is_figure=False)
    return Sum(label, entry.words, told)


def _local_share(report: Report) -> Sum:
    label = _("Resté dans la région, selon une étude")
    local = report.figures.local_share
    if local is None:
        return Sum(label, _("Non estimé"), _("Aucune étude n’est inscrite."), is_figure=False)
    latest = local.multipliers[-1]
    told = _("%(share)s de l’argent reçu. Source, du %(day)s\u00a0: %(source)s") % {
        "share": words.share(latest.share_bps),
        "day": words.day(latest.dated),
        "source": latest.source,
    }
    entry = tables.money(local.stayed_cents)
    return Sum(label, entry.words, told, latest.link, is_figure=not entry.hidden)
