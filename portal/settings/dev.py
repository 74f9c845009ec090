"""The demo and a developer's machine: base with an environment of its own, plain HTTP, and sandbox money.

Whatever the real environment says wins over the values below; a live Stripe key is refused (DEMO=1).
"""

import os
import sys
from pathlib import Path

from portal import embedded_postgres

_root = Path(__file__).resolve().parent.parent.parent
_demo_dir = (_root / os.environ.get("DEMO_DIR", ".demo")).resolve()
_port = int(os.environ.get("PORT") or 8000)

for _name, _value in {
    "DEMO": "1",
    "SECRET_KEY": "achetons-demo-this-key-signs-nothing-that-matters",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,.localhost",
    "BASE_URL": f"http://localhost:{_port}",
    "STRIPE_SECRET_KEY": "sk_test_sandbox",
    "STRIPE_WEBHOOK_SECRETS": "whsec_sandbox",
    "STRIPE_API_BASE": f"http://localhost:{_port + 1000}",
    "EMAIL_URL": (_demo_dir / "mail").as_uri(),
    "DEFAULT_FROM_EMAIL": "Achetons <bonjour@demo.test>",
    "MEDIA_ROOT": str(_demo_dir / "media"),
    "STATIC_ROOT": str(_demo_dir / "static"),
}.items():
    os.environ.setdefault(_name, _value)

if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = embedded_postgres.database_url(_demo_dir / "postgres")
    embedded_postgres.use(_demo_dir / "postgres", say=lambda sentence: print(sentence, file=sys.stderr))

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
