from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from home.models import PortalSettings
from shop import carts
from shop.cart_cookie import cart_of, remember
from shop.cart_page import cart_context
from shop.forms import AddToCartForm
from shop.models import Product, Variant
from shop.product_window import product_context


@require_safe
@never_cache
def cart(request: HttpRequest) -> HttpResponse:
    kept = cart_of(request)
    response = render(request, "shop/cart.html", cart_context(basket_for(request)))
    return remember(response, kept) if kept else response


def basket_for(request: HttpRequest) -> carts.Basket:
    """The request's basket with today's prices; empty when the browser holds no cart."""
    settings = PortalSettings.for_request(request)
    return carts.basket_of(cart_of(request), settings=settings, today=timezone.localdate())


@require_POST
def cart_add(request: HttpRequest) -> HttpResponse:
    """Put a variant in the cart; a form that says nonsense is shown again with its values, on the product's page."""
    variant = _variant_asked_for(request)
    form = AddToCartForm(request.POST, variants=variant.product.variants.all())
    if not form.is_valid():
        return _product_again(request, variant.product_id, form)
    kept = cart_of(request) or carts.create()
    chosen: Variant = form.cleaned_data["variant"]
    carts.add(kept, chosen, form.cleaned_data["quantity"])
    messages.success(request, _("« %(title)s » est dans votre panier.") % {"title": chosen})
    return remember(redirect("shop:cart"), kept)


def _variant_asked_for(request: HttpRequest) -> Variant:
    """A variant of a product that shoppers see; 404 for anything else."""
    visible = Variant.objects.filter(product__in=Product.objects.visible()).select_related("product")
    posted = request.POST.get("variant", "")
    return get_object_or_404(visible, pk=posted if posted.isdecimal() and len(posted) < 19 else -1)


def _product_again(request: HttpRequest, product_id: int, form: AddToCartForm) -> HttpResponse:
    product = Product.objects.for_cards().get(pk=product_id)
    context = product_context(product, now=timezone.now())
    return render(request, "shop/product.html", {**context, "form": form}, status=422)


@require_POST
def cart_update(request: HttpRequest, item_id: int) -> HttpResponse:
    """Say how many; 0 removes, and what was removed can be put back from the message."""
    kept = cart_of(request)
    quantity = request.POST.get("quantity", "")
    if kept is None:
        return redirect("shop:cart")
    if not (quantity.isdecimal() and len(quantity) < 7):
        messages.error(request, _("Écrivez un nombre entier, comme 2."))
    elif carts.set_quantity(kept, item_id, int(quantity)):
        messages.success(request, _("Votre panier est à jour."))
    return remember(redirect("shop:cart"), kept)
