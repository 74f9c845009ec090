"""What shoppers type. At most eight fields from basket to payment; errors say what to type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from shop.carts import MOST_OF_ONE
from shop.models import Variant


class AddToCartForm(forms.Form):
    """A variant among those of the product, and how many."""

    variant: forms.ModelChoiceField[Variant] = forms.ModelChoiceField(
        Variant.objects.none(),
        label=_("Variante"),
        error_messages={
            "required": _("Choisissez une variante."),
            "invalid_choice": _("Cette variante n’existe plus\u00a0: choisissez-en une autre."),
        },
    )
    quantity = forms.IntegerField(
        label=_("Quantité"),
        min_value=1,
        max_value=MOST_OF_ONE,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Écrivez combien vous en voulez."),
            "invalid": _("Écrivez un nombre entier, comme 2."),
            "min_value": _("Écrivez au moins 1."),
            "max_value": _("Pas plus de 99 à la fois."),
        },
    )

    def __init__(self, *args: Any, variants: Any, most: int = MOST_OF_ONE, **kwargs: Any) -> None:
        """``most``: what a browser that checks forms itself lets one ask for; the cart has the last word."""
        super().__init__(*args, **kwargs)
        self.fields["quantity"].widget.attrs["max"] = most
        self.fields["variant"].queryset = variants  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """Guest first: who picks up, and where the contract's copy goes."""

    name = forms.CharField(
        label=_("Votre nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
        help_text=_("Celui de la personne qui passera prendre la commande."),
        error_messages={"required": _("Écrivez votre nom, comme Marie Tremblay.")},
    )
    email = forms.EmailField(
        label=_("Votre courriel"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        help_text=_("Pour le reçu et le suivi. Rien d’autre ne vous sera envoyé."),
        error_messages={
            "required": _("Écrivez votre courriel, comme marie@exemple.ca."),
            "invalid": _("Ce courriel n’est pas complet\u00a0: il s’écrit comme marie@exemple.ca."),
        },
    )
    phone = PhoneNumberField(
        label=_("Votre téléphone"),
        required=False,
        region="CA",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Si la boutique a une question."),
        error_messages={"invalid": _("Ce numéro n’est pas complet\u00a0: il s’écrit comme 418 555-0123.")},
    )

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError(_("Écrivez votre nom, comme Marie Tremblay."))
        return name


class PickupForm(forms.Form):
    """The shopper has seen where and when each shop hands over its part."""

    pickup = forms.BooleanField(
        label=_("Je passerai prendre ma commande dans chaque boutique."),
        error_messages={"required": _("Cochez la case pour dire que vous passerez à chaque boutique.")},
    )


class PlaceForm(forms.Form):
    """Hidden fields of the last step: which form this is, and the total that was shown."""

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    accepted_total_cents = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
