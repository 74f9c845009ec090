"""A list, a letter, and the letters that were put in the outbox."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Site

from editorial.models import NewsletterIndexPage, NewsletterPage, Subscriber
from editorial.newsletter import leaving, subscribers
from home.models import ConsentPurpose, PortalSettings
from home.tenancy import portal_scope
from shop import outbox
from shop.payments.handlers import deliver_outbox
from tests.factories import make_page

NEWSLETTER, FOLLOWS = ConsentPurpose.NEWSLETTER, ConsentPurpose.MERCHANT_NEWS


def ask(site: Site, email: str = "marie@exemple.test", *, now: datetime | None = None, **said: Any) -> None:
    said = {"purpose": NEWSLETTER, "locale": "fr-ca", **said}
    subscribers.ask(site, email, now=now or timezone.now(), **said)


def confirmed(site: Site, email: str = "marie@exemple.test", **said: Any) -> Subscriber:
    """Asked, and confirmed by its person."""
    now = timezone.now()
    ask(site, email, now=now, **said)
    with portal_scope(site):
        row: Subscriber = Subscriber.objects.get(email=email)
        subscribers.confirm(row, subscribers.waiting(row, now=now).values_list("pk", flat=True), now=now)
        row.refresh_from_db()
    return row


def read_mail(now: datetime | None = None) -> None:
    """Whatever is due in the outbox leaves."""
    deliver_outbox(now=now or timezone.now())


def leave_all(now: datetime | None = None) -> int:
    return outbox.deliver_bulk(leaving.HANDLERS, now=now or timezone.now(), most=500)


@pytest.fixture
def index(in_levis: Site) -> NewsletterIndexPage:
    PortalSettings.objects.filter(site=in_levis).update(postal_address="1, rue du Journal, Lévis G6V 1A1")
    return make_page(NewsletterIndexPage, in_levis.root_page, title="L’infolettre", slug="infolettre")


@pytest.fixture
def make_letter(index: NewsletterIndexPage) -> Callable[..., NewsletterPage]:
    def make(**fields: Any) -> NewsletterPage:
        said = {"title": "La semaine", "slug": "la-semaine", "word": "<p>Un mot.</p>", **fields}
        return make_page(NewsletterPage, index, **said)

    return make
