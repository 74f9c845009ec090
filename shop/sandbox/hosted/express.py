"""The Express dashboard, as far as a merchant needs it here: what is there, what is coming, what has left."""

from html import escape

from shop.sandbox import ledger
from shop.sandbox.errors import Json, missing_object
from shop.sandbox.hosted.markup import Words, document, notice
from shop.sandbox.hosted.onboarding_wording import words_for
from shop.sandbox.hosted.wording import money
from shop.sandbox.messages import Request, Response
from shop.sandbox.simulated import accounts, accounts_v1
from shop.sandbox.store import Query
from shop.sandbox.world import World


def show(world: World, token: str, request: Request) -> Response:
    """The account's money; nothing once the address is five minutes old."""
    words = words_for(request.headers.get("accept-language", ""))
    login = world.store.get(accounts_v1.LOGIN, token, None)
    if login is None:
        raise missing_object("login link", token)
    if login["expires_at"] <= world.clock.now():
        return notice(words, words["over_title"], words["over_text"], None, status=410)
    account = world.require(accounts.KIND, login["account"])
    name = escape(account["display_name"] or account["id"])
    body = (
        f'<header class="masthead"><span></span><p class="till">{escape(words["express"])}</p></header>'
        f'<main class="sheet"><h1>{escape(words["express_title"])}</h1>'
        f'<p class="whose">{escape(words["account"])} <strong>{name}</strong></p>'
        f"{_balance(world, account['id'], words)}{_history(world, account['id'], words)}</main>"
    )
    return document(words, words["express_title"], body)


def _balance(world: World, account_id: str, words: Words) -> str:
    amounts = ledger.held(world.store, account_id, currency="cad", now=world.clock.now())
    parts = "".join(
        f"<div><dt>{escape(words[name])}</dt><dd><strong>{escape(money(amount, words))}</strong> "
        f'<span class="hint">{escape(words[f"{name}_text"])}</span></dd></div>'
        for name, amount in zip(("available", "pending"), amounts, strict=True)
    )
    return f'<dl class="balance">{parts}</dl>'


def _history(world: World, account_id: str, words: Words) -> str:
    payouts = world.store.find(Query("payout", account_id, limit=10))
    rows = "".join(_payout(world, payout, words) for payout in payouts)
    told = f'<ul class="lines">{rows}</ul>' if rows else f'<p class="lead">{escape(words["no_history"])}</p>'
    title = f'<h2 id="history">{escape(words["history"])}</h2>'
    return f'<section class="bill" aria-labelledby="history">{title}{told}</section>'


def _payout(world: World, payout: Json, words: Words) -> str:
    bank = world.store.any(payout["destination"]) or {"last4": ""}
    status = escape(words[f"{payout['status']}_payout"])
    to = escape(words["to"].format(last4=bank["last4"]))
    return (
        f'<li><span class="line-name">{status}<span class="line-more">{to}</span></span>'
        f'<span class="line-amount">{escape(money(payout["amount"], words))}</span></li>'
    )
