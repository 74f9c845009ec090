"""What came in from Stripe, and what goes out: its events and our effects."""

from typing import Any

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shop.admin import records
from shop.admin.filters import of_answers, of_choices, of_period
from shop.admin.lists import MoneyAdmin
from shop.admin.words import EFFECT
from shop.models import (
    Checkout,
    CheckoutSession,
    Dispute,
    PaymentIntent,
    Payout,
    Refund,
    Reversal,
    Shop,
    StripeEvent,
    Transfer,
)

KNOWN_BY: tuple[tuple[type[Model], str], ...] = (
    (CheckoutSession, "session_id"),
    (PaymentIntent, "payment_intent_id"),
    (PaymentIntent, "charge_id"),
    (Refund, "refund_id"),
    (Dispute, "dispute_id"),
    (Transfer, "transfer_id"),
    (Reversal, "reversal_id"),
    (Payout, "payout_id"),
    (Shop, "stripe_account_id"),
)
"""Where the Stripe ids stand that a portal knows as its own."""


def events_of_the_portal() -> QuerySet[StripeEvent]:
    """Events about an object, a checkout or an account of the portal in scope. An event itself has no portal."""
    ours = Q()
    for model, column in KNOWN_BY:
        ids = model._default_manager.exclude(**{f"{column}__in": ["", None]}).values(column)
        ours |= Q(object_id__in=ids)
    accounts = Shop.objects.exclude(stripe_account_id="").values("stripe_account_id")
    checkouts = Checkout.objects.values_list(Cast("public_id", CharField()))
    payments = PaymentIntent.objects.values("payment_intent_id")
    told = StripeEvent.objects.annotate(
        reference=KT("payload__data__object__client_reference_id"),
        payment=KT("payload__data__object__payment_intent"),
    )
    return told.filter(ours | Q(account__in=accounts) | Q(reference__in=checkouts) | Q(payment__in=payments))


class StripeEventAdmin(records.EventColumns, MoneyAdmin):
    """The Journal sees the events of its portal's objects; the operator sees all, those nobody knows included.

    What the event carries is not shown: it is a trigger, never a fact, and holds the shopper's data.
    """

    menu_icon = "mail"
    list_display = ("type", "object_id", "state", "received", "applied", "attempts")
    list_filter = (
        of_answers(
            "etat",
            _("état"),
            {
                "traite": (_("Traité"), Q(processed_at__isnull=False)),
                "attente": (_("En attente"), Q(processed_at__isnull=True, last_error="")),
                "echec": (_("En échec"), Q(processed_at__isnull=True) & ~Q(last_error="")),
            },
        ),
        of_period("received_at", _("reçu")),
    )
    search_fields = ("event_id", "type", "object_id", "account")
    ordering = ("-received_at", "-pk")
    export_filename = "evenements-stripe"
    list_export = (
        "event_id", "type", "object_id", "account", "state", "received_at", "processed_at", "attempts", "last_error",
    )  # fmt: skip
    inspect_view_fields = (
        "event_id", "type", "object_id", "account", "state", "received", "applied", "attempts", "again",
        "last_error",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).defer("payload")
        if request.user.is_superuser:
            return rows
        return rows.filter(pk__in=events_of_the_portal().values("pk"))


class OutboxAdmin(records.EffectColumns, MoneyAdmin):
    menu_icon = "upload"
    list_display = ("key", "what", "recipient", "state", "decided", "done", "attempts")
    list_filter = (
        of_answers(
            "etat",
            _("état"),
            {
                "fait": (_("Fait"), Q(sent_at__isnull=False)),
                "attente": (_("En attente"), Q(sent_at=None, given_up_at=None, last_error="")),
                "echec": (_("En échec"), Q(sent_at=None, given_up_at=None) & ~Q(last_error="")),
                "abandonne": (_("Abandonné"), Q(given_up_at__isnull=False)),
            },
        ),
        of_choices("kind", list(EFFECT.items()), _("effet"), "effet"),
        of_period("created_at", _("décidé")),
    )
    search_fields = ("key", "kind", "recipient", "last_error")
    ordering = ("-pk",)
    export_filename = "envois"
    list_export = (
        "key", "what", "recipient", "state", "created_at", "sent_at", "given_up_at", "attempts", "last_error",
    )  # fmt: skip
    inspect_view_fields = (
        "key", "what", "recipient", "state", "decided", "done", "given_up", "attempts", "again", "last_error",
    )  # fmt: skip
