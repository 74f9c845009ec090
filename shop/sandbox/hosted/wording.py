"""The sentences of the hosted pages, in French and in English, and how each writes money."""

import re
from collections.abc import Mapping

NBSP = "\u00a0"

FRENCH: Mapping[str, str] = {
    "lang": "fr-CA",
    "band": "Bac à sable : aucune vraie carte, aucun vrai argent",
    "title": "Payer la commande",
    "till": "La caisse",
    "bill": "Votre commande",
    "seller": "Vendue par",
    "quantity": "Quantité :",
    "each": "l’unité",
    "total": "Total à payer",
    "card": "Votre carte",
    "email": "Courriel",
    "number": "Numéro de carte",
    "expiry": "Expiration",
    "expiry_hint": "Mois / année",
    "cvc": "Code de sécurité",
    "cvc_hint": "3 chiffres au dos",
    "name": "Nom sur la carte",
    "postal_code": "Code postal",
    "pay": "Payer {amount}",
    "back": "Retour à la boutique",
    "errors": "Le paiement n’a pas été fait.",
    "cards": "Cartes d’essai",
    "cards_hint": "Date à venir et code à 3 chiffres au choix.",
    "number_empty": "Entrez le numéro de la carte.",
    "number_wrong": "Ce numéro de carte n’existe pas. Vérifiez les chiffres.",
    "expiry_wrong": "Entrez le mois et l’année, par exemple 04 / 29.",
    "expiry_past": "Cette carte est expirée. Vérifiez la date ou prenez une autre carte.",
    "cvc_wrong": "Entrez les 3 chiffres au dos de la carte.",
    "name_empty": "Entrez le nom inscrit sur la carte.",
    "postal_code_wrong": "Entrez un code postal, par exemple G6V 3R2.",
    "email_wrong": "Entrez une adresse courriel, par exemple nom@exemple.ca.",
    "card_declined": "Votre carte a été refusée. Prenez une autre carte.",
    "insufficient_funds": "Il n’y a pas assez de fonds sur cette carte. Prenez une autre carte.",
    "expired_card": "Votre banque dit que cette carte est expirée. Prenez une autre carte.",
    "incorrect_cvc": "Le code de sécurité n’est pas le bon. Vérifiez les 3 chiffres au dos de la carte.",
    "test_mode_live_card": "Aucune vraie carte ici : prenez une des cartes d’essai de la liste.",
    "payment_intent_authentication_failure":
        "Votre banque n’a pas autorisé le paiement. Essayez de nouveau ou prenez une autre carte.",
    "bank": "Votre banque",
    "bank_title": "Autoriser ce paiement?",
    "bank_text": "Voici la page 3-D Secure d’une banque imaginaire. "
        "Elle demande si c’est bien vous qui payez {amount}.",
    "authorize": "Autoriser",
    "refuse": "Refuser",
    "paid_title": "Cette commande est payée",
    "paid_text": "Le paiement de {amount} est fait. Il n’y a rien d’autre à payer ici.",
    "paid_link": "Voir la commande",
    "expired_title": "Cette page de paiement est fermée",
    "expired_text": "Le temps est écoulé, ou la boutique l’a fermée. Rien n’a été payé. Retournez à la boutique pour "
        "recommencer.",
    "missing_title": "Cette page de paiement n’existe pas",
    "missing_text": "Vérifiez l’adresse, ou retournez à la boutique.",
    "home_title": "Bac à sable de paiement",
    "home_text": "Ce programme joue le rôle de Stripe pour la démonstration et les tests. On arrive à une page de "
        "paiement depuis la boutique.",
    "pays": "paie",
    "at_once": "paie, fonds disponibles tout de suite",
    "declined": "refusée",
    "insufficient": "fonds insuffisants",
    "authenticates": "demande 3-D Secure",
    "disputed": "paie, puis contestée",
}  # fmt: skip

