"""Blocks of stories: prose and pictures of the ground floor, live ones, and those that tell."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from editorial.live_blocks import MerchantBlock, PlaceBlock, ProductBlock, ShelfBlock
from editorial.told_blocks import RecipeBlock, SponsoredBlock, TimelineBlock
from home.blocks import GalleryBlock, HeadingBlock, PictureBlock, ProseBlock, QuoteBlock

WRITTEN, SHOPS, PAID = _("Écrire et montrer"), _("Commerces et produits"), _("Commandite")


class StoryStream(blocks.StreamBlock):
    text_block = ProseBlock(group=WRITTEN)
    heading_block = HeadingBlock(group=WRITTEN)
    picture_block = PictureBlock(group=WRITTEN)
    gallery_block = GalleryBlock(group=WRITTEN)
    quote_block = QuoteBlock(group=WRITTEN)
    timeline_block = TimelineBlock(group=WRITTEN)
    recipe_block = RecipeBlock(group=WRITTEN)
    merchant_block = MerchantBlock(group=SHOPS)
    product_block = ProductBlock(group=SHOPS)
    shelf_block = ShelfBlock(group=SHOPS)
    place_block = PlaceBlock(group=SHOPS)
    sponsored_block = SponsoredBlock(group=PAID)
