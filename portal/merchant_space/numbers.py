"""A merchant's tax numbers and its alcohol permits: the owner's alone, for they say who answers to the State."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from home.models import PortalSettings
from portal.merchant_space.access import Desk, owner_desk_or_404
from portal.merchant_space.form_fields import DeskForm, text
from portal.merchant_space.hours import form_view, today_in_town
from portal.merchant_space.screens import Job, show, show_form
from shop import alcohol, tax_numbers
from shop.enums import Tax
from shop.models import AlcoholPermit

BACK = ("numbers", gettext_lazy("Taxes et permis"))
SAVE = gettext_lazy("Enregistrer")
FIRST_DAY = dt.date(1991, 1, 1)
"""When the GST began."""
ONE_YEAR = dt.timedelta(days=366)

PERMITS = (
    ("Permis de production artisanale", gettext_lazy("Production artisanale (vin, cidre, hydromel…)")),
    ("Permis de producteur artisanal de bière", gettext_lazy("Producteur artisanal de bière")),
    ("Permis de coopérative de producteurs artisans", gettext_lazy("Coopérative de producteurs artisans")),
    ("Permis de brasseur", gettext_lazy("Brasseur")),
    ("Permis de distillateur", gettext_lazy("Distillateur")),
    ("Permis de fabricant de vin", gettext_lazy("Fabricant de vin")),
    ("Permis de fabricant de cidre", gettext_lazy("Fabricant de cidre")),
)
"""The producers' permits of ``shop.alcohol``, as the board (RACJ) names them, and as they are offered."""


class TaxesForm(DeskForm):
    """Two numbers, either or both empty, and the day from which they hold."""

    gst = text(
        gettext_lazy("Numéro de TPS"),
        longest=30,
        help_text=gettext_lazy("Comme 123456789 RT0001. Vide\u00a0: pas inscrit."),
    )
    qst = text(
        gettext_lazy("Numéro de TVQ"),
        longest=30,
        help_text=gettext_lazy("Comme 1234567890 TQ0001. Vide\u00a0: pas inscrit."),
    )
    since = forms.DateField(
        label=gettext_lazy("À partir du"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Ce qui est déjà vendu ne change pas."),
        error_messages={
            "required": gettext_lazy("Écrivez la date à partir de laquelle ces numéros valent."),
            "invalid": gettext_lazy("Cette date ne se lit pas\u00a0: écrivez-la comme 2026-11-22."),
        },
    )

    def clean_gst(self) -> str:
        return self._number("gst", Tax.GST, _("Un numéro de TPS s’écrit comme 123456789 RT0001."))

    def clean_qst(self) -> str:
        return self._number("qst", Tax.QST, _("Un numéro de TVQ s’écrit comme 1234567890 TQ0001."))

    def _number(self, name: str, tax: Tax, words: str) -> str:
        typed = str(self.cleaned_data[name]).strip()
        try:
            return tax_numbers.normal_number(tax, typed) if typed else ""
        except ValueError as error:
            raise forms.ValidationError(words) from error

    def clean_since(self) -> dt.date:
        day: dt.date = self.cleaned_data["since"]
        if not FIRST_DAY <= day <= today_in_town() + ONE_YEAR:
            raise forms.ValidationError(_("Écrivez une date entre 1991 et l’an prochain."))
        return day


class PermitForm(DeskForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Votre permis"),
        choices=[("", gettext_lazy("Choisissez")), *PERMITS],
        error_messages={
            "required": gettext_lazy("Choisissez la sorte de permis, comme elle est écrite dessus."),
            "invalid_choice": gettext_lazy("Choisissez dans la liste."),
        },
    )
    number = text(
        gettext_lazy("Son numéro"),
        longest=40,
        required=True,
        error_messages={"required": gettext_lazy("Écrivez le numéro du permis.")},
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Il vaut jusqu’au"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Passé ce jour, l’alcool n’est plus en vente."),
        error_messages={
            "required": gettext_lazy("Écrivez la date d’échéance du permis."),
            "invalid": gettext_lazy("Cette date ne se lit pas\u00a0: écrivez-la comme 2027-03-31."),
        },
    )

    def clean_number(self) -> str:
        return " ".join(str(self.cleaned_data["number"]).split())

    def clean_expires_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["expires_on"]
        if not today_in_town() <= day <= today_in_town() + 10 * ONE_YEAR:
            raise forms.ValidationError(
                _("Ce permis est échu, ou la date est trop lointaine\u00a0: vérifiez-la.")
            )
        return day


