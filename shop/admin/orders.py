"""Checkouts and orders: what was bought, through which payment, and all that happened to it since."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.enums import Source
from shop.admin import records
from shop.admin.columns import Table, table
from shop.admin.filters import of_answers, of_choices, of_merchant, of_period
from shop.admin.lists import Act, MoneyAdmin, act
from shop.admin.rights import may_move
from shop.enums import ChargeModel, CheckoutStatus, Fulfillment, OrderStatus
from shop.models import Checkout, Dispute, LedgerEntry, Order, Reversal, Transfer
from shop.payments import refunds


def changes_of(row: Any) -> Table:
    """The log of its statuses, oldest first."""
    return table(
        _("Ce qui lui est arrivé"),
        records.ChangeColumns(),
        row.status_changes.all(),
        ("happened", "move", "why"),
        empty=_("Rien n’est écrit."),
    )


def disputes_of(checkout: Checkout) -> Table:
    return table(
        _("Contestations"),
        records.DisputeColumns(),
        Dispute.objects.filter(checkout=checkout),
        ("this", "state", "why", "amount_cad", "received", "due"),
        empty=_("Personne ne conteste ce paiement."),
    )


class CheckoutAdmin(records.CheckoutColumns, MoneyAdmin):
    menu_icon = "tablet-alt"
    list_display = ("__str__", "contact_name", "state", "total_cad", "placed", "paid")
    list_filter = (
        of_choices("status", CheckoutStatus.choices, _("état"), "etat"),
        of_period("created_at", _("placé")),
        of_choices("charge_model", ChargeModel.choices, _("qui encaisse"), "encaisse"),
        of_merchant("orders__merchant"),
    )
    search_fields = ("public_id", "contact_name", "contact_email", "orders__number")
    ordering = ("-created_at", "-pk")
    export_filename = "passages-en-caisse"
    list_export = (
        "public_id", "status", "contact_name", "contact_email", "contact_phone", "charge_model", "account",
        "total_cents", "created_at", "paid_at", "expires_at",
    )  # fmt: skip
    inspect_view_fields = (
        "public_id", "state", "contact_name", "contact_email", "contact_phone", "total_cad", "charged_by",
        "account_name", "placed", "payable_until", "paid", "adult",
    )  # fmt: skip

    def related(self, row: Checkout) -> list[Table]:
        return [
            table(
                _("Commandes"),
                records.OrderColumns(),
                row.orders.select_related("merchant"),
                ("this", "seller_name", "state", "total_cad", "share_cad", "refunded_cad"),
                empty=_("Aucune commande."),
            ),
            table(
                _("Paiements"),
                records.PaymentColumns(),
                row.payment_intents.all(),
                ("this", "state", "amount_cad", "refunded_cad", "payment_method", "made"),
                empty=_("Rien n’a été payé."),
            ),
            table(
                _("Pages de paiement ouvertes"),
                records.SessionColumns(),
                row.sessions.all(),
                ("attempt", "stripe", "opened", "closed"),
                empty=_("Aucune page de paiement n’a été ouverte."),
            ),
            disputes_of(row),
            changes_of(row),
        ]


class OrderAdmin(records.OrderColumns, MoneyAdmin):
    menu_icon = "list-ul"
    joined = ("merchant", "checkout")
    list_display = (
        "number",
        "seller_name",
        "buyer",
        "state",
        "total_cad",
        "share_cad",
        "refunded_cad",
        "placed",
    )
    list_filter = (
        of_choices("status", OrderStatus.choices, _("état"), "etat"),
        of_period("placed_at", _("passée")),
        of_choices("fulfillment", Fulfillment.choices, _("remise"), "remise"),
        of_choices(
            "credit_source", [(each, each.label) for each in Source.credited()], _("amenée par"), "amenee"
        ),
        of_answers(
            "remboursement",
            _("remboursement"),
            {
                "aucun": (_("Rien de remboursé"), Q(refunded_cents=0)),
                "partie": (_("En partie"), Q(refunded_cents__gt=0, refunded_cents__lt=F("total_cents"))),
                "tout": (_("En entier"), Q(refunded_cents=F("total_cents"))),
            },
        ),
        of_merchant(),
    )
    search_fields = (
        "number", "merchant__name", "checkout__contact_name", "checkout__contact_email", "lines__title",
    )  # fmt: skip
    ordering = ("-placed_at", "-pk")
    export_filename = "commandes"
    list_export = (
        "number", "seller_name", "status", "buyer", "buyer_email", "fulfillment", "charge_model", "items_cents",
        "discount_cents", "delivery_cents", "deposit_cents", "gst_cents", "qst_cents", "total_cents",
        "commission_cents", "portal_tax_cents", "merchant_share_cents", "refunded_cents", "placed_at", "paid_at",
    )  # fmt: skip
    inspect_view_fields = (
        "number", "state", "seller_name", "through", "buyer", "buyer_email", "buyer_phone", "charged_by", "handing",
        "address", "pickup", "promised", "age_checked", "items_cad", "discount_cad", "delivery_cad", "deposit_cad",
        "gst_cad", "qst_cad", "total_cad", "share_cad", "commission_cad", "portal_tax_cad", "refunded_cad",
        "placed", "paid",
    )  # fmt: skip

    def acts(self, row: Order, user: Any) -> list[Act]:
        if not may_move(user) or row.status not in refunds.SOLD or not refunds.left_cents(row):
            return []
        return [act(_("Rembourser"), "refund", row, asks_first=True)]

    def related(self, row: Order) -> list[Table]:
        return [*_of_sale(row), *_of_money(row), disputes_of(row.checkout), changes_of(row)]


def _of_sale(order: Order) -> list[Table]:
    return [
        table(
            _("Lignes"),
            records.LineColumns(),
            order.lines.all(),
            (
                "product",
                "sku",
                "quantity",
                "unit_cad",
                "discount_cad",
                "amount_cad",
                "refunded_quantity",
                "stock",
            ),
            empty=_("Aucune ligne."),
        ),
        table(
            _("Remboursements"),
            records.RefundColumns(),
            order.refunds.select_related("actor"),
            ("this", "state", "amount_cad", "asked_by", "person", "why", "failed", "asked"),
            empty=_("Rien n’a été remboursé."),
        ),
    ]


def _of_money(order: Order) -> list[Table]:
    transfers = Transfer.objects.filter(order=order)
    return [
        table(
            _("Virement au commerce"),
            records.TransferColumns(),
            transfers,
            ("this", "state", "amount_cad", "reversed_cad", "frozen", "decided", "sent"),
            empty=_("Aucun virement n’est prévu pour cette commande."),
        ),
        table(
            _("Reprises"),
            records.ReversalColumns(),
            Reversal.objects.filter(transfer__order=order),
            ("this", "why", "state", "amount_cad", "decided"),
            empty=_("Rien n’a été repris au commerce."),
        ),
        table(
            _("Dettes"),
            records.DebtColumns(),
            order.debts.all(),
            ("this", "who_owes", "state", "amount_cad", "since", "settled"),
            empty=_("Personne ne doit rien."),
        ),
        table(
            _("Grand livre"),
            records.LedgerColumns(),
            LedgerEntry.objects.filter(order=order),
            ("happened", "journal", "what", "on", "amount_cad"),
            empty=_("Aucune écriture."),
        ),
    ]
