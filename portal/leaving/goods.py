"""A merchant's products as they go along, some hundred at a time: whatever it has here, shown or not."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from directory.models import Merchant
from home.models import CustomImage
from home.structured_data import dollars
from portal.leaving.archive import Archive, amount, safe_name
from portal.leaving.photos import Album
from shop.models import Product, Variant

AT_ONCE = 100
READ_ALONG = (
    "variants__option_values__option",
    "variants__image",
    "photos__image",
    "tags",
)
FILES = "fichiers"


def goods_of(merchant: Merchant) -> QuerySet[Product]:
    """Every one, the oldest first."""
    rows: QuerySet[Product] = Product.objects.filter(merchant=merchant).order_by("pk")
    return rows


def in_chunks(products: QuerySet[Product], *read_along: str) -> Iterator[list[Product]]:
    """Some hundred at a time, each with what is asked for: as many queries for one chunk as for the next."""
    rows = products.prefetch_related(*read_along).iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(rows, AT_ONCE)):
        yield chunk


def photos_of(product: Product) -> list[CustomImage]:
    """Its own, then those of its variants, each once."""
    own = [photo.image for photo in product.photos.all()]
    others = [variant.image for variant in product.variants.all() if variant.image]
    return list({image.pk: image for image in [*own, *others]}.values())


def add_files(archive: Archive, merchant: Merchant) -> int:
    """What it sells as files; returns how many could not be read."""
    missing = 0
    for product in goods_of(merchant).exclude(digital_file="").iterator(chunk_size=AT_ONCE):
        try:
            with product.digital_file.open("rb") as file:
                archive.add_file(file_name(product), file)
        except OSError:
            missing += 1
    return missing


def file_name(product: Product) -> str:
    if not product.digital_file:
        return ""
    _stem, dot, ending = str(product.digital_file.name).rpartition(".")
    return f"{FILES}/{safe_name(product.title, product.pk, f'{dot}{ending.lower()}')}"


# ------------------------------------------------------------------------------------------------ a sheet, and the same


def add_sheet(archive: Archive, merchant: Merchant, album: Album) -> None:
    chunks = in_chunks(goods_of(merchant), *READ_ALONG)
    rows = (row for chunk in chunks for product in chunk for row in _rows(product, album))
    archive.add_rows("donnees/produits.csv", heading(), rows)


def heading() -> list[str]:
    """One line for each variant."""
    return [
        _("Produit"), _("Adresse"), _("Description"), _("État"), _("Sorte"), _("Fait en (jours)"), _("Taxes"),
        _("ISBN"), _("Alcool"), _("Aliment"), _("Mots-clés"), _("Variante"), _("Code"), _("Options"),
        _("Prix (cents)"), _("Prix"), _("En stock"), _("Offerte"), _("Quantité nette"), _("Unité"),
        _("Contenant consigné"), _("Contenants"), _("Photos"), _("Fichier vendu"),
    ]  # fmt: skip


def _rows(product: Product, album: Album) -> Iterator[list[Any]]:
    variants: list[Variant | None] = list(product.variants.all())
    for variant in variants or [None]:
        yield [*_of_product(product), *_of_variant(variant), *_of_files(product, album)]


def _of_product(product: Product) -> list[Any]:
    return [
        product.title, product.slug, product.description, product.get_status_display(), product.get_kind_display(),
        product.made_in_days, product.get_tax_class_display(), product.isbn, _yes(product.is_alcohol),
        _yes(product.is_food), ", ".join(_tags(product)),
    ]  # fmt: skip


def _of_variant(variant: Variant | None) -> list[Any]:
    if variant is None:
        return [""] * 11
    options = " | ".join(f"{name}: {value}" for name, value in _options(variant).items())
    return [
        variant.title, variant.sku, options, variant.price_cents, amount(variant.price_cents), variant.on_hand,
        _yes(variant.is_active), variant.net_quantity, variant.net_unit,
        variant.get_container_display() if variant.container else "", variant.container_count or "",
    ]  # fmt: skip


def _of_files(product: Product, album: Album) -> list[str]:
    return [" | ".join(_photo_names(product, album)), file_name(product)]


def _photo_names(product: Product, album: Album) -> list[str]:
    return [picture.name for image in photos_of(product) if (picture := album.get(image))]


def _options(variant: Variant) -> dict[str, str]:
    """In the order in which its product names them."""
    values = sorted(variant.option_values.all(), key=lambda row: (row.option.sort_order, row.option_id))
    return {row.option.name: row.value for row in values}


def _tags(product: Product) -> list[str]:
    return sorted(tag.name for tag in product.tags.all())


def _yes(value: object) -> str:
    return _("oui") if value else _("non")


def add_json(archive: Archive, merchant: Merchant, album: Album) -> None:
    """The same for machines, written as it is read."""
    with archive.opened("donnees/produits.json") as entry:
        entry.write(b"[")
        between = b"\n"
        for chunk in in_chunks(goods_of(merchant), *READ_ALONG):
            for product in chunk:
                entry.write(
                    between + json.dumps(_told(product, album), ensure_ascii=False, default=str).encode()
                )
                between = b",\n"
        entry.write(b"\n]\n")


def _told(product: Product, album: Album) -> dict[str, Any]:
    return {
        "titre": product.title,
        "adresse": product.slug,
        "description": product.description,
        "etat": product.status,
        "sorte": product.kind,
        "fait_en_jours": product.made_in_days,
        "taxes": product.tax_class,
        "isbn": product.isbn,
        "alcool": product.is_alcohol,
        "aliment": product.is_food,
        "mots_cles": _tags(product),
        "photos": [
            {"fichier": picture.name, "texte": photo.alt}
            for photo in product.photos.all()
            if (picture := album.get(photo.image))
        ],
        "fichier_vendu": file_name(product),
        "variantes": [_told_variant(variant, album) for variant in product.variants.all()],
    }


def _told_variant(variant: Variant, album: Album) -> dict[str, Any]:
    picture = album.get(variant.image)
    return {
        "titre": variant.title,
        "code": variant.sku,
        "options": _options(variant),
        "prix_cents": variant.price_cents,
        "prix": dollars(variant.price_cents),
        "en_stock": variant.on_hand,
        "offerte": variant.is_active,
        "quantite_nette": variant.net_quantity,
        "unite": variant.net_unit,
        "contenant": variant.container,
        "contenants": variant.container_count,
        "photo": picture.name if picture else "",
    }


def photos_of_all(chunk: Sequence[Product]) -> list[CustomImage]:
    """Every photo of these products."""
    return [image for product in chunk for image in photos_of(product)]
