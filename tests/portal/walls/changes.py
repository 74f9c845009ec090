"""Which rows a request changed: every table's rows by their digest, before and after."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

WRITES = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?(\w+)"?', re.IGNORECASE)
NOBODYS = (
    "axes_",
    "django_admin_log",
    "django_session",
    "home_customrendition",
    "wagtailcore_referenceindex",
    "wagtailsearch_",
)
"""Kept for any visitor, or derived from the rows that are looked at here."""
NOBODYS_COLUMNS = "{last_login}"
"""When somebody signed in: the test signs its people in."""


def tables() -> list[str]:
    with connection.cursor() as cursor:
        names = [info.name for info in connection.introspection.get_table_list(cursor) if info.type == "t"]
    return [name for name in names if not name.startswith(NOBODYS)]


def key_columns() -> dict[str, str]:
    with connection.cursor() as cursor:
        return {
            table: connection.introspection.get_primary_key_column(cursor, table) or "ctid"
            for table in tables()
        }


def relations() -> dict[str, dict[str, tuple[str, str]]]:
    """Of each table, the columns that point at another, and at which."""
    with connection.cursor() as cursor:
        return {
            table: {
                column: (other_table, other_column)
                for column, (other_column, other_table, *_rest) in connection.introspection.get_relations(
                    cursor, table
                ).items()
            }
            for table in tables()
        }


def rows(table: str, key: str) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT t."{key}"::text, (to_jsonb(t) - %s::text[])::text FROM "{table}" t', [NOBODYS_COLUMNS]
        )
        return {pk: json.loads(row) for pk, row in cursor.fetchall()}


@contextmanager
def writes() -> Iterator[set[str]]:
    """Names of the tables that statements inside wrote to."""
    touched: set[str] = set()

    def listen(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        touched.update(name for name in WRITES.findall(str(sql)) if name.lower() != "of")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield touched


class Ledger:
    """Whose every row is, known from when it was made; and what it was before anybody asked."""

    def __init__(self) -> None:
        self.keys, self.relations = key_columns(), relations()
        self.seen: dict[str, dict[str, Any]] = {table: {} for table in self.keys}
        self.owner: dict[str, dict[str, str]] = {table: {} for table in self.keys}

    def claim(self, owner: str) -> None:
        """Every row made since the last call is ``owner``'s; the present state is what is compared with."""
        for table, key in self.keys.items():
            found = rows(table, key)
            for pk in found.keys() - self.owner[table].keys():
                self.owner[table][pk] = owner
            self.seen[table] = found

    def harm(
        self, touched: set[str], strangers: set[str], forbidden: list[str], own: tuple[str, str]
    ) -> list[str]:
        """What happened to the strangers' rows, or refers to them, or tells of them. ``own``: the person's own row."""
        return [
            complaint
            for table in sorted(touched & self.keys.keys())
            for complaint in self._harm_in(table, strangers, forbidden, own)
        ]

    def _harm_in(
        self, table: str, strangers: set[str], forbidden: list[str], own: tuple[str, str]
    ) -> Iterator[str]:
        before, now, owner = self.seen[table], rows(table, self.keys[table]), self.owner[table]
        for pk, row in before.items():
            if owner.get(pk) in strangers and now.get(pk) != row and (table, pk) != own:
                yield f"{table} {pk} of {owner[pk]} changed"
        for pk, row in now.items():
            if before.get(pk) == row or owner.get(pk) in strangers:
                continue
            was = before.get(pk) or {}
            for column, (other, _key) in self.relations[table].items():
                target = str(row.get(column))
                is_strangers = self.owner.get(other, {}).get(target) in strangers and (other, target) != own
                if is_strangers and str(was.get(column)) != target:
                    yield f"{table} {pk}: {column} refers to {other} {target}"
            told = [word for word in forbidden if word in str(row) and word not in str(was)]
            if told:
                yield f"{table} {pk} tells {told}"
