from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from portal import database_role


class Command(BaseCommand):
    help = (
        "Give a database role what the application needs and no more: it cannot change the audit trail nor the "
        "ledger. Run it as the tables' owner after each migrate; the web server and the worker connect as that role."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="a role that exists: CREATE ROLE achetons LOGIN PASSWORD '…'")

    def handle(self, *args: Any, **options: Any) -> None:
        connection.ensure_connection()
        try:
            database_role.restrict(connection.connection, options["role"])
        except psycopg.errors.UndefinedObject as error:
            raise CommandError(f"There is no role {options['role']} in this database server.") from error
