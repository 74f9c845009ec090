"""One Checkout (one shopper, one payment) holds one Order per merchant. Everything is frozen when placed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from directory.enums import Source
from home.languages import FRENCH, LANGUAGES
from home.tenancy import portal_manager
from shop.enums import (
    ChargeModel,
    CheckoutStatus,
    Fulfillment,
    Funder,
    LineState,
    OrderStatus,
    ProductKind,
    TaxClass,
    TaxCollector,
)
from shop.models.carts import Cart
from shop.models.catalogue import Variant
from shop.models.delivery import PickupSlot
from shop.models.promotions import Promotion


class Checkout(models.Model):
    """One shopper's one payment. Only ``shop.checkouts`` and ``shop.payments`` write its status."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_token = models.UUIDField(unique=True)
    cart = models.ForeignKey(Cart, models.SET_NULL, null=True, blank=True, related_name="checkouts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="checkouts"
    )
    status = models.CharField(_("état"), max_length=10, choices=CheckoutStatus, default=CheckoutStatus.OPEN)
    charge_model = models.CharField(max_length=40, choices=ChargeModel, default=ChargeModel.SEPARATE)
    account = models.CharField(
        _("compte qui encaisse"), max_length=64, blank=True, help_text="Stripe account; blank: the portal's."
    )
    adult_declared_at = models.DateTimeField(_("majorité déclarée le"), null=True, blank=True)
    contact_name = models.CharField(_("nom"), max_length=120)
    contact_email = models.EmailField(_("courriel"))
    contact_phone = PhoneNumberField(_("téléphone"), blank=True)
    language = models.CharField(
        _("langue"),
        max_length=5,
        choices=LANGUAGES,
        default=FRENCH,
        editable=False,
        help_text=_("Celle de la commande\u00a0: ses courriels la gardent."),
    )
    contract_language = models.CharField(
        _("langue du contrat"),
        max_length=5,
        choices=LANGUAGES,
        default=FRENCH,
        editable=False,
        help_text=_(
            "Le français, sauf si la personne, qui l’avait en français sous les yeux, a demandé l’anglais."
        ),
    )
    total_cents = models.PositiveIntegerField(_("total (cents)"))
    attempt = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("créé le"))
    expires_at = models.DateTimeField(_("payable jusqu’à"))
    paid_at = models.DateTimeField(_("payé le"), null=True, blank=True)

    objects = portal_manager()

    class Meta:
        verbose_name = _("passage en caisse")
        verbose_name_plural = _("passages en caisse")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status=CheckoutStatus.PAID) | Q(paid_at__isnull=False),
                name="paid_checkout_says_when",
            ),
            models.CheckConstraint(condition=Q(total_cents__gt=0), name="checkout_asks_for_money"),
            models.CheckConstraint(
                condition=Q(charge_model=ChargeModel.DIRECT) ^ Q(account=""),
                name="direct_checkout_names_its_account",
            ),
            models.UniqueConstraint(
                fields=("cart",), condition=Q(status=CheckoutStatus.OPEN), name="cart_has_one_open_checkout"
            ),
        )
        indexes = (
            models.Index(fields=("expires_at",), condition=Q(status="open"), name="checkout_open_by_expiry"),
            # A guest's purchases, found again by the address whatever its case.
            models.Index(Upper("contact_email"), name="checkout_by_email"),
        )

    def __str__(self) -> str:
        return str(self.public_id)


