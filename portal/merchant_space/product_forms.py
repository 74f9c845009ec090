"""A product as its merchant types it: a photo, a title, a price, how many; the rest has good defaults."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Merchant
from editorial.gifts import AGES, ages_within, bounds_of
from home.found import SHARED
from home.models import CustomImage
from home.pictures import NotAPicture, keep_picture
from home.tenancy import current_site
from portal.merchant_space.form_fields import DeskForm, text, whole
from portal.merchant_space.forms import CentsField
from portal.merchant_space.goods import Goods
from portal.merchant_space.settings_forms import written
from portal.staffing import collection_of
from shop.enums import Container, MeasureUnit, ProductKind
from shop.models import Product, Variant

MOST_UNITS = 100_000
MOST_CENTS = 10_000_000
MOST_DAYS = 365

CUT = ("fill-160x160|format-webp", "fill-320x320|format-webp", "fill-360x360|format-webp",
       "fill-720x720|format-webp", "fill-800x800|format-webp", "fill-1080x1080|format-webp", SHARED)  # fmt: skip
"""What cards, product pages and shared links show, cut as the photo arrives."""

_SALT = "merchant photo"


class PriceField(CentsField):
    def clean(self, value: Any) -> Any:
        cents = super().clean(value)
        if cents is not None and cents > MOST_CENTS:
            raise forms.ValidationError(_("Ce prix est trop haut\u00a0: écrivez-le comme 7,50."))
        return cents


class QuantityField(forms.CharField):
    """`250`, `1,5`: how much of its unit a product holds."""

    default_error_messages = {"quantity": gettext_lazy("Écrivez un nombre, comme 250 ou 1,5.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8})
        super().__init__(**{"widget": widget, "max_length": 12, "required": False, **kwargs})

    def clean(self, value: Any) -> Any:
        typed = re.sub(r"\s", "", str(super().clean(value))).replace(",", ".")
        if not typed:
            return None
        try:
            quantity = Decimal(typed).quantize(Decimal("0.01"))
        except InvalidOperation:
            quantity = Decimal(0)
        if not Decimal("0.01") <= quantity < Decimal(10_000_000):
            raise forms.ValidationError(self.error_messages["quantity"], code="quantity")
        return quantity


def title_field() -> forms.CharField:
    return text(
        gettext_lazy("Ce que c’est"),
        longest=120,
        required=True,
        error_messages={
            "required": gettext_lazy("Nommez ce que vous vendez, comme «\u00a0Tomme de brebis\u00a0»."),
            "max_length": gettext_lazy("Un nom plus court\u00a0: 120 caractères au plus."),
        },
    )


def price_field() -> PriceField:
    return PriceField(
        label=gettext_lazy("Prix, avant taxes"),
        error_messages={"required": gettext_lazy("Écrivez un prix, comme 7,50.")},
    )


def units_field() -> forms.IntegerField:
    field = whole(gettext_lazy("Combien en avez-vous à vendre?"), most=MOST_UNITS)
    field.error_messages["max_value"] = _("Écrivez 100\u00a0000 au plus.")
    field.error_messages["min_value"] = _("Écrivez 0 ou plus.")
    return field


def goods_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Pour les taxes, c’est"),
        choices=Goods.choices,
        error_messages={
            "required": gettext_lazy("Choisissez ce que c’est\u00a0: les taxes en dépendent."),
            "invalid_choice": gettext_lazy("Choisissez dans la liste."),
        },
    )


def description_field() -> forms.CharField:
    return text(
        gettext_lazy("Quelques mots"),
        longest=4000,
        rows=4,
        help_text=gettext_lazy("Le goût, la taille, d’où ça vient."),
    )


def _measure_fields() -> dict[str, forms.Field]:
    return {
        "net_quantity": QuantityField(
            label=gettext_lazy("Si ça se mange\u00a0: combien y en a-t-il?"),
            help_text=gettext_lazy("Pour afficher le prix aux 100\u00a0g, comme la loi le demande."),
        ),
        "net_unit": forms.ChoiceField(
            label=gettext_lazy("En quoi?"), required=False, choices=[("", "–"), *MeasureUnit.choices]
        ),
    }


class MeasureMixin(DeskForm):
    """A quantity wants its unit, and the other way around."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        quantity, unit = cleaned.get("net_quantity"), cleaned.get("net_unit")
        if quantity and not unit:
            self.add_error("net_unit", _("Dites en quoi\u00a0: g, ml ou à l’unité."))
        if unit and not quantity and "net_quantity" not in self.errors:
            self.add_error("net_quantity", _("Écrivez combien, comme 250."))
        return cleaned


