"""What the report adds to the Wagtail admin: its screen, its settings, a word on the home page."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.impact import desk, settings_desk
from portal.staff_desk.rights import has_role


@hooks.register("register_admin_urls")
def register_impact_desk() -> list[URLResolver]:
    return [
        path("bilan/argent-public/", include((settings_desk.public_money.urls(), "impact_money"))),
        path("bilan/paroles/", include((settings_desk.quotes.urls(), "impact_quotes"))),
        path("bilan/", include((desk.urls(), "impact_desk"))),
    ]


@hooks.register("construct_homepage_panels", order=20)
def say_what_the_portal_brought(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(desk.ImpactPanel(request))


class ReadersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, *desk.READERS)


@hooks.register("register_admin_menu_item")
def show_the_report() -> MenuItem:
    return ReadersMenuItem(
        _("Bilan"), reverse_lazy("impact_desk:index"), name="bilan", icon_name="table", order=98
    )
