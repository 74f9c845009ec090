from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.counting.left_out import is_of_the_house
from directory.counting.recording import record_basket
from directory.counting.sources import credit_of_act
from home.compiled import Compiled
from home.models import PortalSettings
from home.own_forms import from_no_other_site
from shop import carts
from shop.cart_cookie import cart_of, remember
from shop.cart_page import cart_context
from shop.forms import AddToCartForm, CodeForm
from shop.models import Cart, CartItem, Product, Variant
from shop.product_window import product_context

LONGEST_MARK = 100


@require_safe
@never_cache
def cart(request: HttpRequest) -> HttpResponse:
    kept = cart_of(request)
    basket = basket_for(request, kept)
    context = {**cart_context(basket), "removed": _removed(request)}
    response = render(request, "shop/cart.html", context)
    return remember(response, kept, units=basket.units) if kept else response


def _removed(request: HttpRequest) -> dict[str, Any] | None:
    """What was just taken out (`?retire=<variant>-<units>`), so that one press puts it back; None for nothing."""
    variant, _dash, units = request.GET.get("retire", "").partition("-")
    quantity = min(_key(units), carts.MOST_OF_ONE)
    found = _VISIBLE.first(pk=_key(variant)) if quantity > 0 else None
    return {"variant": found, "quantity": quantity} if found else None


def basket_for(request: HttpRequest, cart: Cart | None) -> carts.Basket:
    """The cart with today's prices; empty when the browser holds none."""
    settings = PortalSettings.for_request(request)
    return carts.basket_of(cart, settings=settings, today=timezone.localdate())


@require_POST
@from_no_other_site
def cart_add(request: HttpRequest) -> HttpResponse:
    """Put a variant in the cart; a form that says nonsense is shown again with its values, on the product's page."""
    variant = _variant_asked_for(request)
    form = AddToCartForm(request.POST, variants=variant.product.variants.all())
    if not form.is_valid():
        return _product_again(request, variant.product_id, form)
    kept = cart_of(request) or carts.create()
    chosen: Variant = form.cleaned_data["variant"]
    now, carried, merchant_id = timezone.now(), _carried(request), variant.product.merchant_id
    credit = credit_of_act(request, site_id=kept.site_id, now=now, carried=carried)
    if credit and is_of_the_house(request.user, merchant_id):
        credit = None
    item = carts.add(kept, chosen, form.cleaned_data["quantity"], credit=credit)
    if item.pk:
        record_basket(request, variant.product_id, merchant_id, now=now, carried=carried)
        messages.success(request, _("«\u00a0%(title)s\u00a0» est dans votre panier.") % {"title": chosen})
    else:
        messages.error(request, _("Votre panier est plein\u00a0: payez-le, ou enlevez-en quelque chose."))
    return remember(redirect("shop:cart"), kept)


def _carried(request: HttpRequest) -> str:
    """What led to this visit, as ``credit.js`` wrote it into the form: a story's mark, or a word; "" for neither."""
    return (request.POST.get("de", "") or request.POST.get("v", ""))[:LONGEST_MARK]


def _variant_asked_for(request: HttpRequest) -> Variant:
    """A variant of a product that shoppers see; 404 for anything else."""
    found = _VISIBLE.first(pk=_key(request.POST.get("variant", "")))
    if found is None:
        raise Http404
    return found


_VISIBLE = Compiled(
    lambda pk: Variant.objects.filter(pk=pk, product__in=Product.objects.visible()).select_related("product"),
    pk=int,
)


def _key(typed: str) -> int:
    """The whole number that was typed; -1, which no row has, for anything else."""
    return int(typed) if typed.isdecimal() and len(typed) < 19 else -1


def _product_again(request: HttpRequest, product_id: int, form: AddToCartForm) -> HttpResponse:
    product = Product.objects.for_cards().get(pk=product_id)
    context = product_context(product, settings=PortalSettings.for_request(request), now=timezone.now())
    return render(request, "shop/product.html", {**context, "form": form}, status=422)


@require_POST
def cart_code(request: HttpRequest) -> HttpResponse:
    """Keep the typed promotion code, or none; the basket says beside the field whether it holds."""
    kept = cart_of(request)
    form = CodeForm(request.POST)
    if kept is None:
        return redirect("shop:cart")
    carts.use_code(kept, form.cleaned_data["code"] if form.is_valid() else "?")
    return remember(redirect(f"{reverse('shop:cart')}#code"), kept)


@require_POST
def cart_update(request: HttpRequest, item_id: int) -> HttpResponse:
    """Say how many; 0 takes the item out, and the page offers to put it back."""
    kept = cart_of(request)
    quantity = request.POST.get("quantity", "")
    if kept is None:
        return redirect("shop:cart")
    if not (quantity.isdecimal() and len(quantity) < 7):
        messages.error(request, _("Écrivez un nombre entier, comme 2."))
    elif int(quantity) == 0:
        return remember(_take_out(kept, item_id), kept)
    elif carts.set_quantity(kept, item_id, int(quantity)):
        messages.success(request, _("Votre panier est à jour."))
    return remember(redirect("shop:cart"), kept)


def _take_out(kept: Cart, item_id: int) -> HttpResponse:
    item = CartItem.objects.filter(cart=kept, pk=item_id).first()
    if item is None or not carts.set_quantity(kept, item_id, 0):
        return redirect("shop:cart")
    return redirect(f"{reverse('shop:cart')}?retire={item.variant_id}-{item.quantity}")
