"""Shops, tax registrations, products with their photos and tags, variants with their stock."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from directory.models import Merchant
from home.models import CustomImage
from portal.demo.leaflet import pdf_of
from portal.demo.plans import MerchantPlan, ProductPlan, ShopPlan, TownPlan, VariantPlan
from shop import catalogue, stock
from shop.enums import ProductStatus, Tax
from shop.models import (
    AlcoholPermit,
    PriceChange,
    Product,
    ProductOption,
    ProductPhoto,
    Shop,
    StockMovement,
    TaxRegistration,
    Variant,
    VariantOption,
)

REGISTERED_SINCE = date(2024, 1, 1)
FIRST_DELIVERY = "Inventaire de départ"


def account_of(plan: MerchantPlan) -> str:
    """The connected account of a demo shop, made in the sandbox under this very name."""
    return f"acct_demo_{plan.slug.replace('-', '_')[:40]}"


@transaction.atomic
def stock_shop(
    plan: MerchantPlan, shop: ShopPlan, merchant: Merchant, album: dict[str, CustomImage], *, now: datetime
) -> int:
    """Open the shop, register it for its taxes, put its products on the shelf; returns how many were new."""
    Shop.objects.get_or_create(
        merchant=merchant,
        defaults={
            "site_id": merchant.site_id,
            "stripe_account_id": account_of(plan),
            "transfers_status": "active",
            "charges_status": "active" if shop.permit else "inactive",
            "preparation_minutes": shop.preparation_minutes,
            "pickup_instructions": shop.pickup,
            "return_policy": shop.returns,
        },
    )
    _register(merchant, shop, now=now)
    known = set(Product.objects.filter(merchant=merchant).values_list("slug", flat=True))
    new = [item for item in shop.products if item.slug not in known]
    for item in new:
        product = _add_product(item, merchant, album, now=now)
        Product.objects.filter(pk=product.pk).update(created_at=now + _shelf_date(plan, item))
    return len(new)


def _shelf_date(plan: MerchantPlan, item: ProductPlan) -> timedelta:
    """How long after the opening a product came: the first of each shop's list last, so that news is of many shops."""
    chance = Random(f"{plan.slug}/{item.slug}")
    place = plan.shop.products.index(item) if plan.shop else 0
    return timedelta(days=max(1.0, 84 - 9 * place - 8 * item.is_alcohol + 6 * chance.random()))


def _register(merchant: Merchant, shop: ShopPlan, *, now: datetime) -> None:
    if shop.permit:
        kind, number = shop.permit
        expiry = date(timezone.localdate(now).year + 2, 12, 31)
        AlcoholPermit.objects.get_or_create(
            merchant=merchant, number=number, defaults={"kind": kind, "expires_on": expiry}
        )
    for tax, number in ((Tax.GST, shop.gst_number), (Tax.QST, shop.qst_number)):
        if number:
            TaxRegistration.objects.get_or_create(
                merchant=merchant, tax=tax, effective_from=REGISTERED_SINCE, defaults={"number": number}
            )


def _add_product(
    plan: ProductPlan, merchant: Merchant, album: dict[str, CustomImage], *, now: datetime
) -> Product:
    """A product with its photo and its variants, published by the rule that publishes any."""
    product = _row(plan, merchant, title=plan.title, slug=plan.slug)
    if plan.leaflet:
        product.digital_file.save(f"{plan.slug}.pdf", ContentFile(pdf_of(plan.leaflet)), save=False)
    product.save()
    if plan.tags:
        product.tags.add(*plan.tags)
    if plan.picture:
        ProductPhoto.objects.create(product=product, image=album[plan.picture.title], alt=plan.picture.alt)
    options = ProductOption.objects.bulk_create(
        ProductOption(product=product, name=name, sort_order=place) for place, name in enumerate(plan.options)
    )
    for order, wanted in enumerate(plan.variants):
        _add_variant(product, plan, wanted, order, options, album, now=now)
    catalogue.publish(product, today=timezone.localdate(now))
    return product


def _row(plan: ProductPlan, merchant: Merchant, *, title: str, slug: str) -> Product:
    return Product(
        site_id=merchant.site_id,
        merchant=merchant,
        title=title,
        slug=slug,
        description=plan.description,
        kind=plan.kind,
        made_in_days=plan.made_in_days,
        tax_class=plan.tax_class,
        isbn=plan.isbn,
        is_alcohol=plan.is_alcohol,
        is_food=plan.is_food,
        needs_maintenance=bool(plan.maintenance),
        maintenance_info=plan.maintenance,
    )


