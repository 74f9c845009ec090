"""May the shopper take an order back? Where its shop allows until it is ready, or where the law does later on."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.enums import OrderStatus, ProductKind, ShopperMayCancel
from shop.models import Order

LAWFUL_AFTER = timedelta(days=30)
"""Consumer Protection Act, 54.9: not delivered within 30 days of the promised date, or of the contract if none was."""

NEVER = {
    OrderStatus.PENDING: gettext_lazy("Cette commande n’est pas payée\u00a0: il n’y a rien à rembourser."),
    OrderStatus.CANCELED: gettext_lazy("Cette commande est déjà annulée."),
    OrderStatus.REFUNDED: gettext_lazy("Cette commande est déjà annulée et remboursée."),
    OrderStatus.FULFILLED: gettext_lazy(
        "Cette commande vous a été remise. Pour un retour, parlez-en au commerce."
    ),
}
"""Where nothing can be canceled, whatever the shop or the calendar says."""


def may_cancel_until_ready(order: Order) -> bool:
    """What the shop allowed when it sold; orders that froze nothing promised nothing."""
    return bool(order.seller.get("shopper_may_cancel") == ShopperMayCancel.UNTIL_READY)


def lawful_from(order: Order) -> datetime | None:
    """From when the law lets the shopper cancel what was not handed over; None while it is not paid."""
    since = order.promised_at or order.paid_at
    return since + LAWFUL_AFTER if since else None


def why_not_cancelable(order: Order, now: datetime) -> str:
    """Why the shopper cannot cancel this order, in French; "" when they can."""
    if order.status in NEVER:
        return str(NEVER[OrderStatus(order.status)])
    lawful = lawful_from(order)
    if lawful is not None and now >= lawful:
        return ""
    if not may_cancel_until_ready(order):
        return _("Ce commerce prépare ses commandes dès qu’elles sont payées\u00a0: appelez-le pour annuler.")
    if order.status == OrderStatus.READY:
        return _("Cette commande est déjà prête, ou en route\u00a0: appelez le commerce pour annuler.")
    if any(line.kind == ProductKind.DIGITAL for line in order.lines.all()):
        return _("Cette commande contient des fichiers déjà remis\u00a0: appelez le commerce pour annuler.")
    return ""
