"""What the shop's tables and the payment sandbox hold: kept once, brought back as often as one likes."""

import sqlite3
from typing import Any, Self

from django.db import connection, transaction

from shop.sandbox.server import Sandbox

KEPT_TABLES = "table_name LIKE 'shop\\_%%' OR table_name = 'django_session'"


class Snapshot:
    """Of both, taken when made. Numbers that the database gave away since are not given again."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.memory = sandbox, sqlite3.connect(":memory:", check_same_thread=False)
        self.columns = _columns()
        with sandbox.world.store.lock:
            _memory_of(sandbox).backup(self.memory)
        self._keep()
        self.digests = digests(self.columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.memory.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA kept CASCADE")

    def _keep(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA kept")
            for table in self.columns:
                cursor.execute(f'CREATE UNLOGGED TABLE kept."{table}" AS TABLE public."{table}"')

    def restore(self) -> None:
        with self.sandbox.world.store.lock:
            self.memory.backup(_memory_of(self.sandbox))
        now = digests(self.columns)
        changed = [table for table in self.columns if now[table] != self.digests[table]]
        with transaction.atomic(), connection.cursor() as cursor:
            # No trigger and no foreign key looks: the rows are put back as they were, in whatever order.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                names = self.columns[table]
                cursor.execute(f'DELETE FROM public."{table}"')
                cursor.execute(f'INSERT INTO public."{table}" ({names}) SELECT {names} FROM kept."{table}"')


def _memory_of(sandbox: Sandbox) -> sqlite3.Connection:
    return sandbox.world.store._connection


def _columns() -> dict[str, str]:
    """Each table with the names of its columns, but for those that the database computes."""
    query = f"""
        SELECT table_name, string_agg(format('%%I', column_name), ', ' ORDER BY ordinal_position)
          FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
           AND ({KEPT_TABLES}) GROUP BY 1 ORDER BY 1"""
    with connection.cursor() as cursor:
        return dict(cursor.execute(query, []).fetchall())


def digests(tables: Any, *, of: str = "t::text") -> dict[str, str]:
    """One for each table, over all of its rows."""
    each = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg({of}, '|' ORDER BY {of})) FROM public.\"{table}\" t"
        for table in tables
    )
    with connection.cursor() as cursor:
        return dict(cursor.execute(each).fetchall())


def written(tables: Any) -> dict[str, str]:
    """As digests, but a row that was written again as it was counts as changed too."""
    return digests(tables, of="t.xmin::text || t::text")
