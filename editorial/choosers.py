"""Choosing a product in the Wagtail admin: among those of the portal in scope."""

from typing import Any

from django import forms
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from directory.choosers import FoldedChooseResultsView, FoldedChooserViewSet, FoldedChooseView
from home.blocks import PortalChooserBlock


def said_of_sale(product: Any) -> str:
    return gettext("oui") if product.is_on_sale else gettext("non\u00a0: personne ne le verrait")


class ProductList:
    """Whose each product is, and whether shoppers see it: two shops may sell « Miel de trèfle »."""

    def get_object_list(self) -> Any:
        from shop.models import Product

        on_sale = Exists(Product.objects.visible().filter(pk=OuterRef("pk")))
        rows: Any = super().get_object_list()  # type: ignore[misc]
        return rows.select_related("merchant").annotate(is_on_sale=on_sale)

    @property
    def columns(self) -> list[Column]:
        mine = [
            Column("merchant", label=_("Commerce"), accessor="merchant.name"),
            Column("is_on_sale", label=_("En vente"), accessor=said_of_sale),
        ]
        return [*super().columns, *mine]  # type: ignore[misc]


class ChooseProductView(ProductList, FoldedChooseView):
    """The window that opens, with its list."""


class ChooseProductResultsView(ProductList, FoldedChooseResultsView):
    """The list alone, as one types."""


class ProductChooserViewSet(FoldedChooserViewSet):
    choose_view_class = ChooseProductView
    choose_results_view_class = ChooseProductResultsView


product_chooser = ProductChooserViewSet(
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
