"""Blocks of campaign pages: shelves of merchants, products and stories, chosen one by one or by a rule.

A shelf keeps what was asked of it, never what was found: ``editorial.campaign_shelves`` fills all shelves of a page
together when it is read, and the page's own template draws them.
"""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from directory.choosers import MerchantChooserBlock
from editorial.choosers import ProductChooserBlock
from home.blocks import (
    GalleryBlock,
    HeadingBlock,
    PictureBlock,
    PortalChooserBlock,
    ProseBlock,
    QuoteBlock,
    filled,
)

GATHERED, WRITTEN = _("Rassembler"), _("Écrire et montrer")
SIZES = [("4", "4"), ("8", "8"), ("12", "12")]


class PortalSelectBlock(PortalChooserBlock):
    """A row of a short list of the portal, from a menu."""

    @cached_property
    def widget(self) -> forms.Widget:
        return forms.Select()

    def get_form_state(self, value: Any) -> Any:
        """A list of one key, as text: what the editor's script reads of a menu."""
        return self.widget.format_value(getattr(value, "pk", None))

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


class ShelfBlock(blocks.StructBlock):
    """A shelf that its page fills. In the list of blocks it shows itself filled, as a page of today would."""

    def get_preview_template(self, value: Any, context: Any = None) -> str:
        return "editorial/block_previews/shelf.html"

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from editorial.campaigns import part_shown

        return {**(parent_context or {}), **part_shown(str(self.name), value)}


class ProductShelfBlock(ShelfBlock):
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
        description = _(
            "Des produits qu’on peut avoir aujourd’hui\u00a0: les vôtres d’abord, puis ceux que la règle trouve."
        )

    def get_preview_value(self) -> Any:
        return filled(self, title=_("Sous le sapin"), size="4")


class MerchantShelfBlock(ShelfBlock):
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
        description = _(
            "Des commerces avec leurs heures du moment\u00a0: les vôtres d’abord, puis ceux que le sort tire."
        )

    def get_preview_value(self) -> Any:
        return filled(self, title=_("Ça vaut le détour"), size="4")


class StoryShelfBlock(ShelfBlock):
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
        description = _("Des histoires parues\u00a0: les vôtres, ou les trois plus récentes.")

    def get_preview_value(self) -> Any:
        return filled(self, title=_("Les gens derrière les cadeaux"))


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


def tomorrow() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=1)


class AgendaBlock(ShelfBlock):
    """What is still to come, in the order of its days."""

    title = blocks.CharBlock(label=_("Titre"), max_length=80)
    occasions = blocks.ListBlock(OccasionBlock(), label=_("Rendez-vous"), min_num=1, max_num=12)

    class Meta:
        icon = "date"
        label = _("Agenda")
        description = _("Ce qui a lieu, dans l’ordre des jours. Un jour passé s’efface de lui-même.")

    def get_preview_value(self) -> Any:
        occasion = self.child_blocks["occasions"].child_block
        fair = filled(occasion, name=_("Marché de Noël"), day=tomorrow(), place=_("Quai Paquet"))
        return filled(self, title=_("À l’agenda"), occasions=[fair])


class GiftFinderBlock(ShelfBlock):
    """The form of the gift finder, at /cadeaux/."""

    title = blocks.CharBlock(label=_("Titre"), max_length=80)
    words = blocks.CharBlock(label=_("En une phrase"), max_length=160, required=False)

    class Meta:
        icon = "search"
        label = _("Trouver un cadeau")
        description = _("Le formulaire qui trouve un cadeau selon le budget et l’âge.")

    def get_preview_value(self) -> Any:
        return filled(
            self, title=_("Une idée en trois questions"), words=_("Un budget, un âge, et c’est trouvé.")
        )


class CampaignStream(blocks.StreamBlock):
    product_shelf = ProductShelfBlock(group=GATHERED)
    merchant_shelf = MerchantShelfBlock(group=GATHERED)
    story_shelf = StoryShelfBlock(group=GATHERED)
    gift_finder = GiftFinderBlock(group=GATHERED)
    agenda = AgendaBlock(group=GATHERED)
    text_block = ProseBlock(group=WRITTEN)
    heading_block = HeadingBlock(group=WRITTEN)
    picture_block = PictureBlock(group=WRITTEN)
    quote_block = QuoteBlock(group=WRITTEN)
    gallery_block = GalleryBlock(group=WRITTEN)

    class Meta:
        block_counts = {
            "product_shelf": {"max_num": 6},
            "merchant_shelf": {"max_num": 4},
            "story_shelf": {"max_num": 2},
            "gift_finder": {"max_num": 1},
            "agenda": {"max_num": 1},
        }
