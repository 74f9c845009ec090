"""/favoris/…: what one keeps, and the hearts of public pages.

A heart stands in pages that are kept for everyone: it knows nothing of who looks. A script asks ``state`` and turns it
on; without scripts it leads here, and here it is said that the thing is kept.
"""

from allauth.core import ratelimit
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.own_forms import from_our_pages
from portal.favourites import keeping, lists, visitor
from portal.favourites.forms import name_of
from portal.favourites.models import Favourite, Holder
from portal.favourites.shown import named, shown, visible_thing

TOO_MANY = gettext_lazy("Trop de gestes de suite d’ici. Attendez une heure, puis recommencez.")
FULL = gettext_lazy(
    "Vous avez 200 favoris, c’est le plus qu’on garde\u00a0: enlevez-en un pour faire de la place."
)
JSON = "application/json"


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    holder = visitor.holder_of(request)
    rows = favourites_of(holder)
    context = {
        "shown": shown(rows, now=timezone.now()),
        "lists": lists.of_holder(holder) if holder else (),
        "removed": _removed(request, holder),
    }
    response = _private(render(request, "portal/favourites/home.html", context))
    if holder is not None:
        visitor.tell_count(response, len(rows))
    return response


def favourites_of(holder: Holder | None) -> list[Favourite]:
    """Joined to what they name."""
    if holder is None:
        return []
    return list(keeping.held(holder).select_related("merchant", "product__merchant"))


def _removed(request: HttpRequest, holder: Holder | None) -> tuple[Favourite, str] | None:
    """What was just taken out (`?enleve=<key>`), with its name, so that one press puts it back; None for nothing."""
    key = _key(request.GET.get("enleve", ""))
    if holder is None or key < 0:
        return None
    rows = Favourite.objects.filter(holder=holder, pk=key, removed_at__isnull=False)
    row = rows.select_related("merchant", "product__merchant").first()
    return (row, name_of(row)) if row else None


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """For the script of the hearts: what this visitor keeps, by keys. Nobody else's page ever holds it."""
    holder = visitor.holder_of(request)
    pairs = list(keeping.held(holder).values_list("merchant", "product")) if holder else []
    told = {
        "commerce": [merchant for merchant, _product in pairs if merchant],
        "produit": [product for _merchant, product in pairs if product],
        "nombre": len(pairs),
    }
    response = JsonResponse(told)
    if holder is not None or visitor.COUNT_COOKIE in request.COOKIES:
        visitor.tell_count(response, len(pairs))
    return _private(response)


def _key(typed: str) -> int:
    """The whole number that was typed; -1, which no row has, for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else -1


@never_cache
@from_our_pages
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Of the portal and to be seen by shoppers; 404 for anything else. Twice is once."""
    thing = visible_thing(request.POST.get("sorte", ""), _key(request.POST.get("cle", "")))
    if thing is None:
        raise Http404
    if not _may_act(request):
        return _refused(request, str(TOO_MANY), status=429)
    holder = visitor.holder_for(request, now=timezone.now())
    try:
        row = keeping.keep(holder, thing, now=timezone.now())
    except keeping.Full:
        return _refused(request, str(FULL), status=422)
    said = _("«\u00a0%(name)s\u00a0» est dans vos favoris.") % {"name": name_of(row)}
    return _done(request, holder, said)


def _may_act(request: HttpRequest) -> bool:
    return bool(ratelimit.consume(request, action="favourites"))


def _refused(request: HttpRequest, said: str, *, status: int) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"dit": said}, status=status)
    messages.error(request, said)
    return redirect("favourites:home")


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == JSON


def _done(request: HttpRequest, holder: Holder, said: str, *, query: str = "") -> HttpResponse:
    """Back to the list; or, to a script, what to say and how many there are. The browser keeps it from now on."""
    response: HttpResponse
    if _wants_json(request):
        response = JsonResponse({"dit": said, "nombre": keeping.count(holder)})
    else:
        if not query:
            messages.success(request, said)
        response = redirect(reverse("favourites:home") + query)
    visitor.remember(response, holder)
    return response


@never_cache
@from_our_pages
@require_POST
def let_go(request: HttpRequest) -> HttpResponse:
    """What is not kept is not kept: twice is once, and a stranger's is not there."""
    holder = visitor.holder_of(request)
    found: Q | None = named(request.POST.get("sorte", ""), _key(request.POST.get("cle", "")))
    row = keeping.let_go(holder, found, now=timezone.now()) if holder and found else None
    if holder is None or row is None:
        return _done_nothing(request, holder)
    said = _("«\u00a0%(name)s\u00a0» n’est plus dans vos favoris.") % {"name": name_of(row)}
    return _done(request, holder, said, query=f"?enleve={row.pk}")


def _done_nothing(request: HttpRequest, holder: Holder | None) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"dit": "", "nombre": keeping.count(holder) if holder else 0})
    return redirect("favourites:home")


@never_cache
@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    holder = visitor.holder_of(request)
    key = _key(request.POST.get("cle", ""))
    if holder is None or not keeping.put_back(holder, key, now=timezone.now()):
        raise Http404
    return _done(request, holder, _("C’est remis."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clear(request: HttpRequest) -> HttpResponse:
    """Everything, lists and links too, for good: asked once, then done."""
    holder = visitor.holder_of(request)
    if request.method == "POST":
        if holder is not None:
            Holder.objects.filter(pk=holder.pk).delete()
        messages.success(request, _("Vos favoris et vos listes sont effacés."))
        response = redirect("favourites:home")
        visitor.forget(response)
        return response
    context = {
        "count": keeping.count(holder) if holder else 0,
        "lists": lists.of_holder(holder).count() if holder else 0,
    }
    return _private(render(request, "portal/favourites/clear.html", context))
