"""Anybody may say that a page nobody has claimed is wrong, or ask that it be removed. People at the portal answer."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from directory import page_reports
from directory.enums import ReportKind
from directory.models import Merchant
from home.own_forms import from_no_other_site
from portal.merchant_space.form_fields import DeskForm

MOST_POSTS = gettext_lazy("Trop de messages de suite d’ici. Attendez une heure, ou appelez-nous.")


class ReportForm(DeskForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Que voulez-vous?"),
        choices=(
            (ReportKind.ERROR, gettext_lazy("Signaler une erreur")),
            (ReportKind.REMOVAL, gettext_lazy("Faire retirer cette fiche")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez l’une des deux demandes.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Ce qu’il faut savoir"),
        required=False,
        max_length=1500,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Pour une erreur\u00a0: ce qui est faux, et ce qui serait juste."),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 1\u00a0500 caractères au plus.")},
    )
    sender = forms.CharField(
        label=gettext_lazy("Votre nom"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 80 caractères au plus.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Votre courriel"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=gettext_lazy(
            "Pour vous répondre, rien d’autre. Nécessaire pour faire retirer la fiche\u00a0: on vérifie qui le demande."
        ),
        error_messages={"invalid": gettext_lazy("Écrivez une adresse comme marie@exemple.ca.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind == ReportKind.ERROR and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Dites ce qui est faux sur cette fiche."))
        if kind == ReportKind.REMOVAL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Écrivez votre courriel\u00a0: on vous répondra là."))
        return cleaned


def _unclaimed_or_404(merchant_slug: str) -> Merchant:
    """A page that shoppers see and nobody has claimed. Whoever has claimed its page mends it there."""
    rows = Merchant.objects.visible().filter(claimed_at=None).with_page_path()
    return get_object_or_404(rows.select_related("sector", "category"), slug=merchant_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@from_no_other_site
def tell(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    merchant = _unclaimed_or_404(merchant_slug)
    wanted = ReportKind.REMOVAL if request.GET.get("retrait") == "1" else ReportKind.ERROR
    said = request.POST if request.method == "POST" else None
    form = ReportForm(said, initial={"kind": wanted}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, action="page_report"):
            page_reports.tell(merchant, **form.cleaned_data)
            return redirect("page_report:thanks", merchant_slug=merchant.slug)
        form.add_error(None, MOST_POSTS)
    context = {"merchant": merchant, "form": form}
    return render(request, "portal/page_report.html", context, status=422 if form.errors else 200)


@require_GET
def thanks(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    return render(request, "portal/page_report_thanks.html", {"merchant": _unclaimed_or_404(merchant_slug)})
