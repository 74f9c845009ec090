"""What people type about the letter. Errors say what to type."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial.models import Subscriber, Subscription
from editorial.newsletter import preferences
from editorial.newsletter.addresses import LONGEST, plain
from home.languages import LANGUAGES
from home.models import ConsentPurpose

SECTIONS = (
    ("histoires", _("Les histoires")),
    ("produits", _("Les produits et les commerces de la semaine")),
    ("dossiers", _("Les campagnes\u00a0: Noël, temps des sucres, rentrée")),
)
FOLLOWED = ("suivis", _("Du nouveau chez les commerces que je suis"))
PAUSES = (
    ("", _("Aucune")),
    ("30", _("Un mois sans infolettre")),
    ("90", _("Trois mois sans infolettre")),
)
KEEP = "garder"
"""The pause that goes on already: whoever changes something else keeps it."""
PLACES = ("page", "pied", "histoire", "commande")
"""The forms from which one may subscribe."""
TRAP = "site_web"
"""A field that people do not see: what is written there was written by a machine."""


class AddressField(forms.CharField):
    """An email address, as ``addresses.plain`` writes it."""

    default_error_messages = {
        "required": _("Écrivez votre courriel, comme marie@exemple.ca."),
        "invalid": _("Cette adresse ne se lit pas\u00a0: écrivez-la comme marie@exemple.ca."),
        "max_length": _("Une adresse a 254 signes au plus."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput({"autocomplete": "email", "inputmode": "email"})
        super().__init__(**{"widget": widget, "max_length": LONGEST, **kwargs})

    def clean(self, value: Any) -> str:
        try:
            return plain(str(super().clean(value)))
        except ValueError as no_address:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from no_address


class PlainForm(forms.Form):
    """No colon of Django's behind labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class SignUpForm(PlainForm):
    email = AddressField(label=_("Votre courriel"))
    sections = forms.MultipleChoiceField(
        label=_("Seulement certaines rubriques?"),
        choices=SECTIONS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché\u00a0: toute l’infolettre. Vous changez d’idée quand vous voulez."),
        error_messages={"invalid_choice": _("Choisissez parmi les rubriques offertes.")},
    )

    def where(self) -> str:
        """Which form was filled in; a word of ours, whatever was posted."""
        said = str(self.data.get("ou", ""))
        return said if said in PLACES else PLACES[0]

    def is_a_machines(self) -> bool:
        return bool(self.data.get(TRAP))


class PreferencesForm(PlainForm):
    sections = forms.MultipleChoiceField(
        label=_("Ce que je veux lire"),
        choices=(*SECTIONS, FOLLOWED),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Gardez au moins une rubrique, faites une pause, ou désabonnez-vous plus bas."),
            "invalid_choice": _("Choisissez parmi les rubriques offertes."),
        },
    )
    language = forms.ChoiceField(
        label=_("Ma langue"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une langue."),
            "invalid_choice": _("Choisissez une langue."),
        },
    )
    pause = forms.ChoiceField(
        label=_("Une pause?"),
        choices=PAUSES,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choisissez une des pauses offertes.")},
    )
    followed = forms.MultipleChoiceField(
        label=_("Les commerces que je suis"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Décochez ce que vous ne voulez plus."),
        error_messages={
            "invalid_choice": _("Vous ne suivez pas ce commerce\u00a0: choisissez parmi les vôtres.")
        },
    )

    def __init__(
        self, *args: Any, subscriber: Subscriber, followed: list[Subscription], **kwargs: Any
    ) -> None:
        keys = [str(row.pk) for row in followed]
        initial = {
            "sections": preferences.section_words(subscriber),
            "language": subscriber.language,
            "pause": "",
            "followed": keys,
        }
        if subscriber.paused_until and subscriber.paused_until > localdate():
            initial["pause"] = KEEP
        super().__init__(*args, initial=initial, **kwargs)
        if initial["pause"] == KEEP:
            kept = (KEEP, _("Celle qui est en cours"))
            self.fields["pause"].choices = [kept, *PAUSES]  # type: ignore[attr-defined]
        if followed:
            names = [(str(row.pk), name_of(row)) for row in followed]
            self.fields["followed"].choices = names  # type: ignore[attr-defined]
        else:
            del self.fields["followed"]


def name_of(row: Subscription) -> str:
    """The merchant; and, where it may have the address, that."""
    name = row.merchant.name if row.merchant else ""
    if row.purpose == ConsentPurpose.MERCHANT_OWN:
        return gettext("%(name)s peut avoir mon adresse, pour m’écrire lui-même") % {"name": name}
    return name


class NewAddressForm(PlainForm):
    email = AddressField(
        label=_("Nouvelle adresse"),
        help_text=_("On y envoie un lien\u00a0: c’est la preuve qu’elle est à vous."),
    )
