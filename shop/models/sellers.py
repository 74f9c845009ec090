"""What makes a merchant a seller: its shop in the portal, its tax registrations, its alcohol permits."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import ChargeModel, ShopperMayCancel, Tax


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
        help_text=_("«\u00a0active\u00a0» permet de vendre."),
    )
    charges_status = models.CharField(
        _("paiements par carte"),
        max_length=20,
        default="inactive",
        help_text=_("«\u00a0active\u00a0» permet d’encaisser soi-même."),
    )
    charge_model = models.CharField(
        _("qui encaisse"), max_length=40, choices=ChargeModel, default=ChargeModel.SEPARATE
    )
    commission_bps = models.PositiveIntegerField(
        _("commission propre (points de base)"), null=True, blank=True
    )
    preparation_minutes = models.PositiveIntegerField(_("préparation (minutes)"), default=120)
    pickup_enabled = models.BooleanField(_("cueillette à la boutique"), default=True)
    pickup_slot_minutes = models.PositiveIntegerField(_("durée d’une plage (minutes)"), default=60)
    pickup_slot_capacity = models.PositiveIntegerField(
        _("commandes par plage"), null=True, blank=True, help_text=_("Vide\u00a0: sans plage ni limite.")
    )
    pickup_instructions = models.CharField(_("consignes de cueillette"), max_length=300, blank=True)
    return_policy = models.CharField(_("retours et remboursements"), max_length=500, blank=True)
    shopper_may_cancel = models.CharField(
        _("annulation par la clientèle"),
        max_length=12,
        choices=ShopperMayCancel,
        default=ShopperMayCancel.UNTIL_READY,
    )
    paused_at = models.DateTimeField(_("en pause depuis"), null=True, blank=True)
    is_in_feeds = models.BooleanField(
        _("dans les flux de produits"),
        default=True,
        help_text=_("Les moteurs de magasinage lisent ce flux pour montrer vos produits."),
    )

    objects = portal_manager()

    class Meta:
        verbose_name = _("boutique")
        verbose_name_plural = _("boutiques")
        constraints = (
            models.CheckConstraint(
                condition=Q(pickup_slot_minutes__range=(15, 480)), name="pickup_slot_lasts_15_min_to_8_h"
            ),
            models.CheckConstraint(
                condition=Q(pickup_slot_capacity__isnull=True) | Q(pickup_slot_capacity__gt=0),
                name="pickup_slot_takes_somebody",
            ),
        )

    def __str__(self) -> str:
        return str(self.merchant)

    @property
    def can_be_paid(self) -> bool:
        """By the portal: its share of what the portal charged can be sent to it."""
        return bool(self.stripe_account_id) and self.transfers_status == "active"

    @property
    def can_charge(self) -> bool:
        """By itself: a card can be charged on its own account (« direct »)."""
        return bool(self.stripe_account_id) and self.charges_status == "active"


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


class AlcoholPermit(models.Model):
    """What lets a producer sell its own alcohol (RACJ). Past its date its alcohol is not sold."""

    merchant = models.ForeignKey("directory.Merchant", models.PROTECT, related_name="alcohol_permits")
    kind = models.CharField(_("sorte de permis"), max_length=80)
    number = models.CharField(_("numéro"), max_length=40)
    expires_on = models.DateField(_("échoit le"))

    objects = portal_manager("merchant__site")

    class Meta:
        verbose_name = _("permis d’alcool")
        verbose_name_plural = _("permis d’alcool")
        constraints = (
            models.UniqueConstraint(fields=("merchant", "number"), name="alcohol_permit_listed_once"),
        )

    def __str__(self) -> str:
        return self.number
