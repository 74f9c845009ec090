"""The role that the application wears can write history, and cannot rewrite it."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import Site

from home import audit
from home.models import AuditEntry
from portal import database_role
from portal.embedded_postgres import APPLICATION_ROLE

REWRITING = (
    "UPDATE home_auditentry SET action = 'nothing'",
    "DELETE FROM home_auditentry",
    "TRUNCATE home_auditentry CASCADE",
    "ALTER TABLE home_auditentry DISABLE TRIGGER ALL",
    "DROP TABLE home_auditentry CASCADE",
    "DROP TRIGGER audit_is_append_only ON home_auditentry",
    "UPDATE shop_ledgerentry SET amount_cents = 0",
    "DELETE FROM shop_ledgerentry",
    "UPDATE impact_publishedmonth SET digest = ''",
    "ALTER TABLE shop_ledgerentry DISABLE TRIGGER ALL",
    "CREATE TABLE public.own_history (line text)",
)


@pytest.fixture
def as_application(db) -> Iterator[None]:
    """The test's connection wears the application's role until the test's transaction is taken back."""
    connection.ensure_connection()
    database_role.restrict(connection.connection, APPLICATION_ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION_ROLE}")
        yield
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize("statement", REWRITING)
def test_application_cannot_rewrite_history(as_application: None, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.connection.transaction():
        connection.connection.execute(statement)


def test_application_writes_history_and_reads_it(as_application: None, in_levis: Site) -> None:
    audit.note("site.seen", in_levis, actor_id=None, after={"seen": True})
    assert AuditEntry.objects.get().after == {"seen": True}


def test_application_changes_ordinary_rows(as_application: None, in_levis: Site) -> None:
    Site.objects.filter(pk=in_levis.pk).update(site_name="Autre nom")
    assert Site.objects.get(pk=in_levis.pk).site_name == "Autre nom"


def test_history_is_told_to_be_safe_from_the_application_and_not_from_the_owner(db) -> None:
    connection.ensure_connection()
    assert database_role.may_rewrite_history(connection.connection) == list(database_role.APPEND_ONLY)


def test_history_is_safe_from_the_application(as_application: None) -> None:
    assert database_role.may_rewrite_history(connection.connection) == []


def test_role_that_does_not_exist_is_named(db) -> None:
    with pytest.raises(CommandError, match="no role nobody-wears-it"):
        call_command("restrict_role", "nobody-wears-it")
