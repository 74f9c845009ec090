"""How a staff screen is rendered: inside Wagtail's frame, with its trail and its title."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


def screen(
    request: HttpRequest,
    name: str,
    title: Any,
    *,
    under: tuple[tuple[str, Any], ...] = (),
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """``under``: the addresses and names of the screens that lead here."""
    steps = [(reverse("wagtailadmin_home"), _("Accueil")), *under, ("", title)]
    trail = [{"url": url, "label": label} for url, label in steps]
    return render(
        request, f"portal/admin/{name}.html", {"title": title, "trail": trail, **context}, status=status
    )
