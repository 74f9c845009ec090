"""What the front desk adds to the Wagtail admin. Registrations alone: what they lead to stands in portal.staff_desk."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.accounts.operator import after_the_operator
from portal.models import User
from portal.privacy.incidents import IncidentViewSet
from portal.staff_desk import team


@hooks.register("register_admin_urls")
def register_team() -> list[URLResolver]:
    return [path("equipe/", include((team.urlpatterns, "staff_team")))]


class TeamMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return team.manages(request.user)


@hooks.register("register_admin_menu_item")
def show_team() -> MenuItem:
    return TeamMenuItem(
        _("Équipe"), reverse_lazy("staff_team:index"), name="equipe", icon_name="group", order=800
    )


@hooks.register("after_edit_user")
def follow_the_operator(request: HttpRequest, user: User) -> Any:
    after_the_operator(user, by=request.user)


@hooks.register("register_admin_viewset")
def register_incidents() -> IncidentViewSet:
    return IncidentViewSet()
