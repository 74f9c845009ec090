"""Shops, tax registrations, products with their photos and tags, variants with their stock."""

from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random

from django.db import transaction

from directory.models import Merchant
from home.models import CustomImage
from portal.demo.plans import MerchantPlan, ProductPlan, ShopPlan, TownPlan
from shop import stock
from shop.enums import ProductStatus, Tax
from shop.models import Product, ProductPhoto, Shop, StockMovement, TaxRegistration, Variant

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
            "preparation_minutes": shop.preparation_minutes,
            "pickup_instructions": shop.pickup,
            "return_policy": shop.returns,
        },
    )
    _register(merchant, shop)
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


def _register(merchant: Merchant, shop: ShopPlan) -> None:
    for tax, number in ((Tax.GST, shop.gst_number), (Tax.QST, shop.qst_number)):
        if number:
            TaxRegistration.objects.get_or_create(
                merchant=merchant, tax=tax, effective_from=REGISTERED_SINCE, defaults={"number": number}
            )


def _add_product(
    plan: ProductPlan, merchant: Merchant, album: dict[str, CustomImage], *, now: datetime
) -> Product:
    product = Product.objects.create(
        site_id=merchant.site_id,
        merchant=merchant,
        title=plan.title,
        slug=plan.slug,
        description=plan.description,
        status=ProductStatus.PUBLISHED,
        tax_class=plan.tax_class,
        isbn=plan.isbn,
        is_alcohol=plan.is_alcohol,
    )
    if plan.tags:
        product.tags.add(*plan.tags)
    if plan.picture:
        ProductPhoto.objects.create(product=product, image=album[plan.picture.title], alt=plan.picture.alt)
    for order, wanted in enumerate(plan.variants):
        variant = Variant.objects.create(
            site_id=merchant.site_id,
            product=product,
            title=wanted.title,
            sku=f"{merchant.slug[:18]}-{plan.slug[:16]}-{order + 1}",
            price_cents=wanted.price_cents,
            sort_order=order,
        )
        stock.receive(variant, wanted.stock, reason=FIRST_DELIVERY, now=now)
    return product


@transaction.atomic
def pad(town: TownPlan, merchants: dict[str, Merchant], *, count: int, now: datetime) -> int:
    """More products, until the portal has `count`: variations on what the shops sell, with the same pictures."""
    missing = count - Product.objects.count()
    if missing <= 0:
        return 0
    known = set(Product.objects.values_list("merchant_id", "slug"))
    models = [
        (merchants[plan.slug], item) for plan in town.sellers if plan.shop for item in plan.shop.products
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
    return Product(
        site_id=merchant.site_id,
        merchant=merchant,
        title=f"{plan.title[:100]}, lot {lot}",
        slug=slug,
        description=plan.description,
        status=ProductStatus.PUBLISHED,
        tax_class=plan.tax_class,
        is_alcohol=plan.is_alcohol,
    )


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
            )
        )
        if plan.picture and plan.title in photos:
            pictures.append(ProductPhoto(product=product, image_id=photos[plan.title], alt=plan.picture.alt))
    Variant.objects.bulk_create(variants, batch_size=1000)
    ProductPhoto.objects.bulk_create(pictures, batch_size=1000)
    StockMovement.objects.bulk_create(
        [StockMovement(variant=v, delta=v.on_hand, reason=FIRST_DELIVERY, at=now) for v in variants],
        batch_size=1000,
    )
