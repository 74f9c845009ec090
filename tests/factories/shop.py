from datetime import date
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from directory.enums import Tier
from directory.models import Merchant
from home.tenancy import current_site
from shop import stock
from shop.enums import ProductStatus, Tax
from shop.models import (
    AlcoholPermit,
    Cart,
    CartItem,
    Product,
    ProductPhoto,
    Shop,
    TaxRegistration,
    Variant,
)
from tests.factories.directory import MerchantFactory, make_merchant_page
from tests.factories.media import ImageFactory


class ShopFactory(DjangoModelFactory):
    """A shop whose Stripe account may be paid: it can sell."""

    class Meta:
        model = Shop

    merchant = factory.SubFactory(MerchantFactory, tier=Tier.TRANSACTIONAL)
    site = factory.SelfAttribute("merchant.site")
    stripe_account_id = factory.Sequence(lambda n: f"acct_test{n}")
    transfers_status = "active"
    return_policy = "Repris intact dans les 14 jours, avec le reçu."


class AlcoholPermitFactory(DjangoModelFactory):
    """A producer's permit, for a long time."""

    class Meta:
        model = AlcoholPermit

    merchant = factory.SubFactory(MerchantFactory)
    kind = "Permis de production artisanale"
    number = factory.Sequence(lambda n: f"PA-{n}")
    expires_on = date(2099, 12, 31)


def make_seller(**fields: Any) -> Merchant:
    """A merchant that sells today: its tier, its shop, its live page. `fields` are the merchant's."""
    merchant = MerchantFactory(tier=Tier.TRANSACTIONAL, **fields)
    ShopFactory(merchant=merchant)
    make_merchant_page(merchant)
    return merchant


class TaxRegistrationFactory(DjangoModelFactory):
    class Meta:
        model = TaxRegistration

    merchant = factory.SubFactory(MerchantFactory)
    tax = Tax.GST
    number = factory.LazyAttribute(
        lambda row: "123456789 RT0001" if row.tax == Tax.GST else "1234567890 TQ0001"
    )
    effective_from = date(2020, 1, 1)


def make_vineyard(**fields: Any) -> Merchant:
    """A merchant that may sell its wine: a producer's permit, a QST number, cards on its own account."""
    merchant = make_seller(**fields)
    Shop.objects.filter(merchant=merchant).update(charges_status="active")
    AlcoholPermitFactory(merchant=merchant)
    TaxRegistrationFactory(merchant=merchant, tax=Tax.QST)
    merchant.refresh_from_db()
    return merchant


class ProductFactory(DjangoModelFactory):
    """A published product without a variant: give it one to sell it."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    merchant = factory.LazyFunction(make_seller)
    site = factory.SelfAttribute("merchant.site")
    title = factory.Sequence(lambda n: f"Produit {n}")
    slug = factory.Sequence(lambda n: f"produit-{n}")
    status = ProductStatus.PUBLISHED


class ProductPhotoFactory(DjangoModelFactory):
    class Meta:
        model = ProductPhoto

    product = factory.SubFactory(ProductFactory)
    image = factory.SubFactory(ImageFactory, site=factory.SelfAttribute("..product.site"))
    alt = "Le produit sur une table"


class VariantFactory(DjangoModelFactory):
    """Ten units on the shelf, received as the books want it; `units=0` for none."""

    class Meta:
        model = Variant
        skip_postgeneration_save = True

    product = factory.SubFactory(ProductFactory)
    site = factory.SelfAttribute("product.site")
    sku = factory.Sequence(lambda n: f"SKU-{n}")
    price_cents = 10_00

    @factory.post_generation
    def units(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        units = 10 if extracted is None else extracted
        if create and units:
            with transaction.atomic():
                stock.receive(self, units, reason="test", now=timezone.now())
            self.refresh_from_db(fields=["on_hand"])


class CartFactory(DjangoModelFactory):
    class Meta:
        model = Cart

    site = factory.LazyFunction(current_site)


class CartItemFactory(DjangoModelFactory):
    class Meta:
        model = CartItem

    cart = factory.SubFactory(CartFactory)
    variant = factory.SubFactory(VariantFactory)
    quantity = 1
