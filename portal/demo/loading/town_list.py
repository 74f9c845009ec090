"""The list that the City handed over, as an import found it: most of its lines are pages already, some are faulty."""

import csv
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from wagtail.models import Site

from directory import page_reports
from directory.enums import ReportKind
from directory.importing import runs
from directory.models import ImportSource, Merchant

SOURCE = "répertoire de la Ville de Lévis"
HEADINGS = ("Nom", "Catégorie", "Adresse", "Secteur", "Ville", "Code postal", "Téléphone", "Site web")
MOST = 60

FAULTY = (
    ("", "Restaurants et traiteurs", "12, rue du Pont", "Charny", "Lévis", "G6X 1A1", "418 555-0171", ""),
    (
        "Fleurs d’en Face",
        "Fleurs, jardin et animaux",
        "7, chemin Royal",
        "Sainte-Foy",
        "Québec",
        "G1V 2M2",
        "",
        "",
    ),
    ('=HYPERLINK("http://exemple.test")', "Autos et mécanique", "4, rue A", "Charny", "Lévis", "", "", ""),
)
"""A name that is missing, another town, a formula."""


def bring_in(site: Site, *, now: datetime) -> int:
    """Pages that nobody has claimed know where they come from. Returns how many lines it had; the second time 0."""
    source, made = ImportSource.objects.get_or_create(site=site, name=SOURCE)
    if not made:
        return 0
    with TemporaryDirectory() as room:
        path = Path(room) / "repertoire-2026.csv"
        _write(path)
        run = runs.receive(source, [path], by_id=None)
        runs.start(run, by_id=None)
        runs.carry(run, [path], now=now)
    run.refresh_from_db()
    _report()
    return run.rows_done


def _unclaimed() -> list[Merchant]:
    rows = Merchant.objects.filter(claimed_at=None, removed_at=None).order_by("pk")
    return list(rows.select_related("category", "sector")[:MOST])


def _write(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        lines = csv.writer(target, delimiter=";")
        lines.writerow(HEADINGS)
        lines.writerows(_line(merchant) for merchant in _unclaimed())
        lines.writerows(FAULTY)


def _line(row: Merchant) -> tuple[str, ...]:
    phone = row.phone.as_national if row.phone else ""
    where = row.street_address, row.sector.name, row.city, row.postal_code
    return (row.name, row.category.name, *where, phone, row.website_url)


def _report() -> None:
    """Somebody has seen a mistake, and somebody wants to be left out."""
    first, second = _unclaimed()[:2]
    words = "Le téléphone a changé cet été\u00a0: c’est le 418 555-0186."
    page_reports.tell(first, kind=ReportKind.ERROR, words=words, sender="Odette", email="odette@demo.test")
    page_reports.tell(
        second,
        kind=ReportKind.REMOVAL,
        words="Nous avons fermé en mai.",
        sender="Réal",
        email="real@demo.test",
    )
