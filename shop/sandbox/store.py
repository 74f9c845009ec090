"""What the sandbox remembers, in one SQLite file (or in memory).

One connection and one lock: everything that changes state runs alone, so a session is paid once however many
buyers press at the same time. A transaction is a millisecond; the lock is never held while waiting for anybody.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shop.sandbox.errors import Json

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    account TEXT NOT NULL, created INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_by_kind ON object (kind, account, seq);
CREATE INDEX IF NOT EXISTS object_by_intent ON object (kind, json_extract(data, '$.payment_intent'));
CREATE INDEX IF NOT EXISTS object_by_source ON object (kind, json_extract(data, '$.source_transaction'));
CREATE INDEX IF NOT EXISTS object_by_group ON object (kind, json_extract(data, '$.transfer_group'));
CREATE INDEX IF NOT EXISTS object_by_charge ON object (kind, json_extract(data, '$.charge'));
CREATE INDEX IF NOT EXISTS object_by_customer ON object (kind, json_extract(data, '$.customer'));
CREATE INDEX IF NOT EXISTS object_by_invoice ON object (kind, json_extract(data, '$.invoice'));
CREATE INDEX IF NOT EXISTS object_by_subscription
    ON object (kind, json_extract(data, '$.parent.subscription_details.subscription'));
CREATE INDEX IF NOT EXISTS object_by_age ON object (kind, account, created);
CREATE INDEX IF NOT EXISTS open_session_by_expiry ON object (json_extract(data, '$.expires_at'))
    WHERE kind = 'checkout.session' AND json_extract(data, '$.status') = 'open';
CREATE TABLE IF NOT EXISTS idempotency (
    account TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, path TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, request_id TEXT NOT NULL, created INTEGER NOT NULL,
    PRIMARY KEY (account, key));
CREATE TABLE IF NOT EXISTS ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, movement INTEGER NOT NULL, holder TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, source TEXT NOT NULL, available_on INTEGER NOT NULL);
DROP INDEX IF EXISTS ledger_by_holder;
CREATE INDEX IF NOT EXISTS ledger_by_age ON ledger (holder, currency, available_on, amount);
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL, rank INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS delivery_by_state ON delivery (state, due_at);
CREATE TABLE IF NOT EXISTS agenda (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, due_at INTEGER NOT NULL, act TEXT NOT NULL, object TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS agenda_by_time ON agenda (due_at);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
TABLES = ("object", "idempotency", "ledger", "delivery", "agenda", "setting")


@dataclass(frozen=True)
class Query:
    """Which objects of a kind are wanted; newest first, at most `limit`. A list in `where` means any of these."""

    kind: str
    account: str | None = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    created: Mapping[str, int] = field(default_factory=dict)
    before_seq: int | None = None
    after_seq: int | None = None
    limit: int = 1000


class Store:
    """Objects as JSON with their kind, account and age, plus the sandbox's own tables."""

    def __init__(self, path: str = ":memory:") -> None:
        self.lock = threading.RLock()
        self._depth = 0
        self._connection = _open(path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one at a time; an inner transaction joins the outer one."""
        with self.lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth = 0

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Runs one statement and returns its rows."""
        with self.lock:
            return self._connection.execute(sql, values).fetchall()

    def put(self, data: Json, account: str = "") -> Json:
        """Inserts or replaces an object by its id; an update keeps its place in lists."""
        self.execute(
            "INSERT INTO object (id, kind, account, created, data) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET data = excluded.data",
            (data["id"], data["object"], account, _seconds(data["created"]), json.dumps(data)),
        )
        return data

    def get(self, kind: str, object_id: str, account: str | None = "") -> Json | None:
        """One object of an account (None: of any account), or None."""
        rows = self.execute("SELECT kind, account, data FROM object WHERE id = ?", (object_id,))
        for found_kind, owner, data in rows:
            if found_kind == kind and account in (None, owner):
                return dict(json.loads(data))
        return None

    def any(self, object_id: str) -> Json | None:
        """The object with this id, whatever it is and whoever owns it, or None."""
        rows = self.execute("SELECT data FROM object WHERE id = ?", (object_id,))
        return dict(json.loads(rows[0][0])) if rows else None

    def owner(self, object_id: str) -> str:
        """The account an object belongs to; empty for the platform."""
        rows = self.execute("SELECT account FROM object WHERE id = ?", (object_id,))
        return str(rows[0][0]) if rows else ""

    def place(self, object_id: str) -> int | None:
        """An object's position in the order of creation."""
        rows = self.execute("SELECT seq FROM object WHERE id = ?", (object_id,))
        return int(rows[0][0]) if rows else None

    def find(self, query: Query) -> list[Json]:
        """Newest first; with `after_seq` the page that ends just before that place, still newest first."""
        conditions, values = _conditions(query)
        order = "ASC" if query.after_seq is not None else "DESC"
        wanted = f"SELECT seq FROM object WHERE {' AND '.join(conditions)} ORDER BY seq {order} LIMIT ?"  # noqa: S608
        rows = self.execute(
            f"SELECT data FROM object WHERE seq IN ({wanted}) ORDER BY seq {order}",  # noqa: S608
            (*values, query.limit),
        )
        found = [dict(json.loads(data)) for (data,) in rows]
        return found[::-1] if order == "ASC" else found

    def recall(self, name: str) -> Any:
        """A setting of the sandbox itself, or None."""
        rows = self.execute("SELECT value FROM setting WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else None

    def remember(self, name: str, value: Any) -> None:
        """Keeps a setting of the sandbox itself."""
        self.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    def empty(self) -> None:
        """Forgets everything."""
        with self.transaction():
            for table in TABLES:
                self.execute(f"DELETE FROM {table}")  # noqa: S608

    def close(self) -> None:
        """Closes the file; nothing may be read afterwards."""
        with self.lock:
            self._connection.close()


def _open(path: str) -> sqlite3.Connection:
    """The file with its tables. Raises OSError when it cannot be used."""
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(SCHEMA)
    except sqlite3.Error as error:
        if connection:
            connection.close()
        raise OSError(f"The state file {path} cannot be used: {error}") from error
    return connection


COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def _conditions(query: Query) -> tuple[list[str], list[Any]]:
    conditions: list[str] = ["kind = ?"]
    values: list[Any] = [query.kind]
    if query.account is not None:
        conditions.append("account = ?")
        values.append(query.account)
    for name, value in query.where.items():
        several = value if isinstance(value, list) else [value]
        conditions.append(f"json_extract(data, '$.{name}') IN ({', '.join('?' * len(several))})")
        values.extend(several)
    for name, value in query.created.items():
        conditions.append(f"created {COMPARISONS[name]} ?")
        values.append(value)
    for comparison, seq in (("<", query.before_seq), (">", query.after_seq)):
        if seq is not None:
            conditions.append(f"seq {comparison} ?")
            values.append(seq)
    return conditions, values


def _seconds(created: int | str) -> int:
    """v2 objects carry their age as text."""
    return created if isinstance(created, int) else int(datetime.fromisoformat(created).timestamp())
