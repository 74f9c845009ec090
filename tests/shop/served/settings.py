"""The tests' settings, on the database and the payment sandbox of the test that started the process."""

import os

from portal.settings.test import *  # noqa: F403

DATABASES["default"]["NAME"] = os.environ["SERVED_DATABASE"]  # noqa: F405
STRIPE_API_BASE = os.environ["SERVED_STRIPE"]
