"""Carries webhooks, signed, until they are taken; and lets sessions expire on time.

Deliveries are rows: what was not taken before a restart is carried after it.
"""

import hashlib
import hmac
import http.client
import json
import ssl
import threading
import time
from urllib.parse import urlsplit

from shop.sandbox.errors import Json, Refusal
from shop.sandbox.events import webhook_mode
from shop.sandbox.simulated.sessions import sweep
from shop.sandbox.world import World

MODES = ("deliver", "drop", "hold", "duplicate", "reorder")
MOST_ATTEMPTS = 20
LONGEST_PAUSE = 60.0
PATIENCE = 10
HEARTBEAT = 0.5


def sign(payload: bytes, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 over `<timestamp>.<body>`, in real time, not the sandbox's."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Courier:
    """One thread that carries; without an address to carry to, it only keeps time."""

    def __init__(self, world: World, url: str | None, secret: str) -> None:
        self.world, self.url, self.secret = world, url, secret
        self._wake = threading.Event()
        self._changed = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._work, name="sandbox-courier", daemon=True)

    def start(self) -> None:
        """Begins to carry."""
        self._thread.start()

    def stop(self) -> None:
        """Stops after the delivery in hand."""
        self._is_stopping = True
        self.nudge()
        self._thread.join(timeout=PATIENCE + 1)

    def nudge(self) -> None:
        """There may be something to carry."""
        self._wake.set()

    def set_mode(self, wish: Json) -> Json:
        """Changes how webhooks travel from now on. Raises Refusal for an unknown mode."""
        mode = wish.get("mode", "deliver")
        if mode not in MODES:
            raise Refusal(f"Unknown mode: {mode}. Known: {', '.join(MODES)}.", param="mode")
        self.world.store.remember("webhooks", {"mode": mode, "delay": float(wish.get("delay", 0))})
        return webhook_mode(self.world)

    def flush(self, *, wait: float = 5.0, include_dropped: bool = False) -> Json:
        """Everything held or waiting goes now; returns once each was tried, or after `wait` seconds."""
        states = "('held', 'waiting', 'dropped')" if include_dropped else "('held', 'waiting')"
        sql = f"UPDATE delivery SET state = 'waiting', due_at = 0 WHERE state IN {states}"  # noqa: S608
        self.world.store.execute(sql)
        self.nudge()
        self.wait_until_idle(wait)
        return self.state()

    def wait_until_idle(self, wait: float) -> bool:
        """True once nothing is due any more; False when `wait` seconds were not enough, or there is no address."""
        if self.url is None:
            return False
        with self._changed:
            return self._changed.wait_for(lambda: not self._has_due(), timeout=wait)

    def state(self) -> Json:
        """The mode, and how many deliveries are in each state."""
        counts = self.world.store.execute("SELECT state, COUNT(*) FROM delivery GROUP BY state")
        return webhook_mode(self.world) | {"url": self.url, "deliveries": dict(counts)}

    def _work(self) -> None:
        while not self._is_stopping:
            self._wake.clear()
            sweep(self.world)
            while self.url is not None and not self._is_stopping and self._carry_next():
                pass
            with self._changed:
                self._changed.notify_all()
            self._wake.wait(HEARTBEAT)

    def _has_due(self) -> bool:
        sql = "SELECT 1 FROM delivery WHERE state IN ('waiting', 'carrying') AND due_at <= ? LIMIT 1"
        return bool(self.world.store.execute(sql, (time.time(),)))

    def _carry_next(self) -> bool:
        """Carries the first delivery that is due; False when there is none."""
        with self.world.store.transaction():
            rows = self.world.store.execute(
                "SELECT seq, event, attempts FROM delivery WHERE state = 'waiting' AND due_at <= ? "
                "ORDER BY due_at, rank, seq LIMIT 1",
                (time.time(),),
            )
            event = self.world.store.get("event", rows[0][1], None) if rows else None
        if event is None:
            return False
        seq, _, attempts = rows[0]
        self._settle(seq, attempts + 1, is_taken=self._post(event))
        return True

    def _settle(self, seq: int, attempts: int, *, is_taken: bool) -> None:
        state = "done" if is_taken else "failed" if attempts >= MOST_ATTEMPTS else "waiting"
        pause = min(HEARTBEAT * 2 ** (attempts - 1), LONGEST_PAUSE)
        self.world.store.execute(
            "UPDATE delivery SET state = ?, attempts = ?, due_at = ? WHERE seq = ?",
            (state, attempts, time.time() + pause, seq),
        )

    def _post(self, event: Json) -> bool:
        """Whether the endpoint answered with 2xx."""
        payload = json.dumps(event).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (sandbox)",
            "Stripe-Signature": sign(payload, self.secret, int(time.time())), "Connection": "close",
        }  # fmt: skip
        try:
            return 200 <= self._send(payload, headers) < 300
        except (OSError, http.client.HTTPException):
            return False

    def _send(self, payload: bytes, headers: dict[str, str]) -> int:
        parts = urlsplit(self.url or "")
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(
                parts.hostname or "", parts.port, timeout=PATIENCE, context=context
            )
        else:
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        try:
            connection.request(
                "POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), payload, headers
            )
            response = connection.getresponse()
            response.read(65536)
            return response.status
        finally:
            connection.close()
