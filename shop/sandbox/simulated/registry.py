"""Which operations are simulated, and which of their parameters.

A parameter that Stripe knows and the sandbox does not play is refused with 501: silence would be a guess.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from shop.sandbox.errors import Json, not_simulated
from shop.sandbox.world import Call

Handler = Callable[[Call], Json]
PAGING = ("limit", "starting_after", "ending_before", "expand")


@dataclass(frozen=True)
class Simulated:
    """A handler and the parameters it plays, dotted and without positions: `line_items.quantity`."""

    handler: Handler
    accepts: frozenset[str]

    def run(self, call: Call) -> Json:
        """Plays the call. Raises Refusal (501) for a parameter outside `accepts`."""
        for dotted, param in _names(call.params, "", ""):
            if not any(dotted == known or dotted.startswith(known + ".") for known in self.accepts):
                raise not_simulated(f"the parameter '{param}' of this operation", param=param)
        return self.handler(call)


OPERATIONS: dict[tuple[str, str], Simulated] = {}


def simulates(method: str, path: str, *accepts: str) -> Callable[[Handler], Handler]:
    """Registers a handler for one operation of the specification."""

    def register(handler: Handler) -> Handler:
        OPERATIONS[(method, path)] = Simulated(handler, frozenset((*accepts, "expand")))
        return handler

    return register


def _names(value: Any, dotted: str, param: str) -> Iterator[tuple[str, str]]:
    """Every leaf's name, dotted for the table and bracketed for the message."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _names(item, f"{dotted}.{key}" if dotted else key, f"{param}[{key}]" if param else key)
    elif isinstance(value, list) and value:
        for at, item in enumerate(value):
            yield from _names(item, dotted, f"{param}[{at}]")
    elif dotted:
        yield dotted, param
