"""What the acts ask for before they are done."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from home.money import cad
from shop.models import LineItem, Order
from shop.payments.refunds import left_cents
from shop.pricing import Amount, Units, Whole, Wish

AMOUNT = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?")
MOST_NOTE = 120


def cents_typed(text: str) -> int:
    """« 1 234,50 $ », « 7.50 » or « 7 », in cents. Raises ValidationError for what is no amount."""
    plain = re.sub(r"[\s\u00a0\u202f$]", "", text)
    found = AMOUNT.fullmatch(plain)
    if found is None:
        raise ValidationError(_("Écrivez un montant comme 7,50."))
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


class NoteForm(forms.Form):
    """Why and how, in a few words: it stays in the register."""

    note = forms.CharField(
        label=_("Ce qui a été fait, et pourquoi"),
        max_length=MOST_NOTE,
        min_length=5,
        help_text=_("Par exemple\u00a0: chèque 1234 remis le 3 mars. Restera écrit au registre."),
        error_messages={
            "required": _("Écrivez ce qui a été fait\u00a0: personne ne s’en souviendra dans un an."),
            "min_length": _("Écrivez-en un peu plus\u00a0: personne ne s’en souviendra dans un an."),
        },
    )


class AnswerForm(forms.Form):
    """What staff add to what was frozen at the sale."""

    text = forms.CharField(
        label=_("Ce que vous ajoutez"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Ce que le dossier ne dit pas\u00a0: un appel, un courriel reçu, qui est venu chercher la commande."
        ),
    )


class RefundForm(forms.Form):
    """How much of an order goes back: all that is left, units, or an amount."""

    WHOLE, UNITS, AMOUNT = "whole", "units", "amount"
    SCOPES = (
        (WHOLE, _("Tout ce qui reste")),
        (UNITS, _("Des unités")),
        (AMOUNT, _("Un montant")),
    )
    scope = forms.ChoiceField(label=_("Quoi rendre"), choices=SCOPES, widget=forms.RadioSelect, initial=WHOLE)
    amount = forms.CharField(label=_("Montant, taxes comprises"), required=False, max_length=20)
    reason = forms.CharField(
        label=_("Raison"),
        max_length=MOST_NOTE,
        help_text=_("Elle est écrite sur le remboursement; la clientèle peut la lire."),
        error_messages={"required": _("Écrivez pourquoi l’argent est rendu.")},
    )
    restock = forms.BooleanField(
        label=_("Remettre les unités en vente"), required=False, help_text=_("Sinon, elles sont perdues.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.lines = [line for line in order.lines.order_by("pk") if line.units_left]
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = self._units_field(line)

    @staticmethod
    def _units_field(line: LineItem) -> forms.IntegerField:
        left = line.units_left
        return forms.IntegerField(
            label=line.name,
            required=False,
            min_value=0,
            max_value=left,
            help_text=_("sur %(left)s") % {"left": left},
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "max_value": _("Il n’en reste que %(left)s.") % {"left": left},
                "min_value": _("Écrivez un nombre d’unités."),
                "invalid": _("Écrivez un nombre d’unités."),
            },
        )

    def units_fields(self) -> list[forms.BoundField]:
        return [self[f"line_{line.pk}"] for line in self.lines]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        scope = data.get("scope")
        if scope == self.UNITS and not self._units(data) and not self.errors:
            self.add_error("scope", _("Dites combien d’unités rendre."))
        if scope == self.AMOUNT:
            self._clean_amount(data)
        return data

    def _clean_amount(self, data: dict[str, Any]) -> None:
        left = left_cents(self.order)
        try:
            data["cents"] = cents_typed(data.get("amount", ""))
        except ValidationError as error:
            self.add_error("amount", error)
            return
        if not 0 < data["cents"] <= left:
            self.add_error("amount", _("Écrivez un montant d’au plus %(left)s.") % {"left": cad(left)})

    def _units(self, data: dict[str, Any]) -> dict[int, int]:
        asked = {line.pk: data.get(f"line_{line.pk}") for line in self.lines}
        return {pk: units for pk, units in asked.items() if units}

    @property
    def wish(self) -> Wish:
        """What the valid form asks for."""
        data = self.cleaned_data
        if data["scope"] == self.UNITS:
            return Units(self._units(data))
        return Amount(data["cents"]) if data["scope"] == self.AMOUNT else Whole()
