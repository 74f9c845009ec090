from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from wagtail.models import Site

from home.tenancy import portal_scope
from shop import seller_report, seller_report_csv


class Command(BaseCommand):
    help = (
        "Writes the yearly seller report of one portal (Income Tax Act, Part XX) as CSV, to standard output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--portal", help="host name; not needed where there is one portal")
        parser.add_argument("--all", action="store_true", help="excluded sellers too, marked as such")

    def handle(self, *args: Any, **options: Any) -> None:
        with portal_scope(_portal(options["portal"])), translation.override("fr-ca"):
            sellers = seller_report.of_year(options["year"])
            told = sellers if options["all"] else [seller for seller in sellers if seller.is_reported]
            sheet = StringIO(newline="")
            seller_report_csv.write(sheet, told)
            self.stdout.write(sheet.getvalue(), ending="")


def _portal(host: str | None) -> Site:
    rows = Site.objects.filter(hostname=host) if host else Site.objects.all()
    if len(found := list(rows[:2])) != 1:
        hosts = ", ".join(Site.objects.order_by("hostname").values_list("hostname", flat=True))
        raise CommandError(f"Say which portal with --portal: {hosts}.")
    return found[0]