@never_cache
@login_required
@require_safe
def numbers(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """How the merchant stands with both taxes today, and the permits on file."""
    desk = owner_desk_or_404(request, merchant_slug)
    today, settings = today_in_town(), PortalSettings.for_request(request)
    context: dict[str, Any] = {
        **{tax.value: tax_numbers.standing(desk.merchant, tax, today) for tax in Tax},
        "portal_collects": settings.collects_tax_for_unregistered and bool(settings.gst_number),
        "permits": _permits(desk, today),
    }
    return show(request, desk, "merchant_numbers.html", **context)


def _permits(desk: Desk, today: dt.date) -> list[dict[str, Any]]:
    return [
        {"row": permit, "is_over": permit.expires_on < today, "sells": alcohol.is_producers(permit.kind)}
        for permit in AlcoholPermit.objects.filter(merchant=desk.merchant).order_by("-expires_on", "pk")
    ]


@never_cache
@login_required
@form_view
def taxes(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk = owner_desk_or_404(request, merchant_slug)
    form = TaxesForm(request.POST or None, initial=_stated(desk))
    if form.is_bound and form.is_valid():
        _state(request, desk, form.cleaned_data)
        return redirect("merchant:numbers", merchant_slug=desk.merchant.slug)
    lead = _(
        "Petit fournisseur, moins de 30\u00a0000\u00a0$ de ventes par an? Laissez vide\u00a0: rien ne s’ajoute "
        "à vos prix."
    )
    return show_form(request, desk, form, Job(_("Mes numéros de taxes"), SAVE, *BACK, lead=lead))


def _stated(desk: Desk) -> dict[str, Any]:
    today = today_in_town()
    held = {tax.value: tax_numbers.standing(desk.merchant, tax, today) for tax in Tax}
    return {**{name: row.number if row else "" for name, row in held.items()}, "since": today}


@transaction.atomic
def _state(request: HttpRequest, desk: Desk, answers: dict[str, Any]) -> None:
    before = _stated(desk)
    for tax in Tax:
        number = answers[tax.value]
        if tax_numbers.state(desk.merchant, tax, number, since=answers["since"]):
            facts = {"tax": tax.value, "since": answers["since"].isoformat()}
            desk.note(
                "tax_number.state", desk.merchant,
                before={**facts, "number": before[tax.value]}, after={**facts, "number": number},
            )  # fmt: skip
    messages.success(request, _("C’est enregistré. Vos prochains reçus porteront ces numéros."))


@never_cache
@login_required
@form_view
def permit(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """One more permit, or the same number with its new date."""
    desk = owner_desk_or_404(request, merchant_slug)
    form = PermitForm(request.POST or None)
    if form.is_bound and form.is_valid():
        _keep_permit(desk, form.cleaned_data)
        messages.success(request, _("C’est enregistré."))
        return redirect("merchant:numbers", merchant_slug=desk.merchant.slug)
    lead = _("Vous vendez ici ce que vous produisez vous-même, sous votre permis de la RACJ.")
    return show_form(request, desk, form, Job(_("Mon permis d’alcool"), SAVE, *BACK, lead=lead))


@transaction.atomic
def _keep_permit(desk: Desk, answers: dict[str, Any]) -> None:
    fields = {"kind": answers["kind"], "expires_on": answers["expires_on"]}
    row, _made = AlcoholPermit.objects.update_or_create(
        merchant=desk.merchant, number=answers["number"], defaults=fields
    )
    facts = {**fields, "expires_on": fields["expires_on"].isoformat(), "number": row.number}
    desk.note("permit.keep", row, after=facts)


@login_required
@require_POST
def permit_remove(request: HttpRequest, merchant_slug: str, permit_pk: int) -> HttpResponse:
    """Off the file; alcohol without a permit is no longer sold from that moment."""
    desk = owner_desk_or_404(request, merchant_slug)
    rows = AlcoholPermit.objects.filter(merchant=desk.merchant)
    row: AlcoholPermit = get_object_or_404(rows, pk=permit_pk)
    with transaction.atomic():
        desk.note("permit.remove", row, before={"kind": row.kind, "number": row.number})
        row.delete()
    messages.success(request, _("Ce permis est retiré. Sans permis, votre alcool n’est plus en vente."))
    return redirect("merchant:numbers", merchant_slug=desk.merchant.slug)
