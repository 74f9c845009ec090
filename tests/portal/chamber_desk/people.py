"""Merchants at every stage, made from facts."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from directory.models import Category, Merchant, Registration, Sector
from home.models import PortalRole
from home.tenancy import portal_scope
from tests.factories import CategoryFactory, MerchantFactory, SectorFactory, UserFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Town


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def adviser_of(town: Town) -> Client:
    return town.signed_in(make_staff(town.site, PortalRole.ADVISER))


def invited(site: Site, merchant: Merchant | None = None, *, days: float = 1, **fields: Any) -> Registration:
    """An invitation of so many days ago that nobody has answered."""
    told = {
        "email": "quelquun@exemple.test", "invited_at": ago(days), "expires_at": ago(days - 60), **fields,
    }  # fmt: skip
    with portal_scope(site):
        return Registration.objects.create(site=site, merchant=merchant, **told)


def answering(site: Site, *, question: str, days: float, **fields: Any) -> Registration:
    """A registration that was left at a question so many days ago."""
    with portal_scope(site):
        row: Registration = Registration.objects.create(
            site=site, user=UserFactory(), status="started", step=question, **fields
        )
        Registration.objects.filter(pk=row.pk).update(updated_at=ago(days))
    return row


def many(site: Site, count: int) -> None:
    """So many merchants that nobody has claimed, at one stroke."""
    with portal_scope(site):
        category: Category = CategoryFactory(name="Boulangeries", slug="boulangeries")
        sector: Sector = SectorFactory(name="Lauzon", slug="lauzon")
        Merchant.objects.bulk_create(
            Merchant(
                site=site, name=f"Échoppe {n:04d}", slug=f"echoppe-{n}", category=category, sector=sector,
                email=f"echoppe{n}@exemple.test" if n % 2 else "", phone="+14185550199" if n % 3 else "",
            )
            for n in range(count)
        )  # fmt: skip


def merchant(site: Site, name: str, **fields: Any) -> Merchant:
    with portal_scope(site):
        made: Merchant = MerchantFactory(name=name, **fields)
    return made
