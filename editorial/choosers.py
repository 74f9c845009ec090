"""Choosing a product in the Wagtail admin: among those of the portal in scope."""

from django import forms
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from directory.choosers import FoldedChooserViewSet
from home.blocks import PortalChooserBlock

product_chooser = FoldedChooserViewSet(
    "product_chooser",
    model="shop.Product",
    icon="tag",
    choose_one_text=_("Choisir un produit"),
    choose_another_text=_("Choisir un autre produit"),
    edit_item_text=_("Modifier ce produit"),
)


class ProductChooserBlock(PortalChooserBlock):
    """A product, read as a card: joined to its merchant, with its price and stock of the moment."""

    target_model = "shop.Product"

    @cached_property
    def widget(self) -> forms.Widget:
        widget: forms.Widget = product_chooser.widget_class()
        return widget

    def rows(self, pks: list[int]) -> dict[int, models.Model]:
        from shop.cards import product_cards
        from shop.models import Product
        from shop.on_shelves import is_vouched

        on_sale = Exists(Product.objects.visible().filter(pk=OuterRef("pk")))
        cards = product_cards(Product.objects.filter(pk__in=pks).annotate(is_on_sale=on_sale))
        now = timezone.now()
        for product in cards:
            product.is_vouched = is_vouched(product, now)
        return {product.pk: product for product in cards}

    class Meta:
        icon = "tag"
