"""The database role that the application wears: it reads and writes rows, and cannot change what was written down.

The tables belong to the role that migrates. The web server and the worker connect as another, which may neither change
nor remove a line of the audit trail or of the ledger, nor take off the triggers that say so.
"""

import psycopg
from psycopg import sql

APPEND_ONLY = ("home_auditentry", "shop_ledgerentry", "impact_publishedmonth")
"""Tables that only grow, whoever runs the application's code."""

RIGHTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    # For tables of the next migration, until this runs again after it.
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    "REVOKE CREATE ON SCHEMA public FROM {role}",
)


def restrict(connection: psycopg.Connection, role: str) -> None:
    """``role`` may do afterwards what the application does, and no more; run it as the owner, after each migration.

    Raises psycopg.errors.UndefinedObject where there is no such role.
    """
    with connection.transaction():
        for statement in RIGHTS:
            connection.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
        for table in APPEND_ONLY:
            connection.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON {table} FROM {role}").format(
                    table=sql.Identifier(table), role=sql.Identifier(role)
                )
            )


def may_rewrite_history(connection: psycopg.Connection) -> list[str]:
    """Tables of what was written down that the connected role could change or own."""
    question = """
        SELECT name FROM unnest(%s::text[]) AS name
         WHERE has_table_privilege(name, 'UPDATE') OR has_table_privilege(name, 'DELETE')
            OR has_table_privilege(name, 'TRUNCATE')
            OR pg_has_role((SELECT relowner FROM pg_class WHERE oid = name::regclass), 'USAGE')
    """
    return [name for (name,) in connection.execute(question, [list(APPEND_ONLY)])]
