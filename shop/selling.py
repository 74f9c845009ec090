"""May this be sold here, now, charged by whom, and for which commission?"""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.enums import Tier
from directory.models import Merchant
from directory.schedules import vacation_of
from home.models import PortalSettings
from shop import alcohol
from shop.enums import ChargeModel
from shop.models import Product, Shop


def shops_of(merchant_ids: Iterable[int]) -> dict[int, Shop]:
    """The shops of merchants, by merchant, with all that ``why_not_sold`` asks of them: three queries in all."""
    shops = Shop.objects.filter(merchant__in=list(merchant_ids)).select_related("merchant")
    related = ("merchant__alcohol_permits", "merchant__tax_registrations")
    return {shop.merchant_id: shop for shop in shops.prefetch_related(*related)}


def is_charged_direct(shop: Shop, settings: PortalSettings | None = None, *, has_alcohol: bool) -> bool:
    """Whether cards are charged on the merchant's own account: its choice, the portal's, or the law's."""
    by_portal = settings is not None and settings.merchants_charge_themselves
    return has_alcohol or by_portal or shop.charge_model == ChargeModel.DIRECT


def why_not_sold(
    product: Product, shop: Shop, *, settings: PortalSettings | None = None, today: date | None = None
) -> str:
    """The reason, for the shopper and in French, why a product cannot be bought online now; "" when it can.

    ``settings``: the portal's, where its merchants may all charge themselves. ``today``: the day of the sale,
    else the present one. Alcohol costs a query for permits and one for tax numbers per shop in hand, none after
    ``shops_of``.
    """
    merchant = product.merchant
    names = {"shop": merchant.name}
    if merchant.tier != Tier.TRANSACTIONAL or merchant.is_suspended or merchant.removed_at:
        return _("%(shop)s ne vend plus ici.") % names
    if reason := _why_paused(shop, merchant, today):
        return reason
    if not shop.return_policy.strip():
        return _("%(shop)s n’a pas dit ses conditions de retour\u00a0: rien n’y est vendu en ligne.") % names
    if product.is_alcohol and _why_no_alcohol(shop, today):
        return _("L’alcool s’achète sur place, chez %(shop)s.") % names
    direct = is_charged_direct(shop, settings, has_alcohol=product.is_alcohol)
    if not (shop.can_charge if direct else shop.can_be_paid):
        return _("%(shop)s ne peut pas encore recevoir de paiements en ligne.") % names
    return ""


def _why_paused(shop: Shop, merchant: Merchant, today: date | None) -> str:
    if shop.paused_at:
        names = {"shop": merchant.name}
        return _("%(shop)s fait une pause\u00a0: ses ventes en ligne reprendront bientôt.") % names
    return why_away(merchant, today or timezone.localdate())


def why_away(merchant: Merchant, today: date) -> str:
    """That a merchant is on vacation, and until when; "" on the days it works. It ends by itself."""
    vacation = vacation_of(merchant)
    if vacation is None or today not in vacation:
        return ""
    names = {"shop": merchant.name, "day": vacation.until}
    return (
        _("%(shop)s est en vacances jusqu’au %(day)s\u00a0: ses ventes en ligne reprendront ensuite.") % names
    )


def _why_no_alcohol(shop: Shop, today: date | None) -> str:
    # The shop's merchant, not the product's: one per shop in a basket, so its permits are read once.
    return alcohol.why_no_alcohol(shop.merchant, shop, today=today or timezone.localdate())


def commission_bps(shop: Shop, settings: PortalSettings) -> int:
    """Commission in basis points of the goods: the shop's own, else the portal's."""
    return settings.commission_bps if shop.commission_bps is None else shop.commission_bps
