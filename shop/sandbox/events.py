"""Events: written in the same transaction as what happened, together with their delivery.

v1 events carry a snapshot of the object; v2 events are thin: they name it, and the rest is fetched.
"""

import time
from typing import Any

from shop.sandbox.errors import Json
from shop.sandbox.ids import new_id
from shop.sandbox.objects import public
from shop.sandbox.specification import api_version
from shop.sandbox.world import Call, World, stamp

THIN = "v2.core.event"
REORDER_WINDOW = 0.25
AS_USUAL = {"mode": "deliver", "delay": 0, "types": []}


def emit(call: Call, kind: str, subject: Json, *, previous: Json | None = None) -> Json:
    """Stores the event and queues its webhook the way the present mode says."""
    data: dict[str, Any] = {"object": public(subject)}
    if previous is not None:
        data["previous_attributes"] = previous
    event: Json = {
        "id": new_id("evt_"), "object": "event", "api_version": api_version(), "created": call.now, "data": data,
        "livemode": False, "pending_webhooks": 1, "type": kind,
        "request": {"id": call.request_id or None, "idempotency_key": call.idempotency_key},
    }  # fmt: skip
    if call.account:
        event["account"] = call.account
    call.store.put(event, call.account)
    queue_delivery(call.world, event)
    return event


def emit_change(call: Call, kind: str, before: Json, after: Json) -> None:
    """Stores an `….updated` event with what was there before, where anything that callers see has changed."""
    old, new = public(before), public(after)
    previous = {name: old.get(name) for name in new if old.get(name) != new[name]}
    if previous:
        emit(call, kind, after, previous=previous)


def emit_thin(call: Call, kind: str, subject: Json | None, *, data: Json | None = None) -> Json:
    """A v2 event of the platform, about one of its accounts if one is given. *Verify*: its `context` is null."""
    asked = {"id": call.request_id, "idempotency_key": call.idempotency_key}
    event: Json = {
        "id": new_id("evt_test_", 40), "object": THIN, "type": kind, "created": stamp(call.now), "livemode": False,
        "context": None, "reason": {"type": "request", "request": asked} if call.request_id else None,
        "data": data or {},
    }  # fmt: skip
    if subject:
        url = f"/v2/core/accounts/{subject['id']}"
        event["related_object"] = {"id": subject["id"], "type": subject["object"], "url": url}
    call.store.put(event)
    queue_delivery(call.world, event)
    return event


def webhook_mode(world: World) -> Json:
    """How webhooks travel now: `mode` (deliver, drop, hold, duplicate, reorder), `delay` in seconds, and the
    `types` of events this is meant for (all, when empty)."""
    return AS_USUAL | (world.store.recall("webhooks") or {})


def queue_delivery(world: World, event: Json) -> None:
    """Queues one event; twice when duplicating, for later when holding, not at all when dropping."""
    settings = webhook_mode(world)
    if settings["types"] and event["type"] not in settings["types"]:
        settings = AS_USUAL
    mode, due_at, rank = settings["mode"], time.time() + settings["delay"], 0
    if mode == "reorder":
        due_at = (due_at // REORDER_WINDOW + 1) * REORDER_WINDOW
        rank = -(world.store.place(event["id"]) or 0)
    state = {"drop": "dropped", "hold": "held"}.get(mode, "waiting")
    for _ in range(2 if mode == "duplicate" else 1):
        world.store.execute(
            "INSERT INTO delivery (event, state, due_at, rank) VALUES (?, ?, ?, ?)",
            (event["id"], state, due_at, rank),
        )
