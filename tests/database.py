"""Test databases, each a copy of one template: migrating takes long, copying a fraction of a second.

The template is migrated and holds one portal, Lévis, which nearly every test would else make anew.

The template's name holds a digest of every migration, so that a changed migration means a new template. All of a
run's databases are named after it and removed with it; those of a run that was killed are removed by the next.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests import leftovers
from tests.factories.portals import make_portal

TEMPLATES_KEPT = 4
LOCK = 7_241_993  # an advisory lock: one process at a time makes the template


class Database(NamedTuple):
    name: str
    template: str
    new: leftovers.State
    """As it was when it was copied."""


def create(worker: str) -> Database:
    """A migrated database of this worker's own, which Django uses from now on."""
    name = f"test_{settings.TEST_RUN}_{worker}"
    with maintenance() as server:
        template = ensure_template(server)
        copy(server, template, name)
    point_django_at(name)
    with maintenance(name) as own:
        return Database(name, template, leftovers.state(own))


def renew(database: Database) -> None:
    """The database is as migrations leave it, whatever a test committed.

    Rows are taken away and put back, a twentieth of the work of a copy; what changed more than rows is copied anew.
    """
    connection.close()
    with maintenance(database.name) as own:
        is_clean = leftovers.clear(own, database.new)
    if not is_clean:
        with maintenance() as server:
            copy(server, database.template, database.name)


def drop(database: Database) -> None:
    connection.close()
    with maintenance() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')


def copy(server: psycopg.Connection, template: str, name: str) -> None:
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


def ensure_template(server: psycopg.Connection) -> str:
    """The template is there; it is made by the first who asks, and the others wait."""
    server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    name = template_name()
    newest_first = "SELECT datname FROM pg_database WHERE datname LIKE 'test%' ORDER BY oid DESC"
    existing = [row[0] for row in server.execute(newest_first)]
    remove_what_nobody_uses(server, existing)
    if name not in existing:
        make_template(server, name)
    return name


def make_template(server: psycopg.Connection, name: str) -> None:
    # Under another name first: migrations cut short never look like finished ones.
    draft = f"{name}_draft"
    server.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
    server.execute(f'CREATE DATABASE "{draft}"')
    point_django_at(draft)
    call_command("migrate", interactive=False, verbosity=0)
    make_portal(hostname="localhost", brand="Achetons Lévis", is_default=True)
    connection.close()
    server.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')


def template_name() -> str:
    digest = hashlib.sha256((Path(settings.BASE_DIR) / "requirements.txt").read_bytes())
    digest.update((Path(settings.BASE_DIR) / "tests" / "factories" / "portals.py").read_bytes())
    for app in apps.get_app_configs():
        digest.update(app.name.encode())  # a package that is installed anew brings its own tables
        migrations = Path(app.path) / "migrations"
        if migrations.is_relative_to(settings.BASE_DIR) and ".venv" not in migrations.parts:
            for path in sorted(migrations.glob("*.py")):
                digest.update(path.name.encode() + path.read_bytes())
    return f"testtemplate_{digest.hexdigest()[:16]}"


def remove_what_nobody_uses(server: psycopg.Connection, newest_first: list[str]) -> None:
    """Databases of runs that ended, and templates but the newest: a run beside this one may still copy an older one."""
    templates = [name for name in newest_first if name.startswith("testtemplate_")]
    of_ended_runs = [name for name in newest_first if name not in templates and not run_is_alive(name)]
    for name in [*of_ended_runs, *templates[TEMPLATES_KEPT:]]:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run_is_alive(name: str) -> bool:
    run = name.split("_")[1]
    return run.isdigit() and psutil.pid_exists(int(run))


def point_django_at(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@contextmanager
def maintenance(name: str = "postgres") -> Iterator[psycopg.Connection]:
    """A connection beside Django's, to the server's own database, or to the one of that name."""
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=name, autocommit=True) as server:
        yield server
