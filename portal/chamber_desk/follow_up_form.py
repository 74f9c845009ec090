"""Who follows a merchant and what comes next, stated in the list itself."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import follow_up
from directory.models import Merchant
from home.models import PortalStaff

EARLIEST, LATEST = dt.date(2020, 1, 1), dt.date(2100, 1, 1)


class FollowUpForm(forms.Form):
    """``advisers``: the portal's, asked once for all the forms of a list. Errors stand beside their field."""

    adviser = forms.ChoiceField(label=gettext_lazy("Suivi par"), required=False)
    next_act = forms.CharField(
        label=gettext_lazy("Prochain geste"),
        max_length=follow_up.LONGEST_ACT,
        required=False,
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 160 caractères au plus.")},
    )
    next_act_on = forms.DateField(
        label=gettext_lazy("Le"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Écrivez la date comme 2026-11-30.")},
    )

    def __init__(self, *args: Any, advisers: list[PortalStaff], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        people = [(str(staff.user_id), str(staff.user)) for staff in advisers]
        field = self.fields["adviser"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("personne")), *people]
        field.error_messages["invalid_choice"] = _("Choisissez une personne de la Chambre de ce portail.")

    def clean_next_act_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["next_act_on"]
        if day is not None and not EARLIEST <= day <= LATEST:
            raise ValidationError(_("Écrivez la date comme 2026-11-30."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("next_act_on") and not cleaned.get("next_act", "").strip() and "next_act" in cleaned:
            self.add_error("next_act", _("Écrivez ce qu’il y aura à faire ce jour-là."))
        return cleaned

    @transaction.atomic
    def keep(self, merchant: Merchant, *, by_id: int) -> bool:
        """Both are as written afterwards. False when they were already."""
        told = self.cleaned_data
        adviser = int(told["adviser"]) if told["adviser"] else None
        given = follow_up.assign(merchant, adviser, by_id=by_id)
        said = follow_up.set_next_act(merchant, told["next_act"], on=told["next_act_on"], by_id=by_id)
        return given or said
