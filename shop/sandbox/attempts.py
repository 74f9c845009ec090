"""How an attempt to pay at the till ended."""

from dataclasses import dataclass
from typing import Literal

from shop.sandbox.errors import Json

Result = Literal["paid", "declined", "must_authenticate", "closed"]


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended, the session after it, and the card's own refusal code."""

    result: Result
    session: Json
    code: str = ""
