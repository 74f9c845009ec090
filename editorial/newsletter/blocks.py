"""What an editor chooses for a letter: rows by their keys; what they say is read when the letter is written."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from directory.choosers import MerchantChooserBlock
from editorial.choosers import ProductChooserBlock


class StoryPicks(blocks.StreamBlock):
    story = blocks.PageChooserBlock(page_type="editorial.StoryPage", label=_("Histoire"))

    class Meta:
        max_num = 6


class ProductPicks(blocks.StreamBlock):
    product = ProductChooserBlock(label=_("Produit"))

    class Meta:
        max_num = 8


class MerchantPicks(blocks.StreamBlock):
    merchant = MerchantChooserBlock(label=_("Commerce"))

    class Meta:
        max_num = 6
