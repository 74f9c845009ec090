"""Make the search table again, whole, from what it is derived from."""

from typing import Any

from django.core.management.base import BaseCommand

from directory.searching.refreshing import rebuild


class Command(BaseCommand):
    help = "Make every entry and word of the search again. Searches see the old ones until the end."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild()} entries.")
