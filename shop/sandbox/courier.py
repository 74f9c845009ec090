"""Carries webhooks, signed, until they are taken; and lets what is due happen on time.

Deliveries are rows: what was not taken before a restart is carried after it.
"""

import hashlib
import hmac
import http.client
import json
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from shop.sandbox.errors import Json, Refusal, missing_object
from shop.sandbox.events import THIN, webhook_mode
from shop.sandbox.passing import let_time_pass
from shop.sandbox.world import World

MODES = ("deliver", "drop", "hold", "duplicate", "reorder")
MOST_ATTEMPTS = 20
LONGEST_PAUSE = 60.0
PATIENCE = 10
HEARTBEAT = 0.5
MOST_AT_ONCE = 100


def sign(payload: bytes, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 over `<timestamp>.<body>`, in real time, not the sandbox's."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def payload_of(event: Json) -> bytes:
    """What is sent of an event: all of a snapshot, and of a thin one all but its data, which is fetched."""
    sent = {name: value for name, value in event.items() if event["object"] != THIN or name != "data"}
    return json.dumps(sent).encode()


class Courier:
    """One thread that carries; without an address to carry to, it only keeps time.

    Events of connected accounts are signed with `connect_secret` where there is one: on Stripe they have an
    endpoint of their own, whose secret is another.
    """

    def __init__(self, world: World, url: str | None, secret: str) -> None:
        self.world, self.url, self.secret = world, url, secret
        self.connect_secret: str | None = None
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
        types = [str(kind) for kind in wish.get("types") or []]
        self.world.store.remember(
            "webhooks", {"mode": mode, "delay": float(wish.get("delay", 0)), "types": types}
        )
        return webhook_mode(self.world)

    def send(self, event_ids: list[str], *, times: int = 1, is_at_once: bool = False) -> list[int]:
        """Sends these events now, in this order, each `times` times, whatever the mode; the answers' statuses.

        At once: all at the same instant, each over a connection of its own. 0 stands for no answer.
        Raises Refusal for an unknown event, and when nobody receives.
        """
        events = [self._event(event_id) for event_id in event_ids for _ in range(times)]
        if self.url is None or not 0 < len(events) <= MOST_AT_ONCE:
            raise Refusal(f"There must be a receiver, and 1 to {MOST_AT_ONCE} webhooks to send.")
        if not is_at_once:
            return [self._post(event) for event in events]
        with ThreadPoolExecutor(len(events)) as pool:
            return list(pool.map(self._post, events))

    def _event(self, event_id: str) -> Json:
        event = self.world.store.any(event_id)
        if event is None or event["object"] not in ("event", THIN):
            raise missing_object("event", event_id)
        return event

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
            let_time_pass(self.world)
            self._carry_all_due()
            with self._changed:
                self._changed.notify_all()
            self._wake.wait(HEARTBEAT)

    def _carry_all_due(self) -> None:
        while self.url is not None and not self._is_stopping:
            if not self._carry_next():
                return

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
            event = self.world.store.any(rows[0][1]) if rows else None
        if event is None:
            return False
        seq, _, attempts = rows[0]
        self._settle(seq, attempts + 1, is_taken=200 <= self._post(event) < 300)
        return True

    def _settle(self, seq: int, attempts: int, *, is_taken: bool) -> None:
        state = "done" if is_taken else "failed" if attempts >= MOST_ATTEMPTS else "waiting"
        pause = min(HEARTBEAT * 2 ** (attempts - 1), LONGEST_PAUSE)
        self.world.store.execute(
            "UPDATE delivery SET state = ?, attempts = ?, due_at = ? WHERE seq = ?",
            (state, attempts, time.time() + pause, seq),
        )

    def _post(self, event: Json) -> int:
        """The endpoint's status; 0 when it gave none."""
        payload = payload_of(event)
        secret = (self.connect_secret if event.get("account") else None) or self.secret
        headers = {
            "Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (sandbox)",
            "Stripe-Signature": sign(payload, secret, int(time.time())), "Connection": "close",
        }  # fmt: skip
        try:
            return self._send(payload, headers)
        except (OSError, http.client.HTTPException):
            return 0

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
