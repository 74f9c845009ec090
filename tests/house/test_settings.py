"""Production settings, in a process of their own: a missing or dangerous value stops the boot with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings import environment

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgresql://achetons:secret@db.example:5432/achetons",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij",
    "ALLOWED_HOSTS": "achetons.example, bellechasse.example",
    "BASE_URL": "https://achetons.example/",
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_WEBHOOK_SECRETS": "whsec_new,whsec_old",
    "EMAIL_URL": "smtp://user:p%40ss@mail.example",
    "DEFAULT_FROM_EMAIL": "Achetons <bonjour@achetons.example>",
    "MEDIA_ROOT": "/srv/media",
}


def boot(expression: str = "None", **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Import the production settings, their environment PRODUCTION with changes (None removes); print an expression."""
    environment = {name: value for name, value in {**PRODUCTION, **changes}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", f"import portal.settings.base as s; print({expression})"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def value_of(expression: str, **changes: str | None) -> str:
    done = boot(expression, **changes)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", PRODUCTION)
def test_missing_value_stops_the_boot_and_is_named(name: str) -> None:
    done = boot(**{name: None})
    assert done.returncode != 0
    assert f"{name} is missing from the environment: " in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("key", ["sk_live_x", "rk_live_x"])
def test_demo_with_a_live_key_is_refused(key: str) -> None:
    done = boot(DEMO="1", STRIPE_SECRET_KEY=key)
    assert done.returncode != 0
    assert "a demo never touches real money" in done.stderr


def test_sandbox_with_a_live_key_is_refused() -> None:
    done = boot(STRIPE_API_BASE="http://localhost:9000")
    assert done.returncode != 0
    assert "STRIPE_API_BASE is for a payment sandbox" in done.stderr


def test_only_postgresql_is_a_database() -> None:
    assert "PostgreSQL is the only database" in boot(DATABASE_URL="sqlite:///x.db").stderr


def test_switch_takes_nothing_but_on_and_off() -> None:
    assert "DEMO is a switch: 1 or 0, not 'maybe'" in boot(DEMO="maybe").stderr


def test_lists_are_read_with_their_commas() -> None:
    assert value_of("s.ALLOWED_HOSTS") == "['achetons.example', 'bellechasse.example']"
    assert value_of("s.STRIPE_WEBHOOK_SECRETS") == "['whsec_new', 'whsec_old']"


def test_cookies_travel_over_https_alone() -> None:
    secure = "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0"
    assert value_of(secure) == "True True True True"


def test_production_never_debugs() -> None:
    assert value_of("s.DEBUG", DEBUG="1") == "False"


def test_mail_address_is_read() -> None:
    assert value_of(
        "s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL"
    ) == ("mail.example 587 p@ss True False")
    assert (
        value_of("s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL", EMAIL_URL="smtps://mail.example")
        == "465 False True"
    )


@pytest.mark.parametrize("name", ["EMAIL_URL", "CACHE_URL", "BASE_URL"])
def test_senseless_address_stops_the_boot(name: str) -> None:
    done = boot(**{name: "what://"})
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr


def test_pool_and_persistent_connections_exclude_each_other() -> None:
    expression = (
        "s.DATABASES['default']['OPTIONS']['pool']['max_size'], s.DATABASES['default']['CONN_MAX_AGE']"
    )
    assert value_of(expression, DATABASE_POOL_SIZE="8") == "8 0"


def test_forms_may_lead_to_the_payment_page_alone() -> None:
    directives = "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']"
    pages = ["'self'", *(f"https://{page}.stripe.com" for page in ("checkout", "billing", "connect"))]
    assert value_of(directives) == str(pages)
    assert value_of(directives, STRIPE_SECRET_KEY="sk_test_x", STRIPE_API_BASE="http://localhost:9000") == (
        "[\"'self'\", 'http://localhost:9000']"
    )


def test_the_maps_tiles_come_from_nowhere_else_and_name_who_draws_them() -> None:
    directives = "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src']"
    tiles = {"MAP_TILES_URL": "https://{s}.tiles.example/{z}/{x}/{y}.png"}
    assert value_of(directives) == "[\"'self'\"]"
    assert value_of(directives, **tiles, MAP_TILES_ATTRIBUTION="© Tuiles") == (
        "[\"'self'\", 'https://*.tiles.example']"
    )
    assert "whoever draws the map asks to be named on it" in boot(**tiles).stderr


def test_search_engine_is_read_from_its_address() -> None:
    assert value_of("s.SEARCH_ENGINE") == "None"
    engine = value_of(
        "s.SEARCH_ENGINE['HOSTS'][0], s.SEARCH_ENGINE['INDEX_PREFIX']",
        SEARCH_URL="https://portal:p%40ss@search.example:9200/town?index=levis_",
    )
    host = "{'host': 'search.example', 'port': 9200, 'url_prefix': 'town', 'use_ssl': True, 'verify_certs': True, "
    assert engine == host + "'http_auth': ['portal', 'p@ss']} levis_"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("search.example:9200", "SEARCH_URL must be https://user:password@host:9200"),
        ("https://search.example:many", "SEARCH_URL must be https://user:password@host:9200"),
        ("https://search.example?index=Lévis", "SEARCH_URL takes ?index=name_ and nothing else"),
        ("https://search.example?indexes=levis_", "SEARCH_URL takes ?index=name_ and nothing else"),
    ],
)
def test_senseless_search_engine_stops_the_boot(address: str, sentence: str) -> None:
    done = boot(SEARCH_URL=address)
    assert done.returncode != 0
    assert sentence in done.stderr.splitlines()[-1]


def test_search_engine_without_its_package_stops_the_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install 'opensearch-py>=3\.0,<3\.1'"):
        environment.search_settings("https://search.example")
