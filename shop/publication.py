"""May this product be shown for sale? What the law asks first (QUEBEC.md, consumers), said to its merchant.

Each rule answers with French sentences that say what to do; none means that nothing stands in the way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from directory.folding import fold
from directory.models import Merchant
from shop import alcohol
from shop.allowances import bans_on
from shop.enums import ProductKind
from shop.models import Product, Shop, Variant

PO_BOX = re.compile(
    r"\b(?:c\.? ?p\.? ?|b\.? ?p\.? ?|p\.? ?o\.? ?box ?|post office box ?|(?:case|casier|boite) postale? ?)"
    r"(?:n[o°]?\.? ?)?\d+"
)
"""« C.P. 123 », « case postale 4 », « P.O. Box 9 », folded."""


class Where(StrEnum):
    """The screen on which a merchant fills a gap; NUMBERS: tax numbers, permits, what the owner alone states."""

    CONTACT = "contact"
    RETURNS = "returns"
    TEXTS = "texts"
    PRICES = "prices"
    PHOTOS = "photos"
    MORE = "more"
    FILE = "file"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that keeps a product from being published: what to do, in French, and where."""

    words: str
    where: Where


def what_is_missing(product: Product, *, today: date) -> list[str]:
    """All that keeps a product from being published, in French, for its merchant; empty when it may be."""
    return [gap.words for gap in gaps_of(product, today=today)]


def gaps_of(product: Product, *, today: date, shop: Shop | None = None) -> list[Gap]:
    """The same, each with the screen where it is filled. Reads variants and photos in hand, and ``shop`` if given."""
    shop = shop or Shop.objects.filter(merchant=product.merchant_id).first()
    shop = shop or Shop(site_id=product.site_id, merchant=product.merchant)
    variants = [variant for variant in product.variants.all() if variant.is_active]
    permits = alcohol.what_is_missing(product.merchant, shop, today=today) if product.is_alcohol else ()
    rules = (
        (Where.CONTACT, _of_seller(product.merchant)),
        (Where.RETURNS, _of_terms(shop)),
        (Where.TEXTS, _of_goods(product)),
        (Where.MORE, _of_care(product)),
        (Where.PRICES, _of_variants(product, variants)),
        (Where.PHOTOS, _of_photos(product)),
        (Where.MORE, _of_kind(product)),
        (Where.FILE, _of_file(product)),
        (Where.NUMBERS, permits),
    )
    return [Gap(words, where) for where, found in rules for words in found]


def _of_seller(merchant: Merchant) -> Iterator[str]:
    """Who sells, and where to find them (CPA 54.4)."""
    if not merchant.legal_name.strip():
        yield _("Écrivez le nom légal du commerce, comme au registre des entreprises.")
    if not merchant.name.strip():
        yield _("Écrivez le nom du commerce, celui de l’enseigne.")
    if not (merchant.street_address.strip() and merchant.city.strip() and merchant.postal_code):
        yield _("Écrivez l’adresse du commerce\u00a0: numéro, rue, ville et code postal.")
    elif is_only_a_po_box(merchant.street_address):
        yield _("Écrivez une adresse civique\u00a0: une case postale ne suffit pas à qui vend à distance.")
    if not merchant.phone:
        yield _("Écrivez le numéro de téléphone du commerce.")


def _of_terms(shop: Shop) -> Iterator[str]:
    """On which terms (CPA 54.4)."""
    if not shop.return_policy.strip():
        yield _(
            "Écrivez vos conditions de retour et de remboursement, même si c’est «\u00a0vente finale\u00a0»."
        )


def is_only_a_po_box(street_address: str) -> bool:
    """Whether nothing but a postal box is named: « 12, rue Bégin, C.P. 4 » also says where the shop stands."""
    folded = " ".join(fold(street_address).split())
    rest = PO_BOX.sub("", folded)
    return rest != folded and not re.search(r"\d", rest)


def _of_goods(product: Product) -> Iterator[str]:
    """What may be sold at all, and what a buyer must be told of it."""
    for ban, word in bans_on(product).items():
        yield _(
            "Le mot «\u00a0%(word)s\u00a0» fait croire que c’est %(goods)s, qui ne se vend pas ici. "
            "Si c’est une erreur, appelez-nous."
        ) % {"word": word, "goods": ban.label}


def _of_care(product: Product) -> Iterator[str]:
    if product.needs_maintenance and not product.maintenance_info.strip():
        yield _("Dites si les pièces, la réparation et le mode d’emploi sont offerts, et où.")


def _of_variants(product: Product, variants: list[Variant]) -> Iterator[str]:
    """One has something to choose, each with a price; a food says how much of it there is."""
    if not any(variant.price_cents for variant in variants):
        yield _("Écrivez le prix d’au moins une variante offerte.")
    for variant in variants:
        if variant.price_cents == 0 and len(variants) > 1:
            yield _("Écrivez le prix de «\u00a0%(variant)s\u00a0», ou retirez cette variante.") % {
                "variant": variant.title or product.title
            }
        if product.is_food and not (variant.net_quantity and variant.net_unit):
            yield _(
                "Écrivez la quantité nette de «\u00a0%(variant)s\u00a0», comme 250\u00a0g\u00a0: "
                "un aliment affiche son prix à l’unité de mesure."
            ) % {"variant": variant.title or product.title}


def _of_photos(product: Product) -> Iterator[str]:
    photos = list(product.photos.all())
    if not photos:
        yield _("Ajoutez au moins une photo.")
    if any(not photo.alt.strip() for photo in photos):
        yield _("Dites en quelques mots ce que montre chaque photo, pour qui ne la voit pas.")


def _of_kind(product: Product) -> Iterator[str]:
    if product.kind == ProductKind.MADE_TO_ORDER and not product.made_in_days:
        yield _("Dites en combien de jours c’est fait.")
    if product.kind == ProductKind.DIGITAL and product.is_alcohol:
        yield _("Un fichier n’est pas de l’alcool\u00a0: décochez l’un des deux.")


def _of_file(product: Product) -> Iterator[str]:
    if product.kind == ProductKind.DIGITAL and not product.digital_file:
        yield _("Ajoutez le fichier que la clientèle recevra.")
