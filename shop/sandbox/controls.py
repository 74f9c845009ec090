"""The control addresses as methods. They speak HTTP to the sandbox, like any other program would."""

import json
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from shop.sandbox.errors import Json


class ControlError(Exception):
    """A control address refused; `body` is its error."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(body.get("error", {}).get("message", str(status)))
        self.status, self.body = status, body


class Controls(ABC):
    """What a test, or a demo, may do to the sandbox on this machine's `port`."""

    @property
    @abstractmethod
    def port(self) -> int:
        """The port it listens on."""

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
        """Moves the clock; what is due on the way happens on the way, each thing at its own second."""
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

    def dunning(self, *days: int, then: str = "cancel") -> Json:
        """Days between attempts on a kept card (3, 5, 7), and `then`: cancel, mark_unpaid or leave."""
        return self.control("POST", "dunning", ({"days": days} if days else {}) | {"then": then})

    def requests(self) -> list[Json]:
        """The last thousand API requests, oldest first."""
        return list(self.control("GET", "requests")["requests"])

    def ledger(self) -> Json:
        """Who holds what; `is_balanced` is true unless the sandbox is broken."""
        return self.control("GET", "ledger")

    def reset(self) -> None:
        """Forgets everything."""
        self.control("POST", "reset")
