"""Discounts: a merchant's promotion that applies by itself, or a code that the shopper types."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import Funder
from shop.models.catalogue import Product


class Promotion(models.Model):
    """A share of the price (``percent_bps``, basis points) or an amount (cents) off, and who pays for it.

    Without a merchant it holds in every shop of the portal; without a code it applies by itself.
    """

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "directory.Merchant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promotions",
        verbose_name=_("commerce"),
    )
    product = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="promotions", verbose_name=_("produit")
    )
    title = models.CharField(_("titre"), max_length=80)
    code = models.CharField(_("code"), max_length=30, blank=True, help_text=_("En majuscules."))
    percent_bps = models.PositiveIntegerField(_("rabais (points de base)"), null=True, blank=True)
    amount_cents = models.PositiveIntegerField(_("rabais (cents)"), null=True, blank=True)
    funder = models.CharField(_("payé par"), max_length=8, choices=Funder, default=Funder.MERCHANT)
    minimum_cents = models.PositiveIntegerField(_("minimum d’achat (cents)"), default=0)
    starts_at = models.DateTimeField(_("dès"))
    ends_at = models.DateTimeField(_("jusqu’à"), null=True, blank=True)
    most_uses = models.PositiveIntegerField(_("utilisations au plus"), null=True, blank=True)
    uses = models.PositiveIntegerField(_("utilisations"), default=0, editable=False)

    objects = portal_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ("-starts_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("site", "code"), condition=~Q(code=""), name="promotion_code_unique_in_portal"
            ),
            models.CheckConstraint(
                condition=Q(percent_bps__range=(1, 10_000), amount_cents=None)
                | Q(percent_bps=None, amount_cents__gt=0),
                name="promotion_takes_off_a_share_or_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(most_uses__isnull=True) | Q(uses__lte=F("most_uses")),
                name="promotion_is_used_no_more_than_allowed",
            ),
            models.CheckConstraint(
                condition=Q(funder=Funder.MERCHANT, merchant__isnull=False) | Q(funder=Funder.PORTAL),
                name="promotion_has_somebody_who_pays",
            ),
        )

    def __str__(self) -> str:
        return self.title
