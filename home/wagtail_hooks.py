"""The Wagtail admin, as staff of one portal needs it: its own pages, images and documents, and fewer menus."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks

from home.models import CustomDocument, CustomImage, HomePage
from home.tenancy import below_roots, site_for


@hooks.register("after_edit_page")
def stay_at_the_front_page(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Wagtail goes up one page after publishing; above a portal's root nobody of the portal has anything to see."""
    return redirect("wagtailadmin_pages:edit", page.pk) if isinstance(page, HomePage) else None


@hooks.register("before_serve_document")
def serve_only_documents_of_the_portal(document: CustomDocument, request: HttpRequest) -> None:
    if document.site_id != site_for(request).pk:
        raise Http404("No such document in this portal")


@hooks.register("construct_image_chooser_queryset")
def choose_only_images_of_the_portal(
    images: QuerySet[CustomImage], request: HttpRequest
) -> QuerySet[CustomImage]:
    return images.filter(site=site_for(request))


@hooks.register("construct_document_chooser_queryset")
def choose_only_documents_of_the_portal(
    documents: QuerySet[CustomDocument], request: HttpRequest
) -> QuerySet[CustomDocument]:
    return documents.filter(site=site_for(request))


@hooks.register("construct_page_chooser_queryset")
def choose_only_pages_of_the_portal(pages: Any, request: HttpRequest) -> Any:
    """With the state that the chooser shows of each, so that it does not ask three questions a row."""
    return pages.filter(below_roots()).annotate_approved_schedule().prefetch_workflow_states()


NOT_IN_THE_MENU = frozenset({"help"})
"""Wagtail's own manuals, in English: a novice is better served by a person."""


@hooks.register("construct_main_menu")
def tidy_menu(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in NOT_IN_THE_MENU]
