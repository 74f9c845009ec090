"""The list out to Excel, and its follow-up back in: shown first, with every line that is refused, then written down."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from home import audit
from home.languages import FRENCH
from home.models import PortalSettings
from home.tenancy import current_site_id
from portal.chamber_desk import follow_up_import, spreadsheet_in, spreadsheet_out
from portal.chamber_desk.columns import KEY, KNOWN, in_file
from portal.chamber_desk.follow_up_import import TooMuch
from portal.chamber_desk.pipeline import TITLE as LIST_TITLE
from portal.chamber_desk.pipeline import WHO, asked_by
from portal.chamber_desk.spreadsheet_in import NotThisFile
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

TITLE = gettext_lazy("Rapporter un fichier Excel")
SHOWN = 200
"""Lines of the preview; all are counted."""


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Fichier Excel (.xlsx)"),
        help_text=gettext_lazy(
            "Celui que vous avez exporté d’ici. Seules comptent les colonnes «\u00a0Suivi par\u00a0», "
            "«\u00a0Prochain geste\u00a0», «\u00a0Date du geste\u00a0» et «\u00a0Nouvelle note\u00a0»."
        ),
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={
            "required": gettext_lazy("Choisissez le fichier à rapporter."),
            "empty": gettext_lazy("Ce fichier est vide."),
            "invalid": gettext_lazy("Choisissez le fichier à rapporter."),
        },
    )


@require_GET
@for_roles(*WHO)
def export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered and sorted; merchants alone, for a registration has no follow-up yet. On record.

    In French, whoever exports: the file goes from hand to hand, and comes back in whichever hand it is.
    """
    asked = asked_by(request)
    rows = asked.shown.filter(merchant__isnull=False).select_related("category", "sector", "adviser")
    found = list(rows[: spreadsheet_out.MOST_ROWS])
    audit.note(
        "follow_up.exported",
        PortalSettings.objects.get(site=current_site_id()),
        actor_id=request.user.pk,
        after={"rows": len(found), "query": asked.filters.querystring()},
    )
    name = f"commerces-{timezone.localdate(asked.now)}.xlsx"
    with translation.override(FRENCH):
        book = spreadsheet_out.workbook(found, asked.now)
    return HttpResponse(
        book,
        content_type=spreadsheet_out.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*WHO)
def bring_in(request: HttpRequest) -> HttpResponse:
    """The file, and then what it would change: nothing is written yet."""
    if request.method != "POST":
        return _file_screen(request, FileForm(label_suffix=""))
    form = FileForm(request.POST, request.FILES, label_suffix="")
    if not form.is_valid():
        return _file_screen(request, form)
    try:
        found = spreadsheet_in.lines(form.cleaned_data["file"], required=in_file(KEY), known=KNOWN)
        report = follow_up_import.read(found)
        sealed = follow_up_import.seal(report, by_id=int(request.user.pk or 0))
    except NotThisFile as error:
        form.add_error("file", str(error))
    except TooMuch:
        form.add_error("file", _("Trop de changements à la fois\u00a0: faites-en deux fichiers."))
    else:
        return _preview(request, report, sealed)
    return _file_screen(request, form)


def _file_screen(request: HttpRequest, form: FileForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return screen(request, "chamber_import", TITLE, under=_under(), form=form, status=status)


def _under() -> tuple[tuple[str, Any], ...]:
    return ((reverse("chamber:index"), LIST_TITLE),)


def _preview(request: HttpRequest, report: follow_up_import.Report, sealed: str) -> HttpResponse:
    return screen(
        request,
        "chamber_import_preview",
        TITLE,
        under=_under(),
        report=report,
        changes=report.changes[:SHOWN],
        wrong=report.wrong[:SHOWN],
        hidden=max(0, len(report.changes) - SHOWN),
        hidden_wrong=max(0, len(report.wrong) - SHOWN),
        sealed=sealed,
    )


@require_POST
@for_roles(*WHO)
def confirm(request: HttpRequest) -> HttpResponse:
    """What the preview showed is written down, whole."""
    by_id = int(request.user.pk or 0)
    changes = follow_up_import.unseal(request.POST.get("changements", ""), by_id=by_id)
    if changes is None:
        messages.error(
            request, _("Ce fichier a été regardé il y a trop longtemps\u00a0: rapportez-le de nouveau.")
        )
        return redirect("chamber:bring_in")
    count = follow_up_import.write(changes, by_id=by_id)
    words = ngettext(
        "Le suivi de %(count)s commerce est noté.", "Le suivi de %(count)s commerces est noté.", count
    )
    messages.success(request, words % {"count": count})
    return redirect("chamber:index")
