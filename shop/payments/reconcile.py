"""With every webhook lost, one run leaves no paid session without its order, and no reservation stuck.

It reads Stripe's objects, not its events: by its name whatever is open with us (checkouts, refunds, disputes, payouts,
effects), however old; and what Stripe made since the last whole run (``look_back``), on every account that charges.
A second run finds nothing to do.
"""

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import DatabaseError

from home.tenancy import across_portals
from shop import checks, outbox
from shop.enums import CheckKind, CheckoutStatus, RefundStatus
from shop.exceptions import ShopError
from shop.models import Checkout, Dispute, PaymentIntent, Refund
from shop.payments import (
    accounts,
    comparison,
    disputes,
    gateway,
    look_back,
    payouts,
    readings,
    refunds,
    webhooks,
)
from shop.payments.expiry import expire_overdue
from shop.payments.handlers import deliver_outbox
from shop.payments.plans import healing as plans
from shop.payments.stripe_refunds import payment_named, payments_with_pending_refunds, sync_refunds
from shop.payments.sync import sync_checkout

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Report:
    """What one run changed; all zeros and empty when there was nothing to do."""

    checkouts_synced: int = 0
    checkouts_expired: int = 0
    refunds_synced: int = 0
    disputes_synced: int = 0
    payouts_synced: int = 0
    transfers_synced: int = 0
    events_applied: int = 0
    effects_done: int = 0
    accounts_changed: int = 0
    plans_changed: int = 0
    unknown_sessions: list[str] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    is_whole: bool = True
    """Everything could be read: the next run need not read it again."""

    @property
    def findings(self) -> list[str]:
        """What a person must look at."""
        return [*self.unknown_sessions, *self.mismatches, *self.failures]


def reconcile_on_record(*, now: datetime) -> Report:
    """One run, noted: what it found stands on the money desk, and the next one reads from here."""
    report = reconcile(now=now)
    checks.note(CheckKind.RECONCILE, report.findings, now=now, is_whole=report.is_whole)
    return report


def reconcile(*, now: datetime) -> Report:
    """One run. What fails is named in the report and does not stop the rest."""
    report, since = Report(), look_back.since(now=now)
    for pk in _open_checkouts():
        report.checkouts_synced += _sync(pk, report, now)
    charging = _charging_accounts()
    for account in charging:
        _sync_recent_sessions(account, report, since, now)
    report.checkouts_expired = expire_overdue(now=now)
    for account in accounts.account_ids():
        report.accounts_changed += _try(report, f"account {account}", partial(accounts.refresh, account))
        report.payouts_synced += _try(report, f"payouts {account}", partial(_payouts, account, since))
    report.payouts_synced += _sync_open_payouts(report, since)
    report.refunds_synced = _sync_refunds(charging, report, since, now)
    report.disputes_synced = _sync_disputes(charging, report, since, now)
    report.plans_changed = _try(report, "plans", partial(_heal_plans, report, since, now))
    report.events_applied = webhooks.process(now=now)
    outbox.hurry(now=now)
    report.effects_done = deliver_outbox(now=now)
    _compare_transfers(report, since, now)
    report.is_whole = not report.failures
    report.failures += outbox.troubles()
    return report


def _try(report: Report, what: str, act: Callable[[], int]) -> int:
    """What it changed; a failure is named, and changed nothing."""
    try:
        return act()
    except (ShopError, DatabaseError) as error:
        report.failures.append(f"{what}: {error}")
        return 0


def _open_checkouts() -> list[int]:
    with across_portals():
        return list(
            Checkout.objects.filter(status=CheckoutStatus.OPEN).order_by("pk").values_list("pk", flat=True)
        )


def _charging_accounts() -> list[str]:
    """The portal's own, and every account that was ever charged directly: months later a buyer may dispute."""
    with across_portals():
        direct = Checkout.objects.exclude(account="")
        return ["", *direct.order_by("account").values_list("account", flat=True).distinct()]


def _sync(pk: int, report: Report, now: datetime) -> bool:
    return bool(_try(report, f"checkout {pk}", lambda: sync_checkout(pk, now=now)))


