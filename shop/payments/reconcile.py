"""With every webhook lost, one run leaves no paid session without its order, and no reservation stuck.

It reads Stripe's objects, not its events: every open checkout's session, the sessions of the last days that we
do not hold as paid, the effects in flight, the accounts' capabilities. A second run finds nothing to do.
"""

import logging
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError

from home.tenancy import across_portals, portal_scope
from shop import outbox
from shop.enums import CheckoutStatus
from shop.exceptions import GatewayError, ShopError
from shop.models import Checkout, Shop
from shop.payments import gateway, webhooks
from shop.payments.expiry import expire_overdue
from shop.payments.handlers import deliver_outbox
from shop.payments.sync import sync_checkout

logger = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=3)


@dataclass(slots=True)
class Report:
    """What one run changed; all zeros and empty when there was nothing to do."""

    checkouts_synced: int = 0
    checkouts_expired: int = 0
    events_applied: int = 0
    effects_done: int = 0
    accounts_changed: int = 0
    unknown_sessions: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def reconcile(*, now: datetime) -> Report:
    """One run. What fails is named in the report and does not stop the rest."""
    report = Report()
    for pk in _open_checkouts():
        report.checkouts_synced += _sync(pk, report, now)
    _sync_recent_sessions(report, now)
    report.checkouts_expired = expire_overdue(now=now)
    report.accounts_changed = _refresh_accounts(report)
    report.events_applied = webhooks.process(now=now)
    outbox.hurry(now=now)
    report.effects_done = deliver_outbox(now=now)
    report.failures += outbox.troubles()
    return report


def _open_checkouts() -> list[int]:
    with across_portals():
        return list(
            Checkout.objects.filter(status=CheckoutStatus.OPEN).order_by("pk").values_list("pk", flat=True)
        )


def _sync(pk: int, report: Report, now: datetime) -> bool:
    try:
        return sync_checkout(pk, now=now)
    except (ShopError, DatabaseError) as error:
        report.failures.append(f"checkout {pk}: {error}")
        return False


def _sync_recent_sessions(report: Report, now: datetime) -> None:
    """Sessions that Stripe holds as paid and we do not; those that no checkout of ours asked for are named."""
    try:
        paid = [state for state in gateway.sessions_since(now - LOOK_BACK) if state.is_paid]
    except GatewayError as error:
        report.failures.append(f"sessions: {error}")
        return
    ours = _checkouts({state.client_reference_id for state in paid})
    for state in paid:
        checkout = ours.get(state.client_reference_id)
        if checkout and checkout.status not in (CheckoutStatus.PAID, CheckoutStatus.REFUNDED):
            report.checkouts_synced += _sync(checkout.pk, report, now)
        elif state.payment_intent_id not in _payments_of(checkout):
            report.unknown_sessions.append(state.session_id)


def _checkouts(references: set[str]) -> dict[str, Checkout]:
    with across_portals():
        rows = Checkout.objects.filter(public_id__in=[r for r in references if _is_uuid(r)])
        return {str(row.public_id): row for row in rows.prefetch_related("payment_intents")}


def _payments_of(checkout: Checkout | None) -> set[str]:
    return {row.payment_intent_id for row in checkout.payment_intents.all()} if checkout else set()


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _refresh_accounts(report: Report) -> int:
    """Each shop's capability as Stripe has it now: when it leaves ``active`` the shop pauses."""
    with across_portals():
        shops = list(Shop.objects.exclude(stripe_account_id="").order_by("pk"))
    return sum(_refresh_account(shop, report) for shop in shops)


def _refresh_account(shop: Shop, report: Report) -> bool:
    try:
        status = gateway.transfers_status(shop.stripe_account_id)
    except GatewayError as error:
        report.failures.append(f"account {shop.stripe_account_id}: {error}")
        return False
    with portal_scope(shop.site_id):
        return bool(
            Shop.objects.filter(pk=shop.pk).exclude(transfers_status=status).update(transfers_status=status)
        )
