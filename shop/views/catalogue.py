from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from home.models import PortalSettings
from shop.carts import MOST_OF_ONE
from shop.forms import AddToCartForm
from shop.listing import catalogue_context
from shop.models import Product
from shop.product_window import product_context
from shop.structured_data import product_offer


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/catalogue.html", catalogue_context(request))


@require_safe
def product(request: HttpRequest, merchant_slug: str, product_slug: str) -> HttpResponse:
    row = get_object_or_404(
        Product.objects.visible().for_cards(), merchant__slug=merchant_slug, slug=product_slug
    )
    context = product_context(row, settings=PortalSettings.for_request(request), now=timezone.now())
    most = max(1, min(row.units_left or 0, MOST_OF_ONE))
    form = AddToCartForm(variants=row.variants.all(), most=most)
    data = product_offer(row, context["variants"], request)
    return render(request, "shop/product.html", {**context, "form": form, "json_ld_data": data})
