"""The merchants' side of the money: transfers, reversals, debts, payouts to the bank, and the ledger."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.admin import records
from shop.admin.columns import Table, table
from shop.admin.filters import of_answers, of_choices, of_merchant, of_period
from shop.admin.lists import Act, MoneyAdmin, act
from shop.admin.rights import may_move
from shop.admin.words import PAYOUT_STATUS
from shop.enums import LedgerAccount, LedgerKind, ReversalCause, TransferStatus
from shop.models import Debt, LedgerEntry, Transfer


class TransferAdmin(records.TransferColumns, MoneyAdmin):
    menu_icon = "arrow-right"
    joined = ("order__merchant",)
    list_display = (
        "__str__",
        "of",
        "seller_name",
        "state",
        "amount_cad",
        "reversed_cad",
        "frozen",
        "decided",
    )
    list_filter = (
        of_choices("status", TransferStatus.choices, _("état"), "etat"),
        of_answers("gele", _("gel"), {"oui": (_("Gelé par une contestation"), Q(frozen_at__isnull=False))}),
        of_period("created_at", _("décidé")),
        of_merchant("order__merchant"),
    )
    search_fields = ("transfer_id", "order__number", "destination", "order__merchant__name")
    ordering = ("-created_at", "-pk")
    export_filename = "virements"
    list_export = (
        "transfer_id", "of", "seller_name", "status", "amount_cents", "reversed_cents", "destination", "frozen_at",
        "created_at", "sent_at",
    )  # fmt: skip
    inspect_view_fields = (
        "transfer_id", "of", "seller_name", "state", "amount_cad", "reversed_cad", "destination", "frozen",
        "decided", "sent",
    )  # fmt: skip

    def related(self, row: Transfer) -> list[Table]:
        return [
            table(
                _("Reprises"),
                records.ReversalColumns(),
                row.reversals.all(),
                ("this", "why", "state", "amount_cad", "decided"),
                empty=_("Rien n’a été repris."),
            ),
            table(
                _("Dettes de la commande"),
                records.DebtColumns(),
                Debt.objects.filter(order=row.order_id),
                ("this", "who_owes", "state", "amount_cad", "since", "settled"),
                empty=_("Personne ne doit rien."),
            ),
        ]


class ReversalAdmin(records.ReversalColumns, MoneyAdmin):
    menu_icon = "arrow-left"
    joined = ("transfer__order__merchant",)
    list_display = ("__str__", "order_number", "seller_name", "why", "state", "amount_cad", "decided")
    list_filter = (
        of_choices("status", TransferStatus.choices, _("état"), "etat"),
        of_choices("cause", ReversalCause.choices, _("cause"), "cause"),
        of_period("created_at", _("décidée")),
        of_merchant("transfer__order__merchant"),
    )
    search_fields = ("reversal_id", "key", "transfer__transfer_id", "transfer__order__number")
    ordering = ("-created_at", "-pk")
    export_filename = "reprises"
    list_export = (
        "reversal_id", "order_number", "seller_name", "cause", "status", "amount_cents", "created_at",
    )  # fmt: skip
    inspect_view_fields = (
        "reversal_id", "key", "of", "order_number", "seller_name", "why", "refund_link", "dispute_link",
        "debt_link", "state", "amount_cad", "decided",
    )  # fmt: skip


class DebtAdmin(records.DebtColumns, MoneyAdmin):
    menu_icon = "warning"
    joined = ("order", "merchant")
    list_display = ("number", "seller_name", "who_owes", "state", "amount_cad", "why", "since", "settled")
    list_filter = (
        of_answers(
            "etat",
            _("état"),
            {
                "ouverte": (_("Ouverte"), Q(settled_at__isnull=True)),
                "reglee": (_("Réglée"), Q(settled_at__isnull=False)),
            },
        ),
        of_answers(
            "sens",
            _("qui doit"),
            {
                "portail": (_("Le portail doit au commerce"), Q(amount_cents__gt=0)),
                "commerce": (_("Le commerce doit au portail"), Q(amount_cents__lt=0)),
            },
        ),
        of_period("created_at", _("depuis")),
        of_merchant(),
    )
    search_fields = ("order__number", "merchant__name", "reason", "settled_how")
    ordering = ("-created_at", "-pk")
    export_filename = "dettes"
    list_export = (
        "of", "seller_name", "who_owes", "amount_cents", "why", "created_at", "settled_at", "settled_by",
    )  # fmt: skip
    inspect_view_fields = (
        "of", "seller_name", "who_owes", "state", "amount_cad", "why", "since", "settled", "settled_by",
    )  # fmt: skip

    def acts(self, row: Debt, user: Any) -> list[Act]:
        if not may_move(user) or row.settled_at:
            return []
        return [act(_("Régler à la main"), "settle", row, asks_first=True)]

    def related(self, row: Debt) -> list[Table]:
        return [
            table(
                _("Reprises qui la règlent"),
                records.ReversalColumns(),
                row.reversals.select_related("transfer__order"),
                ("this", "order_number", "state", "amount_cad", "decided"),
                empty=_("Aucune."),
            )
        ]


class PayoutAdmin(records.PayoutColumns, MoneyAdmin):
    menu_icon = "download"
    joined = ("shop__merchant",)
    list_display = ("payout_id", "seller_name", "state", "amount_cad", "arrives", "failure_message")
    list_filter = (
        of_choices("status", list(PAYOUT_STATUS.items()), _("état"), "etat"),
        of_period("created_at", _("décidé")),
        of_merchant("shop__merchant"),
    )
    search_fields = ("payout_id", "shop__merchant__name", "failure_message")
    ordering = ("-arrival_date", "-pk")
    export_filename = "versements"
    list_export = (
        "payout_id", "seller_name", "state", "amount_cents", "arrival_date", "failure_message", "created_at",
    )  # fmt: skip
    inspect_view_fields = (
        "payout_id", "seller_name", "state", "amount_cad", "arrives", "failure_message", "made",
    )  # fmt: skip


class LedgerAdmin(records.LedgerColumns, MoneyAdmin):
    menu_icon = "table"
    joined = ("order", "merchant")
    list_display = ("journal", "happened", "seller_name", "of", "what", "on", "amount_cad")
    list_filter = (
        of_choices("kind", LedgerKind.choices, _("sorte"), "sorte"),
        of_choices("account", LedgerAccount.choices, _("poste"), "poste"),
        of_period("at", _("moment")),
        of_merchant(),
    )
    search_fields = ("journal", "order__number", "merchant__name")
    ordering = ("-at", "-pk")
    export_filename = "grand-livre"
    list_export = ("journal", "at", "seller_name", "of", "kind", "account", "amount_cents")
    inspect_view_fields = ("journal", "happened", "seller_name", "of", "what", "on", "amount_cad")

    def related(self, row: LedgerEntry) -> list[Table]:
        return [
            table(
                _("Toute l’écriture, dont la somme est nulle"),
                records.LedgerColumns(),
                LedgerEntry.objects.filter(journal=row.journal),
                ("on", "amount_cad"),
                empty=_("Aucune écriture."),
            )
        ]
