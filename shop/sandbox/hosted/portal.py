"""The customer portal's first page: what one subscribed to, the card, the invoices; and taking a cancellation back."""

import copy
from html import escape

from shop.sandbox.billing import settling
from shop.sandbox.billing.invoicing import invoices_of
from shop.sandbox.billing.payment_methods import KIND as METHOD
from shop.sandbox.billing.standing import save
from shop.sandbox.billing.subscribing import ends_at
from shop.sandbox.billing.subscriptions import wish_to_end
from shop.sandbox.billing.taxes import tax_on
from shop.sandbox.errors import Json
from shop.sandbox.hosted.billing_wording import day, per
from shop.sandbox.hosted.fields import read_typed
from shop.sandbox.hosted.markup import document, redirect
from shop.sandbox.hosted.portal_visit import Visit, cancel_address, enter, masthead, plan_name
from shop.sandbox.hosted.wording import money
from shop.sandbox.messages import Request, Response
from shop.sandbox.store import Query
from shop.sandbox.world import World

TOLD = ("resumed", "canceled", "canceled_now", "card_saved")


def show(world: World, token: str, request: Request) -> Response:
    """The portal's first page; a session made for one task leads there."""
    visit = enter(world, token, request)
    if isinstance(visit, Response):
        return visit
    flow = visit.session["flow"]
    if flow and flow["type"] == "payment_method_update":
        return redirect(f"{visit.address}/card")
    if flow:
        return redirect(cancel_address(visit, flow["subscription_cancel"]["subscription"]))
    return _home(visit)


def _home(visit: Visit) -> Response:
    words = visit.words
    told = visit.asked.get("told", "")
    said = words[told].format(day=_told_day(visit)) if told in TOLD else ""
    status = f'<p class="done" role="status">{escape(said)}</p>' if said else ""
    body = (
        f'{masthead(visit)}<main class="sheet"><h1>{escape(words["portal_title"])}</h1>{status}'
        f'<div class="columns"><div>{_subscriptions(visit)}</div>'
        f"<div>{_card(visit)}{_invoices(visit)}</div></div></main>"
    )
    return document(words, words["portal_title"], body, leads_to=(visit.session["return_url"],))


def _told_day(visit: Visit) -> str:
    """The day that the page before wrote into the address, if it is one."""
    told = visit.asked.get("day", "")
    return day(int(told), visit.words) if told.isascii() and told.isdecimal() and len(told) < 11 else ""


def _subscriptions(visit: Visit) -> str:
    found = settling.live_subscriptions(visit.call, visit.customer["id"])
    if not found:
        return f'<p class="lead">{escape(visit.words["no_subscription"])}</p>'
    return "".join(_subscription(visit, subscription) for subscription in found)


def _subscription(visit: Visit, subscription: Json) -> str:
    return (
        f'<section class="plan"><h2>{escape(plan_name(visit, subscription))}</h2>'
        f"<p>{escape(_state(visit, subscription))}</p>{_owed(visit, subscription)}{_act(visit, subscription)}</section>"
    )


def _state(visit: Visit, subscription: Json) -> str:
    words, ending = visit.words, subscription["cancel_at_period_end"]
    said = {
        "day": day(ends_at(subscription), words), "amount": money(_whole(subscription), words),
        "period": per(subscription["items"]["data"][0]["price"]["recurring"], words),
    }  # fmt: skip
    return words["state_ending" if ending else f"state_{subscription['status']}"].format(**said)


def _whole(subscription: Json) -> int:
    """What a period costs, taxes included."""
    total = 0
    for item in subscription["items"]["data"]:
        amount = item["price"]["unit_amount"] * item["quantity"]
        rates = item["tax_rates"] or subscription["default_tax_rates"]
        total += amount + sum(tax_on(amount, rate) for rate in rates)
    return total


def _owed(visit: Visit, subscription: Json) -> str:
    """The way to what is still to be paid."""
    words, buttons = visit.words, ""
    for invoice in invoices_of(visit.call, subscription["id"], "open"):
        said = words["pay_invoice"].format(amount=money(invoice["amount_remaining"], words))
        buttons += (
            f'<p><a class="button" href="{escape(invoice["hosted_invoice_url"])}">{escape(said)}</a></p>'
        )
    return buttons


def _act(visit: Visit, subscription: Json) -> str:
    words = visit.words
    if not visit.may("subscription_cancel"):
        return ""
    if subscription["cancel_at_period_end"]:
        return (
            f'<form method="post" action="{visit.address}"><input type="hidden" name="subscription" '
            f'value="{escape(subscription["id"])}"><button class="button" name="act" value="resume">'
            f"{escape(words['resume'])}</button></form>"
        )
    address = escape(cancel_address(visit, subscription["id"]))
    return f'<p><a class="button button-plain" href="{address}">{escape(words["cancel"])}</a></p>'


def _card(visit: Visit) -> str:
    words, kept = visit.words, _kept(visit)
    said = words["no_kept_card"]
    if kept:
        card = kept["card"]
        said = words["card_line"].format(
            brand=card["brand"].capitalize(),
            last4=card["last4"],
            month=card["exp_month"],
            year=card["exp_year"],
        )
    change = ""
    if visit.may("payment_method_update"):
        change = f'<p><a class="button button-plain" href="{visit.address}/card">{escape(words["change_card"])}</a></p>'
    return (
        f'<section class="plan"><h2>{escape(words["cards_kept"])}</h2><p>{escape(said)}</p>{change}</section>'
    )


def _kept(visit: Visit) -> Json | None:
    """The card that is charged next: a subscription's own, else the customer's."""
    ids = [
        each["default_payment_method"]
        for each in settling.live_subscriptions(visit.call, visit.customer["id"])
    ]
    for method_id in (*ids, visit.customer["invoice_settings"]["default_payment_method"]):
        if method := visit.call.store.get(METHOD, method_id or "", visit.call.account):
            return method
    return None


def _invoices(visit: Visit) -> str:
    if not visit.may("invoice_history"):
        return ""
    found = visit.call.store.find(
        Query("invoice", visit.call.account, {"customer": visit.customer["id"]}, limit=24)
    )
    rows = "".join(_invoice(visit, invoice) for invoice in found if invoice["status"] != "draft")
    told = f'<ul class="lines">{rows}</ul>' if rows else f"<p>{escape(visit.words['no_invoices'])}</p>"
    title = f'<h2 id="invoices">{escape(visit.words["invoices"])}</h2>'
    return f'<section class="plan" aria-labelledby="invoices">{title}{told}</section>'


def _invoice(visit: Visit, invoice: Json) -> str:
    words = visit.words
    state = words[f"status_{invoice['status']}"]
    issued = day(invoice["effective_at"], words)
    return (
        f'<li><span class="line-name"><a href="{escape(invoice["hosted_invoice_url"])}">{escape(issued)}</a>'
        f'<span class="line-more">{escape(invoice["number"])} · {escape(state)}</span></span>'
        f'<span class="line-amount">{escape(money(invoice["total"], words))}</span></li>'
    )


def act(world: World, token: str, request: Request) -> Response:
    """Takes a cancellation back."""
    visit = enter(world, token, request)
    if isinstance(visit, Response):
        return visit
    typed = read_typed(request)
    if typed.get("act") != "resume" or not visit.may("subscription_cancel"):
        return redirect(visit.address)
    with world.store.transaction():
        subscription = visit.subscription(str(typed.get("subscription", "")))
        before = copy.deepcopy(subscription)
        wish_to_end(visit.call, subscription, is_wished=False)
        save(visit.call, before, subscription)
    return redirect(f"{visit.address}?told=resumed")
