"""The pages of those who sign, of sections, series and tags, under /histoires/: each is its own portal's alone."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from editorial import listing, structured_data
from editorial.around import part_label
from editorial.models import Author, Section, Series, StoryPage, StoryTag
from home import twins
from home.found import whole_graph
from home.languages import in_language
from home.models import PortalSettings
from home.structured_data import Node


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Who signs, and what they wrote. Raises Http404 for another portal's, as all of these do."""
    row: Author = get_object_or_404(Author.objects.select_related("photo"), slug=slug)
    stories = _shown(listing.stories_by(row), request)
    node = structured_data.profile(row, stories, request)
    return _page(request, "editorial/author.html", row.name, node, {"author": row, "stories": stories})


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Section, slug=slug)
    stories = _shown(listing.stories_in(row), request)
    node = structured_data.collection(row.name, row.intro, stories, request)
    return _page(request, "editorial/section.html", row.name, node, {"section": row, "stories": stories})


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Its parts, the first one first."""
    row = get_object_or_404(Series, slug=slug)
    stories = _shown(listing.stories_of(row), request)
    node = structured_data.collection(row.title, row.intro, stories, request)
    total = max(row.planned_parts or 0, stories.paginator.count)
    for number, part in enumerate(stories, start=stories.start_index()):
        part.part_label = part_label(part.series_part or number, total)
    return _page(request, "editorial/series.html", row.title, node, {"series": row, "stories": stories})


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(StoryTag, slug=slug)
    stories = _shown(listing.stories_under(row), request)
    node = structured_data.collection(row.name, "", stories, request)
    return _page(request, "editorial/tag.html", row.name, node, {"tag": row, "stories": stories})


def _shown(stories: QuerySet[StoryPage], request: HttpRequest) -> Any:
    """The page of the list that was asked for, in the language of the address."""
    found = listing.page_of(stories, request)
    found.object_list = twins.speak(found.object_list)
    return found


def _page(
    request: HttpRequest, template: str, name: str, node: Node, context: dict[str, Any]
) -> HttpResponse:
    steps = [(_("Histoires"), in_language("/histoires/")), (name, request.path)]
    data = whole_graph([node], request, PortalSettings.for_request(request), steps=steps)
    return render(request, template, {**context, "json_ld_data": data})
