"""Blocks that are read when the page is: merchants, products, shelves, places.

A merchant or product is stored by its primary key; what is shown (hours, price, stock) is that of the moment. What
shoppers may not see prints nothing.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from directory.choosers import MerchantChooserBlock
from directory.town_outlines import DRAWN, is_on_sheet
from editorial.choosers import ProductChooserBlock
from home.blocks import filled

MOST_ON_A_SHELF = 12
MOST_SHOWN = 3
"""On the shelf by which a block shows itself."""


class LiveBlock(blocks.StructBlock):
    """Prints nothing where there is nothing to show."""

    def is_shown(self, value: Any) -> bool:
        raise NotImplementedError

    def render(self, value: Any, context: dict[str, Any] | None = None) -> str:
        return super().render(value, context) if self.is_shown(value) else ""


def is_visible(merchant: Any) -> bool:
    """Whether shoppers may see the merchant; the chooser's rows know it."""
    return merchant is not None and bool(getattr(merchant, "is_visible", False))


def is_on_sale(product: Any) -> bool:
    return product is not None and bool(getattr(product, "is_on_sale", False))


def some_merchant() -> Any:
    """One of the portal's that shoppers see, with a place on the map where there is one: a block shows itself by it."""
    from directory.models import Merchant

    rows = Merchant.objects.visible().order_by(F("latitude").asc(nulls_last=True), "pk")
    return MerchantChooserBlock().to_python(rows.values_list("pk", flat=True).first())


def newest_products() -> list[Any]:
    """A few of the portal's that are on sale; none where none is."""
    from shop.models import Product

    keys = Product.objects.visible().in_stock().order_by("-created_at", "-pk").values_list("pk", flat=True)
    return [row for row in ProductChooserBlock().bulk_to_python(list(keys[:MOST_SHOWN])) if row]


class MerchantBlock(LiveBlock):
    merchant = MerchantChooserBlock(label=_("Commerce"))

    def is_shown(self, value: Any) -> bool:
        return is_visible(value.get("merchant"))

    class Meta:
        icon = "home"
        label = _("Commerce")
        template = "editorial/blocks/merchant_block.html"
        description = _("Un commerce avec ses heures du moment, son adresse et son téléphone.")

    def get_preview_value(self) -> Any:
        return filled(self, merchant=some_merchant())


class ProductBlock(LiveBlock):
    product = ProductChooserBlock(label=_("Produit"))

    def is_shown(self, value: Any) -> bool:
        return is_on_sale(value.get("product"))

    class Meta:
        icon = "tag"
        label = _("Produit")
        template = "editorial/blocks/product_block.html"
        description = _("Un produit avec son prix et son stock du moment.")

    def get_preview_value(self) -> Any:
        return filled(self, product=next(iter(newest_products()), None))


class ShelfValue(blocks.StructValue):
    def goods(self) -> list[Any]:
        """Those on sale now: the chosen ones in their order, or the newest of the merchant's. All vouched for."""
        chosen = [product for product in self["products"] if is_on_sale(product) and product.is_vouched]
        of_merchant = getattr(self.get("merchant"), "newest_products", [])
        return (chosen or list(of_merchant))[:MOST_ON_A_SHELF]


