"""The tests' settings, on the database and the payment sandbox of the test that started the process."""

import os

from portal.settings.test import *  # noqa: F403

DATABASES["default"]["NAME"] = os.environ["SERVED_DATABASE"]  # noqa: F405
# As in production: a connection is kept, not made for each request.
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"max_size": 8, "timeout": 60}  # noqa: F405
STRIPE_API_BASE = os.environ["SERVED_STRIPE"]
