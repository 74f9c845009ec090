"""The table of addresses: portal/addresses.toml, read once."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from home.models import PortalRole

TABLE = Path(__file__).resolve().parent.parent / "addresses.toml"
STAFF = "staff:"
OPERATOR = "superuser"
ADMIN = "admin/"


@dataclass(frozen=True, slots=True)
class Class:
    """Who may ask for an address. ``roles`` of the portal's staff, where it is one of the admin's."""

    name: str
    roles: frozenset[str] = frozenset()

    @property
    def is_of_the_admin(self) -> bool:
        """Behind the fence: for staff by their roles, or for the operator alone."""
        return self.name.startswith(STAFF) or self.name == OPERATOR


@cache
def table() -> dict[str, Class]:
    """The class of every URL name. Raises ValueError for a role that does not exist, or a name that stands twice."""
    classes: dict[str, Class] = {}
    for words, names in tomllib.loads(TABLE.read_text()).items():
        for name in names:
            if name in classes:
                raise ValueError(f"{name} stands twice in {TABLE.name}")
            classes[name] = _class(words)
    return classes


def _class(words: str) -> Class:
    """``staff: editor manager`` names roles; any other class is a word."""
    if not words.startswith(STAFF):
        return Class(words)
    return Class(words, frozenset(PortalRole(role).value for role in words.removeprefix(STAFF).split()))


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the URL configuration, with the names and the route of those that include it."""

    name: str
    route: str
    pattern: URLPattern

    @property
    def is_of_the_admin(self) -> bool:
        return self.route.startswith(ADMIN)


def addresses(
    resolver: URLResolver | None = None, names: tuple[str, ...] = (), route: str = ""
) -> Iterator[Address]:
    """Every address of the URL configuration. One without a name has the name « »."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(":".join((*names, entry.name)) if entry.name else "", here, entry)
        else:
            yield from addresses(entry, (*names, *filter(None, [entry.namespace])), here)
