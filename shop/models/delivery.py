"""How orders reach shoppers: pick-up slots, the shop's own delivery zones, its flat shipping table."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from home.tenancy import portal_manager
from shop.enums import ShippingRegion
from shop.models.sellers import Shop

is_postal_prefix = RegexValidator(
    r"^[A-Z]\d[A-Z](\d([A-Z]\d?)?)?$", _("Un secteur postal s’écrit comme G6V.")
)


class PickupSlot(models.Model):
    """A window in which a shop hands over at most ``capacity`` orders; only ``shop.slots`` writes ``taken``."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField(_("de"))
    ends_at = models.DateTimeField(_("à"))
    capacity = models.PositiveIntegerField(_("places"))
    taken = models.PositiveIntegerField(_("prises"), default=0)

    objects = portal_manager("shop__site")

    class Meta:
        verbose_name = _("plage de cueillette")
        verbose_name_plural = _("plages de cueillette")
        ordering = ("starts_at",)
        constraints = (
            models.UniqueConstraint(fields=("shop", "starts_at"), name="slot_starts_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="slot_is_never_overfull"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class DeliveryZone(models.Model):
    """Where a shop delivers itself, for which fee (cents), from which order value on."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="delivery_zones")
    name = models.CharField(_("nom"), max_length=60)
    postal_prefixes = ArrayField(
        models.CharField(max_length=6, validators=[is_postal_prefix]), verbose_name=_("secteurs postaux")
    )
    fee_cents = models.PositiveIntegerField(_("frais (cents)"))
    minimum_cents = models.PositiveIntegerField(_("minimum d’achat (cents)"), default=0)
    free_from_cents = models.PositiveIntegerField(_("gratuite dès (cents)"), null=True, blank=True)
    promised_days = models.PositiveSmallIntegerField(_("livrée en (jours)"), default=2)
    is_active = models.BooleanField(_("active"), default=True)

    objects = portal_manager("shop__site")

    class Meta:
        verbose_name = _("zone de livraison")
        verbose_name_plural = _("zones de livraison")
        ordering = ("fee_cents", "pk")

    def __str__(self) -> str:
        return self.name


class ShippingRate(models.Model):
    """One line of a shop's flat table: what an order worth at least ``from_items_cents`` costs to send."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="shipping_rates")
    region = models.CharField(_("région"), max_length=2, choices=ShippingRegion)
    from_items_cents = models.PositiveIntegerField(_("dès (cents)"), default=0)
    fee_cents = models.PositiveIntegerField(_("frais (cents)"))
    promised_days = models.PositiveSmallIntegerField(_("reçue en (jours)"), default=7)

    objects = portal_manager("shop__site")

    class Meta:
        verbose_name = _("tarif d’envoi")
        verbose_name_plural = _("tarifs d’envoi")
        ordering = ("region", "from_items_cents")
        constraints = (
            models.UniqueConstraint(
                fields=("shop", "region", "from_items_cents"), name="shipping_table_has_no_doubles"
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.from_items_cents}"
