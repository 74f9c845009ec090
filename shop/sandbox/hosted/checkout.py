"""The checkout page, the bank's 3-D Secure question, and their plain ends."""

import re
from html import escape

from shop.sandbox import paying
from shop.sandbox.billing.buying import asks_for_card
from shop.sandbox.errors import Json
from shop.sandbox.hosted import billing_wording, card_form, plan_bill
from shop.sandbox.hosted.card_form import CardForm
from shop.sandbox.hosted.fields import read_typed, summary
from shop.sandbox.hosted.markup import (
    Words,
    bank_question,
    bill,
    document,
    listed,
    notice,
    redirect,
    test_cards,
)
from shop.sandbox.hosted.wording import money, words_for
from shop.sandbox.messages import Request, Response
from shop.sandbox.simulated.sessions import fresh
from shop.sandbox.world import Call, World


def _words(session: Json, request: Request) -> Words:
    accepted = request.headers.get("accept-language", "")
    if _is_subscription(session):
        return billing_wording.words_for(session["locale"], accepted)
    return words_for(session["locale"], accepted)


def _is_subscription(session: Json) -> bool:
    return bool(session["mode"] == "subscription")


def _session(world: World, session_id: str) -> tuple[Call, Json]:
    """The session behind a page, expired first if its time has passed. Raises Refusal (404)."""
    call = Call(world, world.store.owner(session_id), {})
    with world.store.transaction():
        return call, fresh(call, session_id)


def show(world: World, session_id: str, request: Request) -> Response:
    """The card form, or the plain sentence that nothing can be paid here any more."""
    _, session = _session(world, session_id)
    form, words = CardForm(_known(session), has_card=_asks_card(session)), _words(session, request)
    if request.query == "refus" and _was_refused(world, session):
        form.refuse("payment_intent_authentication_failure", words)
    return _checkout(session, form, words)


def _asks_card(session: Json) -> bool:
    return not _is_subscription(session) or asks_for_card(session)


def _asks_email(session: Json) -> bool:
    return not (session["customer_email"] or session.get("_customer_email"))


def _was_refused(world: World, session: Json) -> bool:
    if _is_subscription(session):
        return bool(session.get("_was_refused"))
    intent = world.store.get("payment_intent", session["payment_intent"] or "", None)
    return bool(intent and intent["last_payment_error"])


def _known(session: Json) -> dict[str, str]:
    """What an earlier attempt already told: never the code on the back."""
    buyer = session.get("_buyer", {})
    known = {name: str(buyer.get(name) or "") for name in ("email", "name", "postal_code", "expiry")}
    return known | {"number": _grouped(str(buyer.get("card") or ""))}


def _grouped(number: str) -> str:
    return re.sub(r"(\d{4})(?=\d)", r"\1 ", number)


def _checkout(session: Json, form: CardForm, words: Words, *, status: int = 200) -> Response:
    if session["status"] != "open":
        return _end(session, words)
    body = (
        f'<header class="masthead">{_back(session, words)}<p class="till">{escape(words["till"])}</p></header>'
        f'<main class="sheet"><h1>{escape(words["title"])}</h1>{summary(form.errors, words)}'
        f'<div class="columns">{_goods(session, words)}{_form(form, session, words)}</div></main>'
    )
    title = words["title"] if not form.errors else f"{words['errors']} {words['title']}"
    return document(
        words, title, body, status=status, leads_to=(session["success_url"], session["cancel_url"])
    )


def _goods(session: Json, words: Words) -> str:
    return plan_bill.bill(session, words) if _is_subscription(session) else bill(session, words)


def _form(form: CardForm, session: Json, words: Words) -> str:
    action, asks_email = f"/c/pay/{session['id']}", _asks_email(session)
    if _is_subscription(session):
        cards = (
            listed(billing_wording.LISTED_CARDS, words, title="cards", hint="cards_hint")
            if form.has_card
            else ""
        )
        button = plan_bill.button(session, words)
    else:
        cards, button = test_cards(words), words["pay"].format(amount=money(session["amount_total"], words))
    return card_form.render(form, action, words, button=button, asks_email=asks_email) + cards


def _back(session: Json, words: Words) -> str:
    if not session["cancel_url"]:
        return "<span></span>"
    return f'<a class="back" href="{escape(session["cancel_url"])}">{escape(words["back"])}</a>'


def _end(session: Json, words: Words) -> Response:
    """Nothing more can be paid here, and why."""
    if session["status"] == "complete":
        text = words["paid_text"].format(amount=money(session["amount_total"], words))
        return notice(words, words["paid_title"], text, (_success(session), words["paid_link"]))
    link = (session["cancel_url"], words["back"]) if session["cancel_url"] else None
    return notice(words, words["expired_title"], words["expired_text"], link, status=410)


def _success(session: Json) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def pay(world: World, session_id: str, request: Request) -> Response:
    """Tries the card that was typed, once it could be one."""
    call, session = _session(world, session_id)
    words = _words(session, request)
    if session["status"] != "open":
        result: paying.Result = "paid" if session["status"] == "complete" else "closed"
        return _after(paying.Attempt(result, session), CardForm(), words)
    form = CardForm(card_form.read_values(read_typed(request)), has_card=_asks_card(session))
    if _asks_email(session):
        form.values = {"email": ""} | dict(form.values)
    if not form.check(world.clock.now()):
        return _checkout(session, form, words, status=422)
    buyer = {
        name: form.values[name] for name in ("email", "name", "postal_code", "expiry") if name in form.values
    }
    with world.store.transaction():
        attempt = paying.pay(call, session_id, form.values.get("number", ""), buyer)
    return _after(attempt, form, words)


def _after(attempt: paying.Attempt, form: CardForm, words: Words) -> Response:
    session = attempt.session
    if attempt.result == "paid":
        return redirect(_success(session))
    if attempt.result == "must_authenticate":
        return redirect(f"/c/pay/{session['id']}/authentication")
    if attempt.result == "declined":
        form.refuse(attempt.code, words)
    return _checkout(session, form, words, status=402)


def ask(world: World, session_id: str, request: Request) -> Response:
    """The bank's question, while there is one."""
    call, session = _session(world, session_id)
    if session["status"] != "open" or not _is_asking(call, session):
        return redirect(f"/c/pay/{session_id}")
    words, amount = _words(session, request), session["amount_total"]
    action, leads_to = f"/c/pay/{session_id}/authentication", (session["success_url"],)
    if amount == 0:
        text = words["bank_setup_text"]
        return bank_question(words, action, text, 0, title="bank_setup_title", leads_to=leads_to)
    text = words["bank_text"].format(amount=money(amount, words))
    return bank_question(words, action, text, amount, leads_to=leads_to)


def _is_asking(call: Call, session: Json) -> bool:
    """Whether the bank waits for the buyer's answer."""
    if _is_subscription(session):
        return bool(session.get("_is_asking"))
    intent = call.store.get("payment_intent", session["payment_intent"] or "", None)
    return intent is not None and intent["status"] == "requires_action"


def authenticate(world: World, session_id: str, request: Request) -> Response:
    """The buyer's answer to the bank."""
    outcome = read_typed(request).get("outcome")
    call, _ = _session(world, session_id)
    if outcome not in ("authorize", "refuse"):
        return redirect(f"/c/pay/{session_id}/authentication")
    with world.store.transaction():
        attempt = paying.authenticate(call, session_id, is_authorized=outcome == "authorize")
    if attempt.result == "paid":
        return redirect(_success(attempt.session))
    return redirect(f"/c/pay/{session_id}?refus")
