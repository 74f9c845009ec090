"""On what it was measured: a figure without its machine says little."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from django.db import connection

PACKAGES = ("Django", "wagtail", "psycopg", "stripe", "gunicorn")


def described() -> dict[str, object]:
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": _setting("server_version"),
        "synchronous_commit": _setting("synchronous_commit"),
        "fsync": _setting("fsync"),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor()


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])
