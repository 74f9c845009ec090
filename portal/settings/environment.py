"""How the settings read the environment: a missing or senseless value stops the boot with a sentence that names it."""

import os
import re
from importlib.util import find_spec
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str, purpose: str) -> str:
    """The value of `name`; raises ImproperlyConfigured, naming it and what it is for, where it is missing or blank."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is missing from the environment: {purpose}.")
    return value


def optional(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """True for 1, true, yes and on; False where the name is missing; anything else stops the boot."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is a switch: 1 or 0, not {value!r}.")


def whole_number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} is a whole number, not {value!r}.")
    return int(value)


def comma_list(value: str) -> list[str]:
    """`"a, b,"` is `["a", "b"]`."""
    return [part.strip() for part in value.split(",") if part.strip()]


def origin(url: str) -> str:
    """Scheme, host and port of an address: what a Content-Security-Policy and a CSRF check compare."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ImproperlyConfigured(f"{url!r} is no web address (https://host).")
    return f"{parts.scheme}://{parts.netloc}"


def email_settings(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings of an EMAIL_URL.

    `smtp://user:password@host:587` speaks STARTTLS (`?tls=0` for a relay that has none), `smtps://…:465` is TLS from
    the first byte, `file:///directory` writes each mail to a file, `console:` prints it, `memory:` keeps it for a test.
    """
    parts = urlsplit(url)
    if parts.scheme in _MAIL_BACKENDS:
        return {"EMAIL_BACKEND": _MAIL_BACKENDS[parts.scheme], "EMAIL_FILE_PATH": unquote(parts.path) or None}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp://user:password@host:587, smtps://…:465, file:///directory or console:."
        )
    implicit = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and parse_qs(parts.query).get("tls") != ["0"],
        "EMAIL_TIMEOUT": 20,
    }


_MAIL_BACKENDS = {
    "file": "portal.mail_files.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "memory": "django.core.mail.backends.locmem.EmailBackend",
}


def cache_settings(url: str) -> dict[str, object]:
    """Django's cache of a CACHE_URL: `redis://host:6379/0`, `db://table`, `file:///directory` or `locmem:`."""
    parts = urlsplit(url)
    if parts.scheme in {"redis", "rediss"}:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    if parts.scheme == "db" and parts.netloc:
        return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": parts.netloc}
    if parts.scheme == "file" and parts.path:
        return {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": unquote(parts.path),
        }
    if parts.scheme == "locmem":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": parts.netloc}
    raise ImproperlyConfigured(
        "CACHE_URL must be redis://host:6379/0, db://table, file:///directory or locmem:."
    )


def search_settings(url: str) -> dict[str, object] | None:
    """Wagtail's options for the search engine of a SEARCH_URL; None for none.

    `https://user:password@host:9200` is an OpenSearch; `?index=achetons_` begins the names of its indexes where several
    installations share it. Raises ImproperlyConfigured also where the package that speaks to it is not installed.
    """
    if not url:
        return None
    host, prefix = _search_host(url), _search_prefix(url)
    if find_spec("opensearchpy") is None:
        raise ImproperlyConfigured(
            "SEARCH_URL is set, and the package that speaks to OpenSearch is not installed: "
            "pip install 'opensearch-py>=3.0,<3.1' (the extra « opensearch » of pyproject.toml)."
        )
    return {"HOSTS": [host], "INDEX_PREFIX": prefix, "TIMEOUT": 10, "OPTIONS": {"max_retries": 0}}


def _search_host(url: str) -> dict[str, object]:
    """One host as the client wants it. A password may hold whatever is written with % in an address."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or parts.fragment:
        raise ImproperlyConfigured(
            "SEARCH_URL must be https://user:password@host:9200, with ?index=name_ where several share it."
        )
    is_safe = parts.scheme == "https"
    login = [unquote(parts.username), unquote(parts.password or "")] if parts.username else None
    return {
        "host": parts.hostname,
        "port": port or (443 if is_safe else 80),
        "url_prefix": parts.path.strip("/"),
        "use_ssl": is_safe,
        "verify_certs": is_safe,
        "http_auth": login,
    }


def _search_prefix(url: str) -> str:
    query = parse_qs(urlsplit(url).query, keep_blank_values=True)
    prefix = query.pop("index", ["achetons_"])[-1]
    if query or not re.fullmatch(r"[a-z][a-z0-9_-]{0,40}", prefix):
        raise ImproperlyConfigured(
            "SEARCH_URL takes ?index=name_ and nothing else: small letters, digits, - and _, a letter first."
        )
    return prefix
