"""What an adviser writes in a merchant's file."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import follow_up

FARTHEST = dt.timedelta(days=3 * 366)


class StaffForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": f"{self.name}_%s", **kwargs})

    name = "form"
    """Several forms stand on one screen: each has its own field ids."""


class NoteForm(StaffForm):
    name = "note"
    words = forms.CharField(
        label=gettext_lazy("Nouvelle note"),
        max_length=follow_up.LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Le commerce ne la voit pas. Écrivez des faits\u00a0: une personne peut demander, par la loi, ce qui est "
            "écrit d’elle."
        ),
        error_messages={
            "required": gettext_lazy("Écrivez la note avant de l’enregistrer."),
            "max_length": gettext_lazy("Plus court\u00a0: 4\u00a0000 caractères au plus."),
        },
    )


class ActForm(StaffForm):
    name = "geste"
    words = forms.CharField(
        label=gettext_lazy("Prochain geste"),
        max_length=follow_up.LONGEST_ACT,
        help_text=gettext_lazy("Comme «\u00a0L’appeler pour ses photos\u00a0»."),
        error_messages={
            "required": gettext_lazy(
                "Écrivez ce qui vient ensuite, comme «\u00a0L’appeler pour ses photos\u00a0»."
            ),
            "max_length": gettext_lazy("Plus court\u00a0: 160 caractères au plus."),
        },
    )
    on = forms.DateField(
        label=gettext_lazy("Le"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
        error_messages={
            "invalid": gettext_lazy("Cette date ne se lit pas\u00a0: écrivez-la comme 2026-12-24."),
        },
    )

    def clean_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["on"]
        today = timezone.localdate()
        if day is not None and not today <= day <= today + FARTHEST:
            raise forms.ValidationError(_("Choisissez un jour à venir, d’ici trois ans."))
        return day


class AdviserForm(StaffForm):
    name = "suivi"
    adviser = forms.TypedChoiceField(
        label=gettext_lazy("Suivi par"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("Choisissez dans la liste.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(row.user_id, str(row.user)) for row in follow_up.advisers()]
        field: Any = self.fields["adviser"]
        field.choices = [("", _("Personne")), *known]


class DocumentForm(StaffForm):
    name = "document"
    file = forms.FileField(
        label=gettext_lazy("Document"),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput({"accept": ".pdf,.docx,image/*"}),
        help_text=gettext_lazy("PDF, photo ou Word, 10\u00a0Mo au plus. Le commerce ne le voit pas."),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "max_length": gettext_lazy("Le nom de ce fichier est trop long\u00a0: raccourcissez-le."),
        },
    )
    title = forms.CharField(
        label=gettext_lazy("Son nom"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Vide\u00a0: celui du fichier."),
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 120 caractères au plus.")},
    )
