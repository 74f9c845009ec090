"""French for what Stripe and our own rules say in their words. An unknown word is shown as it came."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Any]

PAYMENT_STATUS: Words = MappingProxyType(
    {
        "succeeded": _("réussi"),
        "processing": _("en cours"),
        "requires_action": _("attend une preuve d’identité"),
        "requires_capture": _("autorisé"),
        "requires_confirmation": _("à confirmer"),
        "requires_payment_method": _("refusé"),
        "canceled": _("annulé"),
    }
)
PAYOUT_STATUS: Words = MappingProxyType(
    {
        "pending": _("prévu"),
        "in_transit": _("en route"),
        "paid": _("déposé"),
        "canceled": _("annulé"),
        "failed": _("refusé par la banque"),
    }
)
DISPUTE_REASON: Words = MappingProxyType(
    {
        "bank_cannot_process": _("la banque n’a pu la traiter"),
        "check_returned": _("chèque retourné"),
        "credit_not_processed": _("remboursement promis, non reçu"),
        "customer_initiated": _("demandée par la clientèle"),
        "debit_not_authorized": _("débit non autorisé"),
        "duplicate": _("payé deux fois"),
        "fraudulent": _("fraude alléguée"),
        "general": _("sans raison précise"),
        "incorrect_account_details": _("compte inexact"),
        "insufficient_funds": _("fonds insuffisants"),
        "noncompliant": _("non conforme"),
        "product_not_received": _("article non reçu"),
        "product_unacceptable": _("article non conforme"),
        "subscription_canceled": _("abonnement annulé"),
        "unrecognized": _("achat non reconnu"),
    }
)
REFUND_FAILURE: Words = MappingProxyType(
    {
        "charge_for_pending_refund_disputed": _("le paiement est contesté"),
        "declined": _("refusé par la banque"),
        "expired_or_canceled_card": _("carte expirée ou annulée"),
        "insufficient_funds": _("solde Stripe insuffisant"),
        "lost_or_stolen_card": _("carte perdue ou volée"),
        "merchant_request": _("annulé à la demande du portail"),
        "unknown": _("la banque n’a pas dit pourquoi"),
    }
)
EFFECT: Words = MappingProxyType(
    {
        "transfer": _("virement au commerce"),
        "plan.departure": _("forfait d’un commerce qui part, ou qui revient"),
        "refund": _("remboursement"),
        "reversal": _("reprise d’un virement"),
        "mail.order_confirmed": _("courriel\u00a0: commande confirmée"),
        "mail.merchant_order": _("courriel au commerce\u00a0: nouvelle commande"),
        "mail.late_payment": _("courriel\u00a0: payé trop tard"),
        "mail.order_ready": _("courriel\u00a0: commande prête"),
        "mail.handed_over": _("courriel\u00a0: commande remise"),
        "mail.refund": _("courriel\u00a0: remboursement"),
        "mail.merchant_refund": _("courriel au commerce\u00a0: remboursement"),
        "mail.merchant_dispute": _("courriel au commerce\u00a0: contestation"),
        "mail.staff_dispute": _("courriel au Journal\u00a0: contestation"),
        "mail.staff_refund_failed": _("courriel au Journal\u00a0: remboursement échoué"),
        "mail.letter": _("courriel\u00a0: lettre"),
        "mail.letter_written_later": _("courriel\u00a0: lettre écrite à l’envoi"),
        "dispute_evidence": _("réponse à une contestation"),
    }
)
SUBSCRIPTION_STATUS: Words = MappingProxyType(
    {
        "trialing": _("gratuit pour l’instant"),
        "active": _("payé"),
        "past_due": _("en retard, sursis"),
        "unpaid": _("impayé"),
        "canceled": _("terminé"),
        "incomplete": _("premier paiement à faire"),
        "incomplete_expired": _("jamais commencé"),
        "paused": _("en pause"),
    }
)
INVOICE_STATUS: Words = MappingProxyType(
    {
        "paid": _("payée"),
        "open": _("à payer"),
        "void": _("annulée"),
        "uncollectible": _("impayée"),
    }
)
CAUSE: Words = MappingProxyType(
    {
        "placed": _("passée en caisse"),
        "payment": _("paiement reçu"),
        "placed anew": _("reprise avec un autre panier"),
        "refused by Stripe": _("refusée par Stripe"),
        "canceled by the shopper": _("annulée par la clientèle"),
        "not paid in time": _("non payée à temps"),
        "session expired": _("page de paiement expirée"),
        "stock sold meanwhile": _("stock vendu entre-temps"),
        "download": _("fichiers téléchargeables"),
        "refunded": _("remboursement"),
        "refunded in Stripe": _("remboursé dans Stripe"),
        "refunded before it was sent": _("remboursée avant le virement"),
        "given back before the share was sent": _("remboursée avant le virement"),
        "a refund failed": _("un remboursement a échoué"),
        "dispute lost": _("contestation perdue"),
        "dispute won after all": _("contestation gagnée"),
        "sent again": _("virement renvoyé"),
        "taken back from a later sale": _("repris sur une vente suivante"),
        "Stripe": _("remboursé dans Stripe"),
        "demo": _("données de démonstration"),
    }
)


def word(words: Words, value: str) -> str:
    """The French for it, else the value itself."""
    return str(words.get(value, value))


def cause(text: str) -> str:
    """A status change's cause. Who moved it is in the audit log; here only on which side they were."""
    if text.startswith("merchant "):
        return str(_("le commerce"))
    if text.startswith("demo"):
        return word(CAUSE, "demo")
    return word(CAUSE, text)


TROUBLE: Words = MappingProxyType(
    {
        "GatewayUnavailable": _("Stripe n’a pas répondu."),
        "GatewayBroke": _("Stripe a eu une panne."),
        "GatewayRefused": _("Stripe a refusé."),
        "UnknownObject": _("Cela parle d’un paiement que nous ne connaissons pas encore."),
        "PaymentMismatch": _(
            "Le montant payé n’est pas celui de la commande\u00a0: une personne doit regarder."
        ),
        "MoreThanIsLeft": _("Stripe a rendu plus que ce qui restait de la commande."),
        "SMTPException": _("Le serveur de courriel a refusé."),
        "ConnectionRefusedError": _("Le serveur de courriel ne répond pas."),
        "TimeoutError": _("Le serveur n’a pas répondu à temps."),
        "OSError": _("Le serveur ne répond pas."),
    }
)
"""What the name of an error means, for who has never seen one."""


def trouble(error: str) -> str:
    """The first part of what is kept of an error (« GatewayRefused: no such account »), in French."""
    if not error:
        return str(_("Personne ne s’en est encore chargé\u00a0: le service de fond tourne-t-il?"))
    return str(TROUBLE.get(error.partition(":")[0], _("Une erreur imprévue l’a empêché.")))
