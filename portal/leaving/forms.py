"""What an owner is asked before it leaves: one question a page. Errors say what to type."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.enums import DepartureReason
from portal.merchant_space.form_fields import DeskForm, WebField

KEEP, REMOVE = "fiche", "rien"


class ReasonForm(DeskForm):
    raison = forms.ChoiceField(
        label=_("Pourquoi partez-vous?"),
        choices=(
            (DepartureReason.GRADUATED, _("Je vends maintenant sur mon propre site")),
            (DepartureReason.CLOSING, _("Je ferme")),
            (DepartureReason.NOT_ENOUGH, _("Cela ne m’apporte pas assez")),
            (DepartureReason.OTHER, _("Une autre raison")),
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une des quatre réponses."),
            "invalid_choice": _("Choisissez une des quatre réponses."),
        },
    )


class OwnSiteForm(DeskForm):
    site = WebField(
        label=_("L’adresse de votre boutique"),
        help_text=_("Comme maboutique.ca. Votre page y mènera les gens."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = gettext("Écrivez l’adresse de votre boutique, comme maboutique.ca.")
        self.fields["site"].required = True
        self.fields["site"].error_messages["required"] = words


class PageForm(DeskForm):
    page = forms.ChoiceField(
        label=_("Et votre page?"),
        choices=(
            (KEEP, _("Garder une fiche gratuite\u00a0: nom, adresse, heures, téléphone, liens")),
            (REMOVE, _("Tout retirer\u00a0: plus rien ne paraît")),
        ),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une des deux réponses."),
            "invalid_choice": _("Choisissez une des deux réponses."),
        },
    )


class LastForm(DeskForm):
    mot = forms.CharField(
        label=_("Un mot pour nous?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Ce qui a bien été, ce qui a manqué. La Chambre le lit."),
        error_messages={"max_length": _("Plus court\u00a0: 1000 caractères au plus.")},
    )
