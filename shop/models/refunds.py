"""Money given back: what of which order, by whom, and how far Stripe is with it. Amounts in cents."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import RefundSource, RefundStatus
from shop.models.orders import LineItem, Order


class Refund(models.Model):
    """Money given back for one order. The row precedes Stripe's refund, which precedes the reversal."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds", verbose_name=_("commande"))
    refund_id = models.CharField(_("identifiant Stripe"), max_length=255, null=True, blank=True)
    source = models.CharField(
        _("demandé par"), max_length=12, choices=RefundSource, default=RefundSource.STAFF
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    items_cents = models.PositiveIntegerField(_("marchandises"), default=0)
    delivery_cents = models.PositiveIntegerField(_("livraison"), default=0)
    deposit_cents = models.PositiveIntegerField(_("consignes"), default=0)
    gst_cents = models.PositiveIntegerField(_("TPS"), default=0)
    qst_cents = models.PositiveIntegerField(_("TVQ"), default=0)
    amount_cents = models.PositiveIntegerField(_("montant"))
    status = models.CharField(_("état"), max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    reason = models.CharField(_("raison"), max_length=120)
    failure_reason = models.CharField(_("pourquoi il a échoué"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("créé le"))

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager("order__site")

    class Meta:
        verbose_name = _("remboursement")
        verbose_name_plural = _("remboursements")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="refund_gives_something"),
            models.CheckConstraint(
                condition=Q(
                    amount_cents=F("items_cents")
                    + F("delivery_cents")
                    + F("deposit_cents")
                    + F("gst_cents")
                    + F("qst_cents")
                ),
                name="refund_adds_up",
            ),
            # One refund made in Stripe's dashboard may give back part of several orders.
            models.UniqueConstraint(fields=("refund_id", "order"), name="refund_counts_once_per_order"),
        )

    def __str__(self) -> str:
        return self.refund_id or f"remboursement {self.pk}"


class RefundLine(models.Model):
    """Units of one line that a refund gives back. ``items_cents``: their goods, before deposits and taxes."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="lines")
    line = models.ForeignKey(LineItem, models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveIntegerField(_("unités"))
    items_cents = models.PositiveIntegerField(_("marchandises"))
    restocked = models.BooleanField(_("remis en vente"), default=False)

    objects = portal_manager("refund__order__site")

    class Meta:
        verbose_name = _("ligne remboursée")
        verbose_name_plural = _("lignes remboursées")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("refund", "line"), name="refund_lists_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="refund_line_returns_something"),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"
