"""Where a file stands: received, checked on trial, imported, dropped. Nobody else moves it.

One run of a portal at a time: a lock of the database, which goes with the connection of a process that dies. Such a run
is taken up again where it stopped, by the worker or by the same command.
"""

import hashlib
import logging
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import File
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.text import get_valid_filename

from directory.enums import ImportStatus
from directory.importing.carrying import Carrier, ChangedMeanwhile, Say
from directory.importing.refusals import FileRefused
from directory.importing.rows import DirectoryFile
from directory.importing.source_files import directory_file, unpacked
from directory.importing.town_file import TownFile
from directory.models import ImportRun, ImportSource
from home import audit
from home.tenancy import unjoined

logger = logging.getLogger(__name__)

LOCK = 0x696D7074
TRIES = 3
"""A merchant who comes in at the same moment may take an address: the batch is decided again."""


class Busy(RuntimeError):
    """Another run of this portal is under way."""


@contextmanager
def opened(paths: Sequence[Path], source: ImportSource) -> Iterator[DirectoryFile]:
    """The directory file that these are together. Raises FileRefused."""
    with unpacked(paths) as plain:
        yield directory_file(plain, source.columns)


def receive(
    source: ImportSource, paths: Sequence[Path], *, by_id: int | None, name: str = "", keep: bool = False
) -> ImportRun:
    """A run for these files; a copy of them is kept, out of reach, until it is over. Raises FileRefused."""
    with opened(paths, source) as file:
        shape, told = file.shape, file.told
    ImportSource.objects.filter(pk=source.pk).update(shape=shape)
    with transaction.atomic():
        run: ImportRun = ImportRun.objects.create(
            site_id=source.site_id,
            source=source,
            file_name=(name or ", ".join(path.name for path in paths))[:160],
            file_digest=digest_of(paths),
            told=told[:120],
            started_by_id=by_id,
        )
        if keep:
            _keep(run, paths)
        audit.note("import.received", run, actor_id=by_id, after={"file": run.file_name})
    return run


def digest_of(paths: Sequence[Path]) -> str:
    """The same for the same content, whatever it is called and wherever it lies."""
    files = sorted(child for path in paths for child in (path.iterdir() if path.is_dir() else [path]))
    digest = hashlib.sha256()
    for path in files:
        if path.is_file():
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _keep(run: ImportRun, paths: Sequence[Path]) -> None:
    """Several files are kept as one."""
    if len(paths) == 1:
        with paths[0].open("rb") as stream:
            run.file.save(f"{run.pk}-{get_valid_filename(paths[0].name)[-60:]}", File(stream))
        return
    with TemporaryDirectory() as room:
        packed = Path(room) / "fichiers.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in paths:
                archive.write(path, path.name)
        with packed.open("rb") as stream:
            run.file.save(f"{run.pk}-fichiers.zip", File(stream))


def check(run: ImportRun) -> bool:
    """The worker reads it through on trial. False when it is under way or over."""
    return _move(
        run, (ImportStatus.RECEIVED, ImportStatus.CHECKED, ImportStatus.REFUSED), ImportStatus.CHECKING
    )


def start(run: ImportRun, *, by_id: int | None) -> bool:
    """The worker imports it. False when it is under way or over."""
    with transaction.atomic():
        moved = _move(run, (ImportStatus.RECEIVED, ImportStatus.CHECKED), ImportStatus.IMPORTING)
        if moved:
            run.lines.all().delete()
            audit.note("import.started", run, actor_id=by_id, after={"file": run.file_name})
    return moved


def drop(run: ImportRun, *, by_id: int | None) -> bool:
    """Nothing is imported, and the file is gone. False when it is under way or over."""
    waiting = (ImportStatus.RECEIVED, ImportStatus.CHECKED, ImportStatus.REFUSED)
    with transaction.atomic():
        moved = _move(run, waiting, ImportStatus.DROPPED)
        if moved:
            _let_go_of_file(run)
            audit.note("import.dropped", run, actor_id=by_id, before={"file": run.file_name})
    return moved


def _move(run: ImportRun, before: Sequence[str], after: str) -> bool:
    """A run that begins, begins at its first line."""
    fresh = {"rows_done": 0, "counts": {}} if after in ImportStatus.under_way() else {}
    rows = unjoined(ImportRun).filter(pk=run.pk, status__in=before)
    moved = rows.update(status=after, problem="", touched_at=timezone.now(), **fresh)
    run.refresh_from_db()
    return bool(moved)


def _let_go_of_file(run: ImportRun) -> None:
    if run.file:
        storage, name = run.file.storage, str(run.file.name)
        unjoined(ImportRun).filter(pk=run.pk).update(file="")
        run.file = ""
        transaction.on_commit(lambda: storage.delete(name))


def unfinished(source: ImportSource, digest: str) -> ImportRun | None:
    """The import of the same file that somebody interrupted; None when there is none."""
    rows = ImportRun.objects.filter(source=source, file_digest=digest, status=ImportStatus.IMPORTING)
    found: ImportRun | None = rows.order_by("-pk").first()
    return found


def carry(run: ImportRun, paths: Sequence[Path], *, say: Say = lambda run: None, now: datetime) -> None:
    """To its end, on trial or for good as its status says; refused when the file cannot be used. Raises Busy."""
    with alone(run.site_id) as is_alone:
        if not is_alone:
            raise Busy
        run.refresh_from_db()
        if not run.is_under_way:
            return
        try:
            _carry(run, paths, say)
        except FileRefused as refused:
            _end(run, ImportStatus.REFUSED, now, problem=refused.reason)
        else:
            checked = run.status == ImportStatus.CHECKING
            _end(run, ImportStatus.CHECKED if checked else ImportStatus.DONE, now)


def _carry(run: ImportRun, paths: Sequence[Path], say: Say) -> None:
    for left in reversed(range(TRIES)):
        try:
            with opened(paths, run.source) as file:
                if isinstance(file, TownFile):
                    file.refuse_what_is_missing()
                Carrier(run, file, say).carry()
        except (IntegrityError, ChangedMeanwhile):
            if not left:
                raise
            logger.warning("import %s: somebody came in meanwhile; taken up again", run.pk)
            run.refresh_from_db()
        else:
            return


def give_up(run: ImportRun, problem: str, *, now: datetime) -> None:
    """It stands still, with a sentence that says why. What was done is kept."""
    run.refresh_from_db()
    _end(run, ImportStatus.REFUSED, now, problem=problem)


@transaction.atomic
def _end(run: ImportRun, status: str, now: datetime, *, problem: str = "") -> None:
    run.status, run.problem, run.finished_at = status, problem, now
    run.save(update_fields=["status", "problem", "finished_at", "touched_at"])
    if status == ImportStatus.DONE:
        _let_go_of_file(run)
    action = {ImportStatus.DONE: "import.done", ImportStatus.REFUSED: "import.refused"}.get(
        ImportStatus(status)
    )
    if action:
        audit.note(action, run, actor_id=run.started_by_id, after={**run.counts, "file": run.file_name})


@contextmanager
def alone(site_id: int) -> Iterator[bool]:
    """False while another run of the portal holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, site_id])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, site_id])
