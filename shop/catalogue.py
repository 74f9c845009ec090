"""The shelves' rules: a price and its history, and when a product is shown for sale or taken down.

The only writer of ``Variant.price_cents`` and of ``Product.status``.
"""

import uuid
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.models import Merchant
from home.models import CustomImage
from home.tenancy import across_portals
from shop import alcohol, stock
from shop.enums import ProductKind, ProductStatus
from shop.exceptions import CannotPublish
from shop.files import checked
from shop.models import AlcoholPermit, PriceChange, Product, ProductPhoto, Variant
from shop.publication import what_is_missing

__all__ = [
    "add_photo",
    "add_stocked_variant",
    "add_variant",
    "change",
    "create",
    "duplicate",
    "hide",
    "new_sku",
    "publish",
    "set_file",
    "set_price",
    "touch",
    "unpublish_expired",
    "what_is_missing",
]

GUARDED = frozenset({"status", "price_cents", "on_hand", "site", "merchant", "product", "sku"})
"""Fields that ``change`` leaves alone: each has its own rule."""

SLUG_LENGTH = 100

Facts = dict[str, Any]


def create(
    merchant: Merchant, *, title: str, form_token: uuid.UUID | None, **fields: Any
) -> tuple[Product, bool]:
    """A new product that nobody sees yet, and whether it is new: a form sent twice makes one.

    Without a variant it has nothing to sell: ``add_variant``. ``fields``: the others of Product.
    """
    known = Product.objects.filter(merchant=merchant, form_token=form_token).first() if form_token else None
    if known is not None:
        return known, False
    slug = _free_slug(merchant, title)
    try:
        with transaction.atomic():
            made: Product = Product.objects.create(
                site_id=merchant.site_id, merchant=merchant, title=title,
                slug=slug, form_token=form_token, **fields,
            )  # fmt: skip
    except IntegrityError:
        # Of two requests that carry one form, the other was quicker; or it took the address at that very moment.
        found = (
            Product.objects.filter(merchant=merchant, form_token=form_token).first() if form_token else None
        )
        if found is None:
            raise
        return found, False
    return made, True


def _free_slug(merchant: Merchant, title: str) -> str:
    """« bleu-de-la-cave », else « bleu-de-la-cave-2 » and so on."""
    wanted = slugify(title)[:SLUG_LENGTH].strip("-") or "produit"
    taken = set(
        Product.objects.filter(merchant=merchant, slug__startswith=wanted).values_list("slug", flat=True)
    )
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def new_sku(product: Product) -> str:
    """A code that no other variant of the portal has, short enough to be said on the phone."""
    number = product.variants.count() + 1
    while Variant.objects.filter(sku=f"P{product.pk}-{number}").exists():
        number += 1
    return f"P{product.pk}-{number}"


def add_photo(product: Product, image: CustomImage, *, alt: str) -> ProductPhoto:
    """Behind the photos it has. Raises ValueError for a picture of another merchant."""
    if (image.site_id, image.merchant_id) != (product.site_id, product.merchant_id):
        raise ValueError("The picture is not this merchant's")
    last = product.photos.aggregate(last=models.Max("sort_order"))["last"]
    photo: ProductPhoto = ProductPhoto.objects.create(
        product=product, image=image, alt=alt, sort_order=0 if last is None else last + 1
    )
    touch(product.pk)
    return photo


def change(row: Product | Variant, **fields: Any) -> tuple[Facts, Facts]:
    """Write what differs; what was there before and what is now, both empty when nothing differs.

    Raises ValueError for a field that has a rule of its own (GUARDED).
    """
    if guarded := GUARDED & fields.keys():
        raise ValueError(f"Not by hand: {sorted(guarded)}")
    after = {name: value for name, value in fields.items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in after}
    for name, value in after.items():
        setattr(row, name, value)
    if not after:
        return before, after
    if isinstance(row, Product):
        row.changed_at = row.confirmed_at = timezone.now()
        row.save(update_fields=[*after, "changed_at", "confirmed_at"])
    else:
        row.save(update_fields=list(after))
        touch(row.product_id)
    return before, after


def touch(product_id: int) -> None:
    """Shoppers are shown something else of the product from now on: sitemaps say so, and its people saw to it."""
    now = timezone.now()
    Product.objects.filter(pk=product_id).update(changed_at=now, confirmed_at=now)


