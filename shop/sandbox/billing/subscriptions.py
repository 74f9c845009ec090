"""Subscriptions, as the API shows and changes them; how they live is in `subscribing`."""

import copy

from shop.sandbox.billing.changing import change_items, recurring_price
from shop.sandbox.billing.collecting import attempt, collect, kept_purse
from shop.sandbox.billing.customers import check_custom_fields, require_card
from shop.sandbox.billing.periods import DAY
from shop.sandbox.billing.searching import search
from shop.sandbox.billing.standing import ENDED, KIND, end, save
from shop.sandbox.billing.subscribing import (
    Sold,
    begin,
    bill_now,
    ends_at,
    plan_renewal,
    plan_trial,
    turn_period,
)
from shop.sandbox.billing.tax_rates import named_rates
from shop.sandbox.billing.taxes import require_exclusive
from shop.sandbox.errors import Json, Refusal, invalid, missing_object, not_simulated
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import check_amount, check_length, merged_metadata, metadata
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

PATH = "/v1/subscriptions"
ONE = PATH + "/{subscription_exposed_id}"
LONGEST_TRIAL = 730 * DAY
SETTINGS = tuple(f"invoice_settings.{name}" for name in ("custom_fields", "description", "footer"))
TOLD = (
    *SETTINGS, "cancel_at_period_end", "collection_method", "default_payment_method", "default_tax_rates",
    "description", "items.metadata", "items.price", "items.quantity", "metadata", "off_session", "payment_behavior",
    "payment_settings.save_default_payment_method", "proration_behavior", "trial_end",
    "trial_settings.end_behavior.missing_payment_method",
)  # fmt: skip


@simulates("post", PATH, *TOLD, "currency", "customer", "items.tax_rates", "trial_period_days")
def create_subscription(call: Call) -> Json:
    """Bills a customer from now on, or from the end of a trial, with a card that is kept for it."""
    params = call.params
    for name in ("customer", "items"):
        if not params.get(name):
            raise Refusal(
                f"Missing required param: {name}.", code="parameter_missing", param=name, is_stored=False
            )
    check_told(params)
    customer = call.named("customer", params["customer"], param="customer")
    sold = sold_items(call, params["items"])
    subscription = begin(call, customer, sold, told_of(call, params, customer))
    subscription = _first_payment(call, subscription)
    if params.get("cancel_at_period_end"):
        wish_to_end(call, subscription, is_wished=True)
        call.store.put(subscription, call.account)
    return answer(call, subscription)


def check_told(params: Json, *, path: str = "") -> None:
    """Raises Refusal (501) for what Stripe would do and the sandbox does not."""
    if params.get("collection_method", "charge_automatically") != "charge_automatically":
        raise not_simulated("invoices that are sent", param="collection_method")
    if params.get("payment_behavior") == "pending_if_incomplete":
        raise not_simulated("pending updates", param="payment_behavior")
    check_length(params.get("description") or "", 500, "description")
    check_custom_fields(params, path)
    wish = params.get("trial_settings", {}).get("end_behavior", {}).get("missing_payment_method")
    if wish == "pause":
        steps = "trial_settings[end_behavior][missing_payment_method]"
        param = f"{path}[{steps.replace('[', '][', 1)}" if path else steps
        raise not_simulated("subscriptions that pause", param=param)


def sold_items(call: Call, given: list[Json]) -> list[Sold]:
    """The prices of `items`, with their quantities. Raises Refusal for one that cannot be sold by the month."""
    sold = []
    for at, item in enumerate(given):
        if "price" not in item:
            param = f"items[{at}][price]"
            raise Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)
        rates = named_rates(call, item.get("tax_rates") or [], f"items[{at}][tax_rates]")
        sold.append(
            Sold(
                recurring_price(call, item["price"], f"items[{at}][price]"),
                check_amount(item.get("quantity", 1), f"items[{at}][quantity]"),
                require_exclusive(rates, f"items[{at}][tax_rates]"),
                metadata(item),
            )
        )
    require_one_period(sold, "items")
    return sold


def require_one_period(sold: list[Sold], param: str) -> None:
    """Raises Refusal (501) for prices by the month beside prices by the year."""
    if (
        len({(one.price["recurring"]["interval"], one.price["recurring"]["interval_count"]) for one in sold})
        > 1
    ):
        raise not_simulated("subscriptions with several billing periods", param=param)


