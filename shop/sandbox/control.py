"""The control addresses under `/_sandbox/`; what each does is told in the package's docstring."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shop.sandbox import ledger, paying
from shop.sandbox.agenda import keep_appointments
from shop.sandbox.errors import Json, Refusal, unknown_address
from shop.sandbox.messages import Request, Response, json_response
from shop.sandbox.objects import answer, public
from shop.sandbox.simulated import accounts, disputes
from shop.sandbox.simulated.sessions import sweep
from shop.sandbox.specification import api_version
from shop.sandbox.store import Query
from shop.sandbox.world import Call

if TYPE_CHECKING:
    from shop.sandbox.server import Sandbox

LOOPBACK = ("127.", "::1", "::ffff:127.")
Action = Callable[["Sandbox", Json, str], Json]
ACCOUNT_FACTS = ("id", "display_name", "contact_email", "contact_phone")
ACTIONS: list[tuple[str, re.Pattern[str], Action]] = []


def control(method: str, path: str) -> Callable[[Action], Action]:
    """Registers a control address; `<id>` stands for one segment."""

    def register(action: Action) -> Action:
        ACTIONS.append((method, re.compile("^/_sandbox/" + path.replace("<id>", "([^/]+)") + "$"), action))
        return action

    return register


def respond(sandbox: "Sandbox", request: Request) -> Response:
    """Runs a control action. Only from this machine, and never for a page of another site."""
    try:
        _check_caller(sandbox, request)
        for method, pattern, action in ACTIONS:
            match = pattern.match(request.path)
            if match and method == request.method:
                return json_response(action(sandbox, _wish(request), "".join(match.groups())))
        raise unknown_address(request.method, request.path)
    except Refusal as refusal:
        return json_response(refusal.body(), refusal.status)
    except (TypeError, ValueError, OverflowError) as error:
        return json_response(Refusal(f"The control request does not make sense: {error}").body(), 400)


def _check_caller(sandbox: "Sandbox", request: Request) -> None:
    origin = request.headers.get("origin")
    if not request.peer.startswith(LOOPBACK) or (origin and origin != sandbox.world.public_url):
        raise Refusal("The sandbox is controlled from its own machine only.", status=403, kind="api_error")


def _wish(request: Request) -> Json:
    try:
        wish: Any = json.loads(request.body.decode("utf-8")) if request.body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise Refusal("The control request is not JSON.") from error
    if not isinstance(wish, dict):
        raise Refusal("The control request is not a JSON object.")
    return wish


@control("GET", "health")
def health(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    return {
        "ok": True,
        "api_version": api_version(),
        "now": sandbox.world.clock.now(),
        "url": sandbox.world.public_url,
    }


@control("GET", "clock")
def tell_time(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    return sandbox.world.clock.state()


@control("POST", "clock")
def set_time(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    world = sandbox.world
    with world.store.transaction():
        if "now" in wish:
            world.clock.follow() if wish["now"] is None else world.clock.freeze(int(wish["now"]))
        if "advance" in wish:
            world.clock.advance(int(wish["advance"]))
        world.store.remember("clock", world.clock.state())
        expired = sweep(world)
        keep_appointments(world)
    return world.clock.state() | {"expired_sessions": expired}


@control("GET", "webhooks")
def webhook_state(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    return sandbox.courier.state()


@control("POST", "webhooks")
def set_webhooks(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    return sandbox.courier.set_mode(wish)


@control("POST", "webhooks/flush")
def flush_webhooks(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    return sandbox.courier.flush(
        wait=float(wish.get("wait", 5)), include_dropped=bool(wish.get("include_dropped", False))
    )


@control("POST", "webhooks/send")
def send_webhooks(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """Chosen events, at once or one after the other, as often as wished."""
    ids = [str(event_id) for event_id in wish.get("events", [])]
    times, is_at_once = int(wish.get("times", 1)), bool(wish.get("at_once", False))
    return {"statuses": sandbox.courier.send(ids, times=times, is_at_once=is_at_once)}


@control("GET", "events")
def all_events(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """The events of all accounts, oldest first, at most ten thousand."""
    rows = sandbox.world.store.execute(
        "SELECT data FROM object WHERE kind IN ('event', 'v2.core.event') ORDER BY seq LIMIT 10000"
    )
    return {"events": [json.loads(data) for (data,) in rows]}


@control("GET", "faults")
def fault_state(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    return sandbox.api.faults.state()


@control("POST", "faults")
def add_fault(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    sandbox.api.faults.add(wish)
    return sandbox.api.faults.state()


@control("POST", "faults/clear")
def clear_faults(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    sandbox.api.faults.clear()
    return sandbox.api.faults.state()


@control("POST", "sessions/<id>/pay")
def pay_session(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """Pays as if through the page; a refused card is Stripe's 402."""
    number = str(wish.get("card", "4242424242424242"))
    buyer: Json = {name: str(wish[name]) for name in ("name", "email", "postal_code") if name in wish}
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
            existing = accounts.new_account(Call(world, "", {}), facts, [])
            for capability, status in dict(wish.get("capabilities", {"stripe_transfers": "active"})).items():
                accounts.set_capability(existing, capability, status)
            world.store.put(existing)
    return public(existing)


