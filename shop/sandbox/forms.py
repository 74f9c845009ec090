"""Form encoding with nested brackets, as Stripe's v1 reads it: `a[b][0][c]=d`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from shop.sandbox.errors import Json, Refusal

DEEPEST = 16
MOST_FIELDS = 2000
KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def read_form(text: str) -> Json:
    """Nested dicts of strings; list positions stay keys (`{"0": …}`) until a shape says it is a list.

    Raises Refusal when the text cannot be read as a form, is too deep, or contradicts itself.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise Refusal("Invalid request: the form could not be read.", is_stored=False) from error
    tree: Json = {}
    for key, value in pairs:
        _plant(tree, _path(key), value, key)
    return tree


def _path(key: str) -> list[str]:
    match = KEY.match(key)
    steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])] if match else []
    if not steps or len(steps) > DEEPEST:
        raise Refusal(f"Invalid parameter name: {key[:100]}", param=key[:100], is_stored=False)
    return steps


def _plant(tree: Json, steps: list[str], value: str, key: str) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise _contradiction(key)
    last = steps[-1] or str(len(tree))
    if isinstance(tree.get(last), dict):
        raise _contradiction(key)
    tree[last] = value


def _contradiction(key: str) -> Refusal:
    return Refusal(
        f"Invalid parameter: {key[:100]} is both a value and a hash", param=key[:100], is_stored=False
    )


def flatten(value: Any, name: str = "") -> dict[str, str]:
    """The opposite of `read_form`, for logs and fingerprints."""
    if isinstance(value, dict):
        pairs = [(f"{name}[{key}]" if name else str(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{name}[{at}]", item) for at, item in enumerate(value)]
    else:
        return {name: str(value)}
    return {key: text for sub, item in pairs for key, text in flatten(item, sub).items()}
