"""The sentences of subscriptions, invoices and the customer portal, in French and in English; dates and rates too."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shop.sandbox.errors import Json
from shop.sandbox.hosted import wording
from shop.sandbox.hosted.wording import NBSP

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre")  # fmt: skip

FRENCH: Mapping[str, str] = dict(wording.FRENCH) | {
    "title": "S’abonner",
    "till": "Abonnement",
    "bill": "Votre abonnement",
    "total": "À payer aujourd’hui",
    "back": "Revenir sans s’abonner",
    "errors": "L’abonnement n’a pas commencé.",
    "subtotal": "Sous-total",
    "per_month": "par mois",
    "per_months": "tous les {count} mois",
    "per_year": "par an",
    "per_years": "tous les {count} ans",
    "per_day": "par jour",
    "per_days": "tous les {count} jours",
    "per_week": "par semaine",
    "per_weeks": "toutes les {count} semaines",
    "recurring_total": "Total, taxes comprises",
    "trial_promise": "Essai gratuit jusqu’au {day}, puis {amount} {period}, taxes comprises.",
    "days_promise": "Essai gratuit de {count}" + NBSP + "jours, puis {amount} {period}, taxes comprises.",
    "promise": "{amount} {period}, taxes comprises. On peut annuler en tout temps.",
    "trial_button": "Commencer l’essai gratuit",
    "pay": "S’abonner et payer {amount}",
    "no_card": "Aucune carte n’est demandée pour l’essai.",
    "later_cards": "Cartes d’essai",
    "attaches": "acceptée, puis refusée à chaque paiement",
    "asks_always": "demande 3-D Secure à chaque paiement",
    "bank_setup_title": "Autoriser cette carte?",
    "bank_setup_text": "Voici la page 3-D Secure d’une banque imaginaire. Elle demande si c’est bien vous qui donnez "
        "cette carte pour les prochains paiements.",
    "paid_title": "L’abonnement est commencé",
    "paid_text": "Il n’y a rien d’autre à faire ici.",
    "paid_link": "Continuer",
    "expired_title": "Cette page d’abonnement est fermée",
    "expired_text": "Le temps est écoulé, ou elle a été remplacée. Rien n’a été payé. Recommencez d’où vous veniez.",
    "portal_title": "Votre abonnement",
    "portal_till": "Espace de facturation",
    "portal_return": "Revenir au site",
    "portal_over_title": "Cette adresse n’ouvre plus rien",
    "portal_over_text": "Elle ne sert que pendant un moment. Retournez au site pour en obtenir une autre.",
    "no_subscription": "Aucun abonnement en cours.",
    "state_trialing": "Essai gratuit jusqu’au {day}. Ensuite {amount} {period}, taxes comprises.",
    "state_active": "Prochain paiement le {day}" + NBSP + ": {amount}, taxes comprises.",
    "state_past_due": "Le dernier paiement n’a pas passé. Changez la carte ou payez la facture.",
    "state_unpaid": "Plusieurs paiements n’ont pas passé. Payez la facture pour reprendre.",
    "state_incomplete": "Le premier paiement n’a pas passé. Payez la facture pour commencer.",
    "state_ending": "L’abonnement se termine le {day}. Rien d’autre ne sera facturé.",
    "cancel": "Annuler l’abonnement",
    "resume": "Garder l’abonnement",
    "resumed": "L’abonnement continue.",
    "cancel_title": "Annuler l’abonnement?",
    "cancel_text": "L’abonnement à «" + NBSP + "{name}" + NBSP + "» reste ouvert jusqu’au {day}, puis se termine. "
        "Rien d’autre ne sera facturé.",
    "cancel_now_text": "L’abonnement à «" + NBSP + "{name}" + NBSP + "» se termine tout de suite, sans remboursement.",
    "keep": "Ne pas annuler",
    "reason": "Pourquoi? (facultatif)",
    "no_reason": "Sans réponse",
    "customer_service": "Le service n’était pas bon",
    "low_quality": "La qualité n’était pas assez bonne",
    "missing_features": "Il manque quelque chose",
    "other": "Autre raison",
    "switched_service": "Je passe à un autre service",
    "too_complex": "C’est trop compliqué",
    "too_expensive": "C’est trop cher",
    "unused": "Je ne m’en sers pas assez",
    "canceled": "C’est noté" + NBSP + ": l’abonnement se termine le {day}.",
    "canceled_now": "L’abonnement est terminé.",
    "cards_kept": "Carte",
    "card_line": "{brand} ••••" + NBSP + "{last4}, expire {month:02d}" + NBSP + "/" + NBSP + "{year}",
    "no_kept_card": "Aucune carte n’est enregistrée.",
    "change_card": "Changer la carte",
    "new_card_title": "Nouvelle carte",
    "save_card": "Enregistrer la carte",
    "card_errors": "La carte n’a pas été enregistrée.",
    "card_saved": "La nouvelle carte est enregistrée. Elle servira aux prochains paiements.",
    "done_title": "C’est fait",
    "invoices": "Factures",
    "no_invoices": "Aucune facture pour l’instant.",
    "invoice_title": "Facture {number}",
    "invoice_of": "Émise le {day}",
    "invoice_to": "Facturée à",
    "invoice_total": "Total",
    "invoice_due": "À payer",
    "credit": "Solde déjà au compte",
    "period_of": "Du {start} au {end}",
    "trial_line": "{name}, essai gratuit",
    "unused_line": "{name}, temps non utilisé",
    "remaining_line": "{name}, temps restant",
    "status_paid": "Payée",
    "status_open": "À payer",
    "status_draft": "En préparation",
    "status_void": "Annulée",
    "status_uncollectible": "Irrécouvrable",
    "paid_on": "Payée le {day}.",
    "owed": "{amount} à payer.",
    "next_attempt": "La carte enregistrée sera essayée de nouveau le {day}.",
    "pay_invoice": "Payer {amount}",
    "pay_kept": "Payer {amount} avec la carte ••••" + NBSP + "{last4}",
    "keep_card": "Garder cette carte pour les prochains paiements",
    "invoice_paid_now": "Le paiement de {amount} est fait. Merci!",
    "invoice_errors": "La facture n’a pas été payée.",
    "invoice_closed": "Cette facture n’est plus à payer.",
    "see_invoice": "Voir la facture",
}  # fmt: skip

ENGLISH: Mapping[str, str] = dict(wording.ENGLISH) | {
    "title": "Subscribe",
    "till": "Subscription",
    "bill": "Your subscription",
    "total": "Due today",
    "back": "Back without subscribing",
    "errors": "The subscription did not start.",
    "subtotal": "Subtotal",
    "per_month": "per month",
    "per_months": "every {count} months",
    "per_year": "per year",
    "per_years": "every {count} years",
    "per_day": "per day",
    "per_days": "every {count} days",
    "per_week": "per week",
    "per_weeks": "every {count} weeks",
    "recurring_total": "Total, taxes included",
    "trial_promise": "Free trial until {day}, then {amount} {period}, taxes included.",
    "days_promise": "Free trial of {count} days, then {amount} {period}, taxes included.",
    "promise": "{amount} {period}, taxes included. Cancel any time.",
    "trial_button": "Start the free trial",
    "pay": "Subscribe and pay {amount}",
    "no_card": "The trial asks for no card.",
    "later_cards": "Test cards",
    "attaches": "accepted, then declined at every payment",
    "asks_always": "asks for 3-D Secure at every payment",
    "bank_setup_title": "Authorize this card?",
    "bank_setup_text": "This is the 3-D Secure page of an imaginary bank. It asks whether it is really you giving this "
        "card for future payments.",
    "paid_title": "The subscription has started",
    "paid_text": "There is nothing more to do here.",
    "paid_link": "Continue",
    "expired_title": "This subscription page is closed",
    "expired_text": "Time ran out, or another page replaced it. Nothing was paid. Start again from where you came.",
    "portal_title": "Your subscription",
    "portal_till": "Billing",
    "portal_return": "Back to the site",
    "portal_over_title": "This address opens nothing any more",
    "portal_over_text": "It works for a while only. Go back to the site to get another one.",
    "no_subscription": "No subscription at the moment.",
    "state_trialing": "Free trial until {day}. Then {amount} {period}, taxes included.",
    "state_active": "Next payment on {day}: {amount}, taxes included.",
    "state_past_due": "The last payment did not go through. Change the card or pay the invoice.",
    "state_unpaid": "Several payments did not go through. Pay the invoice to resume.",
    "state_incomplete": "The first payment did not go through. Pay the invoice to start.",
    "state_ending": "The subscription ends on {day}. Nothing more will be billed.",
    "cancel": "Cancel the subscription",
    "resume": "Keep the subscription",
    "resumed": "The subscription goes on.",
    "cancel_title": "Cancel the subscription?",
    "cancel_text": "The subscription to “{name}” stays open until {day}, then ends. Nothing more will be billed.",
    "cancel_now_text": "The subscription to “{name}” ends now, without a refund.",
    "keep": "Do not cancel",
    "reason": "Why? (optional)",
    "no_reason": "No answer",
    "customer_service": "The service was not good",
    "low_quality": "The quality was not good enough",
    "missing_features": "Something is missing",
    "other": "Another reason",
    "switched_service": "I am moving to another service",
    "too_complex": "It is too complicated",
    "too_expensive": "It is too expensive",
    "unused": "I do not use it enough",
    "canceled": "Noted: the subscription ends on {day}.",
    "canceled_now": "The subscription has ended.",
    "cards_kept": "Card",
    "card_line": "{brand} ••••" + NBSP + "{last4}, expires {month:02d}" + NBSP + "/" + NBSP + "{year}",
    "no_kept_card": "No card is saved.",
    "change_card": "Change the card",
    "new_card_title": "New card",
    "save_card": "Save the card",
    "card_errors": "The card was not saved.",
    "card_saved": "The new card is saved. It will be used for the next payments.",
    "done_title": "Done",
    "invoices": "Invoices",
    "no_invoices": "No invoice yet.",
    "invoice_title": "Invoice {number}",
    "invoice_of": "Issued on {day}",
    "invoice_to": "Billed to",
    "invoice_total": "Total",
    "invoice_due": "To pay",
    "credit": "Balance already on account",
    "period_of": "From {start} to {end}",
    "trial_line": "{name}, free trial",
    "unused_line": "{name}, unused time",
    "remaining_line": "{name}, remaining time",
    "status_paid": "Paid",
    "status_open": "To pay",
    "status_draft": "In preparation",
    "status_void": "Void",
    "status_uncollectible": "Uncollectible",
    "paid_on": "Paid on {day}.",
    "owed": "{amount} to pay.",
    "next_attempt": "The saved card will be tried again on {day}.",
    "pay_invoice": "Pay {amount}",
    "pay_kept": "Pay {amount} with card ••••" + NBSP + "{last4}",
    "keep_card": "Keep this card for future payments",
    "invoice_paid_now": "The payment of {amount} is done. Thank you!",
    "invoice_errors": "The invoice was not paid.",
    "invoice_closed": "This invoice is no longer to be paid.",
    "see_invoice": "See the invoice",
}  # fmt: skip

LISTED_CARDS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 0341", "attaches"),
    ("4000 0000 0000 0002", "declined"),
    ("4000 0025 0000 3155", "authenticates"),
    ("4000 0027 6000 3184", "asks_always"),
)


def words_for(locale: str | None, accepted: str = "") -> Mapping[str, str]:
    """In the language asked for; else in the one the browser prefers; French in doubt."""
    return ENGLISH if wording.words_for(locale, accepted) is wording.ENGLISH else FRENCH


def day(instant: int, words: Mapping[str, str]) -> str:
    """`3 mars 2027` or `March 3, 2027`, where the towns are."""
    moment = datetime.fromtimestamp(instant, _zone())
    if words["lang"].startswith("en"):
        return f"{moment:%B}{NBSP}{moment.day}, {moment.year}"
    first = "1er" if moment.day == 1 else str(moment.day)
    return f"{first}{NBSP}{MONTHS[moment.month - 1]} {moment.year}"


def _zone() -> tzinfo:
    try:
        return ZoneInfo("America/Toronto")
    except ZoneInfoNotFoundError:
        return UTC


def per(recurring: Json, words: Mapping[str, str]) -> str:
    """`par mois`, `tous les 3 mois`."""
    count = recurring["interval_count"]
    return words[f"per_{recurring['interval']}{'s' if count > 1 else ''}"].format(count=count)


def rate_name(rate: Json, words: Mapping[str, str]) -> str:
    """`TVQ (9,975 %)`."""
    figure = f"{Decimal(str(rate['percentage'])).normalize():f}"
    if words["lang"].startswith("fr"):
        figure = figure.replace(".", ",") + NBSP
    return f"{rate['display_name']} ({figure}%)"
