"""Statuses and their edges. One module writes each: orders.py for orders, checkouts.py for checkouts."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaxClass(models.TextChoices):
    STANDARD = "standard", _("Taxable (TPS et TVQ)")
    ZERO_RATED = "zero_rated", _("Aliment de base (sans taxe)")
    GST_ONLY = "gst_only", _("Livre, couches et autres (TPS seulement)")
    SNACK = "snack", _("Portion individuelle\u00a0: sucrerie, crème glacée, fruits préparés")
    GIFT_CARD = "gift_card", _("Carte-cadeau (sans taxe)")
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


class ProductKind(models.TextChoices):
    """How units come to be: from a shelf, made once ordered, or copied from a file."""

    STOCKED = "stocked", _("en stock")
    MADE_TO_ORDER = "made_to_order", _("fait sur commande")
    DIGITAL = "digital", _("à télécharger")


class MeasureUnit(models.TextChoices):
    """What a food's net quantity is counted in."""

    GRAM = "g", _("g")
    MILLILITRE = "ml", _("ml")
    PIECE = "piece", _("à l’unité")


class Container(models.TextChoices):
    """Containers that bear a deposit; what each costs on a day is a row of DepositRate."""

    SMALL = "container", _("Canette ou petite bouteille")
    GLASS_LARGE = "glass_500", _("Bouteille de verre de 500 ml et plus")
    WINE = "wine", _("Bouteille de verre de vin ou de cidre")


class Fulfillment(models.TextChoices):
    """How an order reaches its shopper."""

    PICKUP = "pickup", _("cueillette à la boutique")
    DELIVERY = "delivery", _("livraison par la boutique")
    SHIPPING = "shipping", _("envoi par la poste")
    DOWNLOAD = "download", _("téléchargement")


class ShippingRegion(models.TextChoices):
    QUEBEC = "qc", _("Québec")
    CANADA = "ca", _("ailleurs au Canada")


class ShopperMayCancel(models.TextChoices):
    """Until when a shop lets shoppers cancel what they paid; the law may let them cancel later."""

    NEVER = "never", _("jamais")
    UNTIL_READY = "until_ready", _("tant que ce n’est pas prêt")


class Funder(models.TextChoices):
    """Who pays for a discount. The portal pays out of its commission, and never more than that."""

    MERCHANT = "merchant", _("le commerce")
    PORTAL = "portal", _("le portail")


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


class RefundSource(models.TextChoices):
    """Who asked for a refund."""

    MERCHANT = "merchant", _("le commerce")
    STAFF = "staff", _("le portail")
    SHOPPER = "shopper", _("la clientèle")
    LATE_PAYMENT = "late_payment", _("payé trop tard")
    STRIPE = "stripe", _("fait dans Stripe")


class ReversalCause(models.TextChoices):
    """Why part of a transfer is taken back."""

    REFUND = "refund", _("remboursement")
    DISPUTE = "dispute", _("contestation perdue")
    DEBT = "debt", _("dette retenue")


class DisputeStatus(models.TextChoices):
    """Stripe's words."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response", _("demande à répondre")
    WARNING_UNDER_REVIEW = "warning_under_review", _("demande à l’étude")
    WARNING_CLOSED = "warning_closed", _("demande close")
    NEEDS_RESPONSE = "needs_response", _("à répondre")
    UNDER_REVIEW = "under_review", _("à l’étude")
    WON = "won", _("gagnée")
    LOST = "lost", _("perdue")
    PREVENTED = "prevented", _("évitée")


DISPUTE_IS_OVER = (
    DisputeStatus.WARNING_CLOSED,
    DisputeStatus.WON,
    DisputeStatus.LOST,
    DisputeStatus.PREVENTED,
)


class LedgerAccount(models.TextChoices):
    """The accounts of a merchant's ledger. Credits are positive, debits negative; each journal sums to zero."""

    SHOPPER = "shopper", _("clientèle")
    MERCHANT = "merchant", _("commerce")
    COMMISSION = "commission", _("commission")
    PORTAL_TAX = "portal_tax", _("taxes perçues par le portail")
    STRIPE = "stripe", _("compte Stripe du commerce")
    PORTAL = "portal", _("portail")


class LedgerKind(models.TextChoices):
    SALE = "sale", _("vente")
    TRANSFER = "transfer", _("virement")
    REFUND = "refund", _("remboursement")
    REVERSAL = "reversal", _("reprise")
    DISPUTE = "dispute", _("contestation")
    ADJUSTMENT = "adjustment", _("ajustement")


class CheckKind(models.TextChoices):
    """What is done every so often by one worker, and when it last was (BooksCheck)."""

    INVARIANTS = "invariants", _("les invariants")
    RECONCILE = "reconcile", _("la comparaison avec Stripe")
    RETENTION = "retention", _("l’oubli de ce qui est passé")
    PLANS = "plans", _("les options des commerces")
    MONTHS = "months", _("la fermeture des mois du bilan")


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
