"""The shoppers' side of the money: payments, refunds, disputes."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.admin import records
from shop.admin.columns import Table, table
from shop.admin.filters import of_answers, of_choices, of_merchant, of_period
from shop.admin.lists import Act, MoneyAdmin, act
from shop.admin.rights import may_move
from shop.admin.words import DISPUTE_REASON, PAYMENT_STATUS
from shop.enums import DISPUTE_IS_OVER, DisputeStatus, RefundSource, RefundStatus
from shop.models import Dispute, LedgerEntry, PaymentIntent, Refund


class PaymentIntentAdmin(records.PaymentColumns, MoneyAdmin):
    menu_icon = "lock"
    joined = ("checkout",)
    list_display = (
        "payment_intent_id",
        "state",
        "amount_cad",
        "refunded_cad",
        "payment_method",
        "through",
        "made",
    )
    list_filter = (
        of_choices("status", list(PAYMENT_STATUS.items()), _("état"), "etat"),
        of_period("created_at", _("reçu")),
        of_merchant("checkout__orders__merchant"),
    )
    search_fields = (
        "payment_intent_id", "charge_id", "checkout__contact_name", "checkout__contact_email",
        "checkout__orders__number",
    )  # fmt: skip
    ordering = ("-created_at", "-pk")
    export_filename = "paiements"
    list_export = (
        "payment_intent_id", "charge_id", "state", "amount_cents", "refunded_cents", "payment_method", "account",
        "created_at",
    )  # fmt: skip
    inspect_view_fields = (
        "payment_intent_id", "charge_id", "state", "amount_cad", "refunded_cad", "payment_method", "through",
        "account_name", "made",
    )  # fmt: skip

    def related(self, row: PaymentIntent) -> list[Table]:
        refunds = Refund.objects.filter(order__checkout=row.checkout_id).select_related("order")
        return [
            table(
                _("Commandes payées"),
                records.OrderColumns(),
                row.checkout.orders.select_related("merchant"),
                ("this", "seller_name", "state", "total_cad", "refunded_cad"),
                empty=_("Aucune commande."),
            ),
            table(
                _("Remboursements"),
                records.RefundColumns(),
                refunds,
                ("this", "of", "state", "amount_cad", "asked"),
                empty=_("Rien n’a été remboursé."),
            ),
            table(
                _("Contestations"),
                records.DisputeColumns(),
                Dispute.objects.filter(checkout=row.checkout_id),
                ("this", "state", "why", "amount_cad", "due"),
                empty=_("Personne ne conteste ce paiement."),
            ),
        ]


class RefundAdmin(records.RefundColumns, MoneyAdmin):
    menu_icon = "undo"
    joined = ("order__merchant", "actor")
    list_display = ("__str__", "of", "seller_name", "state", "amount_cad", "asked_by", "why", "asked")
    list_filter = (
        of_choices("status", RefundStatus.choices, _("état"), "etat"),
        of_period("created_at", _("demandé")),
        of_choices("source", RefundSource.choices, _("demandé par"), "par"),
        of_merchant("order__merchant"),
    )
    search_fields = ("refund_id", "order__number", "order__merchant__name", "reason")
    ordering = ("-created_at", "-pk")
    export_filename = "remboursements"
    list_export = (
        "refund_id", "of", "seller_name", "status", "source", "person", "items_cents", "delivery_cents",
        "deposit_cents", "gst_cents", "qst_cents", "amount_cents", "why", "failed", "created_at",
    )  # fmt: skip
    inspect_view_fields = (
        "refund_id", "of", "seller_name", "state", "failed", "asked_by", "person", "why", "items_cad",
        "delivery_cad", "deposit_cad", "gst_cad", "qst_cad", "amount_cad", "asked",
    )  # fmt: skip

    def related(self, row: Refund) -> list[Table]:
        return [
            table(
                _("Lignes remboursées"),
                records.RefundLineColumns(),
                row.lines.select_related("line"),
                ("product", "quantity", "items_cad", "restocked"),
                empty=_("Un montant, sans lignes."),
            ),
            table(
                _("Reprises au commerce"),
                records.ReversalColumns(),
                row.reversals.all(),
                ("this", "why", "state", "amount_cad", "decided"),
                empty=_("Rien n’a été repris au commerce."),
            ),
            table(
                _("Grand livre"),
                records.LedgerColumns(),
                LedgerEntry.objects.filter(journal__in=[f"refund:{row.pk}"]),
                ("happened", "journal", "what", "on", "amount_cad"),
                empty=_("Aucune écriture."),
            ),
        ]


class DisputeAdmin(records.DisputeColumns, MoneyAdmin):
    menu_icon = "warning"
    joined = ("checkout",)
    list_display = ("dispute_id", "through", "state", "why", "amount_cad", "received", "due", "answered")
    list_filter = (
        of_choices("status", DisputeStatus.choices, _("état"), "etat"),
        of_answers(
            "ouverte",
            _("ouverte ou close"),
            {
                "oui": (_("Ouverte"), ~Q(status__in=DISPUTE_IS_OVER)),
                "non": (_("Close"), Q(status__in=DISPUTE_IS_OVER)),
            },
        ),
        of_period("created_at", _("reçue")),
        of_choices("reason", list(DISPUTE_REASON.items()), _("raison"), "raison"),
        of_merchant("checkout__orders__merchant"),
    )
    search_fields = (
        "dispute_id", "charge_id", "checkout__contact_name", "checkout__contact_email", "checkout__orders__number",
    )  # fmt: skip
    ordering = ("-created_at", "-pk")
    export_filename = "contestations"
    list_export = (
        "dispute_id", "charge_id", "status", "why", "amount_cents", "created_at", "evidence_due_by", "submitted_at",
        "closed_at",
    )  # fmt: skip
    inspect_view_fields = (
        "dispute_id", "charge_id", "state", "why", "amount_cad", "through", "received", "due", "answered", "closed",
    )  # fmt: skip

    def acts(self, row: Dispute, user: Any) -> list[Act]:
        if not may_move(user) or not row.is_open or row.evidence or row.checkout.account:
            return []
        return [act(_("Répondre à la banque"), "answer", row, asks_first=True)]

    def related(self, row: Dispute) -> list[Table]:
        return [
            table(
                _("Commandes contestées"),
                records.OrderColumns(),
                row.checkout.orders.select_related("merchant"),
                ("this", "seller_name", "state", "total_cad", "refunded_cad"),
                empty=_("Aucune commande."),
            ),
            table(
                _("Reprises aux commerces"),
                records.ReversalColumns(),
                row.reversals.select_related("transfer__order"),
                ("this", "order_number", "state", "amount_cad", "decided"),
                empty=_("Rien n’a été repris."),
            ),
        ]
