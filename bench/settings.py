"""The tests' settings on a PostgreSQL of its own that waits for its disk; `DATABASE_URL` names another one."""

import os
from pathlib import Path

from portal import embedded_postgres

_directory = Path(__file__).resolve().parent.parent / ".bench"

if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = embedded_postgres.database_url(_directory)
    embedded_postgres.use(_directory)

from portal.settings.test import *  # noqa: E402, F403

# As in production: a connection is kept, not made for each request.
DATABASES["default"]["CONN_MAX_AGE"] = None  # noqa: F405
