"""What a parameter may be: shapes that check a value, and turn form text into what it stands for.

Messages, codes and the `a[0][b]` spelling of `param` are Stripe's.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from shop.sandbox.errors import Json, Refusal

INTEGER = re.compile(r"^[+-]?\d{1,18}$")


class Shape(Protocol):
    """Something that accepts a raw value and returns the value it stands for."""

    def read(self, raw: Any, param: str, *, is_form: bool) -> Any:
        """The checked value. Raises Refusal with Stripe's words when it does not fit."""


def mistaken(message: str, param: str, code: str | None = None) -> Refusal:
    """A validation refusal: nothing began to run, so no idempotency key remembers it."""
    return Refusal(message, code=code, param=param, is_stored=False)


@dataclass(frozen=True)
class Anything:
    """A value whose type the package does not say."""

    def read(self, raw: Any, param: str, *, is_form: bool) -> Any:
        return raw


@dataclass(frozen=True)
class Text:
    """A string; with `choices`, one of them; `may_be_empty` where Stripe lets a field be unset."""

    choices: tuple[str, ...] = ()
    may_be_empty: bool = False

    def read(self, raw: Any, param: str, *, is_form: bool) -> str:
        if not isinstance(raw, str):
            raise mistaken(f"Invalid string: {_shown(raw)}", param, "parameter_invalid_string")
        if raw == "" and not self.may_be_empty:
            raise mistaken(_cannot_be_empty(param), param, "parameter_invalid_empty")
        if raw and self.choices and raw not in self.choices:
            raise mistaken(f"Invalid {param}: must be {_one_of(self.choices)}", param)
        return raw


@dataclass(frozen=True)
class Whole:
    """An integer."""

    def read(self, raw: Any, param: str, *, is_form: bool) -> int:
        if is_form and isinstance(raw, str) and INTEGER.match(raw):
            return int(raw)
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        raise mistaken(f"Invalid integer: {_shown(raw)}", param, "parameter_invalid_integer")


@dataclass(frozen=True)
class Truth:
    """A boolean."""

    def read(self, raw: Any, param: str, *, is_form: bool) -> bool:
        if isinstance(raw, bool):
            return raw
        if is_form and raw in ("true", "false"):
            return bool(raw == "true")
        raise mistaken(f"Invalid boolean: {_shown(raw)}", param)


@dataclass(frozen=True)
class Figure:
    """A decimal or a float; kept as text, the way Stripe answers decimals."""

    def read(self, raw: Any, param: str, *, is_form: bool) -> str:
        try:
            figure = Decimal(str(raw))
        except InvalidOperation:
            figure = Decimal("NaN")
        if isinstance(raw, bool | dict | list) or not figure.is_finite() or not math.isfinite(figure):
            raise mistaken(f"Invalid decimal: {_shown(raw)}", param)
        return str(raw)


@dataclass(frozen=True)
class Sequence:
    """An array; in a form `a[0]=…`, `a[]=…`."""

    item: Shape

    def read(self, raw: Any, param: str, *, is_form: bool) -> list[Any]:
        items = _in_order(raw) if is_form else raw
        if not isinstance(items, list):
            raise mistaken("Invalid array", param)
        return [self.item.read(value, f"{param}[{at}]", is_form=is_form) for at, value in enumerate(items)]


@dataclass(frozen=True)
class Mapped:
    """A hash with free keys, such as `metadata`; in a form an empty string empties it."""

    value: Shape

    def read(self, raw: Any, param: str, *, is_form: bool) -> Json:
        if not isinstance(raw, dict):
            raise mistaken("Invalid object", param)
        return {key: self.value.read(item, f"{param}[{key}]", is_form=is_form) for key, item in raw.items()}


@dataclass(frozen=True)
class Record:
    """A hash with known keys. Fields are looked up late, because records name each other."""

    fields: Callable[[], Mapping[str, "Field"]]

    def read(self, raw: Any, param: str, *, is_form: bool) -> Json:
        if not isinstance(raw, dict):
            raise mistaken("Invalid object", param)
        fields = self.fields()
        _refuse_unknown([_name(param, key) for key in raw if key not in fields])
        _refuse_missing(
            [_name(param, key) for key, field in fields.items() if field.is_required and key not in raw]
        )
        return {
            key: fields[key].shape.read(value, _name(param, key), is_form=is_form)
            for key, value in raw.items()
        }


@dataclass(frozen=True)
class Field:
    """One key of a record."""

    shape: Shape
    is_required: bool


@dataclass(frozen=True)
class Either:
    """The first shape that fits; the refusal of the closest one when none does."""

    shapes: tuple[Shape, ...]

    def read(self, raw: Any, param: str, *, is_form: bool) -> Any:
        closest: Refusal | None = None
        for shape in sorted(self.shapes, key=lambda shape: not _same_kind(shape, raw)):
            try:
                return shape.read(raw, param, is_form=is_form)
            except Refusal as refusal:
                closest = closest or refusal
        raise closest or mistaken("Invalid value", param)


def _same_kind(shape: Shape, raw: Any) -> bool:
    return isinstance(shape, Record | Mapped | Sequence) == isinstance(raw, dict | list)


def _name(parent: str, key: str) -> str:
    return f"{parent}[{key}]" if parent else key


def _refuse_unknown(names: list[str]) -> None:
    if names:
        plural = "s" if len(names) > 1 else ""
        raise mistaken(
            f"Received unknown parameter{plural}: {', '.join(names)}", names[0], "parameter_unknown"
        )


def _refuse_missing(names: list[str]) -> None:
    if names:
        raise mistaken(f"Missing required param: {names[0]}.", names[0], "parameter_missing")


def _in_order(raw: Any) -> Any:
    """`{"1": b, "0": a}` as `[a, b]`; anything else is returned as it came."""
    if isinstance(raw, dict) and all(key.isdecimal() and key.isascii() and len(key) < 9 for key in raw):
        return [raw[key] for key in sorted(raw, key=int)]
    return raw


def _shown(raw: Any) -> str:
    return str(raw)[:100] if isinstance(raw, str | int | float) else type(raw).__name__


def _one_of(choices: tuple[str, ...]) -> str:
    if len(choices) == 1:
        return choices[0]
    head, last = ", ".join(choices[:-1]), choices[-1]
    return f"one of {head}, or {last}" if len(choices) > 2 else f"one of {head} or {last}"


def _cannot_be_empty(param: str) -> str:
    return (
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a field; "
        f"however '{param}' cannot be unset. You should remove '{param}' from your request or supply a non-empty value."
    )
