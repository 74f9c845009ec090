"""The yearly seller report as a sheet: one line for each merchant and quarter, and one for its year."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from shop.seller_report import Quarter, SellerYear

BYTE_ORDER_MARK = "\ufeff"
"""By which a spreadsheet knows UTF-8."""


def write(target: Any, sellers: Iterable[SellerYear]) -> None:
    """``target`` has ``write``. Semicolons and commas, as a spreadsheet set to French reads them."""
    target.write(BYTE_ORDER_MARK)
    writer = csv.writer(target, delimiter=";")
    writer.writerow(heading())
    for seller in sellers:
        writer.writerows(_lines(seller))


def heading() -> list[str]:
    return [
        _("Année"), _("À déclarer"), _("Nom légal"), _("Nom du commerce"), _("NEQ"), _("Numéro de TPS"),
        _("Numéro de TVQ"), _("Adresse"), _("Ville"), _("Code postal"), _("Courriel"), _("Compte de versement"),
        _("Trimestre"), _("Nombre de ventes"), _("Contrepartie avant taxes"), _("Commission du portail"),
        _("TPS"), _("TVQ"), _("Taxes remises par le portail"), _("Repris par les banques (contestations)"),
    ]  # fmt: skip


def _lines(seller: SellerYear) -> Iterator[list[str]]:
    for number, quarter in seller.quarters.items():
        yield [*_identity(seller), str(number), *_sums(quarter)]
    yield [*_identity(seller), _("année"), *_sums(seller.total)]


def _identity(seller: SellerYear) -> list[str]:
    merchant = seller.merchant
    facts = (
        seller.name, merchant.name, merchant.neq, seller.gst_number, seller.qst_number, merchant.street_address,
        merchant.city, merchant.postal_code, merchant.email, seller.account,
    )  # fmt: skip
    is_reported = _("oui") if seller.is_reported else _("non")
    return [str(seller.year), is_reported, *map(_plain_text, facts)]


def _plain_text(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _sums(quarter: Quarter) -> list[str]:
    cents = (
        quarter.consideration_cents, quarter.fees_cents, quarter.gst_cents, quarter.qst_cents,
        quarter.portal_tax_cents, quarter.lost_cents,
    )  # fmt: skip
    return [str(quarter.sales), *map(_plain, cents)]


def _plain(cents: int) -> str:
    """−1234 → « -12,34 »: what a spreadsheet set to French reads as a number."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"