ENGLISH: Mapping[str, str] = {
    "lang": "en-CA",
    "band": "Sandbox: no real card, no real money",
    "title": "Pay for your order",
    "till": "The till",
    "bill": "Your order",
    "seller": "Sold by",
    "quantity": "Quantity:",
    "each": "each",
    "total": "Total to pay",
    "card": "Your card",
    "email": "Email",
    "number": "Card number",
    "expiry": "Expiry",
    "expiry_hint": "Month / year",
    "cvc": "Security code",
    "cvc_hint": "3 digits on the back",
    "name": "Name on card",
    "postal_code": "Postal code",
    "pay": "Pay {amount}",
    "back": "Back to the shop",
    "errors": "The payment was not made.",
    "cards": "Test cards",
    "cards_hint": "Any future date and any 3-digit code.",
    "number_empty": "Enter the card number.",
    "number_wrong": "This card number does not exist. Check the digits.",
    "expiry_wrong": "Enter the month and year, for example 04 / 29.",
    "expiry_past": "This card has expired. Check the date or use another card.",
    "cvc_wrong": "Enter the 3 digits on the back of the card.",
    "name_empty": "Enter the name on the card.",
    "postal_code_wrong": "Enter a postal code, for example G6V 3R2.",
    "email_wrong": "Enter an email address, for example name@example.ca.",
    "card_declined": "Your card was declined. Use another card.",
    "insufficient_funds": "There are not enough funds on this card. Use another card.",
    "expired_card": "Your bank says this card has expired. Use another card.",
    "incorrect_cvc": "The security code is not right. Check the 3 digits on the back of the card.",
    "test_mode_live_card": "No real cards here: use one of the test cards listed.",
    "payment_intent_authentication_failure":
        "Your bank did not authorize the payment. Try again or use another card.",
    "bank": "Your bank",
    "bank_title": "Authorize this payment?",
    "bank_text": "This is the 3-D Secure page of an imaginary bank. "
        "It asks whether it is really you paying {amount}.",
    "authorize": "Authorize",
    "refuse": "Refuse",
    "paid_title": "This order is paid",
    "paid_text": "The payment of {amount} is done. There is nothing more to pay here.",
    "paid_link": "See the order",
    "expired_title": "This payment page is closed",
    "expired_text": "Time ran out, or the shop closed it. Nothing was paid. Go back to the shop to start again.",
    "missing_title": "There is no such payment page",
    "missing_text": "Check the address, or go back to the shop.",
    "home_title": "Payment sandbox",
    "home_text": "This program plays the part of Stripe for the demo and the tests. Payment pages are reached "
        "from the shop.",
    "pays": "pays",
    "at_once": "pays, funds available at once",
    "declined": "declined",
    "insufficient": "insufficient funds",
    "authenticates": "asks for 3-D Secure",
    "disputed": "pays, then disputed",
}  # fmt: skip

LISTED_CARDS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 0002", "declined"),
    ("4000 0000 0000 9995", "insufficient"),
    ("4000 0025 0000 3155", "authenticates"),
    ("4000 0000 0000 0259", "disputed"),
)


def words_for(locale: str | None, accepted: str = "") -> Mapping[str, str]:
    """In the language asked for (`fr-CA`, `en`…); else in the one the browser prefers; French in doubt."""
    wish = (locale or "auto").lower()
    return ENGLISH if is_english(accepted if wish == "auto" else wish) else FRENCH


def is_english(accepted: str) -> bool:
    """Whether an Accept-Language header would rather have English than French."""
    return _preference(accepted, "en") > _preference(accepted, "fr")


def _preference(accepted: str, language: str) -> float:
    found = [0.0]
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";q=")
        if name.strip().partition("-")[0] == language:
            found.append(float(weight) if re.fullmatch(r"\s*[01](\.\d{1,3})?\s*", weight) else 1.0)
    return max(found)


def money(cents: int, words: Mapping[str, str]) -> str:
    """`1 234,50 $` with no-break spaces, or `$1,234.50`; less than nothing has its sign in front."""
    sign, (whole, rest) = "-" if cents < 0 else "", divmod(abs(cents), 100)
    grouped = f"{whole:,}"
    if words["lang"].startswith("en"):
        return f"{sign}${grouped}.{rest:02d}"
    return f"{sign}{grouped.replace(',', NBSP)},{rest:02d}{NBSP}$"
