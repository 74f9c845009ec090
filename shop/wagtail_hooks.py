"""What the shop adds to the Wagtail admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from shop.admin import desk
from shop.admin.menu import DeskMenuItem, DeskSummaryItem, SalesGroup

modeladmin_register(SalesGroup)


@hooks.register("register_admin_urls")
def register_money_desk() -> list[URLResolver]:
    return [path("a-regler/", include((desk.urls(), "money_desk")))]


@hooks.register("register_admin_menu_item")
def show_money_desk() -> DeskMenuItem:
    return DeskMenuItem()


@hooks.register("construct_homepage_summary_items")
def say_what_waits(request: HttpRequest, summary_items: list[Any]) -> None:
    summary_items.insert(0, DeskSummaryItem(request))