class Order(models.Model):
    """One merchant's part of a checkout. Only ``shop.orders`` writes its status. Amounts in cents."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    checkout = models.ForeignKey(
        Checkout, models.PROTECT, related_name="orders", verbose_name=_("passage en caisse")
    )
    merchant = models.ForeignKey(
        "directory.Merchant", models.PROTECT, related_name="orders", verbose_name=_("commerce")
    )
    number = models.CharField(_("numéro"), max_length=20)
    status = models.CharField(_("état"), max_length=10, choices=OrderStatus, default=OrderStatus.PENDING)
    charge_model = models.CharField(max_length=40, choices=ChargeModel, default=ChargeModel.SEPARATE)
    items_cents = models.PositiveIntegerField(_("marchandises"))
    delivery_cents = models.PositiveIntegerField(_("livraison"), default=0)
    deposit_cents = models.PositiveIntegerField(_("consignes"), default=0)
    discount_cents = models.PositiveIntegerField(
        _("rabais"), default=0, help_text=_("Déjà retiré des marchandises.")
    )
    gst_cents = models.PositiveIntegerField(_("TPS"))
    qst_cents = models.PositiveIntegerField(_("TVQ"))
    total_cents = models.PositiveIntegerField(_("total"))
    commission_bps = models.PositiveIntegerField()
    commission_cents = models.PositiveIntegerField(_("commission"))
    portal_tax_cents = models.PositiveIntegerField(_("taxes perçues par le portail"), default=0)
    merchant_share_cents = models.PositiveIntegerField(_("part du commerce"))
    refunded_cents = models.PositiveIntegerField(_("remboursé"), default=0)
    fulfillment = models.CharField(
        _("remise"), max_length=10, choices=Fulfillment, default=Fulfillment.PICKUP
    )
    delivery_address: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(
        default=dict,
        blank=True,
        help_text="name, street_address, city, province, postal_code; empty for pick-up.",
    )
    slot = models.ForeignKey(PickupSlot, models.PROTECT, null=True, blank=True, related_name="orders")
    adult_required = models.BooleanField(_("18 ans et plus"), default=False)
    adult_checked_at = models.DateTimeField(_("âge vérifié le"), null=True, blank=True)
    adult_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    seller = models.JSONField(
        _("vendeur au moment de la vente"),
        help_text="name, legal_name, address, city, postal_code, phone, gst_number, qst_number, return_policy, pickup.",
    )
    slot_lost = models.BooleanField(
        _("créneau à convenir"),
        default=False,
        help_text="Paid once its slot had gone to others: its shop and its shopper agree on another.",
    )
    pickup_from = models.DateTimeField(_("prête à compter de"), null=True, blank=True)
    pickup_until = models.DateTimeField(_("à prendre avant"), null=True, blank=True)
    promised_at = models.DateTimeField(
        _("promise pour"), null=True, blank=True, help_text="30 days later the shopper may cancel (CPA 54.9)."
    )
    credit_source = models.CharField(
        _("amenée par"), max_length=12, choices=[(each.value, each.label) for each in Source.credited()],
        blank=True, help_text=_("Ce qui a mené à cette commande, dans la même visite."),
    )  # fmt: skip
    credit_id = models.BigIntegerField(
        default=0, help_text="Page that led here: a story, a campaign, a letter; 0 for none."
    )
    placed_at = models.DateTimeField(_("passée le"))
    paid_at = models.DateTimeField(_("payée le"), null=True, blank=True)

    wagtail_reference_index_ignore = True  # read in the admin, but no page refers to it or is referred to

    objects = portal_manager()

    class Meta:
        verbose_name = _("commande")
        verbose_name_plural = _("commandes")
        ordering = ("-placed_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("site", "number"), name="order_number_unique_in_portal"),
            models.UniqueConstraint(
                fields=("checkout", "merchant"), name="checkout_has_one_order_per_merchant"
            ),
            models.CheckConstraint(
                condition=Q(
                    total_cents=F("items_cents")
                    + F("delivery_cents")
                    + F("deposit_cents")
                    + F("gst_cents")
                    + F("qst_cents")
                ),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_cents=F("merchant_share_cents") + F("commission_cents") + F("portal_tax_cents")
                ),
                name="order_shares_add_up",
            ),
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("total_cents")), name="order_refunds_never_exceed_it"
            ),
            models.CheckConstraint(
                condition=~Q(status=OrderStatus.FULFILLED)
                | Q(adult_required=False)
                | Q(adult_checked_at__isnull=False),
                name="alcohol_is_handed_over_after_a_check",
            ),
            models.CheckConstraint(
                condition=Q(credit_id=0) | ~Q(credit_source=""), name="order_credit_names_its_source"
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "status", "-placed_at"), name="order_by_merchant"),
            models.Index(
                fields=("site", "credit_source", "credit_id"),
                condition=~Q(credit_source=""),
                name="order_by_credit",
            ),
        )

    def __str__(self) -> str:
        return self.number


class LineItem(models.Model):
    """A frozen line: what was sold, at which price, under which tax rates, and where its stock stands."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="+")
    sku = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("produit"), max_length=120)
    variant_title = models.CharField(_("variante"), max_length=80, blank=True)
    quantity = models.PositiveIntegerField(_("quantité"))
    refunded_quantity = models.PositiveIntegerField(_("unités remboursées"), default=0)
    unit_price_cents = models.PositiveIntegerField(_("prix à l’unité"))
    discount_cents = models.PositiveIntegerField(
        _("rabais"), default=0, help_text="Off the whole line, before taxes."
    )
    discount_title = models.CharField(_("raison du rabais"), max_length=80, blank=True)
    discount_funder = models.CharField(_("rabais payé par"), max_length=8, choices=Funder, blank=True)
    promotion = models.ForeignKey(Promotion, models.SET_NULL, null=True, blank=True, related_name="+")
    unit_deposit_cents = models.PositiveIntegerField(_("consigne à l’unité"), default=0)
    unit_price_text = models.CharField(
        _("prix à l’unité de mesure"), max_length=40, blank=True, help_text="Like « 2,40 $ / 100 g »."
    )
    kind = models.CharField(max_length=14, choices=ProductKind, default=ProductKind.STOCKED)
    is_alcohol = models.BooleanField(_("alcool"), default=False)
    tax_class = models.CharField(max_length=12, choices=TaxClass)
    gst_rate_ppm = models.PositiveIntegerField(
        help_text="Parts per million applied to this line; 0 when none is charged."
    )
    qst_rate_ppm = models.PositiveIntegerField()
    gst_collector = models.CharField(max_length=8, choices=TaxCollector)
    qst_collector = models.CharField(max_length=8, choices=TaxCollector)
    state = models.CharField(_("stock"), max_length=8, choices=LineState, default=LineState.RESERVED)

    objects = portal_manager("order__site")

    class Meta:
        verbose_name = _("ligne")
        verbose_name_plural = _("lignes")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("order", "variant"), name="order_lists_variant_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="line_sells_something"),
            models.CheckConstraint(
                condition=Q(refunded_quantity__lte=F("quantity")), name="line_refunds_no_more_than_it_sold"
            ),
            models.CheckConstraint(
                condition=Q(discount_cents__lte=F("quantity") * F("unit_price_cents")),
                name="discount_is_no_more_than_the_line",
            ),
            models.CheckConstraint(
                condition=Q(discount_cents=0, discount_funder="")
                | (Q(discount_cents__gt=0) & ~Q(discount_funder="")),
                name="discount_says_who_pays",
            ),
        )
        indexes = (models.Index(fields=("variant", "state"), name="line_by_variant"),)

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"

    @property
    def name(self) -> str:
        """« Tisane, 50 g »: the product, and which of its variants."""
        return f"{self.title}, {self.variant_title}" if self.variant_title else self.title

    @property
    def units_left(self) -> int:
        """Units that are the shopper's: sold, and not given back."""
        return self.quantity - self.refunded_quantity

    @property
    def amount_cents(self) -> int:
        """What the line's goods cost, its discount taken off, before deposits and taxes."""
        return self.quantity * self.unit_price_cents - self.discount_cents

    @property
    def tax_code(self) -> str:
        """What a receipt prints beside the line: the taxes charged on it, like « TPS TVQ »; "" for none."""
        charged = ((_("TPS"), self.gst_rate_ppm), (_("TVQ"), self.qst_rate_ppm))
        return " ".join(str(name) for name, rate in charged if rate)


class StatusChange(models.Model):
    """The event log: replaying a checkout's or an order's rows gives its present status."""

    site = models.ForeignKey("wagtailcore.Site", models.PROTECT, related_name="+")
    checkout = models.ForeignKey(
        Checkout, models.PROTECT, null=True, blank=True, related_name="status_changes"
    )
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="status_changes")
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    cause = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = portal_manager()

    class Meta:
        verbose_name = _("changement d’état")
        verbose_name_plural = _("changements d’état")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(checkout__isnull=True) ^ Q(order__isnull=True),
                name="status_change_is_about_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
