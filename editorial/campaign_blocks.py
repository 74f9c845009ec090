"""Blocks of campaign pages: shelves of merchants, products and stories, chosen one by one or by a rule.

A shelf keeps what was asked of it, never what was found: ``editorial.campaign_shelves`` fills all shelves of a page
together when it is read, and the page's own template draws them.
"""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from directory.choosers import MerchantChooserBlock
from editorial.choosers import ProductChooserBlock
from home.blocks import GalleryBlock, HeadingBlock, PictureBlock, PortalChooserBlock, ProseBlock, QuoteBlock

SIZES = [("4", "4"), ("8", "8"), ("12", "12")]


class PortalSelectBlock(PortalChooserBlock):
    """A row of a short list of the portal, from a menu."""

    @cached_property
    def widget(self) -> forms.Widget:
        return forms.Select()

    def get_form_state(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def value_from_form(self, value: Any) -> Any:
        return super().value_from_form(value) if str(value or "").isdecimal() else None


class CategorySelectBlock(PortalSelectBlock):
    target_model = "directory.Category"

    class Meta:
        icon = "tag"


class SectorSelectBlock(PortalSelectBlock):
    target_model = "directory.Sector"

    class Meta:
        icon = "site"


class StorySelectBlock(blocks.PageChooserBlock):
    """As Wagtail's, and written into migrations as Wagtail's; a form never shows a story of another portal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"page_type": "editorial.StoryPage", **kwargs})

    @cached_property
    def widget(self) -> forms.Widget:
        from home.choosers import OwnPageChooser

        widget: forms.Widget = OwnPageChooser(target_models=self.target_models)
        return widget

    def deconstruct(self) -> Any:
        _path, args, kwargs = super().deconstruct()
        return "wagtail.blocks.PageChooserBlock", args, kwargs


class ProductShelfBlock(blocks.StructBlock):
    """Products that one can have now: the chosen ones first, then those that the rule finds, newest first."""

    title = blocks.CharBlock(label=_("Titre"), max_length=80)
    products = blocks.ListBlock(
        ProductChooserBlock(label=_("Produit")),
        label=_("Produits choisis"),
        default=[],
        max_num=12,
        help_text=_("Montrés d’abord, tant qu’il y en a en stock."),
    )
    tag = blocks.CharBlock(label=_("Mot-clé des autres"), max_length=60, required=False)
    category = CategorySelectBlock(label=_("Catégorie des autres"), required=False)
    under_dollars = blocks.IntegerBlock(
        label=_("Pas plus de ($)"), min_value=1, max_value=100_000, required=False
    )
    size = blocks.ChoiceBlock(
        label=_("Combien en tout"),
        choices=SIZES,
        default="8",
        help_text=_("Ce qui manque aux produits choisis est complété par la règle, des plus récents."),
    )

    class Meta:
        icon = "tag"
        label = _("Tablette de produits")


class MerchantShelfBlock(blocks.StructBlock):
    """Merchants whom shoppers may see: the chosen ones first, then those that the rule finds, drawn anew each day."""

    title = blocks.CharBlock(label=_("Titre"), max_length=80)
    merchants = blocks.ListBlock(
        MerchantChooserBlock(label=_("Commerce")),
        label=_("Commerces choisis"),
        default=[],
        max_num=12,
        help_text=_("Montrés d’abord, dans cet ordre."),
    )
    category = CategorySelectBlock(label=_("Catégorie des autres"), required=False)
    sector = SectorSelectBlock(label=_("Secteur des autres"), required=False)
    size = blocks.ChoiceBlock(
        label=_("Combien en tout"),
        choices=SIZES,
        default="4",
        help_text=_(
            "Ce qui manque aux commerces choisis est complété par la règle, au sort, et chaque jour autrement."
        ),
    )

    class Meta:
        icon = "home"
        label = _("Commerces à visiter")


class StoryShelfBlock(blocks.StructBlock):
    """Published stories: the chosen ones, or the newest where none was chosen."""

    title = blocks.CharBlock(label=_("Titre"), max_length=80)
    stories = blocks.ListBlock(
        StorySelectBlock(label=_("Histoire")),
        label=_("Histoires choisies"),
        default=[],
        max_num=6,
        help_text=_("Laissé vide\u00a0: les trois plus récentes."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Histoires")


class OccasionBlock(blocks.StructBlock):
    """Something that takes place: a market, a parade. Once its day is past it is shown no more."""

    name = blocks.CharBlock(label=_("Nom"), max_length=80)
    day = blocks.DateBlock(label=_("Jour"))
    begins = blocks.TimeBlock(label=_("De"), required=False)
    ends = blocks.TimeBlock(label=_("À"), required=False)
    place = blocks.CharBlock(label=_("Lieu"), max_length=80)
    address = blocks.CharBlock(label=_("Adresse"), max_length=120, required=False)
    words = blocks.CharBlock(label=_("En une phrase"), max_length=200, required=False)

    class Meta:
        icon = "date"
        label = _("Rendez-vous")


class AgendaBlock(blocks.StructBlock):
    """What is still to come, in the order of its days."""

    title = blocks.CharBlock(label=_("Titre"), max_length=80)
    occasions = blocks.ListBlock(OccasionBlock(), label=_("Rendez-vous"), min_num=1, max_num=12)

    class Meta:
        icon = "date"
        label = _("Agenda")


class GiftFinderBlock(blocks.StructBlock):
    """The form of the gift finder, at /cadeaux/."""

    title = blocks.CharBlock(label=_("Titre"), max_length=80)
    words = blocks.CharBlock(label=_("En une phrase"), max_length=160, required=False)

    class Meta:
        icon = "search"
        label = _("Trouver un cadeau")


class CampaignStream(blocks.StreamBlock):
    product_shelf = ProductShelfBlock()
    merchant_shelf = MerchantShelfBlock()
    story_shelf = StoryShelfBlock()
    gift_finder = GiftFinderBlock()
    agenda = AgendaBlock()
    text_block = ProseBlock()
    heading_block = HeadingBlock()
    picture_block = PictureBlock()
    quote_block = QuoteBlock()
    gallery_block = GalleryBlock()

    class Meta:
        block_counts = {
            "product_shelf": {"max_num": 6},
            "merchant_shelf": {"max_num": 4},
            "story_shelf": {"max_num": 2},
            "gift_finder": {"max_num": 1},
            "agenda": {"max_num": 1},
        }
