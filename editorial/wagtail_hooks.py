"""What the Journal's floor adds to the Wagtail admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from directory.choosers import FoldedChooserViewSet
from editorial import content_checks
from editorial.choosers import product_chooser
from editorial.viewsets import NewsroomViewSetGroup


@hooks.register("register_admin_viewset")
def register_product_chooser() -> FoldedChooserViewSet:
    return product_chooser


@hooks.register("register_admin_viewset")
def register_newsroom() -> NewsroomViewSetGroup:
    return NewsroomViewSetGroup()


@hooks.register("construct_wagtail_userbar")
def check_what_an_editor_wrote(request: HttpRequest, items: list[Any], page: Page | None) -> None:
    content_checks.with_our_checks(items)


@hooks.register("after_publish_page")
def say_what_to_look_at_again(request: HttpRequest, page: Page) -> None:
    content_checks.say_what_to_look_at_again(request, page)
