"""« Importer une liste »: a directory file, from what staff hand over to pages that nobody has claimed.

Handed over, its columns looked at, checked on trial by the worker, and imported by it once
somebody has read the report.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory.enums import ImportStatus
from directory.importing import runs, told
from directory.importing.portal_state import reader_of
from directory.importing.refusals import FileRefused
from directory.importing.rows import DirectoryFile
from directory.importing.runs import Busy
from directory.importing.town_file import TownFile
from directory.models import ImportRun, ImportSource, PageReport
from home import audit
from home.models import PortalRole
from home.tenancy import across_portals, current_site_id, portal_scope
from portal.staff_desk.import_forms import MappingForm, UploadForm
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

TITLE = gettext_lazy("Importer une liste de commerces")
ROLES = (PortalRole.MANAGER, PortalRole.ADVISER)
LINES_SHOWN = 200
ROWS_SHOWN = 5
SECONDS_BETWEEN_LOOKS = 5
MINE = for_roles(*ROLES)


@require_http_methods(["GET", "POST"])
@MINE
def index(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = UploadForm(request.POST if posted else None, request.FILES if posted else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        run = _received(request, form)
        if run is not None:
            return redirect("imports:prepare", run_pk=run.pk)
    return screen(
        request,
        "imports",
        TITLE,
        status=422 if form.errors else 200,
        form=form,
        sources=ImportSource.objects.values_list("name", flat=True),
        runs=ImportRun.objects.select_related("source", "started_by")[:20],
        reports_waiting=PageReport.objects.filter(answered_at=None).count(),
    )


def _received(request: HttpRequest, form: UploadForm) -> ImportRun | None:
    """None when the form now says why the file cannot be used."""
    files = form.cleaned_data["upload"]
    source, _made = ImportSource.objects.get_or_create(
        site_id=current_site_id(), name=form.cleaned_data["source"]
    )
    with TemporaryDirectory() as room:
        paths = [_written(Path(room), number, file) for number, file in enumerate(files)]
        name = ", ".join(file.name for file in files)
        try:
            return runs.receive(source, paths, by_id=request.user.pk, name=name, keep=True)
        except FileRefused as refused:
            form.add_error("upload", refused.reason)
    if not source.runs.exists():
        source.delete()
    return None


def _written(room: Path, number: int, file: Any) -> Path:
    path = room / f"{number}-{get_valid_filename(file.name)[-80:]}"
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return path


@contextmanager
def stored(run: ImportRun) -> Iterator[Sequence[Path]]:
    """The run's file where it can be read by its path. Raises FileRefused where it is gone."""
    with TemporaryDirectory() as room:
        path = Path(room) / Path(str(run.file.name)).name
        try:
            with run.file.storage.open(str(run.file.name), "rb") as kept, path.open("wb") as target:
                shutil.copyfileobj(kept, target)
        except FileNotFoundError as error:
            raise FileRefused(_("Le fichier n’est plus là\u00a0: donnez-le de nouveau.")) from error
        yield [path]


def _run_or_404(run_pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("source", "started_by"), pk=run_pk)


@require_http_methods(["GET", "POST"])
@MINE
def prepare(request: HttpRequest, run_pk: int) -> HttpResponse:
    """What the columns hold and where the categories go, with the first lines as they stand."""
    run = _run_or_404(run_pk)
    if run.status not in {ImportStatus.RECEIVED, ImportStatus.CHECKED, ImportStatus.REFUSED} or not run.file:
        return redirect("imports:run", run_pk=run.pk)
    try:
        with stored(run) as paths, runs.opened(paths, run.source) as file:
            said = request.POST if request.method == "POST" else None
            form = MappingForm(file, reader_of(run.source), said)
            if request.method == "POST" and form.is_valid():
                return _begin_check(request, run, form)
            return _prepare_screen(request, run, form, file)
    except FileRefused as refused:
        messages.error(request, refused.reason)
        return redirect("imports:run", run_pk=run.pk)


def _prepare_screen(
    request: HttpRequest, run: ImportRun, form: MappingForm, file: DirectoryFile
) -> HttpResponse:
    rows = file.sample(ROWS_SHOWN) if isinstance(file, TownFile) else []
    shown = [[" ".join(cell.split())[:80] for cell in row] for row in rows]
    columns = [
        {"field": field, "cells": [row[number] for row in shown if number < len(row)]}
        for number, field in enumerate(form.columns)
    ]
    return screen(
        request,
        "import_prepare",
        _("Vérifier les colonnes"),
        under=((reverse("imports:index"), TITLE),),
        status=422 if form.errors else 200,
        run=run,
        form=form,
        columns=columns,
        entries=[] if columns else _first_entries(file),
    )


