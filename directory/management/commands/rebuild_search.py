"""Make the search table again, whole, from what it is derived from, and the search engine's index from it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.searching.engine import EngineFailed, engine
from directory.searching.refreshing import rebuild
from directory.searching.sending import rebuild_index


class Command(BaseCommand):
    help = "Make every entry and word of the search again, and the index of SEARCH_URL. Searches see the old ones."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild()} entries.")
        if engine() is None:
            return
        try:
            self.stdout.write(f"{rebuild_index()} entries in the index of SEARCH_URL.")
        except EngineFailed as failure:
            raise CommandError(
                f"The search table is whole, the index of SEARCH_URL is as it was. Run this again: {failure}"
            ) from failure
