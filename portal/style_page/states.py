"""A component's states on the style page: what its own template is given for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class State:
    """``narrow``: in a column of 20rem, where long words show what they do. ``within``: the classes its page has."""

    label: str
    given: Mapping[str, Any]
    narrow: bool = False
    within: str = ""


@dataclass(frozen=True)
class Town:
    """What is the portal's own on the page: everything else is invented."""

    portal: Any
    site_nav: Any
    sectors: list[Any]
    photo: Any

    @property
    def sector(self) -> Any:
        return self.sectors[0]


States = Callable[[Town], list[State]]


def narrow(label: str, **given: Any) -> State:
    return State(label, given, narrow=True)


def wide(label: str, **given: Any) -> State:
    return State(label, given)