def told_of(call: Call, params: Json, customer: Json | None, *, path: str = "") -> Json:
    """What `begin` wants to know, from a subscription's parameters or a session's `subscription_data`."""
    param = f"{path}[default_tax_rates]" if path else "default_tax_rates"
    rates = named_rates(call, params.get("default_tax_rates") or [], param)
    if (card := params.get("default_payment_method")) and customer:
        require_card(call, card, customer["id"], param="default_payment_method")
    behavior = params.get("trial_settings", {}).get("end_behavior", {})
    return {
        "trial_end": trial_end_of(call, params), "default_tax_rates": require_exclusive(rates, param),
        "default_payment_method": card, "metadata": metadata(params, path=f"{path}[metadata]" if path else ""),
        "description": params.get("description"), "invoice_settings": params.get("invoice_settings", {}),
        "missing_payment_method": behavior.get("missing_payment_method", "create_invoice"),
        "save_default_payment_method": params.get("payment_settings", {}).get("save_default_payment_method", "off"),
    }  # fmt: skip


def trial_end_of(call: Call, params: Json) -> int | None:
    """When a trial ends; None without one. Raises Refusal for both ways of saying it, or a senseless one."""
    if "trial_end" in params and "trial_period_days" in params:
        raise invalid(
            "You may only specify one of these parameters: trial_end, trial_period_days.", param="trial_end"
        )
    if "trial_period_days" in params:
        days = int(params["trial_period_days"])
        if not 0 <= days <= 730:
            raise invalid("Trial periods cannot be longer than 730 days.", param="trial_period_days")
        return call.now + days * DAY if days else None
    wish = params.get("trial_end")
    if wish in (None, "now"):
        return None
    if int(wish) <= call.now:
        raise invalid(
            "Invalid timestamp: must be an integer Unix timestamp in the future.", param="trial_end"
        )
    if int(wish) > call.now + LONGEST_TRIAL:
        raise invalid("Trial periods cannot be longer than 730 days.", param="trial_end")
    return int(wish)


def _first_payment(call: Call, subscription: Json) -> Json:
    """Asks the kept card for the first invoice, unless the caller will do it by itself."""
    behavior = call.params.get("payment_behavior", "allow_incomplete")
    invoice = call.require("invoice", subscription["latest_invoice"])
    if invoice["status"] != "open" or behavior == "default_incomplete":
        return call.require(KIND, subscription["id"])
    purse = kept_purse(call, invoice)
    if purse is None and behavior == "allow_incomplete":
        raise Refusal(
            "This customer has no attached payment source or default payment method. Please consider adding a default "
            "payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/"
            "payment-methods-setting#payment-method-priority.",
            code="resource_missing",
        )
    outcome = attempt(call, invoice, purse)
    if outcome != "paid" and behavior == "error_if_incomplete":
        raise Refusal("Your card was declined.", status=402, kind="card_error", code="card_declined")
    return call.require(KIND, subscription["id"])


@simulates("get", ONE)
def retrieve_subscription(call: Call) -> Json:
    """One subscription, ended or not."""
    return answer(call, _required(call))


def _required(call: Call) -> Json:
    return call.require(KIND, call.path["subscription_exposed_id"])


@simulates("get", PATH, *PAGING, "created", "customer", "price", "status", "collection_method")
def list_subscriptions(call: Call) -> Json:
    """Newest first; without a status those that are not canceled."""
    everything = ["active", "incomplete", "incomplete_expired", "past_due", "trialing", "unpaid"]
    wish = call.params.get("status")
    statuses = {None: everything, "all": [*everything, "canceled"], "ended": list(ENDED)}.get(
        wish, [str(wish)]
    )
    where = {"items.data[0].price.id": call.params["price"]} if "price" in call.params else {}
    return page(call, KIND, PATH, filters=("customer", "collection_method"), status=statuses, **where)


@simulates("get", PATH + "/search", "query", "limit", "page")
def search_subscriptions(call: Call) -> Json:
    """By `status` and `metadata`, all of which must match."""
    return search(call, KIND, f"{PATH}/search", ("status",))


