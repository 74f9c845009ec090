"""The payment sandbox's control address: accounts, cards and its clock, over plain HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings

PATIENCE_S = 10


class Till:
    """Talks to the sandbox at STRIPE_API_BASE. Raises OSError when it does not answer."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")

    def ask(self, path: str, wish: dict[str, Any] | None = None) -> dict[str, Any]:
        """GET without a wish, POST with one."""
        body = None if wish is None else json.dumps(wish).encode()
        request = Request(f"{self.base}/_sandbox/{path}", body, {"Content-Type": "application/json"})  # noqa: S310
        with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - the address is a setting, http
            plain: dict[str, Any] = json.load(answer)
            return plain

    def open_account(self, account: str, name: str, *, charges_itself: bool = False) -> None:
        """An account that can be paid, and that can charge cards where its shop does so itself."""
        able = {"stripe_transfers": "active"} | ({"card_payments": "active"} if charges_itself else {})
        self.ask("accounts", {"id": account, "display_name": name, "capabilities": able})

    def pay(self, session_id: str, *, name: str, email: str) -> None:
        self.ask(f"sessions/{session_id}/pay", {"name": name, "email": email})

    def set_clock(self, moment: datetime) -> None:
        self.ask("clock", {"now": int(moment.timestamp())})

    @contextmanager
    def in_the_past(self) -> Iterator[None]:
        """Its clock may be set meanwhile, and nobody is told of what happens; afterwards all is as it was."""
        clock, webhooks = self.ask("clock"), self.ask("webhooks")
        self.ask("webhooks", {"mode": "drop"})
        try:
            yield
        finally:
            self.ask("clock", {"now": clock["frozen_at"]})
            if clock["frozen_at"] is None and clock["offset"]:
                self.ask("clock", {"advance": clock["offset"]})
            self.ask("webhooks", {"mode": webhooks["mode"], "delay": webhooks["delay"]})


def find_till() -> Till | None:
    """The sandbox, if it is there: never anything else, and never with a live key."""
    base = settings.STRIPE_API_BASE
    if not base or settings.STRIPE_SECRET_KEY.startswith(("sk_live", "rk_live")):
        return None
    till = Till(base)
    try:
        return till if till.ask("health").get("ok") else None
    except (HTTPError, URLError, OSError, ValueError):
        return None
