"""Statuses and their edges. One module writes each: orders.py for orders, checkouts.py for checkouts."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaxClass(models.TextChoices):
    STANDARD = "standard", _("Taxable (TPS et TVQ)")
    ZERO_RATED = "zero_rated", _("Aliment de base (sans taxe)")
    GST_ONLY = "gst_only", _("Livre, couches et autres (TPS seulement)")
    DEPOSIT = "deposit", _("Consigne (sans taxe)")


class Tax(models.TextChoices):
    """The two sales taxes; French receipts call them TPS and TVQ."""

    GST = "gst", _("TPS")
    QST = "qst", _("TVQ")


class TaxCollector(models.TextChoices):
    """Who remits a tax."""

    MERCHANT = "merchant", _("commerce")
    PORTAL = "portal", _("portail")
    NONE = "none", _("personne")


class ChargeModel(models.TextChoices):
    """On whose Stripe account the charge is made (Stripe's words)."""

    SEPARATE = "separate_charges_and_transfers", _("par le portail")
    DIRECT = "direct", _("par le commerce")


class ProductStatus(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    PUBLISHED = "published", _("en vente")
    HIDDEN = "hidden", _("masqué")


class CheckoutStatus(models.TextChoices):
    OPEN = "open", _("en attente du paiement")
    PAID = "paid", _("payé")
    CANCELED = "canceled", _("annulé")
    EXPIRED = "expired", _("expiré")
    REFUNDED = "refunded", _("remboursé")


class OrderStatus(models.TextChoices):
    PENDING = "pending", _("en attente du paiement")
    PAID = "paid", _("à préparer")
    READY = "ready", _("prête")
    FULFILLED = "fulfilled", _("remise")
    CANCELED = "canceled", _("annulée")
    REFUNDED = "refunded", _("remboursée")


class LineState(models.TextChoices):
    RESERVED = "reserved", _("réservé")
    SOLD = "sold", _("vendu")
    RELEASED = "released", _("remis en vente")
    REFUNDED = "refunded", _("remboursé")


class TransferStatus(models.TextChoices):
    PENDING = "pending", _("à envoyer")
    SENT = "sent", _("envoyé")
    FAILED = "failed", _("impossible")
    CANCELED = "canceled", _("sans objet")


class RefundStatus(models.TextChoices):
    """Stripe's words."""

    PENDING = "pending", _("en cours")
    SUCCEEDED = "succeeded", _("remboursé")
    FAILED = "failed", _("échoué")


Edges = Mapping[str, frozenset[str]]

CHECKOUT_EDGES: Edges = MappingProxyType(
    {
        CheckoutStatus.OPEN: frozenset(
            {CheckoutStatus.PAID, CheckoutStatus.CANCELED, CheckoutStatus.EXPIRED}
        ),
        # Paid after its stock was let go: sold again when stock allows, else refunded whole.
        CheckoutStatus.CANCELED: frozenset({CheckoutStatus.PAID, CheckoutStatus.REFUNDED}),
        CheckoutStatus.EXPIRED: frozenset({CheckoutStatus.PAID, CheckoutStatus.REFUNDED}),
        CheckoutStatus.PAID: frozenset({CheckoutStatus.REFUNDED}),
        CheckoutStatus.REFUNDED: frozenset(),
    }
)

ORDER_EDGES: Edges = MappingProxyType(
    {
        OrderStatus.PENDING: frozenset({OrderStatus.PAID, OrderStatus.CANCELED}),
        OrderStatus.PAID: frozenset({OrderStatus.READY, OrderStatus.FULFILLED, OrderStatus.REFUNDED}),
        OrderStatus.READY: frozenset({OrderStatus.FULFILLED, OrderStatus.PAID, OrderStatus.REFUNDED}),
        OrderStatus.FULFILLED: frozenset({OrderStatus.REFUNDED}),
        # As for checkouts: the money came after all.
        OrderStatus.CANCELED: frozenset({OrderStatus.PAID, OrderStatus.REFUNDED}),
        OrderStatus.REFUNDED: frozenset(),
    }
)
