"""The money of the portal in the admin's menu and on its home."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail_modeladmin.options import ModelAdminGroup

from shop.admin import matters
from shop.admin.events import OutboxAdmin, StripeEventAdmin
from shop.admin.orders import CheckoutAdmin, OrderAdmin
from shop.admin.payments import DisputeAdmin, PaymentIntentAdmin, RefundAdmin
from shop.admin.payouts import DebtAdmin, LedgerAdmin, PayoutAdmin, ReversalAdmin, TransferAdmin
from shop.admin.plans import PlanInvoiceAdmin, SubscriptionAdmin
from shop.admin.rights import may_look


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
        SubscriptionAdmin,
        PlanInvoiceAdmin,
        StripeEventAdmin,
        OutboxAdmin,
    )


class DeskMenuItem(MenuItem):
    """« À régler (3) »: how many matters need a hand in this portal, now."""

    def __init__(self) -> None:
        super().__init__(
            _("À régler"), reverse_lazy("money_desk:index"), name="a-regler", icon_name="warning", order=245
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)

    def render_component(self, request: HttpRequest) -> Any:
        item = super().render_component(request)
        item.label = f"{self.label} ({waiting})" if (waiting := _waiting(request)) else str(self.label)
        return item


class DeskSummaryItem(SummaryItem):
    """The same, on the admin's home."""

    order = 50
    template_name = "shop/admin/summary.html"

    def is_shown(self) -> bool:
        return may_look(self.request.user)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"waiting": _waiting(self.request)}


def _waiting(request: HttpRequest) -> int:
    """Asked once for a page that says it twice."""
    known: int | None = getattr(request, "matters_waiting", None)
    if known is None:
        known = request.matters_waiting = matters.count(now=timezone.now())  # type: ignore[attr-defined]
    return known
