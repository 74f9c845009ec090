"""The control addresses under `/_sandbox/`; what each does is told in the package's docstring."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shop.sandbox import ledger
from shop.sandbox.errors import Json, Refusal, unknown_address
from shop.sandbox.messages import Request, Response, json_response
from shop.sandbox.passing import let_time_pass
from shop.sandbox.specification import api_version

if TYPE_CHECKING:
    from shop.sandbox.server import Sandbox

LOOPBACK = ("127.", "::1", "::ffff:127.")
Action = Callable[["Sandbox", Json, str], Json]
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
        expired = let_time_pass(world)
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
