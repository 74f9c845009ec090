"""`load_demo`: the demo towns, with their shops, pictures, stories and ninety days of purchases."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Site

from home.tenancy import portal_scope
from portal.demo.loading import contacts, people, report
from portal.demo.loading.till import find_till
from portal.demo.loading.town import Wish, build, open_accounts, ring_up
from portal.demo.loading.troubles import befall
from portal.demo.plans import TownPlan
from portal.demo.reading import TOWNS, read_town

TALKERS = ("stripe", "django_tasks", "wagtail")
"""They tell each request, task and page: thousands of lines that bury our own."""


class Command(BaseCommand):
    help = "Load the demo towns. The same seed gives the same towns; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--merchants", type=int, default=0, metavar="N", help="pad Lévis to N merchants")
        parser.add_argument("--products", type=int, default=0, metavar="N", help="pad Lévis to N products")
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="another seed, other addresses and hours"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for talker in TALKERS:
            logging.getLogger(talker).setLevel(logging.WARNING)
        if not settings.DEMO:
            raise CommandError(
                "The demo's accounts have a public password: load_demo runs only where DEMO=1."
            )
        wish = Wish(seed=options["seed"], now=timezone.now(), products=options["products"])
        with translation.override("fr-ca"), _hurried_database():
            towns = [self._build(key, wish, options["merchants"]) for key in TOWNS]
            people.settle_everybody()
            self._ring_up(towns, wish)
            self._count(towns, wish)
            self._report(towns, wish)
            self._look_at_front_pages(towns)
        self.stdout.write("The towns are there.")

    def _build(self, key: str, wish: Wish, merchants: int) -> tuple[TownPlan, Site]:
        today = timezone.localdate(wish.now)
        try:
            town = read_town(key, seed=wish.seed, today=today, merchants=merchants if key == TOWNS[0] else 0)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{town.settings['brand']} opens.")
        return town, build(town, wish, self.stdout.write)

    def _ring_up(self, towns: list[tuple[TownPlan, Site]], wish: Wish) -> None:
        till = find_till()
        if till is None:
            self.stdout.write(
                "No payment sandbox answers (STRIPE_API_BASE): the towns are there, orders are left out."
            )
            return
        for town, _site in towns:
            open_accounts(town, till)
        self.stdout.write(f"  {ring_up(towns, till, wish)} purchases of the last ninety days are rung up.")
        self.stdout.write(f"  {befall(towns[0][1].pk, till, now=wish.now)} troubles wait on the money desk.")

    def _count(self, towns: list[tuple[TownPlan, Site]], wish: Wish) -> None:
        today, acts = timezone.localdate(wish.now), 0
        for town, site in towns:
            with portal_scope(site):
                acts += contacts.count(site, town.key, seed=wish.seed, today=today)
        self.stdout.write(f"  {acts} acts of the last ninety days are counted.")

    def _report(self, towns: list[tuple[TownPlan, Site]], wish: Wish) -> None:
        """What is published stays as it is: without a payment sandbox, whose orders are still to come, nothing is."""
        today, months = timezone.localdate(wish.now), 0
        for town, site in towns:
            with portal_scope(site):
                report.write_down(site, town.key, today=today)
                months += report.publish_months(now=wish.now) if find_till() else 0
        self.stdout.write(f"  {months} months of the impact report are published.")

    def _look_at_front_pages(self, towns: list[tuple[TownPlan, Site]]) -> None:
        """Once, so that their pictures are cut to size before the first visitor comes."""
        for town, site in towns:
            answer = Client().get("/", headers={"host": f"{site.hostname}:{site.port}"})
            if answer.status_code != HTTPStatus.OK:
                self.stdout.write(
                    f"  {town.settings['brand']} answers {answer.status_code} at its front door."
                )


@contextmanager
def _hurried_database() -> Iterator[None]:
    """Commits do not wait for the disk meanwhile: a power cut may cost the last of them, never their order."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")
