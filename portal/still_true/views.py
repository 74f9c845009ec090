"""/encore-vrai/<lien>/: the page behind the weekly letter. One tap says « c’est encore vrai »; no sign-in.

Programs that read mails follow links and press no buttons: looking changes nothing.
"""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory.cards import dressed
from directory.models import Membership
from home.models import PortalSettings
from portal.still_true import answers
from portal.still_true.asking import HOLIDAYS_ASKED_AHEAD, Questions, questions_to
from portal.still_true.links import by_token
from shop.models import Product

TRUE, GOODS, OPEN, CLOSED = "vrai", "produits", "ouvert", "ferme"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    place = by_token(token, now)
    if place is None:
        return _private(render(request, "portal/still_true_over.html", _person(request), status=404))
    asked = questions_to(_read(place, now), now)
    if request.method != "POST":
        return _page(request, place, asked)
    _answer(request, place, asked, now)
    return redirect(request.path)


def _read(place: Membership, now: dt.datetime) -> Any:
    return dressed([place.merchant], moment=now, days_ahead=HOLIDAYS_ASKED_AHEAD)[0]


def _answer(request: HttpRequest, place: Membership, asked: Questions, now: dt.datetime) -> None:
    """Raises Http404 for what was not asked: an answered question is no question, and pressing twice does no harm."""
    act = request.POST.get("reponse", "")
    if act == TRUE:
        answers.confirm(place, now=now)
        return
    if act == GOODS:
        answers.confirm_goods(place, now=now)
        return
    day = request.POST.get("jour", "")
    if act not in {OPEN, CLOSED} or not day:
        raise Http404
    for holiday in asked.holidays:
        if holiday.date.isoformat() == day and (holiday.usual or act == CLOSED):
            answers.of_holiday(place, holiday.date, is_open=act == OPEN, now=now)


def _page(request: HttpRequest, place: Membership, asked: Questions) -> HttpResponse:
    context = {
        "merchant": place.merchant,
        "asked": asked,
        "products": Product.objects.visible().filter(merchant=place.merchant).count(),
        **_person(request),
    }
    return _private(render(request, "portal/still_true.html", context))


def _person(request: HttpRequest) -> dict[str, Any]:
    settings = PortalSettings.for_request(request)
    return {"person": {"name": settings.contact_name, "phone": settings.contact_phone}}


def _private(response: HttpResponse) -> HttpResponse:
    """The link stands in this page's address: it is told to nobody, and no search engine keeps the page."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
