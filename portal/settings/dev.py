"""The demo and a developer's machine: base with an environment of its own, plain HTTP, and sandbox money.

Whatever the real environment says wins over the values below; a live Stripe key is refused (DEMO=1).
"""

import os
import sys

from portal import embedded_postgres
from portal.settings.demo import demo_directory, demo_environment

_directory = demo_directory(os.environ.get("DEMO_DIR") or ".demo")
for _name, _value in demo_environment(_directory, int(os.environ.get("PORT") or 8000)).items():
    os.environ.setdefault(_name, _value)

# A shell that read DEMO_DIR/env names the demo's own server, which may have stopped meanwhile.
_own_server = embedded_postgres.database_url(_directory / "postgres")
_as_application = embedded_postgres.database_url(
    _directory / "postgres", role=embedded_postgres.APPLICATION_ROLE
)
if os.environ.get("DATABASE_URL", "") in {"", _own_server, _as_application}:
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or _own_server
    embedded_postgres.use(_directory / "postgres", say=lambda sentence: print(sentence, file=sys.stderr))

from .base import *  # noqa: E402, F403

DEBUG = os.environ.get("DEBUG") == "1"
if DEBUG:
    # Files straight from the work tree: no collectstatic between two looks at a page.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True

# Plain HTTP on localhost.
SECURE_PROXY_SSL_HEADER = None
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
CSRF_TRUSTED_ORIGINS = []

# A person reads this log.
LOGGING["formatters"]["json"] = {"format": "{levelname} {name}: {message}", "style": "{"}  # noqa: F405
