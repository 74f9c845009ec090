"""What happens outside the API: buyers, their banks, and whoever sits before Stripe's own dashboard.

Control addresses too; what each does is told in the package's docstring.
"""

from typing import TYPE_CHECKING

from shop.sandbox import ledger, onboarding, paying
from shop.sandbox.billing import collecting
from shop.sandbox.control import control
from shop.sandbox.errors import Json, Refusal
from shop.sandbox.objects import answer, public
from shop.sandbox.rules import check_amount
from shop.sandbox.simulated import accounts, disputes, payouts, refunding
from shop.sandbox.simulated.account_events import tell_changed
from shop.sandbox.simulated.banks import add_bank, bank_of
from shop.sandbox.simulated.capabilities import set_capability
from shop.sandbox.simulated.schedules import schedule_of
from shop.sandbox.store import Query
from shop.sandbox.world import Call

if TYPE_CHECKING:
    from shop.sandbox.server import Sandbox

ACCOUNT_FACTS = ("id", "display_name", "contact_email", "contact_phone")


@control("POST", "sessions/<id>/pay")
def pay_session(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """Pays as if through the page; a refused card is Stripe's 402."""
    number = str(wish.get("card", "4242424242424242"))
    buyer: Json = {
        name: str(wish[name]) for name in ("name", "email", "postal_code", "expiry") if name in wish
    }
    world = sandbox.world
    with world.store.transaction():
        call = Call(world, world.store.owner(target), {"expand": ["payment_intent"]})
        attempt = paying.pay(call, target, number, buyer)
        if attempt.result == "must_authenticate" and "authenticate" in wish:
            attempt = paying.authenticate(call, target, is_authorized=bool(wish["authenticate"]))
    if attempt.result == "closed":
        raise Refusal(f"This Checkout Session is {attempt.session['status']} and can no longer be paid.")
    if attempt.result == "declined":
        raise paying.as_card_error(attempt, number)
    return answer(call, attempt.session)


@control("POST", "accounts")
def add_account(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """An account as it is after onboarding, under a chosen id if one is given; an existing one is left alone."""
    world = sandbox.world
    with world.store.transaction():
        existing = world.store.get(accounts.KIND, str(wish.get("id", "")))
        if existing is None:
            facts: Json = {name: str(wish[name]) for name in ACCOUNT_FACTS if name in wish}
            facts["metadata"] = dict(wish.get("metadata", {}))
            existing = accounts.new_account(Call(world, "", {}), facts) | {"_is_onboarded": True}
            for capability, status in dict(wish.get("capabilities", {"stripe_transfers": "active"})).items():
                set_capability(existing, capability, status)
            world.store.put(existing)
            add_bank(Call(world, existing["id"], {}), holder=existing["display_name"])
    return public(existing)


@control("POST", "accounts/<id>/capabilities")
def change_capabilities(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """What onboarding, or a check by Stripe, would do to an account."""
    world = sandbox.world
    with world.store.transaction():
        account = world.require(accounts.KIND, target)
        changed = [name for name, status in wish.items() if set_capability(account, name, str(status))]
        world.store.put(account)
        if changed:
            tell_changed(Call(world, "", {}, request_id=""), account, changed)
    return public(account)


@control("POST", "accounts/<id>/onboard")
def onboard(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """As if the person behind the account had been through the onboarding page."""
    world = sandbox.world
    with world.store.transaction():
        account = world.require(accounts.KIND, target)
        name = {"registered_name": account["display_name"]} if account["display_name"] else {}
        told = onboarding.EXAMPLE | name | {key: str(value) for key, value in wish.items()}
        return public(onboarding.complete(Call(world, "", {}, request_id=""), account, told))


@control("POST", "accounts/<id>/payout")
def pay_out(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """The account's balance leaves for its bank, what is pending too, so that a reversal finds nothing."""
    world = sandbox.world
    with world.store.transaction():
        world.require(accounts.KIND, target)
        call = Call(world, target, {}, request_id="")
        hasten(call)
        holds, _ = ledger.held(world.store, target, currency="cad", now=call.now)
        amount = min(int(wish.get("amount", holds)), holds)
        if amount <= 0:
            return {"account": target, "amount": 0, "payout": None}
        payout = payouts.pay_out(call, amount, is_automatic=True)
        _end(call, payout["id"], str(wish.get("status", "paid")))
        return {"account": target, "amount": amount, "payout": public(call.require("payout", payout["id"]))}


def hasten(call: Call) -> None:
    """Everything the account waits for is available now."""
    ledger.hasten(call.store, call.account, now=call.now)
    waiting = Query("balance_transaction", call.account, {"status": "pending"}, limit=100_000)
    for moved in call.store.find(waiting):
        if moved["available_on"] > call.now:
            call.store.put(moved | {"available_on": call.now, "status": "available"}, call.account)


def _end(call: Call, payout_id: str, status: str) -> None:
    if status not in ("pending", "paid", "failed"):
        raise Refusal("A payout is pending, paid or failed.", param="status")
    if status == "failed":
        payouts.fail(call, payout_id)
    elif status == "paid":
        payouts.arrive(call, payout_id)


@control("POST", "payouts/run")
def run_payouts(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """One run of the automatic payouts: each account's available balance leaves, unless its schedule is manual."""
    world, made = sandbox.world, []
    with world.store.transaction():
        for account in world.store.find(Query(accounts.KIND, limit=10_000)):
            call = Call(world, account["id"], {}, request_id="")
            available, _ = ledger.held(world.store, call.account, currency="cad", now=call.now)
            if available > 0 and bank_of(call) and schedule_of(call)["interval"] != "manual":
                made.append(payouts.pay_out(call, available, is_automatic=True))
    return {"payouts": [public(payout) for payout in made]}


@control("POST", "payouts/<id>/settle")
def settle_payout(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """A payout arrives at the bank, or comes back."""
    world = sandbox.world
    with world.store.transaction():
        call = Call(world, world.store.owner(target), {}, request_id="")
        if wish.get("status", "paid") == "failed":
            payouts.fail(call, target, failure_code=str(wish.get("failure_code", "account_closed")))
        else:
            payouts.arrive(call, target)
        return public(call.require("payout", target))


@control("POST", "charges/<id>/refund")
def refund_charge(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """Somebody refunds in Stripe's own dashboard."""
    world = sandbox.world
    with world.store.transaction():
        call = Call(world, world.store.owner(target), {}, request_id="")
        amount = check_amount(int(wish["amount"])) if "amount" in wish else None
        made = refunding.refund(
            call, call.require("charge", target), amount, reason=wish.get("reason"), status=_first(wish)
        )
    return public(made)


def _first(wish: Json) -> refunding.Status | None:
    if wish.get("status") not in (None, "pending", "succeeded"):
        raise Refusal("A refund begins pending or succeeded.", param="status")
    status: refunding.Status | None = wish.get("status")
    return status


@control("POST", "refunds")
def begin_refunds(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """How refunds begin from now on."""
    sandbox.world.store.remember("refunds", {"status": _first(wish)})
    return {"status": _first(wish)}


@control("POST", "refunds/<id>/settle")
def settle_refund(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """A refund reaches the card, or fails to."""
    world = sandbox.world
    with world.store.transaction():
        call = Call(world, world.store.owner(target), {}, request_id="")
        if wish.get("status", "succeeded") == "failed":
            reason = str(wish.get("failure_reason", "expired_or_canceled_card"))
            refunding.fail(call, target, failure_reason=reason)
        else:
            refunding.settle(call, target)
        return public(call.require("refund", target))


@control("GET", "dunning")
def tell_dunning(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """The days between attempts, and what follows the last one."""
    return collecting.dunning(sandbox.world)


@control("POST", "dunning")
def set_dunning(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """How often a kept card is asked again from now on, and what becomes of the subscription afterwards."""
    days = [int(day) for day in wish.get("days") or collecting.USUAL["days"]]
    then = wish.get("then", "cancel")
    if len(days) > 8 or any(not 1 <= day <= 60 for day in days) or then not in collecting.AFTERWARDS:
        raise Refusal(f"At most 8 pauses of 1 to 60 days; then one of {', '.join(collecting.AFTERWARDS)}.")
    sandbox.world.store.remember("dunning", {"days": days, "then": then})
    return collecting.dunning(sandbox.world)


@control("POST", "charges/<id>/dispute")
def dispute_charge(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """The card's holder contests a charge."""
    world = sandbox.world
    with world.store.transaction():
        call = Call(world, world.store.owner(target), {}, request_id="")
        dispute = disputes.open_dispute(
            call,
            call.require("charge", target),
            reason=str(wish.get("reason", "fraudulent")),
            amount=int(wish["amount"]) if "amount" in wish else None,
        )
    return public(dispute)


@control("POST", "disputes/open")
def dispute_all(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """Every charge paid with the card that is disputed later is contested now."""
    world = sandbox.world
    with world.store.transaction():
        marked = world.store.find(Query("charge", None, {"_is_disputed_later": 1, "disputed": 0}))
        opened = [
            disputes.open_dispute(Call(world, world.store.owner(c["id"]), {}, request_id=""), c)
            for c in marked
        ]
    return {"disputes": [public(dispute) for dispute in opened]}


@control("POST", "disputes/<id>/close")
def close_dispute(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """The bank decides: `won` or `lost`."""
    if wish.get("status") not in ("won", "lost"):
        raise Refusal("A dispute closes as won or lost.", param="status")
    world = sandbox.world
    with world.store.transaction():
        call = Call(world, world.store.owner(target), {}, request_id="")
        return public(disputes.close_dispute(call, call.require("dispute", target), wish["status"]))