class ShelfBlock(LiveBlock):
    """Several products side by side: chosen one by one, or whatever a merchant sells now."""

    title = blocks.CharBlock(label=_("Titre de l’étagère"), max_length=80, required=False)
    products = blocks.ListBlock(
        ProductChooserBlock(label=_("Produit")),
        label=_("Produits choisis"),
        default=[],
        max_num=MOST_ON_A_SHELF,
        help_text=_("Dans l’ordre où on les voit. Laissez vide pour montrer tout ce que vend un commerce."),
    )
    merchant = MerchantChooserBlock(
        label=_("Ou tout ce que vend ce commerce"),
        required=False,
        help_text=_("Ce qui est en vente au moment où on lit, les nouveautés d’abord."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        if bool(cleaned["products"]) == bool(cleaned["merchant"]):
            words = _("Choisissez des produits un à un, ou bien un commerce\u00a0: l’un des deux.")
            raise StructBlockValidationError(block_errors={"merchant": ValidationError(words)})
        return cleaned

    def is_shown(self, value: Any) -> bool:
        return bool(value.goods())

    class Meta:
        icon = "grip"
        label = _("Étagère de produits")
        template = "editorial/blocks/shelf_block.html"
        value_class = ShelfValue
        description = _("Plusieurs produits, ou tout ce que vend un commerce, aux prix du moment.")

    def get_preview_value(self) -> Any:
        return filled(self, title=_("De quoi garnir la table"), products=newest_products())


class PlaceValue(blocks.StructValue):
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude: the merchant's of the moment, or those that were written."""
        merchant = self.get("merchant")
        place: Any = merchant if is_visible(merchant) else None
        latitude = place.latitude if place else self.get("latitude")
        longitude = place.longitude if place else self.get("longitude")
        return None if latitude is None or longitude is None else (float(latitude), float(longitude))

    def way(self) -> str:
        """The address that leads there; "" for a place without a point."""
        point = self.point()
        return f"https://www.openstreetmap.org/directions?to={point[0]:.6f},{point[1]:.6f}" if point else ""

    def pin(self, shape: str) -> tuple[str, str] | None:
        """Where the point stands on that town's drawing, as SVG writes it; None where the drawing has not the place."""
        point, drawn = self.point(), DRAWN.get(shape)
        spot = drawn.point(*point) if point and drawn else None
        return (f"{spot[0]:.1f}", f"{spot[1]:.1f}") if spot and is_on_sheet(spot) else None

    def name(self) -> str:
        merchant = self.get("merchant")
        return str(self.get("title") or (merchant.name if is_visible(merchant) else ""))


class PlaceBlock(LiveBlock):
    """A point on the town's own outline, with the address and how to get there: the map says nothing more."""

    merchant = MerchantChooserBlock(
        label=_("Commerce"), required=False, help_text=_("Son adresse et son point sur la carte suivent.")
    )
    title = blocks.CharBlock(
        label=_("Nom du lieu"), max_length=80, required=False, help_text=_("Vide\u00a0: celui du commerce.")
    )
    address = blocks.CharBlock(label=_("Adresse"), max_length=160, required=False)
    latitude = blocks.FloatBlock(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, help_text=_("Par exemple 46.81")
    )
    longitude = blocks.FloatBlock(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, help_text=_("Par exemple -71.18")
    )
    directions = blocks.TextBlock(
        label=_("Comment s’y rendre"),
        max_length=300,
        required=False,
        help_text=_("L’autobus, le stationnement, la rampe."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation or cleaned["merchant"]:
            return cleaned
        wrong: dict[str, ValidationError] = {}
        if not cleaned["title"]:
            wrong["title"] = ValidationError(_("Nommez le lieu, ou choisissez un commerce."))
        if not cleaned["address"]:
            wrong["address"] = ValidationError(_("Écrivez l’adresse, ou choisissez un commerce."))
        if (cleaned["latitude"] is None) != (cleaned["longitude"] is None):
            wrong["longitude"] = ValidationError(
                _("Un point a deux nombres\u00a0: la latitude et la longitude.")
            )
        if wrong:
            raise StructBlockValidationError(block_errors=wrong)
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        portal = context.get("portal")
        shape = portal.town_shape if portal else ""
        return {**context, "shape": shape, "pin": value.pin(shape)}

    def is_shown(self, value: Any) -> bool:
        if value.get("merchant") is not None:
            return is_visible(value["merchant"])
        return bool(value.get("title") and value.get("address"))

    class Meta:
        icon = "site"
        label = _("Lieu sur la carte")
        template = "editorial/blocks/place_block.html"
        value_class = PlaceValue
        description = _("Un point sur la silhouette de la ville, l’adresse et le chemin.")

    def get_preview_value(self) -> Any:
        return filled(self, merchant=some_merchant(), directions=_("Stationnement derrière."))
