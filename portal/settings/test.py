"""Tests: quick where quickness changes nothing, strict everywhere else."""

import os
import tempfile
from pathlib import Path

from portal import embedded_postgres

_root = Path(__file__).resolve().parent.parent.parent

# The tests' environment is theirs alone: what the shell happens to hold must not change a result.
os.environ.update(
    {
        "DEMO": "1",
        "SECRET_KEY": "achetons-tests",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,.localhost,testserver",
        "BASE_URL": "http://localhost",
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRETS": "whsec_sandbox",
        "STRIPE_API_BASE": "http://127.0.0.1:1",  # nothing listens there: the `sandbox` fixture says where it does
        "EMAIL_URL": "memory:",
        "DEFAULT_FROM_EMAIL": "Achetons <bonjour@demo.test>",
        "MEDIA_ROOT": tempfile.gettempdir(),  # the `media` fixture gives each test its own
        "CACHE_URL": "locmem:",
        "SEARCH_URL": "",
        "DATABASE_POOL_SIZE": "0",
        "TRUSTED_PROXIES": "0",
    }
)
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = embedded_postgres.database_url(_root / ".postgres")
    embedded_postgres.use(_root / ".postgres", durable=False)

from .base import *  # noqa: E402, F403

# Tests sign in again and again from one address; those of the limits set them.
ACCOUNT_RATE_LIMITS = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True  # no scan of a directory that collectstatic never filled

MAIL_ATTACHES_PDF = False  # a quarter of a second each; the tests of the PDF itself make some

COUNTS_WRITTEN_EACH_SECONDS = 0  # written by the tests that ask what was counted

# Invented shops are served on this machine; everywhere else, reading it stops the boot (directory.E001).
OWN_SITE_MAY_READ_LOOPBACK = True

# The test client and the live server speak plain HTTP.
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

# Each run has databases of its own, so that two runs side by side never meet; their name tells whose they are.
TEST_RUN = os.environ.setdefault("ACHETONS_TEST_RUN", str(os.getpid()))
DATABASES["default"]["TEST"] = {"NAME": f"test_{TEST_RUN}"}  # noqa: F405

LOGGING["root"]["level"] = "WARNING"  # noqa: F405
LOGGING["loggers"]["django"]["level"] = "ERROR"  # noqa: F405

# Wagtail indexes a page after each save: most of what arranging a test costs, and no test looks there.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "ENQUEUE_ON_COMMIT": False}}
