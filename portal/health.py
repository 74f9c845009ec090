"""The operator's probes: does the process answer, and can it do its work?"""

from collections.abc import Callable

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations and media, each with « ok » or what is wrong; 503 when one is."""
    found = {name: _answer(check) for name, check in CHECKS.items()}
    return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503)


def _answer(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 (whatever is wrong must be told: this page is how one learns of it)
        return type(error).__name__


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} waiting" if waiting else "ok"


def _media() -> str:
    """The folder of uploads is there. On object storage its own errors tell."""
    if hasattr(default_storage, "location"):
        default_storage.listdir("")
    return "ok"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "migrations": _migrations, "media": _media}
