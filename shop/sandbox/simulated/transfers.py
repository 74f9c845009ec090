"""Transfers to connected accounts, and their reversals."""

from shop.sandbox import ledger
from shop.sandbox.errors import Json, Refusal, invalid
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, listing, page
from shop.sandbox.rules import check_amount, check_currency, metadata
from shop.sandbox.simulated.accounts import require_account
from shop.sandbox.simulated.balance import balance_transaction
from shop.sandbox.simulated.capabilities import capability_status
from shop.sandbox.simulated.charges import record_payment
from shop.sandbox.simulated.refunding import record_payment_refund
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.store import Query
from shop.sandbox.world import Call

KIND = "transfer"
PATH = "/v1/transfers"


@simulates(
    "post",
    PATH,
    "amount",
    "currency",
    "destination",
    "source_transaction",
    "transfer_group",
    "metadata",
    "description",
)
def create_transfer(call: Call) -> Json:
    """Money moves from the platform's balance to a connected account's, at once."""
    amount, currency = _amount(call), check_currency(call.params["currency"])
    _check_destination(call, call.params["destination"])
    charge = _source(call, amount, currency)
    if charge is None:
        _check_funds(call, amount, currency)
    transfer = _record(call, amount, currency, charge)
    emit(call, "transfer.created", transfer)
    return answer(call, transfer)


def _amount(call: Call) -> int:
    """A transfer without an amount sends the whole source charge; without both there is nothing to send."""
    if "amount" in call.params:
        return check_amount(call.params["amount"])
    source = call.params.get("source_transaction")
    if source is None:
        raise Refusal(
            "Missing required param: amount.", code="parameter_missing", param="amount", is_stored=False
        )
    return int(call.require("charge", source, param="source_transaction")["amount"])


def _check_destination(call: Call, destination: str) -> None:
    if call.account:
        raise invalid("Connected accounts cannot make transfers from here.", param="destination")
    if capability_status(require_account(call.world, destination), "stripe_transfers") != "active":
        raise Refusal(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
            param="destination",
        )


def _source(call: Call, amount: int, currency: str) -> Json | None:
    """The charge that pays for the transfer. All its transfers together stay within it.

    *Verify*: what a reversal gives back is not counted as free again.
    """
    source = call.params.get("source_transaction")
    if source is None:
        return None
    charge = call.require("charge", source, param="source_transaction")
    if charge["status"] != "succeeded":
        raise invalid("The source_transaction must be a successful charge.", param="source_transaction")
    _check_source_currency(charge, currency)
    sent = sum(
        each["amount"] for each in call.store.find(Query(KIND, call.account, {"source_transaction": source}))
    )
    if sent + amount > charge["amount"]:
        raise invalid(
            f"The transfers from {source} would add up to more than the charge: {charge['amount'] - sent} can still "
            f"be transferred, {amount} was asked.",
            param="amount",
            code="transfer_source_balance_parameters_mismatch",
        )
    return charge


def _check_source_currency(charge: Json, currency: str) -> None:
    if charge["currency"] != currency:
        raise invalid(
            f"The currency of source_transaction's balance transaction ({charge['currency']}) must be the same as "
            f"the transfer currency ({currency})",
            param="currency",
        )


def _check_funds(call: Call, amount: int, currency: str) -> None:
    available, _ = ledger.held(call.store, call.account, currency=currency, now=call.now)
    if available < amount:
        raise Refusal(
            "You have insufficient available funds in your Stripe account. Try adding funds directly to your available "
            "balance by creating Charges using the 4000000000000077 test card.",
            code="balance_insufficient",
        )


def _record(call: Call, amount: int, currency: str, charge: Json | None) -> Json:
    transfer = _transfer(call, amount, currency, charge)
    destination = transfer["destination"]
    available_on = transfer["_available_on"]
    moved = balance_transaction(call, transfer, "transfer", -amount, available_on=available_on)
    record_payment(call, transfer, available_on=available_on)
    ledger.move(
        call.store,
        {ledger.balance_of(call.account): -amount, ledger.balance_of(destination): amount},
        currency=currency, source=transfer["id"], available_on=available_on,
    )  # fmt: skip
    transfer["balance_transaction"] = moved["id"]
    return call.store.put(transfer, call.account)


