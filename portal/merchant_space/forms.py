"""What a merchant types. Amounts are taken as people write them; errors say what to type."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.money import cad
from shop.models import LineItem
from shop.pricing import Amount, Units, Whole, Wish

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_AMOUNT = re.compile(r"(?P<dollars>\d{1,7})(?:[.,](?P<cents>\d{1,2}))?\$?")


class CentsField(forms.CharField):
    """`7,50`, `7.50`, `7,50 $`, `1 234,50`: gives whole cents, at least one."""

    default_error_messages = {
        "required": gettext_lazy("Écrivez un montant, comme 7,50."),
        "amount": gettext_lazy("Ce montant ne se lit pas\u00a0: écrivez-le comme 7,50."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 10})
        super().__init__(**{"widget": widget, "max_length": 20, **kwargs})

    def clean(self, value: Any) -> Any:
        text = _SPACES.sub("", str(super().clean(value)))
        if not text and not self.required:
            return None
        found = _AMOUNT.fullmatch(text)
        if found is None:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        cents = int(found["dollars"]) * 100 + int((found["cents"] or "").ljust(2, "0"))
        if cents == 0:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        return cents


class RefundForm(forms.Form):
    """All that is left, some units, or an amount; why; and whether the goods go back on the shelf."""

    WHOLE, UNITS, AMOUNT = "tout", "articles", "montant"

    what = forms.ChoiceField(
        label=gettext_lazy("Que remboursez-vous?"),
        widget=forms.RadioSelect,
        choices=(
            (WHOLE, gettext_lazy("Toute la commande")),
            (UNITS, gettext_lazy("Certains articles")),
            (AMOUNT, gettext_lazy("Un montant")),
        ),
        error_messages={"required": gettext_lazy("Choisissez ce que vous remboursez.")},
    )
    amount = CentsField(
        label=gettext_lazy("Montant, taxes comprises"),
        required=False,
        help_text=gettext_lazy("Comme 7,50. Seulement si vous remboursez un montant."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=120,
        help_text=gettext_lazy("La personne qui a acheté la lira."),
        error_messages={
            "required": gettext_lazy("Écrivez une raison, comme «\u00a0il n’en reste plus\u00a0»."),
            "max_length": gettext_lazy("Écrivez une raison plus courte\u00a0: 120 caractères au plus."),
        },
    )
    restock = forms.BooleanField(
        label=gettext_lazy("Les articles remboursés se revendent\u00a0: les remettre en stock"),
        required=False,
    )

    def __init__(self, *args: Any, lines: list[LineItem], left_cents: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.left_cents = lines, left_cents
        for line in lines:
            if line.units_left:
                self.fields[_unit_name(line)] = _units_field(line)

    @property
    def unit_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("units_")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        what = cleaned.get("what")
        if what == self.UNITS:
            self._check_units(cleaned)
        if what == self.AMOUNT and "amount" in cleaned:
            self._check_amount(cleaned["amount"])
        return cleaned

    def _check_units(self, cleaned: dict[str, Any]) -> None:
        fields = self.unit_fields
        if not fields:
            self.add_error("what", _("Tous les articles sont déjà remboursés\u00a0: choisissez un montant."))
        elif not any(cleaned.get(field.name) or field.errors for field in fields):
            self.add_error(fields[0].name, _("Écrivez combien d’unités vous remboursez."))

    def _check_amount(self, cents: int | None) -> None:
        if cents is None:
            self.add_error("amount", _("Écrivez un montant, comme 7,50."))
        elif cents > self.left_cents:
            self.add_error(
                "amount",
                _("Il reste %(left)s à rembourser\u00a0: pas plus que cela.")
                % {"left": cad(self.left_cents)},
            )

    def wish(self) -> Wish:
        """Of a valid form."""
        what = self.cleaned_data["what"]
        if what == self.AMOUNT:
            return Amount(self.cleaned_data["amount"])
        if what == self.UNITS:
            asked = {line.pk: self.cleaned_data.get(_unit_name(line)) or 0 for line in self.lines}
            return Units({pk: units for pk, units in asked.items() if units})
        return Whole()


def _unit_name(line: LineItem) -> str:
    return f"units_{line.pk}"


def _units_field(line: LineItem) -> forms.IntegerField:
    left = line.units_left
    return forms.IntegerField(
        label=line.name,
        required=False,
        min_value=0,
        max_value=left,
        help_text=_("%(left)s au plus") % {"left": left},
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Écrivez un nombre entier, comme 1."),
            "min_value": _("Écrivez 0 ou plus."),
            "max_value": _("Il n’en reste que %(left)s à rembourser.") % {"left": left},
        },
    )


class ConfirmForm(forms.Form):
    """What the merchant saw before pressing: another sum, or a refund made meanwhile, is shown again first."""

    seen_amount_cents = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    seen_refunded_cents = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
