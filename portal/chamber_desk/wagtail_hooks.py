"""What the Chamber's desk adds to the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

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


class ChamberMenu(SubmenuMenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, *WHO)


@hooks.register("register_admin_menu_item")
def show_the_desk() -> MenuItem:
    return ChamberMenu(_("Chambre"), Menu(items=[*_screens()]), name="chambre", icon_name="group", order=95)


def _screens() -> Iterator[MenuItem]:
    told = (
        ("index", _("Les commerces"), "list-ul"),
        ("calls", _("Les appels du jour"), "comment"),
        ("cohorts", _("Cohortes"), "calendar"),
        ("funnel", _("Étape par étape"), "order-down"),
        ("silence", _("Qui se tait"), "view"),
        ("conversion", _("De la page à la vente"), "redirect"),
    )
    for order, (name, label, icon) in enumerate(told):
        yield MenuItem(
            label, reverse_lazy(f"chamber:{name}"), name=f"chambre-{name}", icon_name=icon, order=order
        )
