"""Our memory of Stripe's objects: what we asked for, what it answered. Amounts in cents."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import DISPUTE_IS_OVER, DisputeStatus
from shop.models.orders import Checkout


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
    charge_id = models.CharField(max_length=255, blank=True, db_index=True)
    account = models.CharField(
        _("compte qui encaisse"), max_length=64, blank=True, help_text="Stripe account; blank: the portal's."
    )
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


class Dispute(models.Model):
    """A payment its cardholder contests with the bank. While it is open no share of it leaves the portal."""

    checkout = models.ForeignKey(
        Checkout, models.PROTECT, related_name="disputes", verbose_name=_("passage en caisse")
    )
    dispute_id = models.CharField(_("identifiant Stripe"), max_length=255, unique=True)
    charge_id = models.CharField(max_length=255)
    amount_cents = models.PositiveIntegerField(_("montant"))
    reason = models.CharField(_("raison"), max_length=60)
    status = models.CharField(_("état"), max_length=24, choices=DisputeStatus)
    evidence_due_by = models.DateTimeField(_("répondre avant le"), null=True, blank=True)
    evidence: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(
        _("preuves"), default=dict, blank=True
    )
    submitted_at = models.DateTimeField(_("réponse envoyée le"), null=True, blank=True)
    created_at = models.DateTimeField(_("reçue le"))
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager("checkout__site")

    class Meta:
        verbose_name = _("contestation")
        verbose_name_plural = _("contestations")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.dispute_id

    @property
    def is_open(self) -> bool:
        return self.status not in DISPUTE_IS_OVER


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
