"""How deep the longest proofs go: in every run each kind of thing, and over three days each single one.

``PROOFS=all`` in the environment asks for the whole at once, half an hour more. ``PROOFS_DAY=739943`` is a day again,
as its run named it at its head.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

Thing = TypeVar("Thing")

WHOLE = os.environ.get("PROOFS") == "all"
# Handed down to the workers, for a run that goes on past midnight.
DAY = int(os.environ.setdefault("PROOFS_DAY", str(datetime.now(UTC).toordinal())))
TURNS = 3


def in_turn(things: Iterable[Thing], *, day: int = DAY, whole: bool = WHOLE) -> Iterator[Thing]:
    """Every third, beginning with the day's; all of them where the whole is asked for."""
    return (thing for number, thing in enumerate(things) if whole or number % TURNS == day % TURNS)


def told() -> str:
    return "proofs: the whole" if WHOLE else f"proofs: the turn of day {DAY} (PROOFS=all for the whole)"
