"""`manage.py stripe_sandbox`: the payment sandbox with this portal's settings as defaults."""

from argparse import ArgumentParser, Namespace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shop.sandbox.__main__ import add_options, port_of, serve
from shop.sandbox.server import DEFAULT_SECRET, refuse_live_key


class Command(BaseCommand):
    """A thin wrapper: everything it does is in `shop.sandbox`."""

    help = "Serves the payment sandbox until Ctrl-C. Refused with a live key."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Defaults come from STRIPE_API_BASE, BASE_URL and the first of STRIPE_WEBHOOK_SECRETS."""
        base = str(getattr(settings, "BASE_URL", "") or "")
        add_options(
            parser,
            port=port_of(getattr(settings, "STRIPE_API_BASE", None)),
            webhook_url=f"{base.rstrip('/')}/stripe/webhook/" if base else None,
            webhook_secret=_first_secret(),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serves. Raises CommandError with a live key, or when the port is taken."""
        try:
            refuse_live_key(getattr(settings, "STRIPE_SECRET_KEY", None))
            serve(Namespace(**options))
        except (RuntimeError, ValueError, OSError) as error:
            raise CommandError(str(error)) from error


def _first_secret() -> str:
    secrets = getattr(settings, "STRIPE_WEBHOOK_SECRETS", None) or []
    listed = secrets.split(",") if isinstance(secrets, str) else list(secrets)
    return str(listed[0]).strip() if listed else DEFAULT_SECRET
