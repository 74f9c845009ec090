"""A visit to the customer portal: who came, what may be done, and where it leads afterwards.

The address opens within five minutes, and stays open for an hour after each look.
"""

from html import escape
from urllib.parse import parse_qs, urlencode

from shop.sandbox.billing import settling
from shop.sandbox.billing.portal import SESSION
from shop.sandbox.errors import Json, missing_object
from shop.sandbox.hosted.billing_wording import day, words_for
from shop.sandbox.hosted.markup import Words, notice, redirect
from shop.sandbox.messages import Request, Response
from shop.sandbox.store import Query
from shop.sandbox.world import Call, World

VISITED_SECONDS = 3600


class Visit:
    """One look at the portal: whose it is, what it may do, and in which language."""

    def __init__(self, world: World, session: Json, request: Request) -> None:
        self.session, self.request = session, request
        self.call = Call(world, world.store.owner(session["id"]), {}, request_id="")
        self.customer = self.call.require("customer", session["customer"])
        self.features = self.call.require("billing_portal.configuration", session["configuration"])[
            "features"
        ]
        self.words: Words = words_for(session["locale"], request.headers.get("accept-language", ""))
        self.address = f"/c/portal/{session['_token']}"
        self.asked = {name: values[0] for name, values in parse_qs(request.query).items()}

    def may(self, feature: str) -> bool:
        """Whether the configuration offers this."""
        return bool(self.features[feature]["enabled"])

    def subscription(self, subscription_id: str) -> Json:
        """One of this customer's that is not over. Raises Refusal (404)."""
        for subscription in settling.live_subscriptions(self.call, self.customer["id"]):
            if subscription["id"] == subscription_id:
                return subscription
        raise missing_object("subscription", subscription_id)


def enter(world: World, token: str, request: Request) -> Visit | Response:
    """Opens the portal, or says that its time is over. Raises Refusal (404) where there never was one."""
    found = world.store.find(Query(SESSION, None, {"_token": token}, limit=1))
    if not found:
        raise missing_object("portal session", token)
    session, now = found[0], world.clock.now()
    visit = Visit(world, session, request)
    if session["_expires_at"] <= now:
        link = (session["return_url"], visit.words["portal_return"]) if session["return_url"] else None
        return notice(
            visit.words, visit.words["portal_over_title"], visit.words["portal_over_text"], link, status=410
        )
    world.store.put(session | {"_expires_at": now + VISITED_SECONDS}, visit.call.account)
    return visit


def masthead(visit: Visit) -> str:
    """The way back to the site, and where one is."""
    back, words = visit.session["return_url"], visit.words
    link = (
        f'<a class="back" href="{escape(back)}">{escape(words["portal_return"])}</a>'
        if back
        else "<span></span>"
    )
    return f'<header class="masthead">{link}<p class="till">{escape(words["portal_till"])}</p></header>'


def plan_name(visit: Visit, subscription: Json) -> str:
    """What a subscription is for."""
    products = [visit.call.store.any(item["price"]["product"]) for item in subscription["items"]["data"]]
    return ", ".join(str(product["name"]) for product in products if product)


def cancel_address(visit: Visit, subscription_id: str) -> str:
    """The page that asks whether a subscription is really to end."""
    return f"{visit.address}/cancel?{urlencode({'subscription': subscription_id})}"


def leave(visit: Visit, told: str, *, ends: int | None = None) -> Response:
    """A task is done: back to where the portal's maker wants it, or to the first page."""
    flow, words = visit.session["flow"], visit.words
    if flow and flow["after_completion"]["type"] == "hosted_confirmation":
        message = (flow["after_completion"]["hosted_confirmation"] or {}).get("custom_message")
        said = message or words[told].format(day=day(ends, words) if ends else "")
        link = (visit.session["return_url"], words["portal_return"]) if visit.session["return_url"] else None
        return notice(words, words["done_title"], said, link)
    if flow and flow["after_completion"]["type"] == "redirect":
        return redirect(flow["after_completion"]["redirect"]["return_url"])
    visit.call.store.put(
        visit.session | {"flow": None, "_expires_at": visit.call.now + VISITED_SECONDS}, visit.call.account
    )
    return redirect(f"{visit.address}?{urlencode({'told': told} | ({'day': ends} if ends else {}))}")


def after(visit: Visit) -> str:
    """Where a flow leads when it is done, or given up."""
    flow = visit.session["flow"]
    wanted = (flow or {}).get("after_completion", {}).get("redirect") or {}
    return str(wanted.get("return_url") or visit.session["return_url"] or visit.address)
