"""How to reach a shop, and how its goods reach people, as a merchant types it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.enums import Tier
from directory.models import Merchant
from directory.postal_codes import normal_postal_code
from portal.merchant_space.form_fields import (
    DeskForm,
    FeeField,
    PrefixesField,
    WebField,
    phone_field,
    text,
    whole,
)
from shop.enums import ShippingRegion, ShopperMayCancel
from shop.models import DeliveryZone, ShippingRate, Shop
from shop.publication import is_only_a_po_box

MOST_DAYS = 60

PREPARATIONS = (
    (15, gettext_lazy("un quart d’heure")),
    (30, gettext_lazy("une demi-heure")),
    (60, gettext_lazy("une heure")),
    (90, gettext_lazy("une heure et demie")),
    (120, gettext_lazy("deux heures")),
    (240, gettext_lazy("une demi-journée")),
    (24 * 60, gettext_lazy("une journée")),
    (2 * 24 * 60, gettext_lazy("deux jours")),
    (3 * 24 * 60, gettext_lazy("trois jours")),
)
SLOTS = (
    (15, gettext_lazy("15 minutes")),
    (30, gettext_lazy("30 minutes")),
    (60, gettext_lazy("une heure")),
    (120, gettext_lazy("deux heures")),
)


class ContactForm(DeskForm):
    """Live at once. Who sells here must say a phone and its legal name; an address is only filled, never moved."""

    email = forms.EmailField(
        label=gettext_lazy("Courriel que les gens voient"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": gettext_lazy("Écrivez un courriel, comme bonjour@monsite.ca.")},
    )
    website_url = WebField(label=gettext_lazy("Votre site web"))
    shop_url = WebField(
        label=gettext_lazy("Votre boutique en ligne"),
        help_text=gettext_lazy("Si vous vendez ailleurs sur le web. Nous y envoyons les gens avec plaisir."),
    )

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(merchant, name) for name in CONTACT_FIELDS}, **kwargs)
        sells = merchant.tier == Tier.TRANSACTIONAL
        self.fields["phone"] = phone_field(required=sells)
        if sells:
            self.fields["legal_name"] = text(
                gettext_lazy("Nom légal"),
                longest=160,
                required=True,
                help_text=gettext_lazy("Comme au registre des entreprises\u00a0: il est sur les reçus."),
                error_messages={"required": gettext_lazy("Écrivez le nom légal, celui de vos factures.")},
            )
        if not merchant.street_address:
            self.fields["street_address"] = text(
                gettext_lazy("Adresse"),
                longest=160,
                help_text=gettext_lazy("Numéro et rue, comme 12, rue Bégin."),
            )
        if not merchant.postal_code:
            self.fields["postal_code"] = text(gettext_lazy("Code postal"), longest=10)
        self.order_fields(
            ["phone", "email", "website_url", "shop_url", "legal_name", "street_address", "postal_code"]
        )

    def clean_street_address(self) -> str:
        address = str(self.cleaned_data["street_address"]).strip()
        if address and is_only_a_po_box(address):
            raise forms.ValidationError(
                _("Une case postale ne suffit pas\u00a0: écrivez le numéro et la rue.")
            )
        return address

    def clean_postal_code(self) -> str:
        typed = str(self.cleaned_data["postal_code"]).strip()
        try:
            return normal_postal_code(typed) if typed else ""
        except ValueError as error:
            raise forms.ValidationError(_("Un code postal s’écrit comme G6V 6C4.")) from error


CONTACT_FIELDS = (
    "phone", "email", "website_url", "shop_url", "legal_name", "street_address", "postal_code",
)  # fmt: skip


class PickupForm(DeskForm):
    """May people pick up their orders, when, and what to tell them."""

    ANY_TIME, BY_SLOT = "heures", "plages"

    pickup_enabled = forms.BooleanField(
        label=gettext_lazy("Les gens passent prendre leurs commandes chez moi"), required=False
    )
    preparation_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Pour préparer une commande, il me faut"), coerce=int
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Les gens passent"),
        widget=forms.RadioSelect,
        choices=(
            (ANY_TIME, gettext_lazy("quand ils veulent, pendant mes heures")),
            (BY_SLOT, gettext_lazy("dans une plage qu’ils choisissent")),
        ),
    )
    pickup_slot_minutes = forms.TypedChoiceField(label=gettext_lazy("Une plage dure"), coerce=int)
    pickup_slot_capacity = whole(
        gettext_lazy("Commandes par plage, au plus"), least=1, most=500, required=False
    )
    pickup_instructions = text(
        gettext_lazy("Ce que les gens doivent savoir en passant"),
        longest=300,
        rows=3,
        help_text=gettext_lazy("Comme «\u00a0Porte de côté, sonnez\u00a0»."),
    )

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        initial = {name: getattr(shop, name) for name in PICKUP_FIELDS}
        initial["how"] = self.BY_SLOT if shop.pickup_slot_capacity else self.ANY_TIME
        super().__init__(*args, initial=initial, **kwargs)
        self._offer("preparation_minutes", PREPARATIONS, shop.preparation_minutes)
        self._offer("pickup_slot_minutes", SLOTS, shop.pickup_slot_minutes)

    def _offer(self, name: str, choices: Any, present: int) -> None:
        """The usual answers, and the present one where it is none of them."""
        known = dict(choices)
        if present not in known:
            known[present] = _("%(minutes)s minutes") % {"minutes": present}
        self.fields[name].choices = sorted(known.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("how") == self.ANY_TIME:
            cleaned["pickup_slot_capacity"] = None
        elif not cleaned.get("pickup_slot_capacity") and not self.errors:
            self.add_error(
                "pickup_slot_capacity", _("Écrivez combien de commandes vous remettez par plage, comme 4.")
            )
        return cleaned


PICKUP_FIELDS = (
    "pickup_enabled", "preparation_minutes", "pickup_slot_minutes", "pickup_slot_capacity", "pickup_instructions",
)  # fmt: skip


class ReturnsForm(DeskForm):
    """On which terms people buy."""

    return_policy = text(
        gettext_lazy("Vos retours et remboursements"),
        longest=500,
        rows=4,
        required=True,
        help_text=gettext_lazy("Comme «\u00a0Repris intact dans les 14 jours, avec le reçu\u00a0»."),
        error_messages={
            "required": gettext_lazy(
                "Écrivez vos conditions, même si c’est «\u00a0Vente finale\u00a0»\u00a0: la loi le demande."
            )
        },
    )
    shopper_may_cancel = forms.ChoiceField(
        label=gettext_lazy("La personne qui a acheté peut annuler elle-même"),
        widget=forms.RadioSelect,
        choices=ShopperMayCancel.choices,
    )

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(shop, name) for name in RETURNS_FIELDS}, **kwargs)


RETURNS_FIELDS = ("return_policy", "shopper_may_cancel")


class FeedForm(DeskForm):
    """May shopping engines read the shop's products?"""

    is_in_feeds = forms.BooleanField(
        label=gettext_lazy("Mes produits sont dans le flux"),
        required=False,
        help_text=gettext_lazy(
            "Un moteur de magasinage y lit ce que vos pages disent déjà\u00a0: photo, prix, stock, livraison. "
            "L’alcool n’y est jamais."
        ),
    )

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, initial={"is_in_feeds": shop.is_in_feeds}, **kwargs)


