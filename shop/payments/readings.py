"""What Stripe holds now, read as plain values: transfers, refunds, disputes, payouts, balances, capabilities.

Nothing here writes. Each raises GatewayUnavailable or GatewayRefused, as ``gateway`` does. ``account``: a connected
account; "" is the portal's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from shop.payments.gateway import client, expanded, get, on_account, translated_errors


@dataclass(frozen=True, slots=True)
class TransferState:
    transfer_id: str
    amount_cents: int
    reversed_cents: int
    destination: str
    key: str


@dataclass(frozen=True, slots=True)
class RefundState:
    """``key``: the name of the key that asked for it; "" for one made in Stripe's dashboard."""

    refund_id: str
    payment_intent_id: str
    amount_cents: int
    status: str
    failure_reason: str
    key: str
    order: str


@dataclass(frozen=True, slots=True)
class DisputeState:
    dispute_id: str
    payment_intent_id: str
    charge_id: str
    amount_cents: int
    reason: str
    status: str
    due_by: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PayoutState:
    payout_id: str
    amount_cents: int
    status: str
    arrival_date: date
    failure_message: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Stripe's words; "inactive" where the account never asked."""

    transfers: str
    charges: str


@dataclass(frozen=True, slots=True)
class Balance:
    available_cents: int
    pending_cents: int


def transfers_since(moment: datetime) -> Iterator[TransferState]:
    """Of the portal's account, newest first."""
    with translated_errors():
        for transfer in client().v1.transfers.list(_since(moment)).auto_paging_iter():
            yield _transfer(transfer)


def transfer(transfer_id: str) -> TransferState:
    with translated_errors():
        return _transfer(client().v1.transfers.retrieve(transfer_id))


def _transfer(transfer: Any) -> TransferState:
    return TransferState(
        transfer_id=transfer["id"],
        amount_cents=transfer["amount"],
        reversed_cents=transfer["amount_reversed"],
        destination=_id_of(transfer, "destination"),
        key=get(expanded(transfer, "metadata"), "key"),
    )


def refunds_of(payment_intent_id: str, *, account: str = "") -> list[RefundState]:
    """Every refund of one payment, oldest first."""
    wish: Any = {"payment_intent": payment_intent_id, "limit": 100}
    with translated_errors():
        page = client().v1.refunds.list(wish, on_account(account))
        return [_refund(refund) for refund in page.auto_paging_iter()][::-1]


def refunds_since(moment: datetime, *, account: str = "") -> Iterator[RefundState]:
    """Newest first."""
    with translated_errors():
        for refund in client().v1.refunds.list(_since(moment), on_account(account)).auto_paging_iter():
            yield _refund(refund)


def _refund(refund: Any) -> RefundState:
    metadata = expanded(refund, "metadata")
    return RefundState(
        refund_id=refund["id"],
        payment_intent_id=_id_of(refund, "payment_intent"),
        amount_cents=refund["amount"],
        status=get(refund, "status"),
        failure_reason=get(refund, "failure_reason"),
        key=get(metadata, "key"),
        order=get(metadata, "order"),
    )


def dispute(dispute_id: str, *, account: str = "") -> DisputeState:
    with translated_errors():
        return _dispute(client().v1.disputes.retrieve(dispute_id, None, on_account(account)))


def disputes_since(moment: datetime, *, account: str = "") -> Iterator[DisputeState]:
    """Newest first."""
    with translated_errors():
        for found in client().v1.disputes.list(_since(moment), on_account(account)).auto_paging_iter():
            yield _dispute(found)


def _dispute(dispute: Any) -> DisputeState:
    due_by = get(expanded(dispute, "evidence_details"), "due_by")
    return DisputeState(
        dispute_id=dispute["id"],
        payment_intent_id=_id_of(dispute, "payment_intent"),
        charge_id=_id_of(dispute, "charge"),
        amount_cents=dispute["amount"],
        reason=get(dispute, "reason"),
        status=get(dispute, "status"),
        due_by=_moment(due_by) if due_by else None,
        created_at=_moment(dispute["created"]),
    )


def payouts_since(moment: datetime, *, account: str) -> Iterator[PayoutState]:
    """From one account's balance to its bank, newest first."""
    with translated_errors():
        for payout in client().v1.payouts.list(_since(moment), on_account(account)).auto_paging_iter():
            yield _payout(payout)


def payout(payout_id: str, *, account: str) -> PayoutState:
    with translated_errors():
        return _payout(client().v1.payouts.retrieve(payout_id, None, on_account(account)))


def _payout(payout: Any) -> PayoutState:
    return PayoutState(
        payout_id=payout["id"],
        amount_cents=payout["amount"],
        status=get(payout, "status"),
        arrival_date=_moment(payout["arrival_date"]).date(),
        failure_message=get(payout, "failure_message"),
        created_at=_moment(payout["created"]),
    )


def balance(*, account: str) -> Balance:
    """What one account holds, in Canadian cents."""
    with translated_errors():
        found = client().v1.balance.retrieve(None, on_account(account))
    return Balance(_cad(found["available"]), _cad(found["pending"]))


def _cad(amounts: Any) -> int:
    return sum(amount["amount"] for amount in amounts if amount["currency"] == "cad")


def capabilities(account_id: str) -> Capabilities:
    """May money be sent to it, and may it charge cards itself?"""
    wish: Any = {"include": ["configuration.recipient", "configuration.merchant"]}
    with translated_errors():
        account = client().v2.core.accounts.retrieve(account_id, wish)
    return Capabilities(
        transfers=_status(account, "recipient", "stripe_balance", "stripe_transfers"),
        charges=_status(account, "merchant", "card_payments"),
    )


def _status(account: Any, configuration: str, *way: str) -> str:
    branch: Any = account
    for name in ("configuration", configuration, "capabilities", *way):
        branch = expanded(branch, name)
    return get(branch, "status") or "inactive"


def _since(moment: datetime) -> Any:
    return {"created": {"gte": int(moment.timestamp())}, "limit": 100}


def _id_of(parent: Any, name: str) -> str:
    """Of a sub-object, expanded or not."""
    return get(expanded(parent, name), "id") or (
        parent[name] if name in parent and isinstance(parent[name], str) else ""
    )


def _moment(stamp: Any) -> datetime:
    return datetime.fromtimestamp(int(stamp), UTC)
