"""``sync_checkout``: the one door through which a checkout's fate comes in.

The return page, the webhook, the shopper's cancel, the expiry job and reconcile all call it. It asks Stripe,
locks the checkout's row, acts; called again it finds nothing to do.
"""

from datetime import datetime

from django.db import transaction

from home.tenancy import across_portals, portal_scope, unjoined
from shop import checkouts, ledger
from shop.enums import CheckoutStatus, RefundSource
from shop.exceptions import OutOfStock, ShopError
from shop.models import Checkout, CheckoutSession, PaymentIntent
from shop.payments import effects, gateway, refunds, sessions
from shop.payments.asked import SessionState

REASON = "stock sold meanwhile"


class PaymentMismatch(ShopError):
    """Stripe's payment is not for this checkout's total: a person must look."""


def sync_checkout(checkout_id: int, *, now: datetime) -> bool:
    """Bring a checkout to where Stripe says it is. True when something changed.

    Raises GatewayUnavailable when Stripe does not answer; nothing has changed then.
    """
    checkout = _unscoped(checkout_id)
    with portal_scope(checkout.site_id):
        states = [(row, _fetch(row, now)) for row in _rows_to_ask(checkout)]
        changed = [_apply(checkout.pk, row, state, now) for row, state in states]
        return any(changed)


def close_checkout(checkout_id: int, *, to: CheckoutStatus, cause: str, now: datetime) -> bool:
    """Stop an open checkout from being paid, then let its stock go. True when something changed.

    One that was paid meanwhile is completed instead.
    """
    checkout = _unscoped(checkout_id)
    with portal_scope(checkout.site_id):
        for row in checkout.sessions.filter(closed_at=None).select_related("checkout__site"):
            if _apply(checkout.pk, row, sessions.close_session(row), now, to=to, cause=cause):
                return True
        with transaction.atomic():  # Nobody was shown a page to pay it on, and from here on nobody will be.
            return _let_go(_locked(checkout.pk), to=to, cause=cause, now=now)


def _unscoped(checkout_id: int) -> Checkout:
    with across_portals():
        return Checkout.objects.select_related("site").get(pk=checkout_id)


def _locked(checkout_id: int) -> Checkout:
    return Checkout.objects.select_for_update(of=("self",)).select_related("site").get(pk=checkout_id)


def _rows_to_ask(checkout: Checkout) -> list[CheckoutSession]:
    """Sessions whose end is not known yet; all that were made, for a checkout that was let go unpaid."""
    rows = checkout.sessions.select_related("checkout__site").order_by("attempt")
    rows = rows.exclude(session_id=None, closed_at__isnull=False)
    if checkout.status in (CheckoutStatus.OPEN, CheckoutStatus.PAID):
        rows = rows.filter(closed_at=None)
    return list(rows)


def _fetch(row: CheckoutSession, now: datetime) -> SessionState | None:
    if not row.session_id:
        # Killed between our row and Stripe's session: the row's key finds or makes it.
        if row.checkout.status != CheckoutStatus.OPEN or row.checkout.expires_at <= now:
            return sessions.close_session(row)
        row = sessions.ensure_session(row.checkout, now=now)
    return gateway.retrieve_session(str(row.session_id), account=row.checkout.account)


def _apply(
    checkout_id: int,
    row: CheckoutSession,
    state: SessionState | None,
    now: datetime,
    *,
    to: CheckoutStatus = CheckoutStatus.EXPIRED,
    cause: str = "session expired",
) -> bool:
    with transaction.atomic():
        checkout = _locked(checkout_id)
        if state is not None and state.is_paid:
            return _apply_payment(checkout, row, state, now)
        if state is None or state.is_closed_unpaid:
            closed = unjoined(CheckoutSession).filter(pk=row.pk, closed_at=None).update(closed_at=now)
            return _let_go(checkout, to=to, cause=cause, now=now) or bool(closed)
        return False


def _let_go(checkout: Checkout, *, to: CheckoutStatus, cause: str, now: datetime) -> bool:
    """The caller holds the row's lock. False while some session of it can still be paid."""
    if checkout.sessions.filter(closed_at=None).exists():
        return False
    return checkouts.let_go(checkout, to=to, cause=cause, now=now)


def _apply_payment(checkout: Checkout, row: CheckoutSession, state: SessionState, now: datetime) -> bool:
    """The session is paid: sell, or refund what can no longer be sold. All in the caller's transaction."""
    _refuse_mismatch(checkout, state)
    unjoined(CheckoutSession).filter(pk=row.pk, closed_at=None).update(closed_at=now)
    _payment, created = PaymentIntent.objects.get_or_create(
        payment_intent_id=state.payment_intent_id,
        defaults={
            "checkout": checkout,
            "charge_id": state.charge_id,
            "account": checkout.account,
            "amount_cents": state.amount_total_cents,
            "status": state.payment_intent_status,
            "payment_method": state.payment_method,
            "created_at": now,
        },
    )
    if not created or checkout.status in (CheckoutStatus.PAID, CheckoutStatus.REFUNDED):
        return created
    _complete_or_refund(checkout, now)
    return True


def _refuse_mismatch(checkout: Checkout, state: SessionState) -> None:
    if (state.amount_total_cents, state.currency) != (checkout.total_cents, gateway.CURRENCY):
        raise PaymentMismatch(f"checkout {checkout.pk}: {state.amount_total_cents} {state.currency}")
    if (state.client_reference_id, state.account) != (str(checkout.public_id), checkout.account):
        raise PaymentMismatch(f"checkout {checkout.pk}: session {state.session_id} is not its own")


def _complete_or_refund(checkout: Checkout, now: datetime) -> None:
    for order in checkout.orders.order_by("pk"):
        ledger.sale(order, now=now)
    try:
        with transaction.atomic():
            checkouts.mark_paid(checkout, now=now)
            effects.after_payment(checkout, now=now)
    except OutOfStock:
        _refund_all(checkout, now)


def _refund_all(checkout: Checkout, now: datetime) -> None:
    """Paid, but the stock was let go and sold to another: all of it goes back, and the shopper is told."""
    checkout.refresh_from_db(fields=["status"])
    for order in checkout.orders.order_by("pk"):
        if order.total_cents:
            refunds.request(order, reason=REASON, source=RefundSource.LATE_PAYMENT, restock=False, now=now)
        else:
            refunds.close(order, restock=False, cause=REASON, now=now)
    effects.after_late_payment(checkout, now=now)
