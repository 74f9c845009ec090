"""What a test that committed left in its database, and how it is taken away again.

``state`` is taken of a new database. ``clear`` brings it back: rows are deleted or put back as they were, sequences
count on from where they stood. It says False, and leaves the database to be made anew, where more than rows changed.
"""

from typing import NamedTuple

import psycopg
from psycopg import sql

CATALOGUE = """
    SELECT md5(string_agg(told, '|' ORDER BY told)) FROM (
        SELECT concat_ws(' ', 'schema', nspname, nspacl) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
        UNION ALL
        SELECT concat_ws(' ', 'class', oid, relname, relkind, relacl, relpersistence, reloptions, relrowsecurity)
          FROM pg_class WHERE oid >= 16384 AND relpersistence <> 't'
        UNION ALL
        SELECT concat_ws(' ', 'column', attrelid, attname, atttypid, attnotnull, attacl, attoptions)
          FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0
               AND attrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relpersistence <> 't')
        UNION ALL
        SELECT concat_ws(' ', 'constraint', oid, conname, convalidated, condeferred)
          FROM pg_constraint WHERE oid >= 16384
        UNION ALL
        SELECT concat_ws(' ', 'trigger', oid, tgname, tgenabled) FROM pg_trigger WHERE oid >= 16384
        UNION ALL
        SELECT concat_ws(' ', 'function', oid, proname, proacl, md5(prosrc)) FROM pg_proc WHERE oid >= 16384
        UNION ALL
        SELECT concat_ws(' ', 'rule', oid, rulename, ev_enabled) FROM pg_rewrite WHERE oid >= 16384
        UNION ALL
        SELECT concat_ws(' ', 'setting', setconfig) FROM pg_db_role_setting
         WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    ) AS whole(told)"""
"""A digest of everything in the database but its rows."""

TABLES = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND pg_relation_size(oid) > 0 ORDER BY 1"""
"""Those that ever held a row. One that was vacuumed empty holds no page."""

SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class State(NamedTuple):
    catalogue: str
    rows: dict[str, bytes]
    """Of each table that holds any, in PostgreSQL's own text."""
    digests: dict[str, str]
    """Of the rows in the order in which they lie: a query that does not order them finds them in it."""
    sequences: dict[str, int | None]


def state(own: psycopg.Connection) -> State:
    rows = {table: _rows(own, table) for table in _names(own, TABLES)}
    return State(_catalogue(own), rows, _digests(own, rows), dict(own.execute(SEQUENCES).fetchall()))


def clear(own: psycopg.Connection, new: State) -> bool:
    """The database is as ``new`` says. False, and as the test left it, where its tables are not those of then."""
    own.execute(OTHERS)
    if is_changed(own, new):
        return False
    changed = [table for table, digest in _digests(own, new.rows).items() if digest != new.digests[table]]
    emptied = [table for table in _names(own, TABLES) if table not in new.rows]
    # No trigger and no foreign key looks: rows go and come in whatever order.
    own.execute("SET session_replication_role = replica")
    _empty(own, [*emptied, *changed])
    for table in changed:
        _put_back(own, table, new.rows[table])
    _count_on(own, new.sequences)
    own.execute("RESET session_replication_role")
    return True


def _empty(own: psycopg.Connection, tables: list[str]) -> None:
    """Without a page: rows that are put back lie in the order in which they lay."""
    for table in tables:
        own.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    if tables:
        own.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))


def is_changed(own: psycopg.Connection, new: State) -> bool:
    """More than rows: a table, a constraint, a trigger, a right."""
    return _catalogue(own) != new.catalogue


def _names(own: psycopg.Connection, query: str) -> list[str]:
    return [name for (name,) in own.execute(query).fetchall()]


def _catalogue(own: psycopg.Connection) -> str:
    return str(own.execute(CATALOGUE).fetchone()[0])


def _digests(own: psycopg.Connection, tables: dict[str, bytes]) -> dict[str, str]:
    each = [
        sql.SQL("SELECT {}, md5(string_agg(t::text, '|')) FROM {} t").format(
            sql.Literal(table), sql.Identifier(table)
        )
        for table in tables
    ]
    return dict(own.execute(sql.SQL(" UNION ALL ").join(each)).fetchall())


def _rows(own: psycopg.Connection, table: str) -> bytes:
    query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with own.cursor() as cursor, cursor.copy(query) as copied:
        return b"".join(map(bytes, copied))


def _put_back(own: psycopg.Connection, table: str, rows: bytes) -> None:
    query = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with own.cursor() as cursor, cursor.copy(query) as copied:
        copied.write(rows)


def _count_on(own: psycopg.Connection, sequences: dict[str, int | None]) -> None:
    for name, value in own.execute(SEQUENCES).fetchall():
        if value != sequences[name]:
            own.execute(
                "SELECT setval(%s::regclass, %s, %s)",
                [f'public."{name}"', sequences[name] or 1, sequences[name] is not None],
            )
