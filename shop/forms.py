"""What shoppers type. At most eight fields from basket to payment; errors say what to type."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from directory.postal_codes import normal_postal_code
from home.languages import ENGLISH, FRENCH, is_english
from shop.carts import MOST_OF_ONE
from shop.enums import Fulfillment
from shop.models import Variant
from shop.remise_page import RemisePart
from shop.slots import Window

BROUGHT = (Fulfillment.DELIVERY, Fulfillment.SHIPPING)
ADDRESS = ("street_address", "city", "postal_code")


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


class CodeForm(forms.Form):
    """A promotion code as typed; whether it holds is said by the basket."""

    code = forms.CharField(
        label=_("Code de rabais"),
        max_length=60,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class RemiseForm(forms.Form):
    """How each shop's part reaches the shopper: one way per shop, its slot, and one address for all that is brought.

    A shop with one way that asks nothing needs no answer. The address is asked only where something is brought to it.
    """

    street_address = forms.CharField(
        label=_("Adresse"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-line1", "autocapitalize": "words"}),
        help_text=_("Numéro, rue et appartement."),
        error_messages={"max_length": _("Cette adresse est trop longue\u00a0: 120 caractères au plus.")},
    )
    city = forms.CharField(
        label=_("Ville"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-level2", "autocapitalize": "words"}),
        error_messages={"max_length": _("Ce nom de ville est trop long\u00a0: 60 caractères au plus.")},
    )
    postal_code = forms.CharField(
        label=_("Code postal"),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "shipping postal-code",
                "autocapitalize": "characters",
                "inputmode": "text",
                "spellcheck": "false",
            }
        ),
        error_messages={"max_length": _("Un code postal s’écrit comme G6V 6C4.")},
    )

    def __init__(self, *args: Any, parts: Sequence[RemisePart], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for part in parts:
            self.fields[part.way_name] = forms.ChoiceField(
                label=part.shop_name,
                choices=[(way.fulfillment.value, way.fulfillment.label) for way in part.ways],
                required=len(part.ways) > 1,
                error_messages={"required": part.ask_way, "invalid_choice": part.ask_way},
            )
            if part.windows:
                self.fields[part.slot_name] = forms.ChoiceField(
                    label=_("Quand passerez-vous?"),
                    choices=part.slot_choices,
                    required=False,
                    error_messages={"invalid_choice": part.slot_gone},
                )

    def way_of(self, part: RemisePart) -> Fulfillment | None:
        """The way that was chosen, or the only one there is; None while there is none."""
        chosen = self.cleaned_data.get(part.way_name)
        if chosen:
            return Fulfillment(chosen)
        return part.ways[0].fulfillment if len(part.ways) == 1 else None

    def window_of(self, part: RemisePart) -> Window | None:
        key = self.cleaned_data.get(part.slot_name)
        return next((window for window in part.windows if window.key == key), None)

    @property
    def brings(self) -> bool:
        """Whether something is brought to an address."""
        return any(self.way_of(part) in BROUGHT for part in self.parts)

    def clean_postal_code(self) -> str:
        typed = self.cleaned_data["postal_code"].replace("\x00", "").strip()
        try:
            return normal_postal_code(typed) if typed else ""
        except ValueError:
            raise forms.ValidationError(_("Un code postal s’écrit comme G6V 6C4.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for part in self.parts:
            self._clean_part(part)
        if self.brings:
            self._ask_address()
        else:
            for name in ADDRESS:  # Not shown, so nothing to correct.
                self.errors.pop(name, None)
        return cleaned

    def _clean_part(self, part: RemisePart) -> None:
        if not part.ways:
            self.add_error(None, part.no_way)
        way = self.way_of(part)
        if way != Fulfillment.PICKUP:
            self.errors.pop(part.slot_name, None)
        elif part.windows and not self.window_of(part) and part.slot_name not in self.errors:
            self.add_error(part.slot_name, part.ask_slot)
        code = self.cleaned_data.get("postal_code")
        if way in BROUGHT and code and (reason := part.why_not_brought(way, code)):
            self.add_error(part.way_name, reason)

    def _ask_address(self) -> None:
        asked = {
            "street_address": _("Écrivez l’adresse, comme 12, rue des Chutes."),
            "city": _("Écrivez la ville, comme Lévis."),
            "postal_code": _("Écrivez le code postal, comme G6V 6C4."),
        }
        for name, sentence in asked.items():
            if name not in self.errors and not str(self.cleaned_data.get(name) or "").strip():
                self.add_error(name, sentence)


class PlaceForm(forms.Form):
    """The last step: which form this is, the total that was shown, an age where there is alcohol.

    Where English is spoken, also in which language the contract, which stands above in French, is wanted.
    """

    form_token = forms.UUIDField(widget=forms.HiddenInput)
    accepted_total_cents = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    adult = forms.BooleanField(
        label=_("J’ai 18 ans ou plus."),
        help_text=_(
            "La boutique vérifiera votre âge en vous remettant l’alcool\u00a0: ayez une pièce d’identité."
        ),
        error_messages={"required": _("Cochez la case pour dire que vous avez 18 ans ou plus.")},
    )
    contract_in_english = forms.BooleanField(
        required=False,
        label=_("J’ai pu lire ce contrat en français, et j’en demande la copie en anglais."),
        help_text=_(
            "Sans cette case, votre copie du contrat est en français. Tout le reste demeure en anglais."
        ),
    )

    def __init__(self, *args: Any, has_alcohol: bool | None, **kwargs: Any) -> None:
        """``has_alcohol``: None where that is for ``checkouts.place`` to find out."""
        super().__init__(*args, **kwargs)
        if not is_english():
            del self.fields["contract_in_english"]
        self.fields["adult"].required = bool(has_alcohol)
        if has_alcohol is False:
            del self.fields["adult"]

    @property
    def contract_language(self) -> str:
        """French, unless English was asked for."""
        return ENGLISH if self.cleaned_data.get("contract_in_english") else FRENCH
