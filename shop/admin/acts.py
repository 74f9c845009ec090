"""What staff do about the portal's money: each calls one rule of the payments and leaves its trace, or does neither.

Each raises Refused, with a sentence for who asked, when there is nothing (more) to do: a second click, another tab, a
colleague, or the worker was quicker.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from home import audit
from shop import outbox
from shop.admin.matter_rows import CLOSED_BY_HAND, failed_refunds
from shop.admin.words import trouble
from shop.enums import CheckoutStatus, RefundSource
from shop.exceptions import ForbiddenMove, GatewayError, ShopError
from shop.models import Checkout, Debt, Dispute, Order, OutboxMessage, Refund, StripeEvent, Transfer
from shop.payments import debts, disputes, refunds, transfers
from shop.payments.locks import lock_order
from shop.payments.sync import close_checkout, sync_checkout
from shop.pricing import Wish

Facts = dict[str, Any]


class Refused(ShopError):
    """Nothing was done; ``reason`` is for whoever asked, in French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _trace(
    row: Any, action: str, before: Facts, after: Facts, *, actor: Any, order: Order | None = None
) -> None:
    about = order or getattr(row, "order", None)
    merchant_id = about.merchant_id if about else getattr(row, "merchant_id", None)
    audit.note(action, row, actor_id=actor.pk, merchant_id=merchant_id, before=before, after=after)


def _already() -> Refused:
    return Refused(_("C’était déjà fait, ou la situation a changé\u00a0: voici où elle en est."))


@transaction.atomic
def retry_effect(row: OutboxMessage, *, actor: Any, now: datetime) -> str:
    before = {"attempts": row.attempts, "last_error": row.last_error, "given_up": bool(row.given_up_at)}
    if not outbox.retry(row, now=now):
        raise _already()
    _trace(row, "effect.retried", before, {"key": row.key, "due": now.isoformat()}, actor=actor)
    return _("C’est relancé\u00a0: ce sera fait dans les secondes qui viennent.")


@transaction.atomic
def retry_event(row: StripeEvent, *, actor: Any, now: datetime) -> str:
    before = {"attempts": row.attempts, "last_error": row.last_error}
    if not StripeEvent.objects.filter(pk=row.pk, processed_at=None).update(not_before=now):
        raise _already()
    _trace(row, "event.retried", before, {"event": row.event_id, "due": now.isoformat()}, actor=actor)
    return _("Le message de Stripe sera traité de nouveau dans les secondes qui viennent.")


@transaction.atomic
def send_transfer(row: Transfer, *, actor: Any, now: datetime) -> str:
    before = {"status": row.status, "destination": row.destination}
    try:
        transfers.retry(row, now=now)
    except ForbiddenMove as refusal:
        raise _already() from refusal
    row.refresh_from_db()
    after = {"status": row.status, "destination": row.destination, "amount_cents": row.amount_cents}
    _trace(row, "transfer.sent_again", before, after, actor=actor)
    return _("Le virement repart vers le compte actuel du commerce.")


@transaction.atomic
def settle_debt(row: Debt, *, note: str, actor: Any, now: datetime) -> str:
    """Paid outside Stripe, or written off: the whole debt, with its adjustment in the ledger, and why."""
    before = {"amount_cents": row.amount_cents, "reason": row.reason}
    try:
        debts.settle_by_hand(row, how=note, now=now)
    except ForbiddenMove as refusal:
        raise _already() from refusal
    _trace(row, "debt.settled_by_hand", before, {"settled_at": now.isoformat(), "note": note}, actor=actor)
    return _("La dette est réglée; l’ajustement est au grand livre.")


@transaction.atomic
def refund_again(row: Refund, *, actor: Any, now: datetime) -> str:
    """The same amount in a new row: once, whoever clicks twice."""
    lock_order(row.order_id)
    if not failed_refunds(now).filter(pk=row.pk).exists():
        raise _already()
    try:
        made = refunds.retry(row, now=now, actor_id=actor.pk)
    except refunds.CannotRefund as refusal:
        raise Refused(refusal.reason) from refusal
    before = {"status": row.status, "failure_reason": row.failure_reason}
    _trace(
        row, "refund.asked_again", before, {"refund": made.pk, "amount_cents": made.amount_cents}, actor=actor
    )
    return _("Le remboursement est redemandé à Stripe.")


