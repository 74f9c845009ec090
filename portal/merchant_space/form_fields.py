"""What people type, read the way they type it. Errors say what to type."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from portal.merchant_space.forms import CentsField
from shop.models.delivery import is_postal_prefix

_TIME = re.compile(r"(?P<hour>\d{1,2})\s*(?:h|:|\.)?\s*(?P<minute>\d{2})?", re.IGNORECASE)


class DeskForm(forms.Form):
    """A merchant's form: no colon of Django's behind labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class FeeField(CentsField):
    """As CentsField, and nothing is an amount too: `0`, `gratuit`."""

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip().lower()
        if text.startswith("gratuit") or re.fullmatch(r"0+([.,]0{1,2})?\s*\$?", text):
            return 0
        return super().clean(value)


class HourField(forms.CharField):
    """`9`, `9 h`, `9h30`, `17:30`: a time of day, or None."""

    default_error_messages = {
        "time": _("Cette heure ne se lit pas\u00a0: écrivez-la comme 9:00 ou 17:30."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(**{"widget": widget, "required": False, "max_length": 10, **kwargs})

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = _TIME.fullmatch(text)
        try:
            return dt.time(int(found["hour"]), int(found["minute"] or 0)) if found else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> None:
        raise forms.ValidationError(self.error_messages["time"], code="time")


class PrefixesField(forms.CharField):
    """`G6V, g6w`: a list of postal sectors, each once."""

    def clean(self, value: Any) -> Any:
        found = [part.upper() for part in re.split(r"[\s,;]+", str(super().clean(value))) if part]
        for prefix in found:
            try:
                is_postal_prefix(prefix)
            except forms.ValidationError as error:
                words = _("«\u00a0%(part)s\u00a0» n’est pas un secteur postal\u00a0: écrivez-le comme G6V.")
                raise forms.ValidationError(words % {"part": prefix[:12]}) from error
        return list(dict.fromkeys(found))


class WebField(forms.URLField):
    """`monsite.ca` is enough; only the web's own addresses are taken."""

    default_error_messages = {
        "invalid": _("Cette adresse ne se lit pas\u00a0: écrivez-la comme monsite.ca."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"})
        super().__init__(
            **{"widget": widget, "required": False, "max_length": 200, "assume_scheme": "https", **kwargs}
        )

    def clean(self, value: Any) -> Any:
        address = str(super().clean(value) or "")
        if address and not address.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return address


def phone_field(*, required: bool) -> PhoneNumberField:
    words = _("Écrivez dix chiffres, comme 418 555-0123.")
    return PhoneNumberField(
        label=_("Téléphone du commerce"),
        region="CA",
        required=required,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": words, "invalid": words},
    )


def text(label: Any, *, longest: int, rows: int = 0, required: bool = False, **more: Any) -> forms.CharField:
    """A line of text, or so many ``rows`` of it."""
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        widget=forms.Textarea({"rows": rows}) if rows else forms.TextInput(),
        **more,
    )


def whole(label: Any, *, least: int = 0, most: int, required: bool = True, **more: Any) -> forms.IntegerField:
    """A whole number that a phone's number keys write."""
    words = _("Écrivez un nombre entier, comme 5.")
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": words, "invalid": words},
        **more,
    )
