"""« Qu’est-ce que c’est? »: what a merchant sells, in plain words, and the tax class that follows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.folding import fold
from directory.models import Merchant
from shop.enums import TaxClass
from shop.models import Product


class Goods(models.TextChoices):
    BASIC_FOOD = "basic_food", _("Nourriture de base\u00a0: fromage, pain, viande, légumes (aucune taxe)")
    SNACK = "snack", _("Gâterie pour une personne\u00a0: sucrerie, muffin, crème glacée")
    OTHER_FOOD = "other_food", _("Autre nourriture\u00a0: plat préparé, boisson gazeuse, croustilles (taxes)")
    BOOK = "book", _("Livre imprimé, ou couches (TPS seulement)")
    GIFT_CARD = "gift_card", _("Carte-cadeau (aucune taxe)")
    OTHER = "other", _("Tout le reste (TPS et TVQ)")


TAX_CLASS = {
    Goods.BASIC_FOOD: TaxClass.ZERO_RATED,
    Goods.SNACK: TaxClass.SNACK,
    Goods.OTHER_FOOD: TaxClass.STANDARD,
    Goods.BOOK: TaxClass.GST_ONLY,
    Goods.GIFT_CARD: TaxClass.GIFT_CARD,
    Goods.OTHER: TaxClass.STANDARD,
}
FOOD = frozenset({Goods.BASIC_FOOD, Goods.SNACK, Goods.OTHER_FOOD})

WORDS_OF_CATEGORIES = (("aliment", Goods.BASIC_FOOD), ("livre", Goods.BOOK))
"""Where a category's folded name holds the word, a first product is most likely that."""


def goods_of(product: Product) -> Goods:
    """What a product was said to be, from its tax class and whether it is food."""
    if product.tax_class == TaxClass.STANDARD:
        return Goods.OTHER_FOOD if product.is_food else Goods.OTHER
    return next(goods for goods, tax_class in TAX_CLASS.items() if tax_class == product.tax_class)


def likely_goods(merchant: Merchant) -> Goods:
    """What its next product most likely is: as its last one, else as its category says."""
    last = Product.objects.filter(merchant=merchant).order_by("-created_at", "-pk").first()
    if last is not None:
        return goods_of(last)
    category = fold(merchant.category.name)
    return next((goods for word, goods in WORDS_OF_CATEGORIES if word in category), Goods.OTHER)


def tax_fields(goods: Goods) -> dict[str, str | bool]:
    """The fields of Product that follow."""
    return {"tax_class": TAX_CLASS[goods].value, "is_food": goods in FOOD}
