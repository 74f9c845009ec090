"""The merchants' side of the money: transfers and their reversals, debts, payouts to the bank. Amounts in cents."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import ReversalCause, TransferStatus
from shop.models.orders import Order
from shop.models.payments import Dispute
from shop.models.refunds import Refund
from shop.models.sellers import Shop


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
    frozen_at = models.DateTimeField(_("gelé le"), null=True, blank=True)
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
    settled_how = models.CharField(_("comment"), max_length=120, blank=True)

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


class Reversal(models.Model):
    """Part of a transfer taken back, and why. The row precedes Stripe's reversal."""

    transfer = models.ForeignKey(
        Transfer, models.PROTECT, related_name="reversals", verbose_name=_("virement")
    )
    key = models.CharField(max_length=120, unique=True)
    reversal_id = models.CharField(
        _("identifiant Stripe"), max_length=255, unique=True, null=True, blank=True
    )
    cause = models.CharField(_("cause"), max_length=8, choices=ReversalCause)
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, blank=True, related_name="reversals")
    dispute = models.ForeignKey(Dispute, models.PROTECT, null=True, blank=True, related_name="reversals")
    debt = models.ForeignKey(Debt, models.PROTECT, null=True, blank=True, related_name="reversals")
    amount_cents = models.PositiveIntegerField(_("montant"))
    status = models.CharField(
        _("état"), max_length=10, choices=TransferStatus, default=TransferStatus.PENDING
    )
    created_at = models.DateTimeField(_("créé le"))

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager("transfer__order__site")

    class Meta:
        verbose_name = _("reprise")
        verbose_name_plural = _("reprises")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="reversal_takes_something"),
        )

    def __str__(self) -> str:
        return self.reversal_id or self.key


class Payout(models.Model):
    """Money on its way from a merchant's Stripe balance to its bank, as Stripe told it."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="payouts", verbose_name=_("boutique"))
    payout_id = models.CharField(_("identifiant Stripe"), max_length=255, unique=True)
    amount_cents = models.IntegerField(_("montant"))
    status = models.CharField(_("état"), max_length=20, help_text="Stripe's word.")
    arrival_date = models.DateField(_("arrive le"))
    failure_message = models.CharField(_("pourquoi il a échoué"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("créé le"))

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager("shop__site")

    class Meta:
        verbose_name = _("versement")
        verbose_name_plural = _("versements")
        ordering = ("-arrival_date", "-pk")

    def __str__(self) -> str:
        return self.payout_id
