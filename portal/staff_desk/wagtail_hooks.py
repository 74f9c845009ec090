"""What the desks of the portal's staff add to the Wagtail admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from home.models import PortalRole
from portal.care import file_acts, preparing
from portal.staff_desk import (
    approvals,
    brought,
    english,
    files,
    history,
    imports,
    lists,
    newsletter,
    page_reports,
    plans,
    seller_reports,
)
from portal.staff_desk.rights import has_role
from portal.staff_desk.today import TodayPanel, without_wagtails
from portal.staffing import JOURNAL


@hooks.register("register_admin_urls")
def register_staff_desk() -> list[URLResolver]:
    return [
        path("a-approuver/", include((approvals.urls(), "approvals"))),
        path("dossiers/", include((files.urls(), "merchant_file"))),
        path("accompagnement/", include(([*file_acts.urls(), *preparing.urls()], "care_desk"))),
        path("forfaits/", include((plans.urls(), "plans"))),
        path("rapport-vendeurs/", include((seller_reports.urls(), "seller_reports"))),
        path("historique/", include((history.urls(), "portal_history"))),
        path("amene/", include((brought.urls(), "brought_desk"))),
        path("sans-anglais/", include((english.urls(), "english_desk"))),
        path("infolettre/", include((newsletter.urls(), "newsletter_desk"))),
        path("imports/", include((imports.urls(), "imports"))),
        path("signalements/", include((page_reports.urls(), "page_reports"))),
        path("redirections/", include((lists.redirects.urls(), "portal_redirects"))),
        path("recherche/", include((lists.picks.urls(), "search_picks"))),
        path("synonymes/", include((lists.synonyms.urls(), "search_synonyms"))),
    ]


@hooks.register("construct_homepage_panels")
def say_what_is_to_be_done_today(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [TodayPanel(request), *without_wagtails(panels)]


class JournalMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, *JOURNAL)


@hooks.register("register_admin_menu_item")
def show_approvals() -> MenuItem:
    return JournalMenuItem(
        _("À approuver"), reverse_lazy("approvals:index"), name="a-approuver", icon_name="check", order=90
    )


@hooks.register("register_admin_menu_item")
def show_newsletter() -> MenuItem:
    return JournalMenuItem(
        _("Infolettre"),
        reverse_lazy("newsletter_desk:index"),
        name="infolettre",
        icon_name="mail",
        order=110,
    )


class AdviserMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, PortalRole.ADVISER)


@hooks.register("register_admin_menu_item")
def show_callbacks() -> MenuItem:
    return AdviserMenuItem(
        _("Rappels demandés"),
        reverse_lazy("care_desk:callbacks"),
        name="rappels-demandes",
        icon_name="comment",
        order=95,
    )


@hooks.register("register_reports_menu_item")
def show_history() -> MenuItem:
    return JournalMenuItem(
        _("Ce qui s’est passé"),
        reverse_lazy("portal_history:index"),
        name="historique",
        icon_name="history",
        order=90,
    )


@hooks.register("register_reports_menu_item")
def show_what_lacks_english() -> MenuItem:
    return JournalMenuItem(
        english.TITLE,
        reverse_lazy("english_desk:index"),
        name="sans-anglais",
        icon_name="wagtail-localize-language",
        order=92,
    )


@hooks.register("register_reports_menu_item")
def show_what_the_journal_brought() -> MenuItem:
    return JournalMenuItem(
        brought.TITLE, reverse_lazy("brought_desk:index"), name="amene", icon_name="view", order=88
    )


class ManagerMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, PortalRole.MANAGER)


@hooks.register("register_reports_menu_item")
def show_seller_report() -> MenuItem:
    return ManagerMenuItem(
        _("Rapport des vendeurs"),
        reverse_lazy("seller_reports:index"),
        name="rapport-vendeurs",
        icon_name="table",
        order=95,
    )


@hooks.register("register_settings_menu_item")
def show_plans() -> MenuItem:
    return ManagerMenuItem(
        _("Forfaits"), reverse_lazy("plans:index"), name="forfaits", icon_name="tag", order=800
    )


@hooks.register("register_settings_menu_item")
def show_redirects() -> MenuItem:
    return JournalMenuItem(
        _("Redirections du portail"),
        reverse_lazy("portal_redirects:index"),
        name="redirections",
        icon_name="redirect",
        order=810,
    )


@hooks.register("register_settings_menu_item")
def show_search_picks() -> MenuItem:
    return JournalMenuItem(
        _("Coups de pouce à la recherche"),
        reverse_lazy("search_picks:index"),
        name="coups-de-pouce",
        icon_name="search",
        order=820,
    )


@hooks.register("register_settings_menu_item")
def show_search_synonyms() -> MenuItem:
    return JournalMenuItem(
        _("Synonymes de la recherche"),
        reverse_lazy("search_synonyms:index"),
        name="synonymes",
        icon_name="search",
        order=825,
    )


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_role(request.user, *imports.ROLES)


@hooks.register("register_admin_menu_item")
def show_imports() -> MenuItem:
    return ImportMenuItem(
        _("Importer une liste"), reverse_lazy("imports:index"), name="imports", icon_name="upload", order=155
    )
