from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from shop.payments.handlers import deliver_outbox


class Command(BaseCommand):
    help = "Do the effects that are due: transfers, refunds, mails."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{deliver_outbox(now=timezone.now())} effects done")