def _sync_recent_sessions(account: str, report: Report, since: datetime, now: datetime) -> None:
    """Sessions that Stripe holds as paid and we do not; those that no checkout of ours asked for are named."""
    try:
        paid = [state for state in gateway.sessions_since(since, account=account) if state.is_paid]
    except ShopError as error:
        report.failures.append(f"sessions {account}: {error}")
        return
    ours = _checkouts({state.client_reference_id for state in paid}, account)
    for state in paid:
        checkout = ours.get(state.client_reference_id)
        if checkout and checkout.status not in (CheckoutStatus.PAID, CheckoutStatus.REFUNDED):
            report.checkouts_synced += _sync(checkout.pk, report, now)
        elif state.payment_intent_id not in _payments_of(checkout):
            report.unknown_sessions.append(state.session_id)


def _checkouts(references: set[str], account: str) -> dict[str, Checkout]:
    with across_portals():
        rows = Checkout.objects.filter(account=account, public_id__in=[r for r in references if _is_uuid(r)])
        return {str(row.public_id): row for row in rows.prefetch_related("payment_intents")}


def _payments_of(checkout: Checkout | None) -> set[str]:
    return {row.payment_intent_id for row in checkout.payment_intents.all()} if checkout else set()


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _payouts(account: str, since: datetime) -> int:
    found = readings.payouts_since(since, account=account)
    return sum(payouts.note(account, state) for state in found)


def _sync_open_payouts(report: Report, since: datetime) -> int:
    """Older ones that had not reached their bank when we last heard of them."""
    return sum(
        _try(report, f"payout {payout_id}", partial(payouts.sync, payout_id, account=account))
        for payout_id, account in payouts.on_their_way(before=since)
    )


def _sync_refunds(charging: Iterable[str], report: Report, since: datetime, now: datetime) -> int:
    """Payments of which some refund is news, and those with refunds that Stripe has not finished."""
    found = {payment.pk: payment for payment in payments_with_pending_refunds()}

    def look(account: str) -> int:
        for state in readings.refunds_since(since, account=account):
            payment = payment_named(state.payment_intent_id, "", account=account)
            if payment and _is_news(state):
                found[payment.pk] = payment
        return 0

    for account in charging:
        _try(report, f"refunds {account}", partial(look, account))
    return sum(
        _try(report, f"refunds of {payment}", partial(sync_refunds, payment, now=now))
        for payment in found.values()
    )


def _is_news(state: readings.RefundState) -> bool:
    with across_portals():
        known = set(Refund.objects.filter(refund_id=state.refund_id).values_list("status", flat=True))
    if state.status in refunds.FAILED:
        return bool(known - {RefundStatus.FAILED})
    return not known


def _sync_disputes(charging: Iterable[str], report: Report, since: datetime, now: datetime) -> int:
    """Those that are new, and every one that the bank has not decided."""
    found: dict[str, PaymentIntent] = {
        dispute.dispute_id: payment for dispute, payment in _open_disputes() if payment
    }
    changed = 0

    def look(account: str) -> int:
        states = readings.disputes_since(since, account=account)
        named = [
            (state, payment_named(state.payment_intent_id, state.charge_id, account=account))
            for state in states
        ]
        for state, _payment in named:
            found.pop(state.dispute_id, None)
        return sum(disputes.bring_in(payment, state, now=now) for state, payment in named if payment)

    for account in charging:
        changed += _try(report, f"disputes {account}", partial(look, account))
    for dispute_id, payment in found.items():
        act = partial(disputes.sync_dispute, payment, dispute_id, now=now)
        changed += _try(report, f"dispute {dispute_id}", act)
    return changed


def _heal_plans(report: Report, since: datetime, now: datetime) -> int:
    """Subscriptions and their invoices against our rows, then tiers against both."""
    changed, findings = plans.heal(since, attempt=partial(_try, report), now=now)
    report.mismatches += findings
    return changed


def _open_disputes() -> list[tuple[Dispute, PaymentIntent | None]]:
    with across_portals():
        rows = [row for row in Dispute.objects.select_related("checkout").order_by("pk") if row.is_open]
    return [(row, payment_named("", row.charge_id, account=row.checkout.account)) for row in rows]


def _compare_transfers(report: Report, since: datetime, now: datetime) -> None:
    """What Stripe sent and took back against our rows; what differs is named."""

    def compare() -> int:
        changed, differences = comparison.compare_transfers(since=since, now=now)
        report.mismatches += differences
        return changed

    report.transfers_synced = _try(report, "transfers", compare)
