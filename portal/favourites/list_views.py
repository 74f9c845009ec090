"""/favoris/listes/…: making lists of favourites; /favoris/liste/<link>/: reading somebody's."""

from collections.abc import Callable
from functools import wraps

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.tenancy import current_site
from portal.favourites import lists, visitor
from portal.favourites.forms import ListForm
from portal.favourites.models import Favourite, FavouriteList
from portal.favourites.shown import shown
from portal.favourites.views import favourites_of
from shop.payments.sessions import portal_url

TOO_MANY_ACTS = gettext_lazy("Trop de listes de suite d’ici. Attendez une heure, puis recommencez.")
TOO_MANY = gettext_lazy("Vous avez 20 listes, c’est le plus qu’on garde\u00a0: supprimez-en une d’abord.")

look_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@look_or_post
def new_list(request: HttpRequest) -> HttpResponse:
    """Of what is kept: who keeps nothing yet is led to where one begins."""
    holder = visitor.holder_of(request)
    rows = favourites_of(holder)
    if holder is None or not rows:
        return redirect("favourites:home")
    form = ListForm(request.POST if request.method == "POST" else None, favourites=rows)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="favourites_list"):
            form.add_error("name", TOO_MANY_ACTS)
            return _form_page(request, form, status=422)
        try:
            row = lists.make(holder, form.cleaned_data["name"], form.keys(), now=timezone.now())
        except lists.TooMany:
            form.add_error("name", TOO_MANY)
            return _form_page(request, form, status=422)
        messages.success(request, _("La liste est faite. Partagez-la quand vous voulez."))
        return _kept(redirect("favourites:list", list_pk=row.pk), row)
    return _form_page(request, form, status=422 if form.errors else 200)


def _form_page(
    request: HttpRequest, form: ListForm, *, row: FavouriteList | None = None, status: int = 200
) -> HttpResponse:
    link = portal_url(current_site()) + _path(row) if row and row.shared_at else ""
    context = {"form": form, "list": row, "link": link}
    return render(request, "portal/favourites/list.html", context, status=status)


def _path(row: FavouriteList) -> str:
    return reverse("favourites:shared", args=[lists.token_of(row)])


def _kept(response: HttpResponse, row: FavouriteList) -> HttpResponse:
    visitor.remember(response, row.holder)
    return response


Own = Callable[[HttpRequest, FavouriteList], HttpResponse]


def own_list(view: Own) -> Callable[[HttpRequest, int], HttpResponse]:
    """The view gets one of the visitor's own lists. Raises Http404 for any other."""

    @never_cache
    @wraps(view)
    def found(request: HttpRequest, list_pk: int) -> HttpResponse:
        holder = visitor.holder_of(request)
        rows = FavouriteList.objects.filter(pk=min(list_pk, 2**63 - 1), holder=holder)
        row = rows.select_related("holder").first() if holder else None
        if row is None:
            raise Http404
        return view(request, row)

    return found


@look_or_post
@own_list
def one_list(request: HttpRequest, row: FavouriteList) -> HttpResponse:
    """Its name, what it shows, and its link."""
    rows = favourites_of(row.holder)
    initial = {"name": row.name, "chosen": [str(key) for key in lists.keys_in(row)]}
    form = ListForm(request.POST if request.method == "POST" else None, initial=initial, favourites=rows)
    if request.method == "POST" and form.is_valid():
        lists.change(row, form.cleaned_data["name"], form.keys(), now=timezone.now())
        messages.success(request, _("C’est enregistré."))
        return _kept(redirect("favourites:list", list_pk=row.pk), row)
    return _form_page(request, form, row=row, status=422 if form.errors else 200)


@require_POST
@own_list
def share(request: HttpRequest, row: FavouriteList) -> HttpResponse:
    lists.share(row, now=timezone.now())
    messages.success(request, _("La liste a un lien\u00a0: donnez-le à qui vous voulez."))
    return redirect(reverse("favourites:list", args=[row.pk]) + "#partage")


@require_POST
@own_list
def stop(request: HttpRequest, row: FavouriteList) -> HttpResponse:
    """The link, and every copy of it, leads nowhere afterwards."""
    lists.stop(row)
    messages.success(request, _("La liste n’est plus partagée\u00a0: son lien ne mène plus nulle part."))
    return redirect(reverse("favourites:list", args=[row.pk]) + "#partage")


@require_POST
@own_list
def drop(request: HttpRequest, row: FavouriteList) -> HttpResponse:
    """The list goes; what it showed stays among the favourites."""
    FavouriteList.objects.filter(pk=row.pk).delete()
    messages.success(
        request, _("La liste «\u00a0%(name)s\u00a0» est supprimée; ses favoris restent.") % {"name": row.name}
    )
    return redirect("favourites:home")


@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link: the name and the things, with hours, prices and stock of now. Nothing of its owner."""
    row = lists.opened_by(token)
    if row is None:
        raise Http404
    favourites = Favourite.objects.filter(removed_at=None, entries__list=row)
    rows = favourites.select_related("merchant", "product__merchant")
    context = {"list": row, "shown": shown(rows, now=timezone.now())}
    response = render(request, "portal/favourites/shared.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"  # the seal stands in this page's address
    return response
