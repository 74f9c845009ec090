"""Rows for tests, each with the least it needs to be valid.

Rows of a portal are made for the portal in scope (`with portal_scope(site):`, or the fixture `in_levis`).
"""

from tests.factories.directory import (
    CategoryFactory,
    MembershipFactory,
    MerchantFactory,
    OpeningHoursFactory,
    SectorFactory,
    SpecialHoursFactory,
    make_merchant_page,
)
from tests.factories.media import ImageFactory
from tests.factories.people import PASSWORD, UserFactory
from tests.factories.portals import make_page, make_portal
from tests.factories.shop import (
    AlcoholPermitFactory,
    CartFactory,
    CartItemFactory,
    ProductFactory,
    ProductPhotoFactory,
    ShopFactory,
    TaxRegistrationFactory,
    VariantFactory,
    make_seller,
    make_vineyard,
)
from tests.factories.stories import AuthorFactory, SectionFactory, SeriesFactory, sign

__all__ = [
    "PASSWORD",
    "AlcoholPermitFactory",
    "AuthorFactory",
    "CartFactory",
    "CartItemFactory",
    "CategoryFactory",
    "ImageFactory",
    "MembershipFactory",
    "MerchantFactory",
    "OpeningHoursFactory",
    "ProductFactory",
    "ProductPhotoFactory",
    "SectionFactory",
    "SectorFactory",
    "SeriesFactory",
    "ShopFactory",
    "SpecialHoursFactory",
    "TaxRegistrationFactory",
    "UserFactory",
    "VariantFactory",
    "make_merchant_page",
    "make_page",
    "make_portal",
    "make_seller",
    "make_vineyard",
    "sign",
]
