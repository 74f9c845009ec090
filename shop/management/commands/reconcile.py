import dataclasses
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from shop.payments.reconcile import reconcile_on_record


class Command(BaseCommand):
    help = "Bring our rows to where Stripe's objects stand. A second run finds nothing to do. Exit 1 on failures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = dataclasses.asdict(reconcile_on_record(now=timezone.now()))
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for name, value in report.items():
                self.stdout.write(f"{name.replace('_', ' ')}: {value}")
        if report["failures"]:
            raise SystemExit(1)
