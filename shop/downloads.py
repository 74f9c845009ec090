"""Files that were bought: a signed link for each, from the payment on, until the money is given back.

The link does not expire. It names the sold line, so it gives the file that its product holds when it is followed:
who corrects a pattern gives the corrected one to those who bought it before.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from django.core import signing
from django.db.models import F, QuerySet
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils.text import slugify

from shop.enums import LineState, OrderStatus, ProductKind
from shop.models import LineItem, Order

SALT = "achetons.download"
OPEN_STATUSES = (OrderStatus.PAID, OrderStatus.READY, OrderStatus.FULFILLED)


@dataclass(frozen=True, slots=True)
class Download:
    """A file of an order: what it is called and where it is fetched; ``url`` is a path, "" while it is missing."""

    title: str
    filename: str
    url: str


def downloads_of(order: Order, *, now: datetime) -> list[Download]:
    """The files an order gives a right to at a moment: none before it is paid, nor of what was refunded. One query."""
    if order.status not in OPEN_STATUSES or order.paid_at is None or order.paid_at > now:
        return []
    lines = _sold_files().filter(order=order).select_related("variant__product")
    return [_download(line) for line in lines.order_by("pk")]


def _sold_files() -> QuerySet[LineItem]:
    """Lines of files that are sold and of which at least one unit was not refunded, in the portal in scope."""
    return LineItem.objects.filter(
        kind=ProductKind.DIGITAL, state=LineState.SOLD, refunded_quantity__lt=F("quantity")
    )


def _download(line: LineItem) -> Download:
    file = line.variant.product.digital_file
    url = reverse("shop:download", args=[token_of(line)]) if file else ""
    return Download(str(line.title), _filename(line, file) if file else "", url)


def token_of(line: LineItem) -> str:
    """URL-safe; the same line always has the same token, until the secret key is retired."""
    return signing.Signer(salt=SALT, sep=".").sign(str(line.pk))


def file_for(token: str) -> tuple[FieldFile, str] | None:
    """The file a token gives a right to now and the name to keep it under; None for any other token.

    None too for a token of another portal, of an order that is not paid or was refunded, and for a missing file.
    """
    try:
        pk = int(signing.Signer(salt=SALT, sep=".").unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    lines = _sold_files().filter(order__status__in=OPEN_STATUSES, order__paid_at__isnull=False)
    line = lines.select_related("variant__product").filter(pk=pk).first()
    file = line.variant.product.digital_file if line else None
    return (file, _filename(line, file)) if line and file else None


def _filename(line: LineItem, file: FieldFile) -> str:
    """The product's title and the file's own ending: « patron-de-tuque.pdf »."""
    name = slugify(line.title) or f"fichier-{line.pk}"
    return f"{name[:80]}{PurePosixPath(file.name or '').suffix.lower()}"
