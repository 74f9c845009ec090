"""Money records in the Wagtail admin: read, filter, export; never edited there (their own rules move them)."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup, modeladmin_register

from home.models import PortalRole, PortalStaff
from home.money import cad
from home.tenancy import current_site_id
from shop.models import Order, PaymentIntent, Refund, Transfer

ROLES = (PortalRole.EDITOR, PortalRole.MANAGER)


class ReadOnly(PermissionHelper):
    """The portal's Journal may look; nobody may add, change or delete. The queries are those of the portal in scope."""

    def _may_look(self, user: Any) -> bool:
        """Asked for every row of a list: the answer is kept on the request's user, per portal."""
        if user.is_superuser:
            return True
        known: dict[int, bool] = user.__dict__.setdefault("reads_money_of", {})
        site_id = current_site_id()
        if site_id not in known:
            known[site_id] = PortalStaff.objects.filter(user=user.pk, role__in=ROLES).exists()
        return known[site_id]

    def user_has_any_permissions(self, user: AbstractBaseUser) -> bool:
        return self._may_look(user)

    def user_can_list(self, user: AbstractBaseUser) -> bool:
        return self._may_look(user)

    def user_can_inspect_obj(self, user: AbstractBaseUser, obj: Model) -> bool:
        return self._may_look(user)

    def user_can_create(self, user: AbstractBaseUser) -> bool:
        return False

    def user_can_edit_obj(self, user: AbstractBaseUser, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: AbstractBaseUser, obj: Model) -> bool:
        return False


class MoneyAdmin(ModelAdmin):
    """What every list of money records is. Its history view checks nobody's rights: it stays off."""

    permission_helper_class = ReadOnly
    history_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50

    def amount(self, row: Any) -> str:
        return cad(row.amount_cents)

    amount.short_description = _("montant")  # type: ignore[attr-defined]
    amount.admin_order_field = "amount_cents"  # type: ignore[attr-defined]


class OrderAdmin(MoneyAdmin):
    model = Order
    menu_icon = "list-ul"
    list_display = ("number", "merchant", "status", "total", "share", "placed_at")
    list_filter = ("status",)
    list_export = (
        "number",
        "merchant",
        "status",
        "items_cents",
        "gst_cents",
        "qst_cents",
        "total_cents",
        "commission_cents",
        "merchant_share_cents",
        "placed_at",
        "paid_at",
    )
    search_fields = ("number", "merchant__name", "checkout__contact_name", "checkout__contact_email")
    ordering = ("-placed_at",)
    export_filename = "commandes"
    inspect_view_fields = (
        "number",
        "merchant",
        "status",
        "items_cents",
        "gst_cents",
        "qst_cents",
        "total_cents",
        "commission_cents",
        "merchant_share_cents",
        "placed_at",
        "paid_at",
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("merchant")

    def total(self, row: Order) -> str:
        return cad(row.total_cents)

    total.short_description = _("total")  # type: ignore[attr-defined]
    total.admin_order_field = "total_cents"  # type: ignore[attr-defined]

    def share(self, row: Order) -> str:
        return cad(row.merchant_share_cents)

    share.short_description = _("part du commerce")  # type: ignore[attr-defined]


class PaymentIntentAdmin(MoneyAdmin):
    model = PaymentIntent
    menu_icon = "lock"
    list_display = ("payment_intent_id", "status", "amount", "payment_method", "created_at")
    list_filter = ("status",)
    list_export = (
        "payment_intent_id",
        "status",
        "amount_cents",
        "refunded_cents",
        "payment_method",
        "created_at",
    )
    search_fields = ("payment_intent_id",)
    export_filename = "paiements"


class TransferAdmin(MoneyAdmin):
    model = Transfer
    menu_icon = "arrow-right"
    list_display = ("__str__", "order", "status", "amount", "destination", "created_at")
    list_filter = ("status",)
    list_export = (
        "transfer_id",
        "order",
        "status",
        "amount_cents",
        "reversed_cents",
        "destination",
        "created_at",
    )
    search_fields = ("transfer_id", "order__number", "destination")
    export_filename = "virements"

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("order")


class RefundAdmin(MoneyAdmin):
    model = Refund
    menu_icon = "undo"
    list_display = ("__str__", "order", "status", "amount", "reason", "created_at")
    list_filter = ("status",)
    list_export = ("refund_id", "order", "status", "amount_cents", "reason", "created_at")
    search_fields = ("refund_id", "order__number")
    export_filename = "remboursements"

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("order")


@modeladmin_register
class SalesGroup(ModelAdminGroup):
    menu_label = _("Ventes")
    menu_icon = "tag"
    menu_order = 250
    items = (OrderAdmin, PaymentIntentAdmin, TransferAdmin, RefundAdmin)
