"""Who holds what: every movement is written twice, so that all holders together hold nothing.

Holders are `balance:` (the platform), `balance:acct_…`, `cards` (the outside world), `stripe_fees`, `bank:…`.
Amounts are cents; a positive amount came in.
"""

from collections.abc import Mapping

from shop.sandbox.errors import Json
from shop.sandbox.store import Store

CARDS = "cards"
FEES = "stripe_fees"


def balance_of(account: str) -> str:
    """The holder name of an account's Stripe balance; the platform is the empty account."""
    return f"balance:{account}"


def move(store: Store, amounts: Mapping[str, int], *, currency: str, source: str, available_on: int) -> None:
    """Writes one movement. Raises ValueError when its parts do not cancel out."""
    if sum(amounts.values()) != 0:
        raise ValueError(f"A movement of {source} does not balance: {dict(amounts)}")
    movement = store.execute("SELECT COALESCE(MAX(seq), 0) + 1 FROM ledger")[0][0]
    for holder, amount in amounts.items():
        store.execute(
            "INSERT INTO ledger (movement, holder, amount, currency, source, available_on) VALUES (?, ?, ?, ?, ?, ?)",
            (movement, holder, amount, currency, source, available_on),
        )


def held(store: Store, account: str, *, currency: str, now: int) -> tuple[int, int]:
    """What an account may spend now, and what will become available later."""
    rows = store.execute(
        "SELECT COALESCE(SUM(CASE WHEN available_on <= ? THEN amount END), 0), "
        "COALESCE(SUM(CASE WHEN available_on > ? THEN amount END), 0) "
        "FROM ledger WHERE holder = ? AND currency = ?",
        (now, now, balance_of(account), currency),
    )
    return int(rows[0][0]), int(rows[0][1])


def hasten(store: Store, account: str, *, now: int) -> None:
    """Everything an account waits for is available now."""
    store.execute(
        "UPDATE ledger SET available_on = ? WHERE holder = ? AND available_on > ?",
        (now, balance_of(account), now),
    )


def report(store: Store) -> Json:
    """Every holder's total, the sum of all (zero), and the movements that do not balance (none)."""
    with store.transaction():
        totals = dict(store.execute("SELECT holder, SUM(amount) FROM ledger GROUP BY holder ORDER BY holder"))
        crooked = store.execute(
            "SELECT movement FROM ledger GROUP BY movement, currency HAVING SUM(amount) <> 0"
        )
    return {
        "holders": totals,
        "sum": sum(totals.values()),
        "unbalanced_movements": [movement for (movement,) in crooked],
        "is_balanced": not crooked and sum(totals.values()) == 0,
    }