@control("POST", "accounts/<id>/capabilities")
def change_capabilities(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """What onboarding, or a check by Stripe, would do to an account."""
    world = sandbox.world
    with world.store.transaction():
        account = world.require(accounts.KIND, target)
        for capability, status in wish.items():
            accounts.set_capability(account, capability, str(status))
        world.store.put(account)
    return public(account)


@control("POST", "accounts/<id>/payout")
def pay_out(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """The account's whole balance leaves for its bank, so that a reversal finds nothing."""
    world = sandbox.world
    with world.store.transaction():
        world.require(accounts.KIND, target)
        amount = sum(ledger.held(world.store, target, currency="cad", now=world.clock.now()))
        parts = {ledger.balance_of(target): -amount, f"bank:{target}": amount}
        ledger.move(world.store, parts, currency="cad", source="payout", available_on=0)
    return {"account": target, "amount": amount}


@control("POST", "charges/<id>/dispute")
def dispute_charge(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """The card's holder contests a charge."""
    world = sandbox.world
    with world.store.transaction():
        call = Call(world, world.store.owner(target), {})
        dispute = disputes.open_dispute(
            call, call.require("charge", target), reason=wish.get("reason", "fraudulent")
        )
    return public(dispute)


@control("POST", "disputes/open")
def dispute_all(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """Every charge paid with the card that is disputed later is contested now."""
    world = sandbox.world
    with world.store.transaction():
        marked = world.store.find(Query("charge", None, {"_is_disputed_later": 1, "disputed": 0}))
        opened = [disputes.open_dispute(Call(world, world.store.owner(c["id"]), {}), c) for c in marked]
    return {"disputes": [public(dispute) for dispute in opened]}


@control("POST", "disputes/<id>/close")
def close_dispute(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """The bank decides: `won` or `lost`."""
    if wish.get("status") not in ("won", "lost"):
        raise Refusal("A dispute closes as won or lost.", param="status")
    world = sandbox.world
    with world.store.transaction():
        call = Call(world, world.store.owner(target), {})
        return public(disputes.close_dispute(call, call.require("dispute", target), wish["status"]))


@control("POST", "reset")
def reset(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    """Everything is forgotten: objects, keys, deliveries, faults, requests, and the clock follows real time."""
    sandbox.api.faults.clear()
    sandbox.api.requests.clear()
    sandbox.world.clock.follow()
    sandbox.world.store.empty()
    return {"ok": True}


@control("GET", "requests")
def recent_requests(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    return {"requests": list(sandbox.api.requests)}


@control("GET", "ledger")
def ledger_report(sandbox: "Sandbox", wish: Json, target: str) -> Json:
    return ledger.report(sandbox.world.store)
