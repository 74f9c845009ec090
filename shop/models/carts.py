"""A guest's basket across the merchants of one portal, kept 30 days after its last change."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from directory.enums import Source
from home.tenancy import portal_manager
from shop.enums import Fulfillment
from shop.models.catalogue import Variant
from shop.models.delivery import PickupSlot


class Cart(models.Model):
    """Known by a signed cookie that holds its ``token``. Carries the checkout's answers until it is placed."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_token = models.UUIDField(default=uuid.uuid4, help_text="Renewed once a checkout has used it.")
    contact_name = models.CharField(_("nom"), max_length=120, blank=True)
    contact_email = models.EmailField(_("courriel"), blank=True)
    contact_phone = PhoneNumberField(_("téléphone"), blank=True)
    street_address = models.CharField(_("adresse"), max_length=120, blank=True)
    city = models.CharField(_("ville"), max_length=60, blank=True)
    province = models.CharField(_("province"), max_length=2, default="QC", blank=True)
    postal_code = models.CharField(_("code postal"), max_length=7, blank=True)
    promotion_code = models.CharField(_("code de rabais"), max_length=30, blank=True)
    adult_declared_at = models.DateTimeField(null=True, blank=True)
    pickup_confirmed = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("panier")
        verbose_name_plural = _("paniers")
        indexes = (models.Index(fields=("updated_at",), name="cart_by_age"),)

    def __str__(self) -> str:
        return f"panier {self.pk}"


class CartItem(models.Model):
    cart = models.ForeignKey(Cart, models.CASCADE, related_name="items")
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(_("quantité"))
    seen_price_cents = models.PositiveIntegerField(
        null=True, blank=True, help_text="What its shopper last saw; another price now is told before paying."
    )
    credit_source = models.CharField(
        max_length=12, choices=[(each.value, each.label) for each in Source.credited()], blank=True
    )
    credit_id = models.BigIntegerField(default=0)
    credited_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When what led here was left; an order of a later visit is not credited.",
    )
    added_at = models.DateTimeField(auto_now_add=True)

    objects = portal_manager("cart__site")

    class Meta:
        verbose_name = _("article du panier")
        verbose_name_plural = _("articles du panier")
        ordering = ("added_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("cart", "variant"), name="cart_holds_variant_once"),
            models.CheckConstraint(condition=Q(quantity__range=(1, 99)), name="cart_quantity_is_1_to_99"),
            models.CheckConstraint(
                condition=Q(credit_source="", credit_id=0, credited_at__isnull=True)
                | (~Q(credit_source="") & Q(credited_at__isnull=False)),
                name="cart_credit_says_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"


class CartFulfillment(models.Model):
    """How one merchant's part of a cart will reach its shopper, as chosen at the checkout."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="fulfillments")
    merchant = models.ForeignKey("directory.Merchant", models.CASCADE, related_name="+")
    fulfillment = models.CharField(_("remise"), max_length=10, choices=Fulfillment)
    slot = models.ForeignKey(PickupSlot, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = portal_manager("cart__site")

    class Meta:
        verbose_name = _("choix de remise")
        verbose_name_plural = _("choix de remise")
        constraints = (
            models.UniqueConstraint(fields=("cart", "merchant"), name="cart_chooses_once_per_merchant"),
        )

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.fulfillment}"
