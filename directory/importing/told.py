"""A run in words: how many of what, and each line with its reason; and the same as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from directory.enums import Finding
from directory.importing.deciding import Outcome
from directory.models import ImportLine, ImportRun

COUNTED = {
    Outcome.CREATED: ngettext_lazy("%(count)s fiche créée", "%(count)s fiches créées", "count"),
    Outcome.UPDATED: ngettext_lazy("%(count)s fiche mise à jour", "%(count)s fiches mises à jour", "count"),
    Outcome.LINKED: ngettext_lazy(
        "%(count)s ligne rattachée à une fiche déjà là",
        "%(count)s lignes rattachées à des fiches déjà là",
        "count",
    ),
    Outcome.UNCHANGED: ngettext_lazy("%(count)s ligne sans changement", "%(count)s lignes sans changement", "count"),
    Outcome.DUPLICATE: ngettext_lazy("%(count)s doublon laissé de côté", "%(count)s doublons laissés de côté", "count"),
    Outcome.CLAIMED: ngettext_lazy(
        "%(count)s fiche réclamée, laissée telle quelle", "%(count)s fiches réclamées, laissées telles quelles", "count"
    ),
    Outcome.REMOVED: ngettext_lazy(
        "%(count)s fiche retirée à la demande du commerce, qui le reste",
        "%(count)s fiches retirées à la demande du commerce, qui le restent",
        "count",
    ),
    Outcome.REFUSED: ngettext_lazy("%(count)s ligne refusée", "%(count)s lignes refusées", "count"),
    "with_warning": ngettext_lazy("%(count)s ligne à vérifier", "%(count)s lignes à vérifier", "count"),
    "gone": ngettext_lazy(
        "%(count)s fiche absente du fichier", "%(count)s fiches absentes du fichier", "count"
    ),
}  # fmt: skip

SHOWN = (Finding.REFUSED, Finding.WARNING, Finding.DUPLICATE, Finding.KEPT, Finding.GONE)
"""What somebody should look at. Notes are for the file that is downloaded."""

HEADINGS = (
    gettext_lazy("Ligne"),
    gettext_lazy("Numéro dans le fichier"),
    gettext_lazy("Constat"),
    gettext_lazy("Nom lu"),
    gettext_lazy("Raison"),
)


def counted(run: ImportRun) -> list[tuple[str, str]]:
    """What there is to count, in the words of how many, with its key."""
    found = [(str(key), int(run.counts.get(key, 0))) for key in COUNTED]
    return [(key, str(COUNTED[key] % {"count": count})) for key, count in found if count]


def as_csv(run: ImportRun) -> Iterator[bytes]:
    """Every line of the report, a few hundred at a time, as UTF-8 with its mark and semicolons."""
    yield "\ufeff".encode() + _written([[str(heading) for heading in HEADINGS]])
    lines = ImportLine.objects.filter(run=run).order_by("line", "pk")
    for start in range(0, lines.count(), 500):
        yield _written([_cells(line) for line in lines[start : start + 500]])


def _cells(line: ImportLine) -> list[str]:
    number = str(line.line) if line.line else ""
    return [number, *map(harmless, (line.ref, line.get_finding_display(), line.name, line.reason))]


def harmless(text: str) -> str:
    """What a spreadsheet would compute is text."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _written(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def sentence(line: ImportLine) -> str:
    """« ligne 12, « Café », refusée : … »."""
    where = _("ligne %(line)s") % {"line": line.line} if line.line else _("fiche")
    words = {"where": where, "name": line.name, "finding": line.get_finding_display(), "reason": line.reason}
    return _("%(where)s, «\u00a0%(name)s\u00a0», %(finding)s\u00a0: %(reason)s") % words