@simulates(
    "post",
    ONE,
    *TOLD,
    "items.deleted",
    "items.id",
    "cancellation_details.comment",
    "cancellation_details.feedback",
)
def update_subscription(call: Call) -> Json:
    """Changes what is told, and tells what changed. A canceled one takes metadata only."""
    subscription, params = _required(call), call.params
    _check_open(subscription, params)
    check_told(params)
    before = copy.deepcopy(subscription)
    subscription["metadata"] = merged_metadata(subscription["metadata"], params)
    _take_plain(call, subscription)
    if "cancel_at_period_end" in params:
        wish_to_end(call, subscription, is_wished=params["cancel_at_period_end"])
    if "trial_end" in params:
        _move_trial(call, subscription)
    if "items" in params:
        behavior = params.get("proration_behavior", "create_prorations")
        change_items(call, subscription, params["items"], behavior)
    status = (call.store.get(KIND, subscription["id"], call.account) or subscription)["status"]
    if status != before["status"]:  # an invoice was asked for along the way, and decided
        subscription["status"] = status
    save(call, before, subscription)
    return answer(call, subscription)


def _check_open(subscription: Json, params: Json) -> None:
    told = set(params) - {"expand", "metadata", "cancellation_details"}
    if subscription["status"] in ENDED and told:
        raise invalid(
            "A canceled subscription can only update its cancellation_details and metadata.", param=min(told)
        )


def _take_plain(call: Call, subscription: Json) -> None:
    params = call.params
    if card := params.get("default_payment_method"):
        require_card(call, card, subscription["customer"], param="default_payment_method")
        subscription["default_payment_method"] = card
    if "default_tax_rates" in params:
        rates = named_rates(call, params["default_tax_rates"] or [], "default_tax_rates")
        subscription["default_tax_rates"] = require_exclusive(rates, "default_tax_rates")
    if "description" in params:
        subscription["description"] = params["description"] or None
    for name in ("invoice_settings", "payment_settings", "cancellation_details"):
        subscription[name] |= {key: value or None for key, value in params.get(name, {}).items()}
    behavior = params.get("trial_settings", {}).get("end_behavior", {})
    subscription["trial_settings"]["end_behavior"] |= behavior


def wish_to_end(call: Call, subscription: Json, *, is_wished: bool) -> None:
    """The subscription ends with its period, or goes on after all."""
    reason = "cancellation_requested" if is_wished else None
    subscription |= {
        "cancel_at_period_end": is_wished, "cancel_at": ends_at(subscription) if is_wished else None,
        "canceled_at": call.now if is_wished else None,
        "cancellation_details": subscription["cancellation_details"] | {"reason": reason},
    }  # fmt: skip


def _move_trial(call: Call, subscription: Json) -> None:
    """A trial ends at another time, or at once with its first invoice; one that is over may begin again."""
    wish = trial_end_of(call, call.params)
    if wish is None and subscription["status"] != "trialing":
        return
    if wish is None:
        subscription |= {"status": "active", "trial_end": call.now, "billing_cycle_anchor": call.now}
        turn_period(subscription, call.now)
        plan_renewal(call, subscription)
        invoice = bill_now(call, subscription, "subscription_update")
        if invoice["status"] == "open":
            collect(call, invoice)
        return
    start = subscription["trial_start"] if subscription["status"] == "trialing" else call.now
    subscription |= {
        "status": "trialing",
        "trial_start": start,
        "trial_end": wish,
        "billing_cycle_anchor": wish,
    }
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": start, "current_period_end": wish}
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = wish
    plan_trial(call, subscription)
    plan_renewal(call, subscription)


@simulates(
    "delete", ONE, "cancellation_details.comment", "cancellation_details.feedback", "invoice_now", "prorate"
)
def cancel_subscription(call: Call) -> Json:
    """Ends it now; nothing is given back."""
    subscription = _required(call)
    if subscription["status"] in ENDED:
        raise missing_object("subscription", subscription["id"])
    for name in ("invoice_now", "prorate"):
        if call.params.get(name):
            raise not_simulated("a last invoice when a subscription is canceled", param=name)
    told = call.params.get("cancellation_details", {})
    subscription["cancellation_details"] |= {name: value or None for name, value in told.items()}
    end(call, subscription, "cancellation_requested")
    return answer(call, subscription)
