"""What the walls change in the Wagtail admin. Registered after Wagtail's own, so that these have the last word."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from portal.walls.menus import leave_out_closed_doors
from portal.walls.pages import PortalPageViewSet

LAST = 1000


@hooks.register("register_admin_viewset", order=LAST)
def list_pages_without_naming_people() -> PortalPageViewSet:
    return PortalPageViewSet()


@hooks.register("construct_admin_api", order=LAST)
def limit_the_library(router: Any) -> None:
    from portal.walls.library_api import PortalDocuments, PortalImages

    router.register_endpoint("images", PortalImages)
    router.register_endpoint("documents", PortalDocuments)


@hooks.register("construct_main_menu", order=LAST)
@hooks.register("construct_settings_menu", order=LAST)
@hooks.register("construct_reports_menu", order=LAST)
@hooks.register("construct_help_menu", order=LAST)
def show_open_doors(request: HttpRequest, menu_items: list[Any]) -> None:
    leave_out_closed_doors(request, menu_items)
