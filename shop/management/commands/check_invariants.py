import dataclasses
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shop.invariants import breaches


class Command(BaseCommand):
    help = "Check what must always hold of money, stock and portals. Exit 1 when any row breaks a promise."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the breaches as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = breaches()
        if options["json"]:
            self.stdout.write(
                json.dumps([dataclasses.asdict(breach) for breach in found], ensure_ascii=False)
            )
        else:
            for breach in found:
                self.stderr.write(f"{breach.name} {breach.promise}")
                for row in breach.rows:
                    self.stderr.write(f"    {' | '.join(row)}")
        if found:
            raise SystemExit(1)