@transaction.atomic
def duplicate(
    product: Product, *, form_token: uuid.UUID | None, actor_id: int | None, now: datetime
) -> tuple[Product, bool]:
    """A copy that nobody sees yet, and whether it is new: texts, photos, variants and prices, an empty shelf."""
    copied = {
        name: getattr(product, name)
        for name in (
            "description", "kind", "made_in_days", "tax_class", "isbn", "is_alcohol", "is_food",
            "needs_maintenance", "maintenance_info", "digital_file",
        )
    }  # fmt: skip
    title = _("%(title)s (copie)") % {"title": product.title[:110]}
    made, is_new = create(product.merchant, title=title, form_token=form_token, **copied)
    if not is_new:
        return made, False
    for photo in product.photos.all():
        ProductPhoto.objects.create(
            product=made, image=photo.image, alt=photo.alt, sort_order=photo.sort_order
        )
    for variant in product.variants.filter(is_active=True):
        add_variant(
            made, sku=new_sku(made), price_cents=variant.price_cents, actor_id=actor_id, now=now,
            **{
                name: getattr(variant, name)
                for name in (
                    "title", "image", "net_quantity", "net_unit", "container", "container_count", "sort_order",
                )
            },
        )  # fmt: skip
    return made, True


def add_stocked_variant(
    product: Product, *, price_cents: int, units: int, actor_id: int | None, now: datetime, **fields: Any
) -> Variant:
    """A new variant with a code of its own and its first units on the shelf."""
    variant = add_variant(
        product, sku=new_sku(product), price_cents=price_cents, actor_id=actor_id, now=now, **fields
    )
    if units:
        stock.receive(variant, units, reason=_("première mise en stock"), now=now)
        variant.refresh_from_db(fields=["on_hand"])
    return variant


@transaction.atomic
def add_variant(
    product: Product, *, sku: str, price_cents: int, actor_id: int | None, now: datetime, **fields: Any
) -> Variant:
    """A new variant of a product, its first price in the history. ``fields``: the others of Variant."""
    variant = Variant.objects.create(
        site_id=product.site_id, product=product, sku=sku, price_cents=price_cents, **fields
    )
    _remember_price(variant, actor_id=actor_id, now=now)
    return variant


@transaction.atomic
def set_price(variant: Variant, price_cents: int, *, actor_id: int | None, now: datetime) -> bool:
    """The price from now on, in cents; orders and receipts keep theirs. False when it is that already."""
    known = Variant.objects.select_for_update(of=("self",)).get(pk=variant.pk)
    if known.price_cents == price_cents:
        return False
    Variant.objects.filter(pk=variant.pk).update(price_cents=price_cents)
    variant.price_cents = price_cents
    _remember_price(variant, actor_id=actor_id, now=now)
    touch(variant.product_id)
    return True


def _remember_price(variant: Variant, *, actor_id: int | None, now: datetime) -> None:
    PriceChange.objects.create(variant=variant, price_cents=variant.price_cents, actor_id=actor_id, at=now)


@transaction.atomic
def set_file(product: Product, upload: "UploadedFile[Any]") -> str:
    """The product is a file to download from now on, and this is the file; its name as it is kept.

    Who bought it before gets this one too; the one it replaces is deleted once the act is sure, unless a copy of the
    product still has it. Raises NotSellable (``shop.files``).
    """
    name, old = checked(upload), product.digital_file.name
    product.kind = ProductKind.DIGITAL
    product.digital_file.save(name, upload, save=False)
    product.save(update_fields=["kind", "digital_file"])
    if old and not Product.objects.filter(digital_file=old).exists():
        transaction.on_commit(lambda: product.digital_file.storage.delete(old))
    return name


def publish(product: Product, *, today: date) -> bool:
    """Show it for sale. False when it is already.

    Raises CannotPublish with all that the law still asks, in French; the product then stays as it is.
    """
    if reasons := what_is_missing(product, today=today):
        raise CannotPublish(reasons)
    return _move(product, to=ProductStatus.PUBLISHED)


def hide(product: Product) -> bool:
    """Take it down: nobody sees or buys it any more; what was sold of it stays sold. False when it is hidden."""
    return _move(product, to=ProductStatus.HIDDEN)


def _move(product: Product, *, to: ProductStatus) -> bool:
    others = Product.objects.filter(pk=product.pk).exclude(status=to)
    now = timezone.now()
    moved = others.update(status=to, changed_at=now, confirmed_at=now)
    product.status = to
    return bool(moved)


def unpublish_expired(now: datetime) -> int:
    """Hide, in every portal, the published alcohol of merchants without a valid producer's permit; how many."""
    today = timezone.localdate(now)
    with across_portals():
        kinds = AlcoholPermit.objects.filter(expires_on__gte=today).values_list("kind", flat=True).distinct()
        valid = AlcoholPermit.objects.filter(
            merchant=OuterRef("merchant"),
            expires_on__gte=today,
            kind__in=[kind for kind in kinds if alcohol.is_producers(kind)],
        )
        shown = Product.objects.filter(is_alcohol=True, status=ProductStatus.PUBLISHED)
        return shown.exclude(Exists(valid)).update(status=ProductStatus.HIDDEN)
