"""`open_staff_desks`: every portal gets what its staff need to work. To be run after a portal was made."""

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import Site

from home.tenancy import portal_scope
from portal.staff_desk.opening import open_staff_desk


class Command(BaseCommand):
    help = "Give each portal the workflow by which its Journal approves merchants' pages."

    def handle(self, *args: Any, **options: Any) -> None:
        for site in Site.objects.select_related("root_page").order_by("pk"):
            with portal_scope(site):
                workflow = open_staff_desk(site)
            self.stdout.write(f"{site.hostname}: {'open' if workflow else 'no directory page yet'}")
