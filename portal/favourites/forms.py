"""What people type about their favourites. Errors say what to type."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from editorial.newsletter.forms import TRAP, AddressField, PlainForm
from portal.favourites.models import Favourite


class ListForm(PlainForm):
    name = forms.CharField(
        label=_("Le nom de la liste"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_(
            "Comme «\u00a0Idées pour maman\u00a0». Qui ouvre le lien partagé lit ce nom\u00a0: rien d’autre de vous."
        ),
        error_messages={
            "required": _("Donnez un nom à la liste, comme «\u00a0Idées pour maman\u00a0»."),
            "max_length": _("Plus court\u00a0: 60 caractères au plus."),
        },
    )
    chosen = forms.MultipleChoiceField(
        label=_("Ce qu’elle contient"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Un de ces favoris n’est plus là\u00a0: choisissez parmi ceux qui restent.")
        },
    )

    def __init__(self, *args: Any, favourites: Iterable[Favourite], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(row.pk), name_of(row)) for row in favourites]
        self.fields["chosen"].choices = names  # type: ignore[attr-defined]

    def keys(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["chosen"]]


def name_of(row: Favourite) -> str:
    """« Pain de ménage, Boulangerie du Passage », or the shop's name alone."""
    if row.product is not None:
        return f"{row.product.title}, {row.product.merchant.name}"
    return str(row.merchant)


class FollowForm(PlainForm):
    email = AddressField(label=_("Votre courriel"))
    own = forms.BooleanField(required=False)

    def __init__(self, *args: Any, words: str, **kwargs: Any) -> None:
        """``words``: of the consent that lets the merchant have the address; nobody ticks it beforehand."""
        super().__init__(*args, **kwargs)
        self.fields["own"].label = words

    def is_a_machines(self) -> bool:
        return bool(self.data.get(TRAP))
