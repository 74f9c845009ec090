"""Which page answers at which address, and what a form does."""

import re
from functools import cache
from html import escape
from pathlib import Path

from shop.sandbox import paying
from shop.sandbox.errors import Json, Refusal
from shop.sandbox.forms import read_form
from shop.sandbox.hosted import card_form
from shop.sandbox.hosted.card_form import CardForm
from shop.sandbox.hosted.markup import Words, bill, document, notice, price_tag, redirect, test_cards
from shop.sandbox.hosted.wording import FRENCH, money, words_for
from shop.sandbox.messages import Request, Response
from shop.sandbox.simulated.sessions import fresh
from shop.sandbox.world import Call, World

HERE = Path(__file__).parent
FONTS = HERE.parents[2] / "static" / "fonts"
ASSETS = {
    "checkout.css": ("text/css; charset=utf-8", HERE / "checkout.css"),
    "icon.svg": ("image/svg+xml", HERE / "icon.svg"),
    "bricolage-grotesque.woff2": ("font/woff2", FONTS / "bricolage-grotesque.woff2"),
    "figtree.woff2": ("font/woff2", FONTS / "figtree.woff2"),
}
CHECKOUT = re.compile(r"^/c/pay/(cs_test_\w{1,100})$")
AUTHENTICATION = re.compile(r"^/c/pay/(cs_test_\w{1,100})/authentication$")


def respond(world: World, request: Request) -> Response | None:
    """The page at this address, or None when there is none."""
    if request.path.startswith("/assets/"):
        return _asset(request.path.removeprefix("/assets/"))
    if request.path == "/":
        return notice(FRENCH, FRENCH["home_title"], FRENCH["home_text"], None)
    if not request.path.startswith("/c/"):
        return None
    if request.method not in ("GET", "HEAD", "POST"):
        return Response(405, headers={"Allow": "GET, HEAD, POST"})
    try:
        return _page(world, request)
    except Refusal as refusal:
        return notice(FRENCH, FRENCH["missing_title"], FRENCH["missing_text"], None, status=refusal.status)


def _page(world: World, request: Request) -> Response:
    is_post = request.method == "POST"
    if match := CHECKOUT.match(request.path):
        return _pay(world, match[1], request) if is_post else _show(world, match[1], request)
    if match := AUTHENTICATION.match(request.path):
        return _authenticate(world, match[1], request) if is_post else _ask(world, match[1])
    return notice(FRENCH, FRENCH["missing_title"], FRENCH["missing_text"], None, status=404)


def _session(world: World, session_id: str) -> tuple[Call, Json]:
    """The session behind a page, expired first if its time has passed. Raises Refusal (404)."""
    call = Call(world, world.store.owner(session_id), {})
    with world.store.transaction():
        return call, fresh(call, session_id)


def _show(world: World, session_id: str, request: Request) -> Response:
    _, session = _session(world, session_id)
    form = CardForm(_known(session))
    if request.query == "refus" and _was_refused(world, session):
        form.refuse("payment_intent_authentication_failure", words_for(session["locale"]))
    return _checkout(session, form)


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


def _checkout(session: Json, form: CardForm, *, status: int = 200) -> Response:
    words = words_for(session["locale"])
    if session["status"] != "open":
        return _end(session, words)
    body = (
        f'<header class="masthead">{_back(session, words)}<p class="till">{escape(words["till"])}</p></header>'
        f'<main class="sheet"><h1>{escape(words["title"])}</h1>{card_form.summary(form, words)}'
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


def _pay(world: World, session_id: str, request: Request) -> Response:
    call, session = _session(world, session_id)
    if session["status"] != "open":
        return _after(
            paying.Attempt("paid" if session["status"] == "complete" else "closed", session), CardForm()
        )
    form = CardForm(card_form.read_values(_typed(request)))
    if not session["customer_email"]:
        form.values = {"email": ""} | dict(form.values)
    if not form.check(world.clock.now()):
        return _checkout(session, form, status=422)
    buyer = {
        name: form.values[name] for name in ("email", "name", "postal_code", "expiry") if name in form.values
    }
    with world.store.transaction():
        attempt = paying.pay(call, session_id, form.values["number"], buyer)
    return _after(attempt, form)


def _typed(request: Request) -> Json:
    try:
        return read_form(request.body.decode("utf-8"))
    except (UnicodeDecodeError, Refusal):
        return {}


def _after(attempt: paying.Attempt, form: CardForm) -> Response:
    session = attempt.session
    words = words_for(session["locale"])
    if attempt.result == "paid":
        return redirect(_success(session))
    if attempt.result == "must_authenticate":
        return redirect(f"/c/pay/{session['id']}/authentication")
    if attempt.result == "declined":
        form.refuse(attempt.code, words)
    return _checkout(session, form, status=402)


def _ask(world: World, session_id: str) -> Response:
    call, session = _session(world, session_id)
    intent = call.store.get("payment_intent", session["payment_intent"] or "", None)
    if session["status"] != "open" or intent is None or intent["status"] != "requires_action":
        return redirect(f"/c/pay/{session_id}")
    words = words_for(session["locale"])
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


def _authenticate(world: World, session_id: str, request: Request) -> Response:
    outcome = _typed(request).get("outcome")
    call, _ = _session(world, session_id)
    if outcome not in ("authorize", "refuse"):
        return redirect(f"/c/pay/{session_id}/authentication")
    with world.store.transaction():
        attempt = paying.authenticate(call, session_id, is_authorized=outcome == "authorize")
    if attempt.result == "paid":
        return redirect(_success(attempt.session))
    return redirect(f"/c/pay/{session_id}?refus")


def _asset(name: str) -> Response:
    if name not in ASSETS or not ASSETS[name][1].is_file():
        return Response(404, headers={"Content-Type": "text/plain"})
    kind, file = ASSETS[name]
    return Response(200, _content(file), {"Content-Type": kind, "Cache-Control": "max-age=3600"})


@cache
def _content(file: Path) -> bytes:
    return file.read_bytes()
