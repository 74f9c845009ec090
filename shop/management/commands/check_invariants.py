import dataclasses
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from shop import checks
from shop.enums import CheckKind
from shop.invariants import breaches


class Command(BaseCommand):
    help = "Check what must always hold of money, stock and portals. Exit 1 when any row breaks a promise."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the breaches as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = breaches()
        checks.note(CheckKind.INVARIANTS, [str(breach) for breach in found], now=timezone.now())
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
