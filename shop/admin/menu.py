"""The money of the portal in the admin's menu."""

from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdminGroup

from shop.admin.events import OutboxAdmin, StripeEventAdmin
from shop.admin.orders import CheckoutAdmin, OrderAdmin
from shop.admin.payments import DisputeAdmin, PaymentIntentAdmin, RefundAdmin
from shop.admin.payouts import DebtAdmin, LedgerAdmin, PayoutAdmin, ReversalAdmin, TransferAdmin


class SalesGroup(ModelAdminGroup):
    menu_label = _("Ventes")
    menu_item_name = "ventes"
    menu_icon = "tag"
    menu_order = 250
    items = (
        OrderAdmin,
        CheckoutAdmin,
        PaymentIntentAdmin,
        RefundAdmin,
        DisputeAdmin,
        TransferAdmin,
        ReversalAdmin,
        DebtAdmin,
        PayoutAdmin,
        LedgerAdmin,
        StripeEventAdmin,
        OutboxAdmin,
    )
