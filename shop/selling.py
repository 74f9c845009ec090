"""May this be sold here, now, and for which commission?"""

from django.utils.translation import gettext as _

from directory.enums import Tier
from home.models import PortalSettings
from shop.enums import ChargeModel
from shop.models import Product, Shop


def why_not_sold(product: Product, shop: Shop) -> str:
    """The reason, for the shopper and in French, why a product cannot be bought online now; "" when it can.

    What the merchant charges itself (``direct``: alcohol, by law) is not sold online yet.
    """
    merchant = product.merchant
    if merchant.tier != Tier.TRANSACTIONAL or merchant.is_suspended or merchant.removed_at:
        return _("%(shop)s ne vend plus ici.") % {"shop": merchant.name}
    if shop.paused_at:
        return _("%(shop)s fait une pause\u00a0: ses ventes en ligne reprendront bientôt.") % {
            "shop": merchant.name
        }
    if not shop.can_be_paid or shop.charge_model != ChargeModel.SEPARATE:
        return _("%(shop)s ne peut pas encore recevoir de paiements en ligne.") % {"shop": merchant.name}
    if product.is_alcohol:
        return _("L’alcool s’achète sur place, chez %(shop)s.") % {"shop": merchant.name}
    return ""


def commission_bps(shop: Shop, settings: PortalSettings) -> int:
    """Commission in basis points of the goods: the shop's own, else the portal's."""
    return settings.commission_bps if shop.commission_bps is None else shop.commission_bps
