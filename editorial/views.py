"""Screens of the Journal that are no pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial.gift_page import gift_context


@require_safe
def gift_finder(request: HttpRequest) -> HttpResponse:
    """« Trouver un cadeau », for everybody; its address is its state."""
    return render(request, "editorial/gift_finder.html", gift_context(request))
