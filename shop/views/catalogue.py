from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from home.models import PortalSettings
from shop.carts import MOST_OF_ONE
from shop.choices import offered
from shop.forms import AddToCartForm
from shop.listing import catalogue_context
from shop.product_window import find, most_at_once, product_context
from shop.structured_data import product_offer


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/catalogue.html", catalogue_context(request))


@require_safe
def product(request: HttpRequest, merchant_slug: str, product_slug: str) -> HttpResponse:
    found = find(merchant_slug, product_slug)
    if found is None:
        raise Http404
    row, *others = found
    context = product_context(
        row, settings=PortalSettings.for_request(request), now=timezone.now(), others=others
    )
    form = AddToCartForm(variants=offered(row), most=most_at_once(context["choices"], MOST_OF_ONE))
    data = product_offer(row, context["choices"], request, can_buy=context["can_buy"])
    return render(request, "shop/product.html", {**context, "form": form, "json_ld_data": data})
