"""Blocks of merchant pages."""

from wagtail import blocks

from home.blocks import HeadingBlock, PictureBlock, ProseBlock, QuoteBlock


class MerchantStream(blocks.StreamBlock):
    heading_block = HeadingBlock()
    text_block = ProseBlock()
    quote_block = QuoteBlock()
    picture_block = PictureBlock()