def _add_variant(
    product: Product,
    plan: ProductPlan,
    wanted: VariantPlan,
    order: int,
    options: list[ProductOption],
    album: dict[str, CustomImage],
    *,
    now: datetime,
) -> None:
    variant = catalogue.add_variant(
        product,
        sku=f"{product.merchant.slug[:18]}-{plan.slug[:16]}-{order + 1}",
        price_cents=wanted.price_cents,
        actor_id=None,
        now=now,
        title=wanted.title,
        image=album[wanted.picture.title] if wanted.picture else None,
        sort_order=order,
        **_measure(plan, wanted),
    )
    VariantOption.objects.bulk_create(
        VariantOption(variant=variant, option=option, value=value)
        for option, value in zip(options, wanted.values, strict=True)
    )
    if wanted.stock:
        stock.receive(variant, wanted.stock, reason=FIRST_DELIVERY, now=now)


def _measure(plan: ProductPlan, wanted: VariantPlan) -> dict[str, Any]:
    """What a variant holds, and in what."""
    return {
        "net_quantity": Decimal(wanted.net) if wanted.net else None,
        "net_unit": wanted.unit,
        "container": plan.container,
        "container_count": plan.container_count,
    }


@transaction.atomic
def pad(town: TownPlan, merchants: dict[str, Merchant], *, count: int, now: datetime) -> int:
    """More products, until the portal has `count`: variations on what the shops sell, with the same pictures."""
    missing = count - Product.objects.count()
    if missing <= 0:
        return 0
    known = set(Product.objects.values_list("merchant_id", "slug"))
    models = [
        (merchants[plan.slug], item)
        for plan in town.sellers
        if plan.shop
        for item in plan.shop.products
        if item.is_plain
    ]
    rows: list[Product] = []
    for number, (merchant, item) in enumerate(cycle(models)):
        slug = f"{item.slug[:100]}-lot-{number // len(models) + 2}"
        if (merchant.pk, slug) not in known:
            rows.append(_variation(item, merchant, slug, number // len(models) + 2))
        if len(rows) == missing:
            break
    Product.objects.bulk_create(rows, batch_size=500)
    # As old as the portal, so that the front page goes on showing what is new.
    Product.objects.filter(title__contains=", lot ", created_at__gt=now).update(created_at=now)
    _fill_shelves(rows, {(m.pk, i.title): i for m, i in models}, now=now)
    return len(rows)


def _variation(plan: ProductPlan, merchant: Merchant, slug: str, lot: int) -> Product:
    product = _row(plan, merchant, title=f"{plan.title[:100]}, lot {lot}", slug=slug)
    product.isbn, product.status = "", ProductStatus.PUBLISHED
    return product


def _fill_shelves(
    products: list[Product], plans: dict[tuple[int, str], ProductPlan], *, now: datetime
) -> None:
    """Variants with stock in bulk, each with the movement that `shop.stock.receive` would have written."""
    photos = dict(
        ProductPhoto.objects.filter(product__title__in={title for _pk, title in plans}).values_list(
            "product__title", "image_id"
        )
    )
    variants: list[Variant] = []
    pictures: list[ProductPhoto] = []
    for product in products:
        plan = plans[product.merchant_id, product.title.rpartition(", lot ")[0]]
        first = plan.variants[0]
        sku = f"lot-{product.pk}"
        variants.append(
            Variant(
                site_id=product.site_id,
                product=product,
                sku=sku,
                price_cents=first.price_cents,
                on_hand=first.stock,
                **_measure(plan, first),
            )
        )
        if plan.picture and plan.title in photos:
            pictures.append(ProductPhoto(product=product, image_id=photos[plan.title], alt=plan.picture.alt))
    Variant.objects.bulk_create(variants, batch_size=1000)
    ProductPhoto.objects.bulk_create(pictures, batch_size=1000)
    PriceChange.objects.bulk_create(
        [PriceChange(variant=v, price_cents=v.price_cents, at=now) for v in variants], batch_size=1000
    )
    StockMovement.objects.bulk_create(
        [StockMovement(variant=v, delta=v.on_hand, reason=FIRST_DELIVERY, at=now) for v in variants],
        batch_size=1000,
    )
