from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.privacy import retention


class Command(BaseCommand):
    help = (
        "Forget what is past its time (the table stands on the privacy page). The worker does it every night."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{retention.apply(timezone.now())} rows touched")
