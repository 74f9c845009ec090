"""Events: written in the same transaction as what happened, together with their delivery."""

import copy
import time
from typing import Any

from shop.sandbox.errors import Json
from shop.sandbox.ids import new_id
from shop.sandbox.objects import public
from shop.sandbox.specification import api_version
from shop.sandbox.world import Call, World

REORDER_WINDOW = 0.25


def emit(call: Call, kind: str, subject: Json, *, previous: Json | None = None) -> Json:
    """Stores the event and queues its webhook the way the present mode says."""
    data: dict[str, Any] = {"object": copy.deepcopy(public(subject))}
    if previous is not None:
        data["previous_attributes"] = previous
    event: Json = {
        "id": new_id("evt_"), "object": "event", "api_version": api_version(), "created": call.now, "data": data,
        "livemode": False, "pending_webhooks": 1, "type": kind,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
    }  # fmt: skip
    if call.account:
        event["account"] = call.account
    call.store.put(event, call.account)
    queue_delivery(call.world, str(event["id"]))
    return event


def webhook_mode(world: World) -> Json:
    """How webhooks travel now: `mode` (deliver, drop, hold, duplicate, reorder) and `delay` in seconds."""
    return dict(world.store.recall("webhooks") or {"mode": "deliver", "delay": 0})


def queue_delivery(world: World, event_id: str) -> None:
    """Queues one event; twice when duplicating, for later when holding, not at all when dropping."""
    settings = webhook_mode(world)
    mode, due_at, rank = settings["mode"], time.time() + settings["delay"], 0
    if mode == "reorder":
        due_at = (due_at // REORDER_WINDOW + 1) * REORDER_WINDOW
        rank = -(world.store.place(event_id) or 0)
    state = {"drop": "dropped", "hold": "held"}.get(mode, "waiting")
    for _ in range(2 if mode == "duplicate" else 1):
        world.store.execute(
            "INSERT INTO delivery (event, state, due_at, rank) VALUES (?, ?, ?, ?)",
            (event_id, state, due_at, rank),
        )
