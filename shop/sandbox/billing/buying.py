"""What happens when somebody presses « S’abonner »: a customer, a card, a subscription, its first invoice."""

from shop.sandbox.attempts import Attempt
from shop.sandbox.billing.collecting import Purse, pay
from shop.sandbox.billing.customers import new_customer
from shop.sandbox.billing.payment_methods import keep_card
from shop.sandbox.billing.periods import DAY
from shop.sandbox.billing.subscribing import Sold, begin
from shop.sandbox.cards import TestCard, card_for
from shop.sandbox.errors import Json
from shop.sandbox.events import emit
from shop.sandbox.world import Call

REFUSED = "payment_intent_authentication_failure"


def asks_for_card(session: Json) -> bool:
    """Whether the page wants a card: not where nothing is due and the seller said `if_required`."""
    return bool(session["amount_total"] > 0 or session["payment_method_collection"] == "always")


def sign_up(call: Call, session: Json, number: str, buyer: Json) -> Attempt:
    """Tries a card on an open session; a declined one leaves it open."""
    card = card_for(number) if asks_for_card(session) else None
    is_refused = card is not None and (not card.is_attachable or _cannot_pay(session, card))
    session |= {
        "_buyer": buyer | {"card": "" if is_refused or not card else card.number},
        "_is_asking": False,
        "_was_refused": False,
    }
    call.store.put(session, call.account)
    if card is not None and is_refused:
        return Attempt("declined", session, card.decline_code or card.code)
    if card is not None and card.outcome == "authenticates":
        call.store.put(session | {"_is_asking": True}, call.account)
        return Attempt("must_authenticate", session)
    return _complete(call, session, card)


def _cannot_pay(session: Json, card: TestCard) -> bool:
    return bool(session["amount_total"] > 0 and card.outcome == "declined")


def answer_bank(call: Call, session: Json, *, is_authorized: bool) -> Attempt:
    """The buyer's answer to the bank's 3-D Secure question."""
    if not session.get("_is_asking"):
        return Attempt("declined", session)
    session["_is_asking"] = False
    if is_authorized:
        return _complete(call, session, card_for(session["_buyer"]["card"]))
    call.store.put(session | {"_was_refused": True}, call.account)
    return Attempt("declined", session, REFUSED)


def _complete(call: Call, session: Json, card: TestCard | None) -> Attempt:
    customer = _customer(call, session)
    holder = {"email": customer["email"]} | session["_buyer"]
    method = keep_card(call, card, customer["id"], holder) if card else None
    told = session["_told"] | {"default_payment_method": method["id"] if method else None}
    if days := told["trial_period_days"]:
        told["trial_end"] = call.now + days * DAY
    subscription = begin(call, customer, [Sold(**one) for one in session["_sold"]], told)
    invoice = call.require("invoice", subscription["latest_invoice"])
    if card and method and invoice["status"] == "open":
        pay(call, invoice, Purse(card, method["id"], holder))
    session |= {
        "status": "complete", "url": None, "customer": customer["id"], "subscription": subscription["id"],
        "invoice": invoice["id"], "customer_details": _details(session, customer),
        "payment_status": "paid" if session["amount_total"] else "no_payment_required",
    }  # fmt: skip
    emit(call, "checkout.session.completed", call.store.put(session, call.account))
    return Attempt("paid", session)


def _customer(call: Call, session: Json) -> Json:
    """The session's customer, or a new one by what was typed."""
    if session["customer"]:
        return call.named("customer", session["customer"], param="customer")
    buyer = session["_buyer"]
    told = {"email": session["customer_email"] or buyer.get("email"), "name": buyer.get("name")}
    locale = session["locale"] if session["locale"] not in (None, "auto") else None
    known = {name: value for name, value in told.items() if value}
    return new_customer(call, known | ({"preferred_locales": [locale]} if locale else {}))


def _details(session: Json, customer: Json) -> Json:
    postal_code = session["_buyer"].get("postal_code")
    address = {
        "city": None,
        "country": "CA",
        "line1": None,
        "line2": None,
        "postal_code": postal_code,
        "state": None,
    }
    return {
        "address": address, "email": customer["email"], "name": session["_buyer"].get("name") or customer["name"],
        "phone": None, "tax_exempt": "none", "tax_ids": [],
    }  # fmt: skip