class PhotoMixin(DeskForm):
    """A photo, from the camera or from the phone's album, kept as soon as it arrives.

    When another answer is wrong it need not be taken again: ``kept`` names it, signed for this merchant.
    """

    picture: CustomImage | None = None

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merchant = merchant
        camera = forms.FileInput({"accept": "image/*", "capture": "environment"})
        self.fields["photo"] = forms.FileField(
            label=gettext_lazy("Prendre une photo"), required=False, allow_empty_file=True, widget=camera
        )
        self.fields["album"] = forms.FileField(
            label=gettext_lazy("Choisir une photo"),
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput({"accept": "image/*"}),
        )
        self.fields["kept"] = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def take_photo(self, title: str) -> None:
        """The last thing a form cleans."""
        upload = self.cleaned_data.get("photo") or self.cleaned_data.get("album")
        if not upload:
            self.picture = kept_picture(self.merchant, self.cleaned_data.get("kept") or "")
            return
        try:
            self.picture = keep_picture(
                upload, title=title or self.merchant.name, merchant_id=self.merchant.pk,
                collection=collection_of(current_site()), cut=CUT,
            )  # fmt: skip
        except NotAPicture as refusal:
            self.add_error("photo", refusal.reason)

    @property
    def kept_token(self) -> str:
        return signing.dumps([self.merchant.pk, self.picture.pk], salt=_SALT) if self.picture else ""


def kept_picture(merchant: Merchant, token: str) -> CustomImage | None:
    """The merchant's picture that a form of this hour named; None for anything else."""
    try:
        merchant_pk, pk = signing.loads(token, salt=_SALT, max_age=24 * 3600)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    found: CustomImage | None = CustomImage.objects.filter(
        pk=pk, merchant=merchant.pk, site=merchant.site_id
    ).first()
    return found if merchant_pk == merchant.pk else None


