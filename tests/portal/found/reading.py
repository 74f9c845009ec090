"""Structured data read back from a page as a robot reads it, and what is wrong with it."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import extruct

from tests.portal.found.vocabulary import KINDS, is_known, known, required

Node = dict[str, Any]


def graph_of(html: str, address: str) -> list[Node]:
    """The nodes of the page's one graph. Raises AssertionError for a page with none, or with several scripts."""
    found = extruct.extract(html, base_url=address, syntaxes=["json-ld"])["json-ld"]
    assert len(found) == 1, (address, len(found))
    assert found[0]["@context"] == "https://schema.org"
    nodes: list[Node] = found[0]["@graph"]
    return nodes


def node_of(nodes: list[Node], *kinds: str) -> Node:
    """The one node that is of one of these types."""
    found = [node for node in nodes if set(types_of(node)) & set(kinds)]
    assert len(found) == 1, (kinds, [types_of(node) for node in nodes])
    return found[0]


def types_of(node: Node) -> list[str]:
    kind = node.get("@type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def faults(nodes: list[Node], host: str) -> list[str]:
    """What is wrong, in words; empty for a graph that says what schema.org and search engines expect."""
    told = {node["@id"] for node in nodes if "@id" in node}
    named = [node["@id"] for node in nodes if "@id" in node]
    twice = [f"{name} stands twice" for name in sorted(told) if named.count(name) > 1]
    return [*twice, *(fault for node in nodes for fault in _of_node(node, "", told, host))]


def _of_node(node: Node, path: str, told: set[str], host: str) -> Iterator[str]:
    if set(node) == {"@id"}:
        if node["@id"] not in told:
            yield f"{path}: {node['@id']} is told nowhere"
        return
    kinds = types_of(node)
    where = f"{path}/{'+'.join(kinds)}"
    if not kinds or not all(is_known(kind) for kind in kinds):
        yield f"{where}: no such type"
        return
    for name in sorted(set().union(*map(required, kinds)) - set(node)):
        yield f"{where}: {name} is missing"
    for name, value in node.items():
        if name not in set().union(*map(known, kinds)):
            yield f"{where}: {name} is no property of it"
        yield from _of_values(name, value, f"{where}.{name}", told, host)


def _of_values(name: str, value: Any, path: str, told: set[str], host: str) -> Iterator[str]:
    if value in (None, "", [], {}):
        yield f"{path}: says nothing"
        return
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield from _of_node(each, path, told, host)
        elif name == "@id":
            if not is_address(each, host):
                yield f"{path}: {each} is not of this host"
        elif not name.startswith("@") and not CHECKS[KINDS.get(name, "text")](each, host):
            yield f"{path}: {each!r} is no {KINDS.get(name, 'text')}"


def is_address(value: Any, host: str) -> bool:
    """Complete, and of the host that answered."""
    parts = urlsplit(value) if isinstance(value, str) else None
    return parts is not None and parts.scheme in {"http", "https"} and parts.netloc == host


def _is_link(value: Any, host: str) -> bool:
    del host
    return (
        isinstance(value, str)
        and urlsplit(value).scheme in {"http", "https"}
        and bool(urlsplit(value).netloc)
    )


def _is_day(value: Any, host: str) -> bool:
    """A date, or a moment with its zone."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return dt.date.fromisoformat(value) is not None
    return _is_moment(value, host)


def _is_moment(value: Any, host: str) -> bool:
    del host
    try:
        return dt.datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _matches(pattern: str) -> Any:
    return lambda value, _host: isinstance(value, str) and bool(re.fullmatch(pattern, value))


CHECKS = {
    "address": is_address,
    "link": _is_link,
    "member": _matches(r"https://schema\.org/[A-Z]\w+"),
    "day": _is_day,
    "moment": _is_moment,
    "clock": _matches(r"([01]\d|2[0-3]):[0-5]\d"),
    "amount": _matches(r"\d+\.\d\d"),
    "duration": _matches(r"P(\d+D)?(T(\d+H)?(\d+M)?)?"),
    "number": lambda value, _host: isinstance(value, int | float) and not isinstance(value, bool),
    "currency": _matches(r"CAD"),
    "gtin": _matches(r"97[89]\d{10}"),
    "telephone": _matches(r"\+1\d{10}"),
    "text": lambda value, _host: isinstance(value, str | int) and str(value) == str(value).strip(),
}
