"""What merchants pay the portal for their option: our memory of Stripe's billing objects. Amounts in cents.

What a merchant may do follows from these rows and others (``directory.entitlements``), and is not kept here.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.enums import Tier
from home.tenancy import portal_manager
from shop.enums import Tax

OVER = ("canceled", "incomplete_expired")
"""Stripe's words for a subscription that will never be paid again."""


class BillingCustomer(models.Model):
    """A merchant as one who pays. The row precedes Stripe's customer.

    ``asked`` counts the questions put to Stripe about it; ``answered``: the newest whose answer stands in the rows. An
    older answer that comes in late is thrown away.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.OneToOneField("directory.Merchant", models.PROTECT, related_name="billing_customer")
    customer_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()
    asked = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)

    objects = portal_manager()

    class Meta:
        verbose_name = _("commerce qui paie un forfait")
        verbose_name_plural = _("commerces qui paient un forfait")
        constraints = (
            models.CheckConstraint(
                condition=Q(answered__lte=F("asked")), name="billing_answer_follows_a_question"
            ),
        )

    def __str__(self) -> str:
        return self.customer_id or str(self.merchant_id)


class PlanPrice(models.Model):
    """One amount of one option, as Stripe's Price. A new amount is a new row: who subscribed keeps the old one."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    tier = models.CharField(max_length=16, choices=Tier)
    amount_cents = models.PositiveIntegerField()
    price_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()

    objects = portal_manager()

    class Meta:
        verbose_name = _("prix d’un forfait chez Stripe")
        verbose_name_plural = _("prix des forfaits chez Stripe")
        constraints = (
            models.UniqueConstraint(fields=("site", "tier", "amount_cents"), name="plan_price_made_once"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="plan_price_is_not_free"),
        )

    def __str__(self) -> str:
        return f"{self.tier} {self.amount_cents}"


class PlanTaxRate(models.Model):
    """GST or QST of a portal's plans, as Stripe's TaxRate. A new rate is a new row."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    tax = models.CharField(max_length=3, choices=Tax)
    rate_ppm = models.PositiveIntegerField(help_text="Parts per million: 5 % is 50 000.")
    rate_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()

    objects = portal_manager()

    class Meta:
        verbose_name = _("taxe des forfaits chez Stripe")
        verbose_name_plural = _("taxes des forfaits chez Stripe")
        constraints = (
            models.UniqueConstraint(fields=("site", "tax", "rate_ppm"), name="plan_tax_rate_made_once"),
        )

    def __str__(self) -> str:
        return f"{self.tax} {self.rate_ppm}"


class SubscriptionAttempt(models.Model):
    """One try at subscribing on Stripe's hosted page. The row precedes the session, and fixes what it asks for."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey("directory.Merchant", models.PROTECT, related_name="subscription_attempts")
    attempt = models.PositiveIntegerField()
    tier = models.CharField(max_length=16, choices=Tier)
    amount_cents = models.PositiveIntegerField(help_text="A month, before taxes.")
    trial_end = models.DateTimeField(null=True, blank=True)
    session_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    url = models.TextField(blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="When Stripe said that nobody can subscribe there any more."
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("essai d’abonnement")
        verbose_name_plural = _("essais d’abonnement")
        constraints = (
            models.UniqueConstraint(fields=("merchant", "attempt"), name="subscription_attempt_made_once"),
            models.UniqueConstraint(
                fields=("merchant",), condition=Q(closed_at=None), name="merchant_subscribes_on_one_page"
            ),
            models.CheckConstraint(condition=~Q(tier=Tier.LISTING), name="nobody_subscribes_to_a_listing"),
        )

    def __str__(self) -> str:
        return self.session_id or self.idempotency_key

    @property
    def idempotency_key(self) -> str:
        return f"sub:{self.merchant_id}:{self.attempt}"


class Subscription(models.Model):
    """A subscription as Stripe last told it; ``status`` is Stripe's word. Written by ``sync_subscription`` alone."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="subscriptions", verbose_name=_("commerce")
    )
    subscription_id = models.CharField(_("identifiant Stripe"), max_length=255, unique=True)
    item_id = models.CharField(max_length=255, blank=True)
    status = models.CharField(_("état"), max_length=24)
    tier = models.CharField(_("option"), max_length=16, choices=Tier)
    amount_cents = models.PositiveIntegerField(_("par mois, avant taxes"))
    current_period_end = models.DateTimeField(_("jusqu’au"), null=True, blank=True)
    trial_end = models.DateTimeField(_("premier paiement"), null=True, blank=True)
    cancel_at = models.DateTimeField(_("prend fin le"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("prochain essai de paiement"), null=True, blank=True)
    created_at = models.DateTimeField(_("commencé le"))
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager()

    class Meta:
        verbose_name = _("abonnement")
        verbose_name_plural = _("abonnements")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status__in=OVER) | Q(ended_at__isnull=False), name="subscription_over_has_ended"
            ),
        )
        indexes = (models.Index(fields=("merchant", "status"), name="subscription_by_merchant"),)

    def __str__(self) -> str:
        return self.subscription_id

    @property
    def is_over(self) -> bool:
        return self.status in OVER


class PlanInvoice(models.Model):
    """An invoice of a plan as Stripe last told it. ``status`` is Stripe's word; draft ones are not kept."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="plan_invoices", verbose_name=_("commerce")
    )
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    invoice_id = models.CharField(_("identifiant Stripe"), max_length=255, unique=True)
    number = models.CharField(_("numéro"), max_length=60, blank=True)
    status = models.CharField(_("état"), max_length=20)
    net_cents = models.IntegerField(_("avant taxes"))
    gst_cents = models.IntegerField(_("TPS"))
    qst_cents = models.IntegerField(_("TVQ"))
    total_cents = models.IntegerField(_("total"))
    paid_cents = models.IntegerField(_("payé"))
    attempt_count = models.PositiveIntegerField(_("essais de paiement"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), null=True, blank=True)
    hosted_url = models.TextField(blank=True)
    pdf_url = models.TextField(blank=True)
    period_start = models.DateTimeField(_("du"), null=True, blank=True)
    period_end = models.DateTimeField(_("au"), null=True, blank=True)
    issued_at = models.DateTimeField(_("émise le"))

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager()

    class Meta:
        verbose_name = _("facture d’un forfait")
        verbose_name_plural = _("factures des forfaits")
        ordering = ("-issued_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(total_cents=F("net_cents") + F("gst_cents") + F("qst_cents")),
                name="plan_invoice_adds_up",
            ),
        )

    def __str__(self) -> str:
        return self.number or self.invoice_id

    @property
    def is_paid(self) -> bool:
        return self.status == "paid"


class StaysFree(models.Model):
    """A merchant said that it will be a free listing once its free period is over: it is not asked again."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.OneToOneField("directory.Merchant", models.CASCADE, related_name="stays_free")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    objects = portal_manager()

    class Meta:
        verbose_name = _("choix de rester gratuit")
        verbose_name_plural = _("choix de rester gratuit")

    def __str__(self) -> str:
        return str(self.merchant_id)
