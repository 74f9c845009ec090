"""A test finds the database as migrations leave it, whatever the one before it committed."""

from collections.abc import Iterator

import psycopg
import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from tests import database, leftovers
from tests.factories import MerchantFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own(request: pytest.FixtureRequest, transactional_db) -> Iterator[psycopg.Connection]:
    with database.maintenance(connection.settings_dict["NAME"]) as opened:
        yield opened


@pytest.fixture
def new(own: psycopg.Connection) -> leftovers.State:
    return leftovers.state(own)


def test_rows_that_came_went_or_changed_are_as_they_were(
    own: psycopg.Connection, new: leftovers.State, in_levis
) -> None:
    MerchantFactory()
    UserFactory()
    Permission.objects.filter(codename="add_group").delete()
    Group.objects.filter(name="Editors").update(name="changed")
    assert leftovers.state(own) != new
    connection.close()
    assert leftovers.clear(own, new)
    assert leftovers.state(own) == new


def test_connections_that_were_left_are_cut(own: psycopg.Connection, new: leftovers.State) -> None:
    with psycopg.connect(own.info.dsn, autocommit=False) as left:
        left.execute("LOCK TABLE auth_group")
        connection.close()
        assert leftovers.clear(own, new)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE left_behind (name text)",
        "ALTER TABLE auth_group DROP CONSTRAINT auth_group_name_key",
        "ALTER TABLE auth_group ALTER name DROP NOT NULL",
        "ALTER TABLE auth_group_permissions DISABLE TRIGGER ALL",
        "GRANT SELECT ON auth_group TO PUBLIC",
        "CREATE SCHEMA left_behind",
    ],
)
def test_what_changed_more_than_rows_is_not_cleared(
    own: psycopg.Connection, new: leftovers.State, change: str
) -> None:
    with own.transaction(force_rollback=True):
        own.execute(change)
        assert leftovers.is_changed(own, new)
    assert not leftovers.is_changed(own, new)
