"""Blocks that tell: what happened when, how it is cooked, what somebody paid to say."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from editorial.choosers import ProductChooserBlock
from editorial.live_blocks import is_on_sale
from home.blocks import PROSE_FEATURES, PROSE_SHOWN, PortalImageBlock, filled


class MomentBlock(blocks.StructBlock):
    when = blocks.CharBlock(
        label=_("Quand"), max_length=40, help_text=_("«\u00a01978\u00a0», «\u00a04\u00a0h du matin\u00a0».")
    )
    title = blocks.CharBlock(label=_("Titre"), max_length=100, required=False)
    text = blocks.TextBlock(label=_("Ce qui s’est passé"), max_length=400)

    class Meta:
        icon = "date"
        label = _("Moment")


class TimelineBlock(blocks.StructBlock):
    """What happened, in its order."""

    title = blocks.CharBlock(label=_("Titre"), max_length=80, required=False)
    moments = blocks.ListBlock(MomentBlock(), label=_("Moments"), min_num=2, max_num=20)

    class Meta:
        icon = "history"
        label = _("Ligne du temps")
        template = "editorial/blocks/timeline_block.html"
        description = _("Une histoire en quelques dates, ou une nuit en quelques heures.")

    def get_preview_value(self) -> Any:
        moment = self.child_blocks["moments"].child_block
        night = [
            filled(moment, when=_("2\u00a0h"), text=_("Le four s’allume.")),
            filled(moment, when=_("6\u00a0h"), text=_("Les premiers clients cognent à la vitre.")),
        ]
        return filled(self, title=_("Une nuit au fournil"), moments=night)


class RecipeValue(blocks.StructValue):
    def goods(self) -> list[Any]:
        """What of it can be bought here now."""
        return [product for product in self["products"] if is_on_sale(product)]

    def total_minutes(self) -> int:
        return int(self.get("prep_minutes") or 0) + int(self.get("cook_minutes") or 0)

    def times(self) -> list[tuple[str, str, str]]:
        """Label, words and machine's words of each time that is told; the sum only where it has two parts."""
        told = [
            (_("Préparation"), self.get("prep_minutes")),
            (_("Cuisson"), self.get("cook_minutes")),
        ]
        parts = [(str(label), minutes) for label, minutes in told if minutes]
        if len(parts) > 1:
            parts.append((gettext("En tout"), self.total_minutes()))
        return [(label, minutes_text(minutes), f"PT{minutes}M") for label, minutes in parts]


def minutes_text(minutes: int) -> str:
    """« 45 min », « 2 h », « 1 h 05 »."""
    hours, left = divmod(minutes, 60)
    if not hours:
        return gettext("%(minutes)d\u00a0min") % {"minutes": left}
    if not left:
        return gettext("%(hours)d\u00a0h") % {"hours": hours}
    return gettext("%(hours)d\u00a0h\u00a0%(minutes)02d") % {"hours": hours, "minutes": left}


class RecipeBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Nom de la recette"), max_length=100)
    intro = blocks.TextBlock(label=_("En deux phrases"), max_length=300, required=False)
    image = PortalImageBlock(label=_("Photo du plat"), required=False)
    alt = blocks.CharBlock(label=_("Ce que montre la photo"), max_length=160, required=False)
    servings = blocks.CharBlock(
        label=_("Donne"), max_length=40, help_text=_("«\u00a04 portions\u00a0», «\u00a0une douzaine\u00a0».")
    )
    prep_minutes = blocks.IntegerBlock(
        label=_("Préparation, en minutes"), required=False, min_value=1, max_value=2880
    )
    cook_minutes = blocks.IntegerBlock(
        label=_("Cuisson, en minutes"), required=False, min_value=1, max_value=2880
    )
    ingredients = blocks.ListBlock(
        blocks.CharBlock(label=_("Ingrédient"), max_length=120), label=_("Ingrédients"), min_num=1, max_num=40
    )
    steps = blocks.ListBlock(
        blocks.TextBlock(label=_("Étape"), max_length=600), label=_("Étapes"), min_num=1, max_num=30
    )
    products = blocks.ListBlock(
        ProductChooserBlock(label=_("Produit")),
        label=_("Ce qu’on trouve ici"),
        default=[],
        max_num=8,
        help_text=_("Des produits du portail qu’il faut pour la recette\u00a0: le prix et le stock suivent."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Recette")
        template = "editorial/blocks/recipe_block.html"
        value_class = RecipeValue
        description = _("Ingrédients, étapes et temps, et ce qu’on peut en acheter ici.")

    def get_preview_value(self) -> Any:
        return filled(
            self,
            title=_("Pouding chômeur"),
            servings=_("6\u00a0portions"),
            prep_minutes=15,
            cook_minutes=40,
            ingredients=[_("2\u00a0tasses de sirop d’érable"), _("1\u00a0tasse de crème")],
            steps=[_("Chauffer le sirop et la crème."), _("Verser sur la pâte, puis cuire.")],
        )


class SponsoredBlock(blocks.StructBlock):
    """A passage somebody paid for, inside a story that nobody paid for. It always says so, and who."""

    sponsor = blocks.CharBlock(
        label=_("Commanditaire"), max_length=120, help_text=_("Toujours nommé au-dessus du texte.")
    )
    text = blocks.RichTextBlock(label=_("Texte"), features=PROSE_FEATURES)
    url = blocks.URLBlock(label=_("Son adresse web"), required=False)

    class Meta:
        icon = "tag"
        label = _("Encadré commandité")
        template = "editorial/blocks/sponsored_block.html"
        description = _("Un passage payé, marqué comme tel\u00a0: la mention ne s’enlève pas.")

    def get_preview_value(self) -> Any:
        return filled(self, sponsor=_("Une entreprise d’ici"), text=PROSE_SHOWN)
