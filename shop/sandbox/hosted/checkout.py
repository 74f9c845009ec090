"""The checkout page, the bank's 3-D Secure question, and their plain ends."""

import re
from html import escape

from shop.sandbox import paying
from shop.sandbox.errors import Json
from shop.sandbox.hosted import card_form
from shop.sandbox.hosted.card_form import CardForm
from shop.sandbox.hosted.fields import read_typed, summary
from shop.sandbox.hosted.markup import Words, bill, document, notice, price_tag, redirect, test_cards
from shop.sandbox.hosted.wording import money, words_for
from shop.sandbox.messages import Request, Response
from shop.sandbox.simulated.sessions import fresh
from shop.sandbox.world import Call, World


def _words(session: Json, request: Request) -> Words:
    return words_for(session["locale"], request.headers.get("accept-language", ""))


def _session(world: World, session_id: str) -> tuple[Call, Json]:
    """The session behind a page, expired first if its time has passed. Raises Refusal (404)."""
    call = Call(world, world.store.owner(session_id), {})
    with world.store.transaction():
        return call, fresh(call, session_id)


def show(world: World, session_id: str, request: Request) -> Response:
    """The card form, or the plain sentence that nothing can be paid here any more."""
    _, session = _session(world, session_id)
    form, words = CardForm(_known(session)), _words(session, request)
    if request.query == "refus" and _was_refused(world, session):
        form.refuse("payment_intent_authentication_failure", words)
    return _checkout(session, form, words)


def _was_refused(world: World, session: Json) -> bool:
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
        f'<div class="columns">{bill(session, words)}'
        f"{card_form.render(form, session, words)}{test_cards(words)}</div></main>"
    )
    title = words["title"] if not form.errors else f"{words['errors']} {words['title']}"
    return document(
        words, title, body, status=status, leads_to=(session["success_url"], session["cancel_url"])
    )


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
    form = CardForm(card_form.read_values(read_typed(request)))
    if not session["customer_email"]:
        form.values = {"email": ""} | dict(form.values)
    if not form.check(world.clock.now()):
        return _checkout(session, form, words, status=422)
    buyer = {
        name: form.values[name] for name in ("email", "name", "postal_code", "expiry") if name in form.values
    }
    with world.store.transaction():
        attempt = paying.pay(call, session_id, form.values["number"], buyer)
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
    intent = call.store.get("payment_intent", session["payment_intent"] or "", None)
    if session["status"] != "open" or intent is None or intent["status"] != "requires_action":
        return redirect(f"/c/pay/{session_id}")
    words = _words(session, request)
    text = words["bank_text"].format(amount=money(session["amount_total"], words))
    body = (
        f'<main class="sheet notice bank"><p class="till">{escape(words["bank"])}</p>'
        f'<h1>{escape(words["bank_title"])}</h1><p class="lead">{escape(text)}</p>'
        f"{price_tag(session['amount_total'], words)}"
        f'<form method="post" action="/c/pay/{session_id}/authentication">'
        f'<button class="button" name="outcome" value="authorize">{escape(words["authorize"])}</button>'
        f'<button class="button button-plain" name="outcome" value="refuse">{escape(words["refuse"])}</button>'
        "</form></main>"
    )
    return document(words, words["bank_title"], body, leads_to=(session["success_url"],))


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