@transaction.atomic
def close_refund(row: Refund, *, note: str, actor: Any, now: datetime) -> str:
    """The money reached its shopper in another way: nothing moves here, the desk says no more of it."""
    lock_order(row.order_id)
    if not failed_refunds(now).filter(pk=row.pk).exists():
        raise _already()
    before = {"status": row.status, "amount_cents": row.amount_cents}
    _trace(row, CLOSED_BY_HAND, before, {"note": note}, actor=actor)
    return _("C’est noté\u00a0: l’argent a été rendu autrement.")


def ask_stripe(row: Checkout, *, actor: Any, now: datetime) -> str:
    """Bring it to where Stripe says it is; one past its time is closed, or completed if it was paid."""
    before = {"status": row.status}
    try:
        if row.status == CheckoutStatus.OPEN:
            changed = close_checkout(row.pk, to=CheckoutStatus.EXPIRED, cause="not paid in time", now=now)
        else:
            changed = sync_checkout(row.pk, now=now)
    except GatewayError as error:
        raise Refused(_("Stripe ne répond pas; réessayez dans quelques minutes.")) from error
    except ShopError as error:
        raise Refused(trouble(type(error).__name__)) from error
    row.refresh_from_db()
    if not changed:
        raise _already()
    _trace(row, "checkout.synced", before, {"status": row.status}, actor=actor)
    return _("Stripe a répondu\u00a0: %(state)s.") % {"state": row.get_status_display()}


def preview(order: Order, wish: Wish, *, restock: bool, now: datetime) -> Refund:
    """What ``refund`` would write, unwritten. Raises Refused."""
    with transaction.atomic():
        made = _request(order, wish, reason="preview", restock=restock, actor=None, now=now)
        transaction.set_rollback(True)
    return made


@transaction.atomic
def refund(
    order: Order, wish: Wish, *, reason: str, restock: bool, seen: int, actor: Any, now: datetime
) -> Refund:
    """Give it back, once: ``seen`` is how many refunds the order had on the page that was confirmed."""
    lock_order(order.pk)
    if order.refunds.count() != seen:
        raise Refused(
            _(
                "Un remboursement de cette commande vient d’être fait\u00a0: voyez-le avant d’en faire un autre."
            )
        )
    before = {"status": order.status, "refunded_cents": order.refunded_cents}
    made = _request(order, wish, reason=reason, restock=restock, actor=actor, now=now)
    order.refresh_from_db(fields=["status", "refunded_cents"])
    after = {
        "status": order.status,
        "refunded_cents": order.refunded_cents,
        "refund": made.pk,
        "amount_cents": made.amount_cents,
        "reason": reason,
    }
    _trace(order, "order.refund_requested", before, after, actor=actor, order=order)
    return made


def _request(order: Order, wish: Wish, *, reason: str, restock: bool, actor: Any, now: datetime) -> Refund:
    try:
        return refunds.request(
            order,
            wish,
            source=RefundSource.STAFF,
            actor_id=actor.pk if actor else None,
            reason=reason,
            restock=restock,
            now=now,
        )
    except refunds.CannotRefund as refusal:
        raise Refused(refusal.reason) from refusal


@transaction.atomic
def answer(row: Dispute, *, text: str, actor: Any, now: datetime) -> str:
    """The bank is answered once: what was frozen at the sale, and what staff add."""
    before = {"status": row.status}
    try:
        disputes.submit_evidence(row, text, now=now)
    except ForbiddenMove as refusal:
        raise _already() from refusal
    _trace(row, "dispute.answered", before, {"text": text}, actor=actor)
    return _("La réponse part vers la banque. Elle décidera dans quelques semaines.")
