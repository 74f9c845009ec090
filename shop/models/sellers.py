"""What makes a merchant a seller: its shop in the portal, its tax registrations; and the tax rates of the land."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import ChargeModel, Tax, TaxClass


class Shop(models.Model):
    """A merchant's shop in the portal's shop: where its money goes and how its orders are handed over."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    merchant = models.OneToOneField(
        "directory.Merchant", models.PROTECT, related_name="shop", verbose_name=_("commerce")
    )
    stripe_account_id = models.CharField(_("compte Stripe"), max_length=64, blank=True)
    transfers_status = models.CharField(
        _("virements"),
        max_length=20,
        default="inactive",
        help_text=_("« active » permet de vendre."),
    )
    charge_model = models.CharField(
        _("qui encaisse"), max_length=40, choices=ChargeModel, default=ChargeModel.SEPARATE
    )
    commission_bps = models.PositiveIntegerField(
        _("commission propre (points de base)"), null=True, blank=True
    )
    preparation_minutes = models.PositiveIntegerField(_("préparation (minutes)"), default=120)
    pickup_instructions = models.CharField(_("consignes de cueillette"), max_length=300, blank=True)
    return_policy = models.CharField(_("retours et remboursements"), max_length=500, blank=True)
    paused_at = models.DateTimeField(_("en pause depuis"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("boutique")
        verbose_name_plural = _("boutiques")

    def __str__(self) -> str:
        return str(self.merchant)

    @property
    def can_be_paid(self) -> bool:
        return bool(self.stripe_account_id) and self.transfers_status == "active"


class TaxRegistration(models.Model):
    """A merchant's GST or QST number, from a date and perhaps until one. The two taxes are independent."""

    merchant = models.ForeignKey("directory.Merchant", models.PROTECT, related_name="tax_registrations")
    tax = models.CharField(_("taxe"), max_length=3, choices=Tax)
    number = models.CharField(_("numéro"), max_length=20)
    effective_from = models.DateField(_("depuis le"))
    effective_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    objects = portal_manager("merchant__site")

    class Meta:
        verbose_name = _("inscription aux taxes")
        verbose_name_plural = _("inscriptions aux taxes")
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "tax", "effective_from"), name="tax_registration_dated_once"
            ),
            models.CheckConstraint(
                condition=Q(tax=Tax.GST, number__regex=r"^\d{9} RT\d{4}$")
                | Q(tax=Tax.QST, number__regex=r"^\d{10} TQ\d{4}$"),
                name="tax_number_has_its_shape",
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gt=F("effective_from")),
                name="tax_registration_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return self.number


class TaxRate(models.Model):
    """A rate with its dates of effect, the same for every portal. Parts per million: 5 % is 50 000."""

    tax = models.CharField(_("taxe"), max_length=3, choices=Tax)
    tax_class = models.CharField(_("classe"), max_length=12, choices=TaxClass)
    rate_ppm = models.PositiveIntegerField(_("taux (par million)"))
    effective_from = models.DateField(_("depuis le"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("taux de taxe")
        verbose_name_plural = _("taux de taxe")
        ordering = ("tax", "tax_class", "-effective_from")
        constraints = (
            models.UniqueConstraint(
                fields=("tax", "tax_class", "effective_from"), name="tax_rate_dated_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tax} {self.tax_class} {self.rate_ppm} ppm ({self.effective_from})"
