"""What a shopper chooses among on a product's page: its offered variants, each with price, measure, deposit, stock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from home.compiled import Compiled, Ints
from home.models import CustomImage
from shop.deposits import unit_deposit_cents
from shop.enums import Container
from shop.models import Product, Variant
from shop.stock import units_free
from shop.unit_prices import UnitPrice, unit_price_of

FEW_LEFT = 3
"""So few are told, and no more than are there."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One variant. ``values`` are its options' values, in the options' order; ``deposit_cents`` is for one unit."""

    variant: Variant
    values: tuple[str, ...]
    units_free: int
    unit_price: UnitPrice | None
    deposit_cents: int

    @property
    def title(self) -> str:
        """What tells it from the others: its own title, else its options' values, else the product's."""
        return self.variant.title or ", ".join(self.values) or self.variant.product.title

    @property
    def label(self) -> str:
        """The title without what the group it stands in says already."""
        return ", ".join(self.values[1:]) or self.title

    @property
    def is_free(self) -> bool:
        return self.units_free > 0

    @property
    def stock_note(self) -> str:
        """« épuisé », « il en reste 2 », or "" for enough."""
        if not self.is_free:
            return _("épuisé")
        if self.units_free > FEW_LEFT:
            return ""
        return _("il en reste %(left)d") % {"left": self.units_free}


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The choices that share the first option's value, like « Couleur : Rouge »; all of them where "" says so."""

    label: str
    choices: tuple[Choice, ...]


def offered(product: Product) -> QuerySet[Variant]:
    """The active variants of a product in their order, with photo and option values: one query."""
    return _dressed(product.variants.all())


def offered_rows(product: Product) -> list[Variant]:
    """The same, read once for this product in hand."""
    read_offered([product])
    rows: list[Variant] = product.offered_variants
    return rows


def read_offered(products: Iterable[Product]) -> None:
    """Hang the same on many products at once, as ``offered_variants``: one query."""
    _OFFERED.prefetch(products, "variants", to_attr="offered_variants")


def _dressed(variants: QuerySet[Variant]) -> QuerySet[Variant]:
    by_option = ("option_values__option__sort_order", "option_values__option__pk")
    said = Q(option_values__isnull=False)
    return (
        variants.filter(is_active=True)
        .select_related("image")
        .annotate(
            option_names=ArrayAgg("option_values__option__name", filter=said, order_by=by_option, default=[]),
            option_texts=ArrayAgg("option_values__value", filter=said, order_by=by_option, default=[]),
        )
        .order_by("sort_order", "pk")
    )


_OFFERED = Compiled(
    lambda parents: _dressed(Variant.objects.filter(product__id__any_of=parents)), parents=Ints
)


def choices_of(
    product: Product, variants: Iterable[Variant], deposits: Mapping[Container, int]
) -> list[Choice]:
    """The choices of a product read with ``offered``. Asks the database nothing."""
    return [
        Choice(
            variant=variant,
            values=tuple(variant.option_texts),  # type: ignore[attr-defined]
            units_free=units_free(variant),
            unit_price=unit_price_of(product, variant),
            deposit_cents=unit_deposit_cents(variant, deposits),
        )
        for variant in variants
    ]


def grouped(choices: list[Choice]) -> list[ChoiceGroup]:
    """By the first option where variants differ by two or more; else one group without a label."""
    if not choices or min(len(choice.values) for choice in choices) < 2:
        return [ChoiceGroup("", tuple(choices))]
    name = choices[0].variant.option_names[0]  # type: ignore[attr-defined]
    first_seen = {value: place for place, value in reversed(list(enumerate(c.values[0] for c in choices)))}
    ordered = sorted(choices, key=lambda choice: first_seen[choice.values[0]])
    return [
        ChoiceGroup(f"{name}\u00a0: {value}", tuple(group))
        for value, group in groupby(ordered, key=lambda choice: choice.values[0])
    ]


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """One photo of the gallery. ``variants``: the primary keys of those it shows, for the script that brings it up."""

    image: CustomImage
    alt: str
    caption: str
    variants: tuple[int, ...]


def gallery(product: Product, choices: list[Choice]) -> list[ShownPhoto]:
    """The product's photos, then those of its variants that are not among them; each with what it shows."""
    by_image: dict[int, list[Choice]] = {}
    for choice in choices:
        if choice.variant.image_id:
            by_image.setdefault(choice.variant.image_id, []).append(choice)
    own = [(photo.image, photo.alt) for photo in product.photos.all()]
    known = {image.pk for image, _alt in own}
    others = [
        (shown[0].variant.image, f"{product.title}, {_caption(shown, len(choices))}")
        for image_id, shown in by_image.items()
        if image_id not in known
    ]
    return [
        ShownPhoto(
            image,
            alt,
            _caption(by_image[image.pk], len(choices)) if image.pk in by_image else "",
            tuple(choice.variant.pk for choice in by_image.get(image.pk, ())),
        )
        for image, alt in (*own, *others)
        if image is not None
    ]


def _caption(shown: list[Choice], of_all: int) -> str:
    """What the variants on one photo share: « Rouge » for every size of red; "" where all are on it."""
    if len(shown) == of_all and of_all > 1:
        return ""
    firsts = {choice.values[0] for choice in shown if choice.values}
    if len(firsts) == 1 and len(shown) > 1:
        return firsts.pop()
    return ", ".join(choice.title for choice in shown)
