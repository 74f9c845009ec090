"""What an adviser does in a merchant's file: a note, the next act, who follows it, papers, a call that was made."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from directory import callbacks, documents, follow_up
from directory.documents import NotADocument
from directory.models import CallbackRequest, Merchant, MerchantDocument
from home import audit
from home.models import PortalRole
from portal.care import letters
from portal.care.file_forms import ActForm, AdviserForm, DocumentForm, NoteForm, StaffForm
from portal.care.moments import told
from portal.staff_desk.files import merchant_or_404, show_file
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

ADVISER = PortalRole.ADVISER
Write = Callable[[HttpRequest, Merchant, dict[str, Any]], str]


def _writes(form_class: type[StaffForm], context_name: str, write: Write) -> Callable[..., HttpResponse]:
    """A form of the file: written, and back to the file; wrong, the file again with its sentence, values kept."""

    @require_POST
    @for_roles(ADVISER)
    def view(request: HttpRequest, merchant_pk: int) -> HttpResponse:
        merchant = merchant_or_404(merchant_pk)
        form = form_class(request.POST, request.FILES)
        if form.is_valid():
            try:
                messages.success(request, write(request, merchant, form.cleaned_data))
            except NotADocument as refusal:
                form.add_error("file", refusal.reason)
            else:
                return _to_file(merchant.pk)
        return show_file(request, merchant, **{context_name: form})

    return view


def _to_file(merchant_pk: int) -> HttpResponse:
    return redirect("merchant_file:file", merchant_pk=merchant_pk)


def _by(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _write_note(request: HttpRequest, merchant: Merchant, cleaned: dict[str, Any]) -> str:
    follow_up.note(merchant, cleaned["words"], by_id=_by(request))
    return _("La note est au dossier.")


def _write_act(request: HttpRequest, merchant: Merchant, cleaned: dict[str, Any]) -> str:
    follow_up.set_next_act(merchant, cleaned["words"], on=cleaned["on"], by_id=_by(request))
    return _("Le prochain geste est noté.")


def _write_adviser(request: HttpRequest, merchant: Merchant, cleaned: dict[str, Any]) -> str:
    follow_up.assign(merchant, cleaned["adviser"], by_id=_by(request))
    return _("C’est noté.")


def _write_document(request: HttpRequest, merchant: Merchant, cleaned: dict[str, Any]) -> str:
    row = documents.keep(merchant, cleaned["file"], title=cleaned["title"], by_id=_by(request))
    return _("«\u00a0%(title)s\u00a0» est au dossier.") % {"title": row.title}


note = _writes(NoteForm, "note_form", _write_note)
next_act = _writes(ActForm, "act_form", _write_act)
adviser = _writes(AdviserForm, "adviser_form", _write_adviser)
document_add = _writes(DocumentForm, "document_form", _write_document)


@require_POST
@for_roles(ADVISER)
def act_done(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    merchant = merchant_or_404(merchant_pk)
    if follow_up.finish_act(merchant, by_id=_by(request)):
        messages.success(request, _("C’est fait. Que vient-il ensuite?"))
    return _to_file(merchant.pk)


# ------------------------------------------------------------------------------------------------------------- papers


def _document_or_404(document_pk: int) -> MerchantDocument:
    return get_object_or_404(MerchantDocument.objects.select_related("merchant"), pk=document_pk)


@require_GET
@for_roles(ADVISER)
def document(request: HttpRequest, document_pk: int) -> FileResponse:
    """Handed over as a file, never shown as a page; who took it is in the trail."""
    row = _document_or_404(document_pk)
    try:
        file = row.file.open("rb")
    except OSError as error:
        raise Http404 from error
    audit.note(
        "merchant_document.read", row, actor_id=_by(request), merchant_id=row.merchant_id,
        after={"title": row.title},
    )  # fmt: skip
    response = FileResponse(
        file,
        as_attachment=True,
        filename=documents.filename_of(row),
        content_type=documents.TYPES.get(documents.kind_of(row), "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@for_roles(ADVISER)
def document_remove(request: HttpRequest, document_pk: int) -> HttpResponse:
    row = _document_or_404(document_pk)
    documents.remove(row, by_id=_by(request))
    messages.success(request, _("«\u00a0%(title)s\u00a0» n’est plus au dossier.") % {"title": row.title})
    return _to_file(row.merchant_id)


# --------------------------------------------------------------------------------------------------------------- calls

TITLE = gettext_lazy("Rappels demandés")


@require_GET
@for_roles(ADVISER)
def callback_list(request: HttpRequest) -> HttpResponse:
    """Who waits for a call, the longest first."""
    now = timezone.now()
    rows = [
        {
            "row": row,
            "name": letters.name_of(row),
            "asked": told(row.asked_at, now=now),
            "url": reverse("merchant_file:file", args=[row.merchant_id]) if row.merchant_id else "",
        }
        for row in callbacks.waiting()
    ]
    return screen(request, "callbacks", TITLE, rows=rows)


@require_POST
@for_roles(ADVISER)
def callback_done(request: HttpRequest, callback_pk: int) -> HttpResponse:
    """« C’est fait », with who and when. Twice says who was quicker."""
    row: CallbackRequest = get_object_or_404(
        CallbackRequest.objects.select_related("merchant"), pk=callback_pk
    )
    if callbacks.close(row, by_id=_by(request), now=timezone.now()):
        messages.success(request, _("C’est fait\u00a0: %(name)s ne vous attend plus.") % {"name": _name(row)})
    else:
        messages.info(request, _("Quelqu’un avait déjà rappelé %(name)s.") % {"name": _name(row)})
    return _to_file(row.merchant_id) if row.merchant_id else redirect("care_desk:callbacks")


def _name(row: CallbackRequest) -> str:
    return letters.name_of(row)


def urls() -> list[URLPattern]:
    return [
        path("rappels/", callback_list, name="callbacks"),
        path("rappels/<int:callback_pk>/fait/", callback_done, name="callback_done"),
        path("<int:merchant_pk>/note/", note, name="note"),
        path("<int:merchant_pk>/geste/", next_act, name="next_act"),
        path("<int:merchant_pk>/geste/fait/", act_done, name="act_done"),
        path("<int:merchant_pk>/suivi/", adviser, name="adviser"),
        path("<int:merchant_pk>/document/", document_add, name="document_add"),
        path("documents/<int:document_pk>/", document, name="document"),
        path("documents/<int:document_pk>/retirer/", document_remove, name="document_remove"),
    ]
