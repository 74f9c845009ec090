"""Payment intents. They are born when a session is first paid; nobody creates them through the API here."""

from shop.sandbox.cards import TestCard, decline_message, parse_expiry
from shop.sandbox.errors import Json
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

KIND = "payment_intent"
PATH = "/v1/payment_intents"


@simulates("get", PATH + "/{intent}")
def retrieve_intent(call: Call) -> Json:
    """One payment intent."""
    return answer(call, call.require(KIND, call.path["intent"], param="intent"))


@simulates("get", PATH, *PAGING, "created")
def list_intents(call: Call) -> Json:
    """Newest first."""
    return page(call, KIND, PATH)


def intent_for(call: Call, session: Json) -> Json:
    """The session's payment intent; created at the first attempt to pay, kept for the next ones."""
    if session["payment_intent"]:
        return call.require(KIND, session["payment_intent"])
    given, total = session["_intent_data"], session["amount_total"]
    intent = new_intent(call, amount=total, currency=session["currency"], given=given)
    session["payment_intent"] = intent["id"]
    call.store.put(intent, call.account)
    return intent


def new_intent(call: Call, *, amount: int, currency: str, given: Json, customer: str | None = None) -> Json:
    """A payment intent that is not stored yet; `given` holds `metadata`, and whatever else its maker was told."""
    intent_id = new_id("pi_3")
    return {
        "id": intent_id, "object": KIND, "amount": amount, "amount_capturable": 0,
        "amount_received": 0, "application": None, "application_fee_amount": None, "canceled_at": None,
        "cancellation_reason": None, "capture_method": given.get("capture_method", "automatic"),
        "client_secret": f"{intent_id}_secret_{new_id('', 24)}", "confirmation_method": "automatic",
        "created": call.now, "currency": currency, "customer": customer,
        "description": given.get("description"), "last_payment_error": None, "latest_charge": None, "livemode": False,
        "metadata": given["metadata"], "next_action": None, "on_behalf_of": None, "payment_method": None,
        "payment_method_options": {}, "payment_method_types": ["card"], "processing": None,
        "receipt_email": given.get("receipt_email"), "review": None, "setup_future_usage": None, "shipping": None,
        "statement_descriptor": given.get("statement_descriptor"),
        "statement_descriptor_suffix": given.get("statement_descriptor_suffix"), "status": "requires_payment_method",
        "transfer_data": None, "transfer_group": given.get("transfer_group"),
    }  # fmt: skip


def payment_error(card: TestCard, charge_id: str | None, *, code: str | None = None) -> Json:
    """What `last_payment_error` says after a refusal."""
    error: Json = {
        "type": "card_error", "code": code or card.code, "message": decline_message(card), "charge": charge_id,
        "decline_code": card.decline_code,
        "payment_method": {"object": "payment_method", "type": "card", "card": card_facts(card)},
    }  # fmt: skip
    return {name: value for name, value in error.items() if value is not None}


def card_facts(card: TestCard, expiry: str = "") -> Json:
    """What may be known of a card; one whose expiry nobody typed is good for long."""
    year, month = parse_expiry(expiry) or (2039, 12)
    return {"brand": card.brand, "last4": card.last4, "country": "US", "funding": "credit", "exp_month": month,
            "exp_year": year}  # fmt: skip
