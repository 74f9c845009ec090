"""Canceling in the customer portal: what it means, why, and doing it."""

import copy
from html import escape

from shop.sandbox.billing.standing import end, save
from shop.sandbox.billing.subscribing import ends_at
from shop.sandbox.billing.subscriptions import wish_to_end
from shop.sandbox.errors import Json
from shop.sandbox.hosted.billing_wording import day
from shop.sandbox.hosted.fields import read_typed
from shop.sandbox.hosted.markup import document, redirect
from shop.sandbox.hosted.portal_visit import Visit, after, enter, leave, masthead, plan_name
from shop.sandbox.messages import Request, Response
from shop.sandbox.world import World


def show(world: World, token: str, request: Request) -> Response:
    """What canceling means, before it is done."""
    visit = enter(world, token, request)
    if isinstance(visit, Response):
        return visit
    if not visit.may("subscription_cancel"):
        return redirect(visit.address)
    words, subscription = visit.words, visit.subscription(visit.asked.get("subscription", ""))
    text = words["cancel_now_text" if _is_immediate(visit) else "cancel_text"].format(
        name=plan_name(visit, subscription), day=day(ends_at(subscription), words)
    )
    body = (
        f'{masthead(visit)}<main class="sheet notice"><h1>{escape(words["cancel_title"])}</h1>'
        f'<p class="lead">{escape(text)}</p><form method="post" action="{visit.address}/cancel" class="choice">'
        f'<input type="hidden" name="subscription" value="{escape(subscription["id"])}">{_reasons(visit)}'
        f'<button class="button">{escape(words["cancel"])}</button>'
        f'<a class="button button-plain" href="{visit.address if not visit.session["flow"] else after(visit)}">'
        f"{escape(words['keep'])}</a></form></main>"
    )
    return document(words, words["cancel_title"], body, leads_to=(visit.session["return_url"], after(visit)))


def _is_immediate(visit: Visit) -> bool:
    return bool(visit.features["subscription_cancel"]["mode"] == "immediately")


def _reasons(visit: Visit) -> str:
    asked, words = visit.features["subscription_cancel"]["cancellation_reason"], visit.words
    if not asked["enabled"] or not asked["options"]:
        return ""
    options = "".join(f'<option value="{name}">{escape(words[name])}</option>' for name in asked["options"])
    return (
        f'<p class="field"><label for="reason">{escape(words["reason"])}</label><select id="reason" name="reason">'
        f'<option value="">{escape(words["no_reason"])}</option>{options}</select></p>'
    )


def submit(world: World, token: str, request: Request) -> Response:
    """The subscription ends with its period, or now, as the configuration says."""
    visit = enter(world, token, request)
    if isinstance(visit, Response):
        return visit
    if not visit.may("subscription_cancel"):
        return redirect(visit.address)
    typed = read_typed(request)
    with world.store.transaction():
        subscription = visit.subscription(str(typed.get("subscription", "")))
        _take_reason(visit, subscription, str(typed.get("reason", "")))
        if _is_immediate(visit):
            end(visit.call, subscription, "cancellation_requested")
            return leave(visit, "canceled_now")
        before = copy.deepcopy(subscription)
        wish_to_end(visit.call, subscription, is_wished=True)
        save(visit.call, before, subscription)
    return leave(visit, "canceled", ends=ends_at(subscription))


def _take_reason(visit: Visit, subscription: Json, reason: str) -> None:
    if reason in visit.features["subscription_cancel"]["cancellation_reason"]["options"]:
        subscription["cancellation_details"] = subscription["cancellation_details"] | {"feedback": reason}
