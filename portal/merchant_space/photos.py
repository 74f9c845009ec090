"""A product's photos: one more, one first, one away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.merchant_space import undo
from portal.merchant_space.access import Desk
from portal.merchant_space.hours import form_view
from portal.merchant_space.product_forms import PhotoForm
from portal.merchant_space.products import change_all, data_of, product_or_404
from portal.merchant_space.screens import selling_desk_or_404, show
from portal.merchant_space.undo import Undo
from shop import catalogue
from shop.models import Product, ProductPhoto


@never_cache
@login_required
@form_view
def product_photos(request: HttpRequest, merchant_slug: str, product_pk: int) -> HttpResponse:
    """Its photos, the first one large everywhere; and one more."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    form = PhotoForm(data_of(request), request.FILES or None, merchant=desk.merchant)
    if form.is_bound and form.is_valid():
        _add_photo(request, desk, row, form)
        return redirect("merchant:product_photos", merchant_slug=desk.merchant.slug, product_pk=row.pk)
    status = 422 if form.errors else 200
    return show(request, desk, "merchant_product_photos.html", status=status, form=form, product=row)


@transaction.atomic
def _add_photo(request: HttpRequest, desk: Desk, row: Product, form: PhotoForm) -> None:
    if form.picture is None or row.photos.filter(image=form.picture).exists():
        return
    photo = catalogue.add_photo(row, form.picture, alt=form.cleaned_data["alt"] or row.title)
    desk.note("photo.add", row, after={"photo": photo.pk, "alt": photo.alt})
    messages.success(request, _("La photo est ajoutée."))


@login_required
@require_POST
def photo_act(request: HttpRequest, merchant_slug: str, product_pk: int, photo_pk: int) -> HttpResponse:
    """A photo goes first, or away."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    photo = next((photo for photo in row.photos.all() if photo.pk == photo_pk), None)
    act = {"premiere": _first, "retirer": _remove}.get(request.POST.get("acte", ""))
    if photo is None or act is None:
        raise Http404
    facts = {"product": row.pk, "image": photo.image_id, "alt": photo.alt, "sort_order": photo.sort_order}
    chosen = photo
    for problem in change_all(desk, row, lambda: act(desk, row, chosen)):
        messages.error(request, problem)
        break
    else:
        if act is _remove:
            undo.offer(request, desk, Undo("photo", _("La photo est retirée."), facts))
    return redirect("merchant:product_photos", merchant_slug=desk.merchant.slug, product_pk=row.pk)


def _first(desk: Desk, row: Product, photo: ProductPhoto) -> None:
    others = [other for other in row.photos.all() if other.pk != photo.pk]
    for number, one in enumerate([photo, *others]):
        ProductPhoto.objects.filter(pk=one.pk).update(sort_order=number)
    catalogue.touch(row.pk)
    desk.note("photo.first", row, after={"photo": photo.pk})


def _remove(desk: Desk, row: Product, photo: ProductPhoto) -> None:
    desk.note("photo.remove", row, before={"photo": photo.pk, "alt": photo.alt})
    photo.delete()
    catalogue.touch(row.pk)
