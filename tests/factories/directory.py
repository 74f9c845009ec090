from datetime import date, time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from directory.enums import MembershipRole, Tier, Weekday
from directory.models import (
    Category,
    DirectoryPage,
    Membership,
    Merchant,
    MerchantPage,
    OpeningHours,
    Sector,
    SpecialHours,
)
from home.tenancy import current_site
from tests.factories.people import UserFactory
from tests.factories.portals import make_page


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    site = factory.LazyFunction(current_site)
    name = factory.Sequence(lambda n: f"Catégorie {n}")
    slug = factory.Sequence(lambda n: f"categorie-{n}")


class SectorFactory(DjangoModelFactory):
    class Meta:
        model = Sector

    site = factory.LazyFunction(current_site)
    name = factory.Sequence(lambda n: f"Secteur {n}")
    slug = factory.Sequence(lambda n: f"secteur-{n}")


class MerchantFactory(DjangoModelFactory):
    """A merchant without a page: shoppers do not see it yet (`make_merchant_page`)."""

    class Meta:
        model = Merchant

    site = factory.LazyFunction(current_site)
    name = factory.Sequence(lambda n: f"Commerce {n}")
    slug = factory.Sequence(lambda n: f"commerce-{n}")
    tier = Tier.LISTING
    category = factory.SubFactory(CategoryFactory, site=factory.SelfAttribute("..site"))
    sector = factory.SubFactory(SectorFactory, site=factory.SelfAttribute("..site"))
    city = "Lévis"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    merchant = factory.SubFactory(MerchantFactory)
    user = factory.SubFactory(UserFactory)
    role = MembershipRole.OWNER


class OpeningHoursFactory(DjangoModelFactory):
    class Meta:
        model = OpeningHours

    merchant = factory.SubFactory(MerchantFactory)
    weekday = Weekday.MONDAY
    opens = time(9)
    closes = time(17, 30)


class SpecialHoursFactory(DjangoModelFactory):
    """Closed that day, unless times are given."""

    class Meta:
        model = SpecialHours

    merchant = factory.SubFactory(MerchantFactory)
    date = date(2026, 12, 25)


def make_merchant_page(merchant: Merchant, **fields: Any) -> MerchantPage:
    """The live page under the portal's directory that makes the merchant visible."""
    directory = DirectoryPage.objects.descendant_of(merchant.site.root_page).get()
    return make_page(
        MerchantPage,
        directory,
        **{"merchant": merchant, "title": merchant.name, "slug": merchant.slug, **fields},
    )
