"""What is asked of the store on every request is found by an index, however much it remembers."""

import pytest

from shop.sandbox.clock import Clock
from shop.sandbox.simulated import sessions
from shop.sandbox.store import Query, Store
from shop.sandbox.world import World


@pytest.fixture
def store():
    opened = Store()
    yield opened
    opened.close()


def plan_of(store: Store, monkeypatch: pytest.MonkeyPatch, act) -> list[str]:
    """How SQLite would run each statement of `act`."""
    plans: list[str] = []
    execute = store.execute

    def explain(sql, values=()):
        plans.extend(row[3] for row in execute(f"EXPLAIN QUERY PLAN {sql}", values))
        return []

    monkeypatch.setattr(store, "execute", explain)
    act()
    return plans


@pytest.mark.parametrize(
    "query",
    [
        Query("refund", where={"charge": "ch_1"}),
        Query("refund", where={"payment_intent": "pi_1"}),
        Query("transfer", where={"transfer_group": "1"}),
        Query("transfer", where={"source_transaction": "ch_1"}),
        Query("checkout.session", created={"gte": 5}),
        Query("event", "acct_1", before_seq=7),
        Query("subscription", where={"customer": "cus_1", "status": ["active", "trialing"]}),
        Query("invoice", where={"parent.subscription_details.subscription": "sub_1"}),
        Query("invoice_payment", where={"invoice": "in_1"}),
    ],
)
def test_lists_are_found_by_an_index(store: Store, monkeypatch: pytest.MonkeyPatch, query: Query):
    plans = plan_of(store, monkeypatch, lambda: store.find(query))
    assert any("INDEX object_by" in step for step in plans), plans
    assert not any("SCAN object" in step for step in plans), plans


def test_what_expires_is_found_by_its_own_index(store: Store, monkeypatch: pytest.MonkeyPatch):
    plans = plan_of(store, monkeypatch, lambda: sessions.sweep(World(store, Clock(), "")))
    assert any("open_session_by_expiry" in step for step in plans), plans


def test_all_or_nothing(store: Store):
    thing = {"id": "x_1", "object": "thing", "created": 1}
    with pytest.raises(ZeroDivisionError):
        _put_and_fail(store, thing)
    assert store.any("x_1") is None
    store.put(thing)
    assert store.any("x_1") == thing


def _put_and_fail(store: Store, thing: dict[str, object]) -> None:
    with store.transaction():
        store.put(thing)
        raise ZeroDivisionError
