"""Blocks any floor may use. Blocks about merchants, products and stories live with those."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Widget
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_scopes import get_scope
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from home.form_fields import PortalChoiceField
from home.references import NOT_HERE
from home.tenancy import across_portals, site_in_scope

PROSE_FEATURES = ["bold", "italic", "ul", "ol", "link"]
PROSE_SHOWN = (
    "<p>À quatre heures, la rue dort encore. <b>Lucie</b> allume le four, puis la radio, dans cet ordre.</p>"
)
"""What a block shows of itself in the list from which an editor picks one."""


def filled(block: blocks.StructBlock, **values: Any) -> Any:
    """The block's value with these in it, and its defaults for the rest."""
    return block.normalize({**block.get_default(), **values})


def newest_picture() -> Any:
    """The portal's, so that a block shows itself with a picture of here; None where there is none."""
    from home.models import CustomImage

    site = site_in_scope()
    rows = CustomImage.objects.filter(site=site, merchant=None).order_by("-pk")
    return rows.first() if site else None


Rows = Mapping[int, models.Model]
_AT_HAND: ContextVar[Mapping[str, Rows] | None] = ContextVar("rows_at_hand", default=None)


@contextmanager
def rows_at_hand(rows: Mapping[str, Rows]) -> Iterator[None]:
    """Within it, choosers of these models (« shop.Product ») read these rows alone; a key without one is a row gone."""
    token = _AT_HAND.set(rows)
    try:
        yield
    finally:
        _AT_HAND.reset(token)


NOWHERE = object()
"""In place of a row: a form was sent a key, and the portal has no such row."""


class PortalChooserBlock(blocks.ChooserBlock):
    """A row of the portal in scope, stored by its primary key.

    However many blocks of a page hold one, they are read together. A row that is gone, or is another portal's, reads
    as None. Where no portal is in scope (search index, references) rows are read plainly, whatever their portal.
    """

    target_model: str

    @cached_property
    def widget(self) -> Widget:
        """The chooser's widget; made late, when all models are loaded."""
        raise NotImplementedError

    @property
    def field(self) -> PortalChoiceField:
        """A draft may wait for its row, as Wagtail lets it: what is written meanwhile is kept."""
        return PortalChoiceField(
            self.model_class.objects.none(),
            widget=self.widget,
            required=self._required and not self.is_deferred_validation,
            validators=self._validators,
            help_text=self._help_text,
        )

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        """The row; NOWHERE for a key that is not one of the portal's, so that ``clean`` can say so."""
        sent = self.field.widget.value_from_datadict(data, files, prefix)
        if sent in (None, ""):
            return None
        row = self.value_from_form(sent) if str(sent).isdecimal() else None
        return NOWHERE if row is None else row

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for a key of nothing here, in a draft too, whether the block may be empty or not."""
        if value is NOWHERE:
            raise ValidationError(str(NOT_HERE), code="not_here")
        return super().clean(value)

    def get_form_state(self, value: Any) -> Any:
        return super().get_form_state(None if value is NOWHERE else value)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(None if value is NOWHERE else value)

    def rows(self, pks: list[int]) -> dict[int, models.Model]:
        """The rows of the portal in scope with these keys: with a constant number of queries."""
        found: dict[int, models.Model] = self.model_class.objects.in_bulk(pks)
        return found

    def to_python(self, value: Any) -> models.Model | None:
        return self.bulk_to_python([value])[0]

    def bulk_to_python(self, values: Iterable[Any]) -> list[models.Model | None]:
        keys = [value if isinstance(value, int) else None for value in values]
        known = (_AT_HAND.get() or {}).get(self.target_model)
        rows = known if known is not None else self.read(key for key in keys if key is not None)
        return [rows.get(key) if key is not None else None for key in keys]

    def read(self, keys: Iterable[int]) -> dict[int, models.Model]:
        """The rows with these keys that may be read here."""
        pks = sorted(set(keys))
        if not pks:
            return {}
        if "site" in get_scope():
            return self.rows(pks)
        with across_portals():
            return PortalChooserBlock.rows(self, pks)


class ProseBlock(blocks.RichTextBlock):
    """Running text: no headings, no embeds, no raw HTML."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": PROSE_FEATURES, "label": _("Texte"), "icon": "pilcrow", **kwargs})

    class Meta:
        preview_value = PROSE_SHOWN
        description = _("Le texte qu’on lit\u00a0: gras, italique, listes et liens.")


class HeadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        label = _("Intertitre")
        template = "home/blocks/heading_block.html"
        preview_value = _("Avant que la rue s’éveille")
        description = _("Coupe un long texte\u00a0: quelques mots, sans point à la fin.")


class PortalImageBlock(ImageChooserBlock):
    """As Wagtail's, and written into migrations as Wagtail's; a form never shows a picture of another portal."""

    @cached_property
    def widget(self) -> Widget:
        from home.choosers import OwnPictureChooser

        widget: Widget = OwnPictureChooser()
        return widget

    def deconstruct(self) -> Any:
        _path, args, kwargs = super().deconstruct()
        return "wagtail.images.blocks.ImageChooserBlock", args, kwargs


class PictureBlock(blocks.StructBlock):
    """A picture with what it shows (never left out) and who made it."""

    image = PortalImageBlock(label=_("Image"))
    alt = blocks.CharBlock(label=_("Ce que montre l’image"), max_length=160)
    credit = blocks.CharBlock(label=_("Crédit"), max_length=120, required=False)
    caption = blocks.CharBlock(label=_("Légende"), max_length=240, required=False)

    class Meta:
        icon = "image"
        label = _("Photo")
        template = "home/blocks/picture_block.html"
        description = _("Une photo dans le texte, avec ce qu’elle montre, sa légende et son crédit.")

    def get_preview_value(self) -> Any:
        words = {"caption": _("Ce que la photo ne dit pas."), "credit": _("Nom du photographe")}
        return filled(self, image=newest_picture(), **words)


class QuoteBlock(blocks.StructBlock):
    quote = blocks.TextBlock(label=_("Citation"), max_length=400)
    attribution = blocks.CharBlock(label=_("Qui parle"), max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = _("Citation")
        template = "home/blocks/quote_block.html"
        description = _("Des mots qu’on a dits, en grand, et de qui ils sont.")

    def get_preview_value(self) -> Any:
        return filled(self, quote=_("Le pain, ça ne se presse pas."), attribution=_("Lucie, boulangère"))


class GalleryBlock(blocks.StructBlock):
    pictures = blocks.ListBlock(PictureBlock(), label=_("Photos"), min_num=2, max_num=12)

    class Meta:
        icon = "image"
        label = _("Galerie")
        template = "home/blocks/gallery_block.html"
        description = _("De deux à douze photos côte à côte, chacune avec ses mots.")

    def get_preview_value(self) -> Any:
        picture = self.child_blocks["pictures"].child_block.get_preview_value()
        return filled(self, pictures=[picture, picture])


class StepBlock(blocks.StructBlock):
    """One step of « comment ça marche »."""

    title = blocks.CharBlock(label=_("Titre"), max_length=60)
    text = blocks.TextBlock(label=_("Explication"), max_length=300)

    class Meta:
        icon = "list-ol"
        label = _("Étape")
        template = "home/blocks/step_block.html"


class HowItWorksStream(blocks.StreamBlock):
    step_block = StepBlock()


class PlainStream(blocks.StreamBlock):
    heading_block = HeadingBlock()
    text_block = ProseBlock()


class PartnerBlock(blocks.StructBlock):
    """City, Chamber, Journal: who is behind the portal."""

    name = blocks.CharBlock(label=_("Nom"), max_length=80)
    role = blocks.CharBlock(label=_("Rôle"), max_length=80)
    url = blocks.URLBlock(label=_("Adresse web"), required=False)

    class Meta:
        icon = "group"
        label = _("Partenaire")


class PartnerStream(blocks.StreamBlock):
    partner = PartnerBlock()
