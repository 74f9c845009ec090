"""« Toujours en vente »: one tap for a product that nobody confirmed lately, or for all of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.merchant_space.access import Desk
from portal.merchant_space.screens import selling_desk_or_404
from portal.still_true.answers import GOODS_CONFIRMED
from shop import on_shelves
from shop.models import Product


@login_required
@require_POST
def still_sold(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The product that the form names, else all that the merchant sells. Raises Http404 for somebody else's."""
    desk = selling_desk_or_404(request, merchant_slug)
    if not (key := request.POST.get("produit", "")):
        _confirm_all(desk)
        messages.success(request, _("Merci! C’est noté\u00a0: tout est toujours en vente."))
        return redirect("merchant:products", merchant_slug=desk.merchant.slug)
    product = _product_or_404(desk, key)
    _confirm_one(desk, product)
    messages.success(request, _("C’est noté\u00a0: «\u00a0%s\u00a0» est toujours en vente.") % product.title)
    return redirect("merchant:products", merchant_slug=desk.merchant.slug)


def _product_or_404(desk: Desk, key: str) -> Product:
    found = Product.objects.visible().filter(merchant=desk.merchant, pk=int(key)) if _is_key(key) else None
    product: Product | None = found.first() if found is not None else None
    if product is None:
        raise Http404
    return product


def _is_key(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19


@transaction.atomic
def _confirm_one(desk: Desk, product: Product) -> None:
    if on_shelves.confirm(Product.objects.filter(pk=product.pk), now=timezone.now()):
        desk.note(GOODS_CONFIRMED, product)


@transaction.atomic
def _confirm_all(desk: Desk) -> None:
    if count := on_shelves.confirm_all(desk.merchant, now=timezone.now()):
        desk.note(GOODS_CONFIRMED, desk.merchant, after={"products": count})
