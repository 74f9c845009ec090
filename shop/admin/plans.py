"""What merchants pay the portal: their subscriptions and the invoices of their options. Read, never edited."""

from django.utils.translation import gettext_lazy as _

from directory.enums import Tier
from shop.admin import records
from shop.admin.columns import Table, table
from shop.admin.filters import of_choices, of_merchant, of_period
from shop.admin.lists import MoneyAdmin
from shop.admin.words import INVOICE_STATUS, SUBSCRIPTION_STATUS
from shop.models import Subscription


class SubscriptionAdmin(records.SubscriptionColumns, MoneyAdmin):
    menu_icon = "repeat"
    joined = ("merchant",)
    list_display = ("subscription_id", "seller_name", "option", "state", "amount_cad", "until", "stops")
    list_filter = (
        of_choices("status", list(SUBSCRIPTION_STATUS.items()), _("état"), "etat"),
        of_choices("tier", Tier.choices, _("option"), "option"),
        of_period("created_at", _("commencé")),
        of_merchant(),
    )
    search_fields = ("subscription_id", "merchant__name")
    ordering = ("-created_at", "-pk")
    export_filename = "abonnements"
    list_export = (
        "subscription_id", "seller_name", "tier", "state", "amount_cents", "created_at", "trial_end",
        "current_period_end", "cancel_at", "ended_at",
    )  # fmt: skip
    inspect_view_fields = (
        "subscription_id", "seller_name", "option", "state", "amount_cad", "begun", "first_payment", "until", "again",
        "stops", "ended",
    )  # fmt: skip

    def related(self, row: Subscription) -> list[Table]:
        return [
            table(
                _("Factures"),
                records.PlanInvoiceColumns(),
                row.invoices.select_related("merchant"),
                ("this", "state", "net_cad", "gst_cad", "qst_cad", "total_cad", "issued"),
                empty=_("Aucune facture encore."),
            )
        ]


class PlanInvoiceAdmin(records.PlanInvoiceColumns, MoneyAdmin):
    menu_icon = "doc-full"
    joined = ("merchant", "subscription")
    list_display = ("__str__", "seller_name", "state", "net_cad", "gst_cad", "qst_cad", "total_cad", "issued")
    list_filter = (
        of_choices("status", list(INVOICE_STATUS.items()), _("état"), "etat"),
        of_period("issued_at", _("émise")),
        of_merchant(),
    )
    search_fields = ("number", "invoice_id", "merchant__name")
    ordering = ("-issued_at", "-pk")
    export_filename = "factures-forfaits"
    list_export = (
        "number", "invoice_id", "seller_name", "state", "net_cents", "gst_cents", "qst_cents", "total_cents",
        "paid_cents", "issued_at",
    )  # fmt: skip
    inspect_view_fields = (
        "number", "invoice_id", "seller_name", "of", "state", "net_cad", "gst_cad", "qst_cad", "total_cad", "paid_cad",
        "tries", "again", "issued", "period",
    )  # fmt: skip
