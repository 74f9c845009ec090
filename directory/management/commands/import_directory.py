"""Bring a directory file into a portal: the merchants that it names become pages that nobody has claimed yet."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from wagtail.models import Site

from directory.enums import FileShape, ImportStatus
from directory.importing import runs
from directory.importing.refusals import FileRefused
from directory.importing.runs import Busy
from directory.importing.told import SHOWN, counted, sentence
from directory.models import ImportRun, ImportSource
from home.tenancy import portal_scope

SOURCES = {
    FileShape.TABLE: "Répertoire de la Ville",
    FileShape.REGISTER: "Registre des entreprises du Québec",
    FileShape.OSM: "OpenStreetMap",
}


class Command(BaseCommand):
    help = (
        "Import a directory file (CSV, the three files of the enterprise register, an OpenStreetMap extract). "
        "A second run changes nothing; an interrupted one goes on where it stopped. Exit 1 when the file is refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file, a folder or a zip")
        parser.add_argument(
            "--portal", metavar="HOST", help="host name of the portal; the default one without"
        )
        parser.add_argument(
            "--source", metavar="NAME", help="whose file it is; guessed from its shape without"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [path for path in options["files"] if self._exists(path)]
        with portal_scope(_portal(options["portal"])):
            try:
                run = self._run(paths, options)
                runs.carry(run, paths, say=self._say, now=timezone.now())
            except FileRefused as refused:
                raise CommandError(refused.reason) from refused
            except Busy as busy:
                raise CommandError("Une autre importation de ce portail est en cours.") from busy
            self._report(run)

    def _exists(self, path: Path) -> bool:
        if not path.exists():
            raise CommandError(f"Aucun fichier ici : {path}")
        return True

    def _run(self, paths: list[Path], options: dict[str, Any]) -> ImportRun:
        source = _source(paths, options["source"], _portal(options["portal"]))
        if not options["dry_run"] and (left := runs.unfinished(source, runs.digest_of(paths))):
            self.stdout.write(f"On reprend après {left.rows_done} lignes.")
            return left
        run = runs.receive(source, paths, by_id=None)
        begun = runs.check(run) if options["dry_run"] else runs.start(run, by_id=None)
        assert begun
        self.stdout.write(f"{run.file_name} : {run.told}")
        return run

    def _say(self, run: ImportRun) -> None:
        self.stdout.write(f"  {run.rows_done} lignes sur {run.rows_total} ({run.percent} %)")
        self.stdout.flush()

    def _report(self, run: ImportRun) -> None:
        if run.status == ImportStatus.REFUSED:
            raise CommandError(run.problem)
        for line in run.lines.filter(finding__in=SHOWN).order_by("line", "pk").iterator(chunk_size=500):
            self.stdout.write(sentence(line))
        for _key, words in counted(run):
            self.stdout.write(words)
        if run.status == ImportStatus.CHECKED:
            self.stdout.write("Essai à blanc : rien n’est inscrit.")


def _portal(host: str | None) -> Site:
    sites = Site.objects.filter(hostname=host) if host else Site.objects.filter(is_default_site=True)
    site = sites.order_by("pk").first()
    if site is None:
        raise CommandError(
            f"Aucun portail à l’adresse {host}." if host else "Nommez le portail avec --portal."
        )
    return site


def _source(paths: list[Path], name: str | None, site: Site) -> ImportSource:
    """Raises FileRefused."""
    if not name:
        with runs.opened(paths, ImportSource()) as file:
            name = SOURCES[FileShape(file.shape)]
    source, _made = ImportSource.objects.get_or_create(site=site, name=name[:80])
    return source