def _first_entries(file: DirectoryFile) -> list[list[str]]:
    """What the first entries say of themselves, of a file whose columns need no choice."""
    rows = islice((row for row in file.rows() if not row.fault), ROWS_SHOWN)
    return [
        [row.cells.get(name, "")[:80] for name in ("name", "category", "street_address", "city")]
        for row in rows
    ]


def _begin_check(request: HttpRequest, run: ImportRun, form: MappingForm) -> HttpResponse:
    source = run.source
    source.columns = {**source.columns, **form.said_columns()}
    source.categories = {**source.categories, **form.said_categories()}
    source.save(update_fields=["columns", "categories"])
    if not runs.check(run):
        messages.info(request, _("Cette liste est déjà en route."))
    return redirect("imports:run", run_pk=run.pk)


@require_GET
@MINE
def show(request: HttpRequest, run_pk: int) -> HttpResponse:
    """How far it is, or what came of it."""
    run = _run_or_404(run_pk)
    lines = run.lines.filter(finding__in=told.SHOWN).select_related("merchant").order_by("line", "pk")
    answer = screen(
        request,
        "import_run",
        run.file_name,
        under=((reverse("imports:index"), TITLE),),
        run=run,
        counted=told.counted(run),
        lines=lines[:LINES_SHOWN],
        lines_more=max(0, lines.count() - LINES_SHOWN),
        can_start=run.status == ImportStatus.CHECKED and bool(run.file),
        can_prepare=run.status in {ImportStatus.RECEIVED, ImportStatus.CHECKED, ImportStatus.REFUSED}
        and bool(run.file),
    )
    if run.is_under_way:
        answer["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer


@require_GET
@MINE
def report(request: HttpRequest, run_pk: int) -> StreamingHttpResponse:
    """Every line of the report for a spreadsheet."""
    run = _run_or_404(run_pk)
    audit.note("export", run, actor_id=request.user.pk, after={"list": "import"})
    site_pk = current_site_id()

    def written() -> Iterator[bytes]:
        with portal_scope(site_pk):
            yield from told.as_csv(run)

    answer = StreamingHttpResponse(written(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="importation-{run.pk}.csv"'
    return answer


@require_POST
@MINE
def start(request: HttpRequest, run_pk: int) -> HttpResponse:
    run = _run_or_404(run_pk)
    if run.status == ImportStatus.RECEIVED:
        raise Http404  # nobody has read what would come of it
    if runs.start(run, by_id=request.user.pk):
        messages.success(
            request, _("L’importation commence. Vous pouvez quitter cette page\u00a0: elle continue.")
        )
    else:
        messages.info(request, _("Cette liste est déjà importée, ou en route."))
    return redirect("imports:run", run_pk=run.pk)


@require_POST
@MINE
def drop(request: HttpRequest, run_pk: int) -> HttpResponse:
    run = _run_or_404(run_pk)
    if runs.drop(run, by_id=request.user.pk):
        messages.success(request, _("Rien n’est importé, et le fichier est effacé."))
    else:
        messages.info(request, _("Cette liste est déjà importée, ou en route."))
    return redirect("imports:index")


def urls() -> list[URLPattern]:
    return [
        path("", index, name="index"),
        path("<int:run_pk>/", show, name="run"),
        path("<int:run_pk>/colonnes/", prepare, name="prepare"),
        path("<int:run_pk>/importer/", start, name="start"),
        path("<int:run_pk>/abandonner/", drop, name="drop"),
        path("<int:run_pk>/rapport.csv", report, name="report"),
    ]


# ------------------------------------------------------------------------------------------------------ the worker's


def carry_on(now: datetime) -> int:
    """The oldest list that waits is read through; returns how many were. One that another worker has is left to it."""
    with across_portals():
        waiting = ImportRun.objects.filter(status__in=ImportStatus.under_way()).exclude(file="")
        found = waiting.order_by("created_at", "pk").values_list("pk", "site_id").first()
    if found is None:
        return 0
    with portal_scope(found[1]):
        return _carry_on(ImportRun.objects.select_related("source").get(pk=found[0]), now)


def _carry_on(run: ImportRun, now: datetime) -> int:
    try:
        with stored(run) as paths:
            runs.carry(run, paths, now=now)
    except Busy:
        return 0
    except FileRefused as refused:
        runs.give_up(run, refused.reason, now=now)
    except Exception:
        # It would fail the same way each second. The trace goes to the log, and the screen says so.
        runs.give_up(run, str(BROKEN), now=now)
        raise
    return 1


BROKEN = gettext_lazy(
    "L’importation s’est arrêtée sur une erreur qui n’était pas prévue; l’exploitant en est averti. Ce qui était fait "
    "est gardé, et recommencer ne crée aucun doublon."
)
