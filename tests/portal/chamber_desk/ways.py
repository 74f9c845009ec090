"""Ways into a portal, each step at a moment of its own."""

import uuid
from datetime import datetime
from typing import Any

import time_machine
from django.utils import timezone
from wagtail.models import PageLogEntry, Site

from directory.models import Category, Departure, Merchant, MerchantPage, Registration, Sector
from home import audit
from home.tenancy import portal_scope
from shop.models import Checkout, Order
from tests.factories import (
    CategoryFactory,
    MerchantFactory,
    ProductFactory,
    SectorFactory,
    UserFactory,
    make_merchant_page,
)


def at(text: str) -> datetime:
    """A moment of the town's clocks, like « 2026-10-31 23:30 »."""
    return timezone.make_aware(datetime.fromisoformat(text))


def way(site: Site, name: str, **moments: str) -> Merchant:
    """A merchant that came in: ``invited``, ``begun``, ``sent``, ``approved``, ``live``, ``product``, ``offered``,
    ``sold``, each where it happened."""
    told = {step: at(moment) for step, moment in moments.items()}
    with portal_scope(site):
        merchant: Merchant = MerchantFactory(name=name, claimed_at=told.get("approved"), **_sorted(site))
        if set(told) & {"invited", "begun", "sent"}:
            registered(site, merchant, told)
        if "live" in told:
            make_merchant_page(merchant, first_published_at=told["live"])
        if "product" in told:
            with time_machine.travel(told["product"], tick=False):
                product = ProductFactory(merchant=merchant, status="draft")
        if "offered" in told:
            with time_machine.travel(told["offered"], tick=False):
                audit.note("product.publish", product, actor_id=None, merchant_id=merchant.pk)
        if "sold" in told:
            sold(site, merchant, told["sold"])
    return merchant


def _sorted(site: Site) -> dict[str, Any]:
    """Any category and sector of the town: made once."""
    category = Category.objects.filter(site=site).first() or CategoryFactory()
    return {"category": category, "sector": Sector.objects.filter(site=site).first() or SectorFactory()}


def registered(
    site: Site, merchant: Merchant | None, told: dict[str, datetime], **fields: Any
) -> Registration:
    """Where it stands follows from the moments that are told."""
    is_sent = "sent" in told
    status = "approved" if is_sent and "approved" in told else "waiting" if is_sent else "started"
    if not set(told) & {"begun", "sent"}:
        status = "invited"
    created = min(told[step] for step in ("invited", "begun", "sent") if step in told)
    with time_machine.travel(created, tick=False):
        row: Registration = Registration.objects.create(
            site=site, merchant=merchant, status=status, email=f"{uuid.uuid4().hex}@exemple.test",
            user=UserFactory() if status != "invited" else None, invited_at=told.get("invited"),
            opened_at=told.get("begun"), sent_at=told.get("sent"),
            decided_at=told.get("approved") if is_sent else None, **fields,
        )  # fmt: skip
    return row


def sold(site: Site, merchant: Merchant, moment: datetime, **fields: Any) -> Order:
    """A paid order of 10 $, without taxes."""
    checkout = Checkout.objects.create(
        site=site, form_token=uuid.uuid4(), status="paid", contact_name="Rosalie", contact_email="r@exemple.test",
        total_cents=1000, created_at=moment, expires_at=moment, paid_at=moment,
    )  # fmt: skip
    told = {
        "number": uuid.uuid4().hex[:12], "status": "paid", "items_cents": 1000, "gst_cents": 0, "qst_cents": 0,
        "total_cents": 1000, "commission_bps": 0, "commission_cents": 0, "merchant_share_cents": 1000, "seller": {},
        "placed_at": moment, "paid_at": moment, **fields,
    }  # fmt: skip
    order: Order = Order.objects.create(site=site, checkout=checkout, merchant=merchant, **told)
    return order


def taken_off(site: Site, merchant: Merchant, moment: str) -> None:
    """Its page, by the Journal."""
    with portal_scope(site):
        page = MerchantPage.objects.get(merchant=merchant)
        MerchantPage.objects.filter(pk=page.pk).update(live=False)
        with time_machine.travel(at(moment), tick=False):
            PageLogEntry.objects.log_action(page, "wagtail.unpublish")


def left(site: Site, merchant: Merchant, moment: str, reason: str = "closing", **fields: Any) -> None:
    with portal_scope(site):
        Departure.objects.create(
            site=site, merchant=merchant, reason=reason, left_at=at(moment), left_by=UserFactory(), keeps_page=False,
            has_books=False, claimed_at=merchant.claimed_at, **fields,
        )  # fmt: skip
