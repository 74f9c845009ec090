"""Our memory of Stripe's objects: what we asked for, what it answered. Amounts in cents."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import RefundStatus, TransferStatus
from shop.models.orders import Checkout, Order


class CheckoutSession(models.Model):
    """One attempt to pay a checkout on Stripe's hosted page. The row precedes the session."""

    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="sessions")
    attempt = models.PositiveIntegerField()
    session_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    url = models.TextField(blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="When Stripe said it can no longer be paid."
    )

    objects = portal_manager("checkout__site")

    class Meta:
        verbose_name = _("session de paiement")
        verbose_name_plural = _("sessions de paiement")
        ordering = ("attempt",)
        constraints = (
            models.UniqueConstraint(fields=("checkout", "attempt"), name="checkout_attempt_made_once"),
            models.UniqueConstraint(
                fields=("checkout",), condition=Q(closed_at=None), name="checkout_has_one_payable_session"
            ),
        )

    def __str__(self) -> str:
        return self.session_id or f"{self.checkout_id}:{self.attempt}"

    @property
    def idempotency_key(self) -> str:
        return f"cs:{self.checkout.public_id}:{self.attempt}"


class PaymentIntent(models.Model):
    checkout = models.ForeignKey(
        Checkout, models.PROTECT, related_name="payment_intents", verbose_name=_("passage en caisse")
    )
    payment_intent_id = models.CharField(_("identifiant Stripe"), max_length=255, unique=True)
    charge_id = models.CharField(max_length=255, blank=True)
    amount_cents = models.PositiveIntegerField(_("montant"))
    status = models.CharField(_("état"), max_length=30)
    payment_method = models.CharField(_("moyen de paiement"), max_length=60, blank=True)
    refunded_cents = models.PositiveIntegerField(_("remboursé"), default=0)
    created_at = models.DateTimeField(_("créé le"))

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager("checkout__site")

    class Meta:
        verbose_name = _("paiement")
        verbose_name_plural = _("paiements")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("checkout",), condition=Q(status="succeeded"), name="checkout_is_paid_once"
            ),
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("amount_cents")), name="refunds_never_exceed_the_payment"
            ),
        )

    def __str__(self) -> str:
        return self.payment_intent_id


class Transfer(models.Model):
    """The merchant's share on its way to the merchant's Stripe balance: at most one per order."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="transfer", verbose_name=_("commande"))
    transfer_id = models.CharField(
        _("identifiant Stripe"), max_length=255, unique=True, null=True, blank=True
    )
    destination = models.CharField(_("compte"), max_length=64)
    amount_cents = models.PositiveIntegerField(_("montant"))
    reversed_cents = models.PositiveIntegerField(_("repris"), default=0)
    status = models.CharField(
        _("état"), max_length=10, choices=TransferStatus, default=TransferStatus.PENDING
    )
    created_at = models.DateTimeField(_("créé le"))
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager("order__site")

    class Meta:
        verbose_name = _("virement")
        verbose_name_plural = _("virements")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(reversed_cents__lte=F("amount_cents")), name="reversals_never_exceed_the_transfer"
            ),
            models.CheckConstraint(
                condition=~Q(status=TransferStatus.SENT) | Q(transfer_id__isnull=False),
                name="sent_transfer_has_its_id",
            ),
        )

    def __str__(self) -> str:
        return self.transfer_id or f"virement {self.pk}"


class Refund(models.Model):
    """Money given back for one order. The row precedes Stripe's refund, which precedes the reversal."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds", verbose_name=_("commande"))
    refund_id = models.CharField(_("identifiant Stripe"), max_length=255, unique=True, null=True, blank=True)
    amount_cents = models.PositiveIntegerField(_("montant"))
    status = models.CharField(_("état"), max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    reason = models.CharField(_("raison"), max_length=120)
    created_at = models.DateTimeField(_("créé le"))

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager("order__site")

    class Meta:
        verbose_name = _("remboursement")
        verbose_name_plural = _("remboursements")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="refund_gives_something"),
        )

    def __str__(self) -> str:
        return self.refund_id or f"remboursement {self.pk}"


class Debt(models.Model):
    """What the portal owes a merchant (positive) or the merchant owes the portal (negative), and why."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="debts", verbose_name=_("commerce")
    )
    order = models.ForeignKey(Order, models.PROTECT, related_name="debts", verbose_name=_("commande"))
    amount_cents = models.IntegerField(_("montant"))
    reason = models.CharField(_("raison"), max_length=300)
    created_at = models.DateTimeField(_("créé le"))
    settled_at = models.DateTimeField(_("réglé le"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("dette")
        verbose_name_plural = _("dettes")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("order",), condition=Q(settled_at=None, amount_cents__gt=0), name="order_owed_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount_cents} ({self.order})"


class StripeEvent(models.Model):
    """The inbox: each of Stripe's events is stored once and applied at most once. A trigger, never a fact."""

    event_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(_("type"), max_length=80)
    account = models.CharField(_("compte"), max_length=64, blank=True)
    object_id = models.CharField(_("objet"), max_length=255, blank=True)
    payload: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    received_at = models.DateTimeField(_("reçu le"))
    not_before = models.DateTimeField()
    processed_at = models.DateTimeField(_("traité le"), null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("événement Stripe")
        verbose_name_plural = _("événements Stripe")
        ordering = ("pk",)
        indexes = (models.Index(fields=("not_before",), condition=Q(processed_at=None), name="event_due"),)

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
