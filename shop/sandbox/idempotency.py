"""Idempotency keys, as Stripe's: same request replays, another one is refused, a concurrent one must wait.

Keys belong to the account the request acts on, and may be pruned after 24 hours (v1) or 30 days (v2).
"""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shop.sandbox.errors import Json, Refusal
from shop.sandbox.store import Store

LIFETIME_V1, LIFETIME_V2 = 24 * 3600, 30 * 24 * 3600
LONGEST_KEY = 255


@dataclass(frozen=True)
class Key:
    """One idempotency key, and the request it came with."""

    account: str
    name: str
    path: str
    fingerprint: str

    @property
    def lifetime(self) -> int:
        """Seconds after which the key may be forgotten."""
        return LIFETIME_V2 if self.path.startswith("/v2/") else LIFETIME_V1


@dataclass(frozen=True)
class Stored:
    """An answer that was given before."""

    status: int
    body: str
    request_id: str


def key_for(account: str, name: str, path: str, params: Json) -> Key:
    """Raises Refusal for a key that is too long."""
    if len(name) > LONGEST_KEY:
        raise Refusal(f"Idempotency-Key must be at most {LONGEST_KEY} characters.", is_stored=False)
    canonical = json.dumps([path, params], sort_keys=True)
    return Key(account, name, path, hashlib.sha256(canonical.encode()).hexdigest())


class Keys:
    """The keys in flight, and those that are kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._in_flight: set[tuple[str, str]] = set()

    @contextmanager
    def hold(self, key: Key) -> Iterator[None]:
        """Nobody else may use the key meanwhile. Raises Refusal (409 `idempotency_key_in_use`)."""
        mark = (key.account, key.name)
        with self._lock:
            if mark in self._in_flight:
                raise _in_use(key)
            self._in_flight.add(mark)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight.discard(mark)

    def recall(self, key: Key, now: int) -> Stored | None:
        """The answer given before. Raises Refusal when the key was used for something else."""
        rows = self._store.execute(
            "SELECT fingerprint, path, status, body, request_id, created FROM idempotency "
            "WHERE account = ? AND key = ?",
            (key.account, key.name),
        )
        for fingerprint, path, status, body, request_id, created in rows:
            if created + key.lifetime <= now:
                return None
            if fingerprint != key.fingerprint:
                raise _other_request(key, path)
            return Stored(status, body, request_id)
        return None

    def keep(self, key: Key, stored: Stored, now: int) -> None:
        """Remembers an answer; call it inside the transaction of its effects."""
        self._store.execute(
            "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key.account,
                key.name,
                key.fingerprint,
                key.path,
                stored.status,
                stored.body,
                stored.request_id,
                now,
            ),
        )


def _in_use(key: Key) -> Refusal:
    return Refusal(
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
        f"twice, and the other request is still going through): {key.name}. Please try again later.",
        status=409,
        code="idempotency_key_in_use",
        is_stored=False,
    )


def _other_request(key: Key, path: str) -> Refusal:
    if path != key.path:
        said = f"endpoint they were first used for ('{path}' vs '{key.path}')"
    else:
        said = "parameters they were first used with"
    return Refusal(
        f"Keys for idempotent requests can only be used with the same {said}. Try using a key other than "
        f"'{key.name}' if you meant to execute a different request.",
        kind="idempotency_error",
        is_stored=False,
    )
