"""What coming in adds to the Wagtail admin."""

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.joining import desk
from portal.staff_desk.rights import ALL_WHO_ENTER, has_role


@hooks.register("register_admin_urls")
def register_joining_desk() -> list[URLResolver]:
    return [path("inscriptions/", include((desk.urls(), "joining_desk")))]


class StaffMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, *ALL_WHO_ENTER)


@hooks.register("register_admin_menu_item")
def show_registrations() -> MenuItem:
    return StaffMenuItem(
        _("Inscriptions"), reverse_lazy("joining_desk:index"), name="inscriptions", icon_name="form", order=95
    )
