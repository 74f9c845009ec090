from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from shop.payments.expiry import expire_overdue


class Command(BaseCommand):
    help = "Give back the stock of checkouts that nobody paid in time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{expire_overdue(now=timezone.now())} checkouts let go")
