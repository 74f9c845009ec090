"""What happens when a buyer presses « Payer »: one session is paid once, however often it is pressed."""

from shop.sandbox.attempts import Attempt, Result
from shop.sandbox.billing import buying
from shop.sandbox.cards import TestCard, card_for, decline_message
from shop.sandbox.errors import Json, Refusal
from shop.sandbox.events import emit
from shop.sandbox.simulated.charges import record_failure, record_success
from shop.sandbox.simulated.payment_intents import intent_for, payment_error
from shop.sandbox.simulated.sessions import fresh
from shop.sandbox.world import Call

__all__ = ["Attempt", "Result", "as_card_error", "authenticate", "pay"]


def pay(call: Call, session_id: str, number: str, buyer: Json | None = None) -> Attempt:
    """Tries a card. A session that is complete already says `paid`: a double click is no second payment.

    Run inside a transaction. Raises Refusal (404) when there is no such session.
    """
    session = fresh(call, session_id)
    if session["status"] != "open":
        return _closed(session)
    if session["mode"] == "subscription":
        return buying.sign_up(call, session, number, buyer or {})
    card, buyer = card_for(number), buyer or {}
    intent = intent_for(call, session)
    session["_buyer"] = buyer | {"card": card.number if card.outcome != "declined" else ""}
    if card.outcome == "declined":
        return _decline(call, session, intent, card)
    if card.outcome == "authenticates":
        return _ask(call, session, intent)
    return _succeed(call, session, intent, card)


def authenticate(call: Call, session_id: str, *, is_authorized: bool) -> Attempt:
    """The buyer's answer to the bank's 3-D Secure question."""
    session = fresh(call, session_id)
    if session["status"] != "open":
        return _closed(session)
    if session["mode"] == "subscription":
        return buying.answer_bank(call, session, is_authorized=is_authorized)
    intent = intent_for(call, session)
    if intent["status"] != "requires_action":
        return Attempt("declined", session)
    card = card_for(session["_buyer"]["card"])
    return _succeed(call, session, intent, card) if is_authorized else _refuse(call, session, intent, card)


def _closed(session: Json) -> Attempt:
    return Attempt("paid" if session["status"] == "complete" else "closed", session)


def _decline(call: Call, session: Json, intent: Json, card: TestCard) -> Attempt:
    charge = record_failure(call, intent, card, _buyer(session))
    intent |= {"status": "requires_payment_method", "latest_charge": charge["id"], "next_action": None}
    intent["last_payment_error"] = payment_error(card, charge["id"])
    _save(call, session, intent)
    emit(call, "charge.failed", charge)
    emit(call, "payment_intent.payment_failed", intent)
    return Attempt("declined", session, card.decline_code or card.code)


def _ask(call: Call, session: Json, intent: Json) -> Attempt:
    page = f"{call.world.public_url}/c/pay/{session['id']}/authentication"
    intent |= {"status": "requires_action", "last_payment_error": None}
    intent["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {"url": page, "return_url": session["url"]},
    }
    _save(call, session, intent)
    emit(call, "payment_intent.requires_action", intent)
    return Attempt("must_authenticate", session)


def _refuse(call: Call, session: Json, intent: Json, card: TestCard) -> Attempt:
    code = "payment_intent_authentication_failure"
    intent |= {"status": "requires_payment_method", "next_action": None}
    intent["last_payment_error"] = payment_error(card, None, code=code) | {
        "message": "We are unable to authenticate your payment method. Please choose a different payment method and "
        "try again."
    }
    _save(call, session, intent)
    emit(call, "payment_intent.payment_failed", intent)
    return Attempt("declined", session, code)


def _succeed(call: Call, session: Json, intent: Json, card: TestCard) -> Attempt:
    charge = record_success(call, intent, card, _buyer(session))
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
    intent |= {"last_payment_error": None, "next_action": None, "payment_method": charge["payment_method"]}
    session |= {
        "status": "complete",
        "payment_status": "paid",
        "url": None,
        "customer_details": _details(session),
    }
    _save(call, session, intent)
    emit(call, "charge.succeeded", charge)
    emit(call, "payment_intent.succeeded", intent)
    emit(call, "checkout.session.completed", session)
    return Attempt("paid", session)


def _save(call: Call, session: Json, intent: Json) -> None:
    call.store.put(intent, call.account)
    call.store.put(session, call.account)


def _buyer(session: Json) -> Json:
    return {"email": session["customer_email"]} | {k: v for k, v in session["_buyer"].items() if k != "card"}


def _details(session: Json) -> Json:
    buyer = _buyer(session)
    address = {
        "postal_code": buyer.get("postal_code"),
        "country": "CA",
        "city": None,
        "line1": None,
        "state": None,
    }
    return {"address": address, "email": buyer.get("email"), "name": buyer.get("name"), "phone": None,
            "tax_exempt": "none", "tax_ids": []}  # fmt: skip


def as_card_error(attempt: Attempt, number: str) -> Refusal:
    """A refused card as Stripe's `card_error` (402)."""
    card = card_for(number)
    return Refusal(
        decline_message(card), status=402, kind="card_error", code=card.code or "card_declined",
        decline_code=card.decline_code, payment_intent=attempt.session["payment_intent"],
    )  # fmt: skip
