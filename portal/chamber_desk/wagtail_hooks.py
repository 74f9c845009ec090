"""What the Chamber's desk adds to the Wagtail admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.chamber_desk import urls
from portal.chamber_desk.home import ChamberPanel
from portal.chamber_desk.pipeline import WHO
from portal.staff_desk.rights import has_role


@hooks.register("register_admin_urls")
def register_chamber_desk() -> list[URLResolver]:
    return [path("chambre/", include((urls.of_the_desk(), "chamber")))]


@hooks.register("construct_homepage_panels", order=10)
def say_whom_the_chamber_calls(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(ChamberPanel(request))


class ChamberMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, *WHO)


@hooks.register("register_admin_menu_item")
def show_the_list() -> MenuItem:
    return ChamberMenuItem(
        _("Chambre"), reverse_lazy("chamber:index"), name="chambre", icon_name="group", order=95
    )
