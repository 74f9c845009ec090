"""Blocks of stories: prose, pictures, and live merchants and products.

A merchant or product is stored by its primary key; what is shown (hours, price, stock) is read when the page is.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from directory.choosers import MerchantChooserBlock
from editorial.choosers import ProductChooserBlock
from home.blocks import GalleryBlock, HeadingBlock, PictureBlock, ProseBlock, QuoteBlock


class MerchantBlock(blocks.StructBlock):
    """A merchant with today's hours. Renders nothing when shoppers may not see the merchant."""

    merchant = MerchantChooserBlock(label=_("Commerce"))

    class Meta:
        icon = "home"
        label = _("Commerce")
        template = "editorial/blocks/merchant_block.html"

    def render(self, value: Any, context: dict[str, Any] | None = None) -> str:
        merchant = value.get("merchant")
        if merchant is None or not getattr(merchant, "is_visible", False):
            return ""
        rendered: str = super().render(value, context)
        return rendered


class ProductBlock(blocks.StructBlock):
    """A product with its price and stock of the moment. Renders nothing when it is not on sale."""

    product = ProductChooserBlock(label=_("Produit"))

    class Meta:
        icon = "tag"
        label = _("Produit")
        template = "editorial/blocks/product_block.html"

    def render(self, value: Any, context: dict[str, Any] | None = None) -> str:
        product = value.get("product")
        if product is None or not getattr(product, "is_on_sale", False):
            return ""
        rendered: str = super().render(value, context)
        return rendered


class StoryStream(blocks.StreamBlock):
    text_block = ProseBlock()
    heading_block = HeadingBlock()
    picture_block = PictureBlock()
    quote_block = QuoteBlock()
    gallery_block = GalleryBlock()
    merchant_block = MerchantBlock()
    product_block = ProductBlock()
