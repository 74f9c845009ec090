from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.found import whole_graph
from home.models import PortalSettings
from shop.carts import MOST_OF_ONE
from shop.choices import offered
from shop.forms import AddToCartForm
from shop.listing import catalogue_context
from shop.models import Product
from shop.product_window import find, most_at_once, product_context
from shop.structured_data import Window, product_list, product_nodes, way_to_product


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    context = catalogue_context(request)
    name, address = _("Boutique"), request.build_absolute_uri(request.path)
    nodes = [product_list(context["products"], name, request)]
    settings = PortalSettings.for_request(request)
    data = whole_graph(nodes, request, settings, steps=[(name, address)])
    return render(request, "shop/catalogue.html", {**context, "json_ld_data": data})


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
    data = _graph(row, context, request)
    return render(request, "shop/product.html", {**context, "form": form, "json_ld_data": data})


def _graph(row: Product, context: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """The product's page for machines; its products of the same shop are told on their own pages."""
    names = ("choices", "shop", "can_buy", "photos")
    window = Window(row, request=request, **{name: context[name] for name in names})
    steps = way_to_product(row, request)
    return whole_graph(product_nodes(window), request, PortalSettings.for_request(request), steps=steps)
