"""A merchant's file: where it stands in facts, and what staff may do about it: trust, suspend, open again.

What the Chamber reads and writes there is in portal.care (merchant_file, file_acts).
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from directory import moderation, suspension
from directory.models import Merchant
from portal.care.merchant_file import context_of
from portal.staff_desk.rights import ALL_WHO_ENTER, for_roles, has_role
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL


class SuspensionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Reste au dossier. Le commerce et sa clientèle ne le lisent pas."),
        error_messages={
            "required": gettext_lazy("Écrivez pourquoi\u00a0: la personne qui rouvrira ce commerce le lira."),
            "max_length": gettext_lazy("Plus court\u00a0: 300 caractères au plus."),
        },
    )


@require_GET
@for_roles(*ALL_WHO_ENTER)
def file(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    return show_file(request, merchant_or_404(merchant_pk))


def merchant_or_404(merchant_pk: int) -> Merchant:
    rows = Merchant.objects.select_related("category", "sector", "site")
    return get_object_or_404(rows, pk=merchant_pk)


def show_file(request: HttpRequest, merchant: Merchant, **filled: forms.Form) -> HttpResponse:
    """The file, with forms in place of its own empty ones: those that were filled in wrongly. Its status says so."""
    page = moderation.window_of(merchant)
    return screen(
        request,
        "merchant_file",
        merchant.name,
        status=422 if any(form.errors for form in filled.values()) else 200,
        merchant=merchant,
        page=page,
        standing=moderation.standing(page),
        reason=suspension.reason_of(merchant) if merchant.suspended_at else "",
        is_journal=has_role(request.user, *JOURNAL),
        **{"form": SuspensionForm(label_suffix=""), **context_of(request, merchant), **filled},
    )


def _button(
    act: Callable[[HttpRequest, Merchant], bool], done: Any, nothing: Any
) -> Callable[..., HttpResponse]:
    """An act that asks for nothing, and the sentence that says whether it was done."""

    @require_POST
    @for_roles(*JOURNAL)
    def view(request: HttpRequest, merchant_pk: int) -> HttpResponse:
        merchant = merchant_or_404(merchant_pk)
        names = {"name": merchant.name}
        if act(request, merchant):
            messages.success(request, done % names)
        else:
            messages.info(request, nothing % names)
        return redirect("merchant_file:file", merchant_pk=merchant.pk)

    return view


trust = _button(
    lambda request, merchant: moderation.trust(merchant, actor_id=request.user.pk, now=timezone.now()),
    gettext_lazy("Les changements de %(name)s paraîtront aussitôt; vous en aurez la liste."),
    gettext_lazy("%(name)s avait déjà votre confiance."),
)
distrust = _button(
    lambda request, merchant: moderation.distrust(merchant, actor_id=request.user.pk),
    gettext_lazy("Les changements de %(name)s attendront de nouveau votre accord."),
    gettext_lazy("Les changements de %(name)s attendaient déjà votre accord."),
)
restore = _button(
    lambda request, merchant: suspension.restore(merchant, actor_id=request.user.pk, now=timezone.now()),
    gettext_lazy("%(name)s est rouvert."),
    gettext_lazy("%(name)s était déjà ouvert."),
)


@require_POST
@for_roles(*JOURNAL)
def suspend(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    merchant = merchant_or_404(merchant_pk)
    form = SuspensionForm(request.POST, label_suffix="")
    if not form.is_valid():
        return show_file(request, merchant, form=form)
    reason = form.cleaned_data["reason"]
    if suspension.suspend(merchant, reason=reason, actor_id=request.user.pk, now=timezone.now()):
        messages.success(request, _("%(name)s est suspendu. Rien n’est effacé.") % {"name": merchant.name})
    else:
        messages.info(request, _("%(name)s était déjà suspendu.") % {"name": merchant.name})
    return redirect("merchant_file:file", merchant_pk=merchant.pk)


def file_url(merchant_pk: int) -> str:
    return reverse("merchant_file:file", args=[merchant_pk])


def urls() -> list[URLPattern]:
    return [
        path("<int:merchant_pk>/", file, name="file"),
        path("<int:merchant_pk>/confiance/", trust, name="trust"),
        path("<int:merchant_pk>/sans-confiance/", distrust, name="distrust"),
        path("<int:merchant_pk>/suspendre/", suspend, name="suspend"),
        path("<int:merchant_pk>/rouvrir/", restore, name="restore"),
    ]
