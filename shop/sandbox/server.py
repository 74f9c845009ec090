"""The sandbox as one object: starts, stops, and is controlled, in a process of its own or inside a test."""

import json
import os
import threading
import traceback
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any, Self

from shop.sandbox import control, dashboard, hosted
from shop.sandbox.api import Api
from shop.sandbox.clock import Clock
from shop.sandbox.courier import Courier
from shop.sandbox.errors import Json, broken, unknown_address
from shop.sandbox.http_server import Server
from shop.sandbox.messages import Request, Response, json_response
from shop.sandbox.store import Store
from shop.sandbox.world import World

__all__ = ["DEFAULT_SECRET", "ControlError", "Sandbox", "dashboard", "refuse_live_key"]
DEFAULT_SECRET = "whsec_sandbox"  # noqa: S105 - a secret of a toy


class ControlError(Exception):
    """A control address refused; `body` is its error."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(body.get("error", {}).get("message", str(status)))
        self.status, self.body = status, body


def refuse_live_key(key: str | None) -> None:
    """Raises RuntimeError when the environment holds a live key: the sandbox and real money never meet."""
    if key and key.startswith(("sk_live", "rk_live")):
        raise RuntimeError(
            "STRIPE_SECRET_KEY is a live key: the payment sandbox does not start beside real money."
        )


class Sandbox:
    """A payment sandbox on its own port. Use as a context manager, or call `start` and `stop`.

    `state` is a file (kept between runs) or `:memory:`. Port 0 takes a free one. Without `webhook_url`
    events are recorded and wait. Raises RuntimeError beside a live key, ValueError for a senseless clock,
    OSError when the port or the file cannot be had. Every control method speaks HTTP to the sandbox, like any other
    program would.
    """

    def __init__(
        self, *, port: int = 0, host: str = "127.0.0.1", state: str = ":memory:", public_url: str | None = None,
        webhook_url: str | None = None, webhook_secret: str = DEFAULT_SECRET, clock: str | None = None,
    ) -> None:  # fmt: skip
        refuse_live_key(os.environ.get("STRIPE_SECRET_KEY"))
        Clock().start_at(clock)  # a wish that makes no sense is refused before anything is opened
        store = Store(state)
        try:
            self._server = Server((host, port), self._respond)
        except OSError:
            store.close()
            raise
        self.url = (public_url or f"http://localhost:{self._server.server_port}").rstrip("/")
        self.webhook_secret = webhook_secret
        self.world = World(store, Clock(), self.url)
        self._set_clock(clock)
        self.api = Api(self.world)
        self.courier = Courier(self.world, webhook_url, webhook_secret)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True
        )

    def _set_clock(self, wish: str | None) -> None:
        kept = self.world.store.recall("clock")
        if kept:
            self.world.clock.restore(kept)
        self.world.clock.start_at(wish)
        self.world.store.remember("clock", self.world.clock.state())

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_port)

    @property
    def webhook_url(self) -> str | None:
        """Where webhooks go; may be set once the receiver knows its own address."""
        return self.courier.url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.courier.url = url
        self.courier.nudge()

    @property
    def connect_secret(self) -> str | None:
        """Signs the events of connected accounts; the other secret does where this is None."""
        return self.courier.connect_secret

    @connect_secret.setter
    def connect_secret(self, secret: str | None) -> None:
        self.courier.connect_secret = secret

    def start(self) -> Self:
        """Listens from now on."""
        self._thread.start()
        self.courier.start()
        return self

    def stop(self) -> None:
        """Nothing of it is left running."""
        self.api.faults.clear()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self.courier.stop()
        self.world.store.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _respond(self, request: Request) -> Response:
        """Always an answer, and never a stack trace in it."""
        try:
            return self._route(request)
        except Exception:  # noqa: BLE001 - a fault of the sandbox is told on its own console
            traceback.print_exc()
            return json_response(broken().body(), 500)
        finally:
            if request.method != "GET":
                self.courier.nudge()

    def _route(self, request: Request) -> Response:
        if request.path.startswith(("/v1/", "/v2/")):
            return self.api.answer(request)
        if request.path.startswith("/_sandbox/"):
            return control.respond(self, request)
        return hosted.respond(self.world, request) or _nothing_here(request)

    def control(self, method: str, path: str, wish: Json | None = None) -> Json:
        """Calls `/_sandbox/<path>`. Raises ControlError when refused."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/_sandbox/{path}", json.dumps(wish or {}).encode(), method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - our own address
                return dict(json.load(response))
        except urllib.error.HTTPError as error:
            with error:
                raise ControlError(error.code, json.load(error)) from error

    def pay(self, session_id: str, card: str = "4242424242424242", **wish: Any) -> Json:
        """Pays a session as if through its page; returns it with its payment intent. Raises ControlError (402)."""
        return self.control("POST", f"sessions/{session_id}/pay", {"card": card} | wish)

    def freeze(self, instant: int | None) -> Json:
        """Stops the clock at an instant; None lets it follow real time again."""
        return self.control("POST", "clock", {"now": instant})

    def advance(self, seconds: int) -> Json:
        """Moves the clock; sessions whose time passes expire at once."""
        return self.control("POST", "clock", {"advance": seconds})

    def webhooks(self, mode: str, delay: float = 0, *, types: Iterable[str] = ()) -> Json:
        """How webhooks (of these types; else all) travel from now on: deliver, drop, hold, duplicate, reorder."""
        return self.control("POST", "webhooks", {"mode": mode, "delay": delay, "types": list(types)})

    def send_webhooks(self, *event_ids: str, times: int = 1, at_once: bool = False) -> list[int]:
        """Sends these events now, in this order, each `times` times, or all at the same instant; the statuses."""
        wish = {"events": event_ids, "times": times, "at_once": at_once}
        return list(self.control("POST", "webhooks/send", wish)["statuses"])

    def events(self) -> list[Json]:
        """All events of all accounts, oldest first."""
        return list(self.control("GET", "events")["events"])

    def flush_webhooks(self, *, wait: float = 5, include_dropped: bool = False) -> Json:
        """Sends what is held or waiting, and returns once each was tried."""
        return self.control("POST", "webhooks/flush", {"wait": wait, "include_dropped": include_dropped})

    def fail(self, method: str, path: str, kind: str, *, times: int = 1, seconds: float = 30) -> Json:
        """The next `times` requests to `path` (`*` allowed) go wrong in this way."""
        wish = {"method": method, "path": path, "kind": kind, "times": times, "seconds": seconds}
        return self.control("POST", "faults", wish)

    def clear_faults(self) -> Json:
        """No more faults; requests that wait go on."""
        return self.control("POST", "faults/clear")

    def add_account(self, account_id: str | None = None, **facts: Any) -> Json:
        """An onboarded account (transfers active, or the `capabilities` given). Safe to repeat with the same id."""
        return self.control("POST", "accounts", ({"id": account_id} if account_id else {}) | facts)

    def onboard(self, account_id: str, **told: str) -> Json:
        """As if the person behind the account had been through the onboarding page (`registered_name`, `number`…)."""
        return self.control("POST", f"accounts/{account_id}/onboard", told)

    def set_capabilities(self, account_id: str, **statuses: str) -> Json:
        """Such as `stripe_transfers="restricted"`."""
        return self.control("POST", f"accounts/{account_id}/capabilities", statuses)

    def dispute(self, charge_id: str, reason: str = "fraudulent", **wish: Any) -> Json:
        """The card's holder contests a charge, or an `amount` of it."""
        return self.control("POST", f"charges/{charge_id}/dispute", {"reason": reason} | wish)

    def close_dispute(self, dispute_id: str, status: str) -> Json:
        """The bank decides: `won` or `lost`."""
        return self.control("POST", f"disputes/{dispute_id}/close", {"status": status})

    def pay_out(self, account_id: str, **wish: Any) -> Json:
        """An account's whole balance leaves for its bank (`amount`, `status`: pending, paid, failed)."""
        return self.control("POST", f"accounts/{account_id}/payout", wish)

    def settle_payout(self, payout_id: str, status: str = "paid", **wish: Any) -> Json:
        """A payout arrives, or is `failed` (with `failure_code`) and its money is back."""
        return self.control("POST", f"payouts/{payout_id}/settle", {"status": status} | wish)

    def refund(self, charge_id: str, amount: int | None = None, **wish: Any) -> Json:
        """Refunds in Stripe's own dashboard; all that is left, without an amount. `status="pending"` waits."""
        return self.control(
            "POST", f"charges/{charge_id}/refund", ({"amount": amount} if amount else {}) | wish
        )

    def begin_refunds(self, status: str | None) -> Json:
        """How refunds begin from now on: `pending`, or `succeeded`; None: as their card says."""
        return self.control("POST", "refunds", {"status": status})

    def settle_refund(self, refund_id: str, status: str = "succeeded", **wish: Any) -> Json:
        """A refund reaches the card, or `failed` (with `failure_reason`), and the money is back."""
        return self.control("POST", f"refunds/{refund_id}/settle", {"status": status} | wish)

    def requests(self) -> list[Json]:
        """The last thousand API requests, oldest first."""
        return list(self.control("GET", "requests")["requests"])

    def ledger(self) -> Json:
        """Who holds what; `is_balanced` is true unless the sandbox is broken."""
        return self.control("GET", "ledger")

    def reset(self) -> None:
        """Forgets everything."""
        self.control("POST", "reset")


def _nothing_here(request: Request) -> Response:
    refusal = unknown_address(request.method, request.path)
    return json_response(refusal.body(), refusal.status)
