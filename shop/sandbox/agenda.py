"""What happens later by itself, on the sandbox's own clock: a refund that fails, a payout that arrives.

Appointments are rows, so that they are kept across a restart. Checkout Sessions expire by their own index instead.
"""

import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from shop.sandbox.errors import Refusal
from shop.sandbox.world import Call, World

Act = TypeVar("Act", bound=Callable[..., None])
ACTS: dict[str, Callable[..., Any]] = {}


def later(name: str) -> Callable[[Act], Act]:
    """Registers what is to be done under a name, with the call of the object's account and the object's id."""

    def register(act: Act) -> Act:
        ACTS[name] = act
        return act

    return register


def plan(call: Call, name: str, object_id: str, *, due_at: int) -> None:
    """`name` will be done to an object once the sandbox's clock shows `due_at`."""
    call.store.execute("INSERT INTO agenda (due_at, act, object) VALUES (?, ?, ?)", (due_at, name, object_id))


def next_appointment(world: World) -> int | None:
    """When something is due next; None when nothing is."""
    due_at: int | None = world.store.execute("SELECT MIN(due_at) FROM agenda")[0][0]
    return due_at


def keep_appointments(world: World) -> int:
    """Does all that is due, oldest first; returns how many. Something already done otherwise is nothing to do."""
    with world.store.transaction():
        rows = world.store.execute(
            "SELECT seq, act, object FROM agenda WHERE due_at <= ? ORDER BY due_at, seq", (world.clock.now(),)
        )
        for seq, act, object_id in rows:
            world.store.execute("DELETE FROM agenda WHERE seq = ?", (seq,))
            _keep(world, act, object_id)
    return len(rows)


def _keep(world: World, act: str, object_id: str) -> None:
    """A fault of the sandbox is told on its own console, and time goes on."""
    try:
        with suppress(Refusal):  # what it was about is gone
            ACTS[act](Call(world, world.store.owner(object_id), {}, request_id=""), object_id)
    except Exception:  # noqa: BLE001 - one appointment must not stop the clock
        traceback.print_exc()