def _transfer(call: Call, amount: int, currency: str, charge: Json | None) -> Json:
    transfer_id = new_id("tr_1")
    group = call.params.get("transfer_group") or (charge["transfer_group"] if charge else None)
    return {
        "id": transfer_id, "object": KIND, "amount": amount, "amount_reversed": 0, "balance_transaction": None,
        "created": call.now, "currency": currency, "description": call.params.get("description"),
        "destination": call.params["destination"], "destination_payment": new_id("py_1"), "livemode": False,
        "metadata": metadata(call.params), "reversals": listing([], f"{PATH}/{transfer_id}/reversals"),
        "reversed": False, "source_transaction": charge["id"] if charge else None, "source_type": "card",
        "transfer_group": group, "_available_on": charge["_available_on"] if charge else call.now,
    }  # fmt: skip


@simulates("get", PATH + "/{transfer}")
def retrieve_transfer(call: Call) -> Json:
    """One transfer."""
    return answer(call, call.require(KIND, call.path["transfer"]))


@simulates("get", PATH, *PAGING, "created", "destination", "transfer_group")
def list_transfers(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH, filters=("destination", "transfer_group"))


@simulates("post", PATH + "/{id}/reversals", "amount", "metadata", "description")
def create_reversal(call: Call) -> Json:
    """Money comes back from the connected account, as far as it holds any; all reversals stay within the transfer.

    What is not available yet counts too. *Verify*: Stripe's manual speaks of the available balance alone.
    """
    transfer = call.require(KIND, call.path["id"])
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = check_amount(call.params["amount"]) if "amount" in call.params else left
    _check_reversal(call, transfer, amount, left)
    reversal = _reverse(call, transfer, amount)
    emit(call, "transfer.reversed", transfer)
    return answer(call, reversal)


def _check_reversal(call: Call, transfer: Json, amount: int, left: int) -> None:
    if left == 0:
        raise invalid(
            f"Transfer {transfer['id']} is already fully reversed.", code="transfer_already_reversed"
        )
    if amount > left:
        raise invalid(
            f"Reversal amount ({amount}) is greater than unreversed amount ({left}).", param="amount"
        )
    held = sum(ledger.held(call.store, transfer["destination"], currency=transfer["currency"], now=call.now))
    if held < amount:
        message = "Insufficient funds in the connected account to reverse this transfer."
        raise Refusal(message, code="balance_insufficient")


def _reverse(call: Call, transfer: Json, amount: int) -> Json:
    reversal: Json = {
        "id": new_id("trr_1"), "object": "transfer_reversal", "amount": amount, "balance_transaction": None,
        "created": call.now, "currency": transfer["currency"], "destination_payment_refund": new_id("pyr_1"),
        "metadata": metadata(call.params), "source_refund": None, "transfer": transfer["id"],
    }  # fmt: skip
    available_on = max(call.now, transfer.get("_available_on", 0))
    moved = balance_transaction(call, reversal, "transfer_refund", amount, available_on=available_on)
    record_payment_refund(call, transfer, reversal, available_on=available_on)
    ledger.move(
        call.store,
        {ledger.balance_of(call.account): amount, ledger.balance_of(transfer["destination"]): -amount},
        currency=transfer["currency"], source=reversal["id"], available_on=available_on,
    )  # fmt: skip
    reversal["balance_transaction"] = moved["id"]
    _note(transfer, reversal)
    call.store.put(transfer, call.account)
    return call.store.put(reversal, call.account)


def _note(transfer: Json, reversal: Json) -> None:
    """The transfer remembers its ten latest reversals, and how much has come back."""
    kept = transfer["reversals"]
    kept["data"] = [reversal, *kept["data"]][:10]
    transfer["amount_reversed"] += reversal["amount"]
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]


@simulates("get", PATH + "/{id}/reversals", *PAGING)
def list_reversals(call: Call) -> Json:
    """Newest first."""
    transfer = call.require(KIND, call.path["id"])
    return page(call, "transfer_reversal", f"{PATH}/{transfer['id']}/reversals", transfer=transfer["id"])


@simulates("get", PATH + "/{transfer}/reversals/{id}")
def retrieve_reversal(call: Call) -> Json:
    """One reversal of one transfer."""
    reversal = call.require("transfer_reversal", call.path["id"])
    if reversal["transfer"] != call.path["transfer"]:
        raise invalid(f"No such transfer reversal: '{reversal['id']}'", param="id", code="resource_missing")
    return answer(call, reversal)
