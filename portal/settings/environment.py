"""How the settings read the environment: a missing or senseless value stops the boot with a sentence that names it."""

import os
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