class AddForm(PhotoMixin, MeasureMixin):
    """All it takes to sell something: the first four answers; the others are filled in already."""

    form_token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, merchant=merchant, **kwargs)
        self.fields |= {
            "title": title_field(),
            "price": price_field(),
            "units": units_field(),
            "goods": goods_field(),
            **_measure_fields(),
            "description": description_field(),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.take_photo(str(cleaned.get("title") or ""))
        return cleaned


class TextsForm(MeasureMixin):
    """What a product is; its price and measure too, while it comes in one variant alone."""

    def __init__(self, *args: Any, product: Product, only: Variant | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {"title": title_field()}
        if only is not None:
            self.fields |= {"price": price_field()}
        self.fields |= {"description": description_field(), "goods": goods_field()}
        if only is not None:
            self.fields |= _measure_fields()


class VariantForm(MeasureMixin):
    """One size or colour: its name, price, measure and deposit."""

    container = forms.ChoiceField(
        label=gettext_lazy("Contenant consigné"),
        required=False,
        choices=[("", gettext_lazy("Aucun")), *Container.choices],
    )
    container_count = whole(gettext_lazy("Combien de contenants?"), most=99, required=False)

    def __init__(
        self, *args: Any, others: list[Variant], variant: Variant | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.others, self.variant = others, variant
        own: dict[str, forms.Field] = {
            "title": text(
                gettext_lazy("Le format, la taille ou la couleur"),
                longest=80,
                required=bool(others),
                help_text=gettext_lazy("Comme «\u00a0Grand\u00a0» ou «\u00a0Rouge, M\u00a0»."),
                error_messages={"required": gettext_lazy("Nommez ce format, comme «\u00a0Grand\u00a0».")},
            ),
            "price": price_field(),
        }
        if variant is None:
            own["units"] = units_field()
        if self._unnamed is not None:
            own["first_title"] = text(
                gettext_lazy("Et celui que vous avez déjà, comment l’appeler?"),
                longest=80,
                required=True,
                help_text=gettext_lazy("Comme «\u00a0Petit\u00a0»."),
                error_messages={
                    "required": gettext_lazy("Nommez aussi le premier, comme «\u00a0Petit\u00a0».")
                },
            )
        self.fields = {**own, **_measure_fields(), **self.fields}

    @property
    def _unnamed(self) -> Variant | None:
        return next((other for other in self.others if not other.title), None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        taken = {other.title.casefold() for other in self.others if other.title}
        taken.add(str(cleaned.get("first_title") or "").casefold())
        if cleaned.get("title") and str(cleaned["title"]).casefold() in taken:
            self.add_error("title", _("Un autre format porte déjà ce nom\u00a0: écrivez-en un autre."))
        if not cleaned.get("container"):
            cleaned["container_count"] = 0
        elif not cleaned.get("container_count"):
            cleaned["container_count"] = 1
        return cleaned

    def values(self) -> dict[str, Any]:
        """Of a valid form: the variant's fields but its price and stock."""
        names = ("title", "net_quantity", "net_unit", "container", "container_count")
        return {name: self.cleaned_data[name] for name in names}


def variant_values(variant: Variant) -> dict[str, Any]:
    """A form's first values."""
    return {
        "title": variant.title,
        "price": written(variant.price_cents),
        "container": variant.container,
        "container_count": variant.container_count or "",
        **measure_values(variant),
    }


def measure_values(variant: Variant) -> dict[str, Any]:
    quantity = variant.net_quantity
    text_of = "" if quantity is None else f"{quantity.normalize():f}".replace(".", ",")
    return {"net_quantity": text_of, "net_unit": variant.net_unit}


class MoreForm(DeskForm):
    """What most products never need."""

    ages = forms.MultipleChoiceField(
        label=gettext_lazy("En cadeau, c’est pour qui?"),
        help_text=gettext_lazy("Qui cherche un cadeau selon l’âge le trouve alors en premier."),
        required=False,
        choices=[(age.key, age.label) for age in AGES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choisissez dans la liste.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Comment l’avez-vous?"), widget=forms.RadioSelect)
    made_in_days = whole(
        gettext_lazy("Sur commande\u00a0: fait en combien de jours?"), least=1, most=MOST_DAYS, required=False
    )
    isbn = text(gettext_lazy("Livre\u00a0: son ISBN"), longest=17)
    is_alcohol = forms.BooleanField(label=gettext_lazy("C’est de l’alcool que je produis"), required=False)
    needs_maintenance = forms.BooleanField(
        label=gettext_lazy("Ça demande de l’entretien ou des pièces"), required=False
    )
    maintenance_info = text(
        gettext_lazy("Pièces, réparation et mode d’emploi"),
        longest=300,
        rows=2,
        help_text=gettext_lazy("Ce que vous offrez, et où. La loi demande de le dire."),
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        initial = {name: getattr(product, name) for name in MORE_FIELDS}
        initial["ages"] = ages_within(product.suggested_min_age, product.suggested_max_age)
        super().__init__(*args, initial=initial, **kwargs)
        kinds = [ProductKind.STOCKED, ProductKind.MADE_TO_ORDER]
        if product.kind == ProductKind.DIGITAL:
            kinds.append(ProductKind.DIGITAL)
        self.fields["kind"].choices = [(kind.value, kind.label.capitalize()) for kind in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            cleaned.get("kind") == ProductKind.MADE_TO_ORDER
            and not cleaned.get("made_in_days")
            and not self.errors
        ):
            self.add_error("made_in_days", _("Écrivez en combien de jours c’est fait, comme 7."))
        if cleaned.get("needs_maintenance") and not cleaned.get("maintenance_info"):
            self.add_error(
                "maintenance_info", _("Dites ce qui est offert, comme «\u00a0Pièces en magasin\u00a0».")
            )
        lowest, highest = bounds_of(cleaned.get("ages") or ())
        return {**cleaned, "suggested_min_age": lowest, "suggested_max_age": highest}


MORE_FIELDS = (
    "kind",
    "made_in_days",
    "isbn",
    "is_alcohol",
    "needs_maintenance",
    "maintenance_info",
    "suggested_min_age",
    "suggested_max_age",
)


class PhotoForm(PhotoMixin):
    """One more photo of a product."""

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, merchant=merchant, **kwargs)
        self.fields["alt"] = text(
            gettext_lazy("Ce que montre la photo"),
            longest=160,
            help_text=gettext_lazy("Pour qui ne la voit pas. Vide\u00a0: le nom du produit."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.take_photo(str(cleaned.get("alt") or ""))
        if self.picture is None and not self.errors:
            self.add_error("photo", _("Prenez une photo, ou choisissez-en une."))
        return cleaned


class CountForm(forms.Form):
    """How many are left, by somebody who saw ``seen``; ``step`` is one more or one less."""

    seen = forms.IntegerField(min_value=0, max_value=10 * MOST_UNITS)
    units = forms.IntegerField(min_value=0, max_value=MOST_UNITS, required=False)
    step = forms.TypedChoiceField(choices=(("1", "+1"), ("-1", "-1")), coerce=int, required=False)

    def wanted(self) -> int | None:
        """Of a valid form; None where nothing was typed."""
        if step := self.cleaned_data["step"] or 0:
            return max(0, int(self.cleaned_data["seen"]) + int(step))
        units: int | None = self.cleaned_data["units"]
        return units