FEED_FIELDS = ("is_in_feeds",)

_FEE_HELP = gettext_lazy("Comme 5,00. Écrivez 0 si c’est gratuit.")


def _days(label: Any) -> forms.IntegerField:
    return whole(label, least=0, most=MOST_DAYS, help_text=gettext_lazy("En jours, au plus tard."))


class ZoneForm(DeskForm):
    """Where the shop brings things itself, and for how much."""

    name = text(
        gettext_lazy("Où"),
        longest=60,
        required=True,
        help_text=gettext_lazy("Comme «\u00a0Vieux-Lévis\u00a0»."),
        error_messages={"required": gettext_lazy("Nommez l’endroit, comme Vieux-Lévis.")},
    )
    postal_prefixes = PrefixesField(
        label=gettext_lazy("Secteurs postaux"),
        max_length=400,
        help_text=gettext_lazy("Le début des codes postaux, comme G6V, G6W."),
        error_messages={"required": gettext_lazy("Écrivez au moins un secteur postal, comme G6V.")},
    )
    fee_cents = FeeField(label=gettext_lazy("Frais de livraison"), help_text=_FEE_HELP)
    minimum_cents = FeeField(
        label=gettext_lazy("Achat minimum"), required=False, help_text=gettext_lazy("Vide\u00a0: aucun.")
    )
    free_from_cents = FeeField(
        label=gettext_lazy("Gratuite dès"),
        required=False,
        help_text=gettext_lazy("Vide\u00a0: jamais gratuite."),
    )
    promised_days = _days(gettext_lazy("Livrée en"))

    def __init__(self, *args: Any, zone: DeliveryZone | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_zone_values(zone), **kwargs)

    def values(self) -> dict[str, Any]:
        """Of a valid form, as the row wants them."""
        cleaned = self.cleaned_data
        return {
            **cleaned,
            "is_active": True,
            "minimum_cents": cleaned["minimum_cents"] or 0,
            "free_from_cents": cleaned["free_from_cents"] or None,
        }


def _zone_values(zone: DeliveryZone | None) -> dict[str, Any]:
    if zone is None:
        return {"promised_days": 2}
    return {
        "name": zone.name,
        "postal_prefixes": ", ".join(zone.postal_prefixes),
        "fee_cents": written(zone.fee_cents),
        "minimum_cents": written(zone.minimum_cents or None),
        "free_from_cents": written(zone.free_from_cents),
        "promised_days": zone.promised_days,
    }


class RateForm(DeskForm):
    """One line of the table of what sending costs."""

    region = forms.ChoiceField(
        label=gettext_lazy("Vers"), widget=forms.RadioSelect, choices=ShippingRegion.choices
    )
    fee_cents = FeeField(label=gettext_lazy("Frais d’envoi"), help_text=_FEE_HELP)
    from_items_cents = FeeField(
        label=gettext_lazy("Pour un achat d’au moins"),
        required=False,
        help_text=gettext_lazy("Vide\u00a0: pour tous les achats."),
    )
    promised_days = _days(gettext_lazy("Reçue en"))

    def __init__(self, *args: Any, shop: Shop, rate: ShippingRate | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_rate_values(rate), **kwargs)
        self.shop, self.rate = shop, rate

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["from_items_cents"] = cleaned.get("from_items_cents") or 0
        same = ShippingRate.objects.filter(
            shop=self.shop, region=cleaned.get("region"), from_items_cents=cleaned["from_items_cents"]
        )
        if not self.errors and same.exclude(pk=self.rate.pk if self.rate else 0).exists():
            self.add_error(
                "from_items_cents", _("Il y a déjà un tarif pour cet achat\u00a0: écrivez un autre montant.")
            )
        return cleaned


def _rate_values(rate: ShippingRate | None) -> dict[str, Any]:
    if rate is None:
        return {"region": ShippingRegion.QUEBEC, "promised_days": 7}
    return {
        "region": rate.region,
        "fee_cents": written(rate.fee_cents),
        "from_items_cents": written(rate.from_items_cents or None),
        "promised_days": rate.promised_days,
    }


def written(cents: int | None) -> str:
    """An amount as one types it: « 7,50 »."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"
