"""Time passes: sessions expire, trials end, cards are asked again, each at its own second and in the order of time.

However far the clock was moved, what was due on the way happened on the way, and its events say when.
"""

from shop.sandbox.agenda import keep_appointments, next_appointment
from shop.sandbox.simulated.sessions import next_expiry, sweep
from shop.sandbox.world import World


def let_time_pass(world: World) -> int:
    """Does all that is due by now, one instant after the other; returns how many sessions expired."""
    expired = 0
    while (instant := _next_instant(world)) is not None and instant <= world.clock.now():
        with world.clock.at(instant), world.store.transaction():
            expired += sweep(world)
            keep_appointments(world)
    return expired


def _next_instant(world: World) -> int | None:
    instants = (next_expiry(world), next_appointment(world))
    return min((instant for instant in instants if instant is not None), default=None)
