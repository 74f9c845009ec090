"""The onboarding pages. A link opens them once: from then on the form has an address of its own."""

from html import escape

from shop.sandbox import onboarding
from shop.sandbox.errors import Json, missing_object
from shop.sandbox.hosted import bank_form
from shop.sandbox.hosted.bank_form import BankForm
from shop.sandbox.hosted.fields import read_typed, summary
from shop.sandbox.hosted.markup import Words, document, listed, notice, redirect
from shop.sandbox.hosted.onboarding_wording import LISTED_ACCOUNTS, words_for
from shop.sandbox.ids import new_id
from shop.sandbox.messages import Request, Response
from shop.sandbox.simulated import account_links, accounts
from shop.sandbox.world import Call, World

VISIT = "_onboarding"


def _words(request: Request) -> Words:
    return words_for(request.headers.get("accept-language", ""))


def enter(world: World, token: str, request: Request) -> Response:
    """Uses the link up and opens the form; one that is used or too old leads back to its refresh address."""
    with world.store.transaction():
        link = _required(world, account_links.KIND, token)
        if link["is_used"] or link["expires_at"] <= world.clock.now():
            return redirect(link["refresh_url"])
        if request.method == "HEAD":
            return Response(200, headers={"Content-Type": "text/html; charset=utf-8"})
        world.store.put(link | {"is_used": True}, link["account"])
        visit = link | {"id": new_id("ob_", 40), "object": VISIT, "is_done": False}
        world.store.put(visit, link["account"])
    return redirect(f"/c/onboarding/{visit['id']}/form")


def _required(world: World, kind: str, token: str) -> Json:
    found = world.store.get(kind, token, None)
    if found is None:
        raise missing_object("account link", token)
    return found


def show(world: World, visit_id: str, request: Request) -> Response:
    """The form, with what is known already."""
    visit, words = _required(world, VISIT, visit_id), _words(request)
    if visit["is_done"]:
        return _done(visit, words)
    account = world.require(accounts.KIND, visit["account"])
    return _form(visit, account, BankForm(_known(account)), words)


def _known(account: Json) -> dict[str, str]:
    details = (account["identity"] or {}).get("business_details") or {}
    known = {
        name: str(value) for name, value in (details.get("address") or {}).items() if isinstance(value, str)
    }
    return {"state": "QC"} | known | {
        "registered_name": details.get("registered_name") or account["display_name"] or "",
    }  # fmt: skip


def submit(world: World, visit_id: str, request: Request) -> Response:
    """Completes the account, or says what is missing; a second click finds it done."""
    typed, words = read_typed(request), _words(request)
    form = bank_form.read_form(typed)
    with world.store.transaction():
        visit = _required(world, VISIT, visit_id)
        account = world.require(accounts.KIND, visit["account"])
        if visit["is_done"]:
            return _done(visit, words)
        if typed.get("act") == "fill":
            known = {name: value for name, value in form.values.items() if value}
            return _form(visit, account, BankForm(onboarding.EXAMPLE | known, is_agreed=True), words)
        if not form.check():
            return _form(visit, account, form, words, status=422)
        world.store.put(visit | {"is_done": True}, visit["account"])
        call = Call(world, "", {}, request_id="")
        onboarding.complete(call, account, dict(form.values), use=visit["use"])
    return _done(visit, words)


def _done(visit: Json, words: Words) -> Response:
    if visit["return_url"]:
        return redirect(visit["return_url"])
    return notice(words, words["done_title"], words["done_text"], None)


def _form(visit: Json, account: Json, form: BankForm, words: Words, *, status: int = 200) -> Response:
    name = escape(account["display_name"] or account["id"])
    told = bank_form.render(form, f"/c/onboarding/{visit['id']}/form", words)
    body = (
        f'<header class="masthead">{_later(visit, words)}<p class="till">Stripe</p></header>'
        f'<main class="sheet"><h1>{escape(words["title"])}</h1>{summary(form.errors, words)}'
        f'<div class="columns"><div class="intro"><p class="lead">{escape(words["lead"])}</p>'
        f'<p class="whose">{escape(words["account"])} <strong>{name}</strong></p></div>{told}'
        f"{listed(LISTED_ACCOUNTS, words, title='tests', hint='tests_hint')}</div></main>"
    )
    title = f"{words['errors']} {words['title']}" if form.errors else words["title"]
    return document(words, title, body, status=status, leads_to=(visit["return_url"],))


def _later(visit: Json, words: Words) -> str:
    if not visit["return_url"]:
        return "<span></span>"
    return f'<a class="back" href="{escape(visit["return_url"])}">{escape(words["later"])}</a>'
