"""The customer portal: what its pages may do (a configuration), and the address that opens them (a session)."""

import copy

from shop.sandbox.errors import Json, Refusal, invalid, not_simulated
from shop.sandbox.events import emit, emit_change
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, page
from shop.sandbox.rules import check_length, check_url, merged_metadata, metadata
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call

CONFIGURATION, SESSION = "billing_portal.configuration", "billing_portal.session"
CONFIGURATIONS, SESSIONS = "/v1/billing_portal/configurations", "/v1/billing_portal/sessions"
UNVISITED_SECONDS = 300
TOLD = (
    "business_profile", "default_return_url", "name", "metadata", "login_page.enabled",
    "features.customer_update.enabled", "features.customer_update.allowed_updates", "features.invoice_history.enabled",
    "features.payment_method_update.enabled", "features.subscription_cancel.cancellation_reason.enabled",
    "features.subscription_cancel.cancellation_reason.options", "features.subscription_cancel.enabled",
    "features.subscription_cancel.mode", "features.subscription_cancel.proration_behavior",
    "features.subscription_update.enabled", "features.subscription_pause.enabled",
)  # fmt: skip
NOT_PLAYED = ("customer_update", "subscription_update", "subscription_pause")
FLOWS = ("payment_method_update", "subscription_cancel")
NO_DEFAULT = (
    "No configuration provided and your test mode default configuration has not been created. Provide a configuration "
    "or create your default by saving your customer portal settings in test mode at "
    "https://dashboard.stripe.com/test/settings/billing/portal."
)


@simulates("post", CONFIGURATIONS, *TOLD)
def create_configuration(call: Call) -> Json:
    """What the portal's pages offer. None is the default one: on Stripe that is made in the dashboard."""
    _check(call.params)
    profile = {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None}
    configuration = {
        "id": new_id("bpc_1"), "object": CONFIGURATION, "active": True, "application": None,
        "business_profile": profile | call.params.get("business_profile", {}), "created": call.now,
        "default_return_url": call.params.get("default_return_url") or None,
        "features": _features(_nothing(), call.params["features"]), "is_default": False, "livemode": False,
        "login_page": {"enabled": False, "url": None}, "metadata": metadata(call.params),
        "name": call.params.get("name"), "updated": call.now,
    }  # fmt: skip
    call.store.put(configuration, call.account)
    emit(call, "billing_portal.configuration.created", configuration)
    return answer(call, configuration)


def _check(params: Json) -> None:
    features = params.get("features", {})
    for name in NOT_PLAYED:
        if features.get(name, {}).get("enabled"):
            raise not_simulated(f"the portal's {name}", param=f"features[{name}][enabled]")
    if params.get("login_page", {}).get("enabled"):
        raise not_simulated("the portal's login page", param="login_page[enabled]")
    if features.get("subscription_cancel", {}).get("proration_behavior", "none") != "none":
        param = "features[subscription_cancel][proration_behavior]"
        raise not_simulated("money given back when a subscription is canceled", param=param)
    if params.get("default_return_url"):
        check_url(params, "default_return_url")
    check_length(params.get("business_profile", {}).get("headline") or "", 60, "business_profile[headline]")


def _nothing() -> Json:
    reason: Json = {"enabled": False, "feedback_options": None, "options": []}
    return {
        "customer_update": {"allowed_updates": [], "enabled": False}, "invoice_history": {"enabled": False},
        "payment_method_update": {"enabled": False, "payment_method_configuration": None},
        "subscription_cancel": {"cancellation_reason": reason, "enabled": False, "mode": "at_period_end",
                                "proration_behavior": "none"},
        "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
        "subscription_update": {"billing_cycle_anchor": None, "default_allowed_updates": [], "enabled": False,
                                "products": [], "proration_behavior": "none",
                                "schedule_at_period_end": {"conditions": []},
                                "trial_update_behavior": "end_trial"},
    }  # fmt: skip


def _features(known: Json, given: Json) -> Json:
    merged = copy.deepcopy(known)
    for name, told in given.items():
        reason = told.get("cancellation_reason")
        merged[name] |= {
            key: value or [] if key == "allowed_updates" else value for key, value in told.items()
        }
        if reason is not None:
            merged[name]["cancellation_reason"] = known[name]["cancellation_reason"] | reason
    return merged


@simulates("get", CONFIGURATIONS + "/{configuration}")
def retrieve_configuration(call: Call) -> Json:
    """One configuration."""
    return answer(call, call.require(CONFIGURATION, call.path["configuration"], param="configuration"))


@simulates("get", CONFIGURATIONS, *PAGING, "active", "is_default")
def list_configurations(call: Call) -> Json:
    """Newest first."""
    return page(call, CONFIGURATION, CONFIGURATIONS, filters=("active", "is_default"))


@simulates("post", CONFIGURATIONS + "/{configuration}", "active", *TOLD)
def update_configuration(call: Call) -> Json:
    """Changes what is told; the rest stays."""
    configuration, params = call.require(CONFIGURATION, call.path["configuration"]), call.params
    _check(params)
    before = copy.deepcopy(configuration)
    configuration |= {name: params[name] for name in ("active", "name") if name in params}
    if "default_return_url" in params:
        configuration["default_return_url"] = params["default_return_url"] or None
    configuration["business_profile"] |= params.get("business_profile", {})
    configuration["features"] = _features(configuration["features"], params.get("features", {}))
    configuration |= {"metadata": merged_metadata(configuration["metadata"], params), "updated": call.now}
    call.store.put(configuration, call.account)
    emit_change(call, "billing_portal.configuration.updated", before, configuration)
    return answer(call, configuration)


@simulates(
    "post", SESSIONS, "configuration", "customer", "locale", "return_url", "flow_data.type",
    "flow_data.subscription_cancel.subscription", "flow_data.after_completion.type",
    "flow_data.after_completion.redirect.return_url",
    "flow_data.after_completion.hosted_confirmation.custom_message",
)  # fmt: skip
def create_session(call: Call) -> Json:
    """An address that opens the portal for one customer, within five minutes."""
    params = call.params
    if "customer" not in params:
        raise Refusal(
            "Missing required param: customer.", code="parameter_missing", param="customer", is_stored=False
        )
    customer = call.named("customer", params["customer"], param="customer")
    configuration = _configuration(call)
    check_url(params, "return_url")
    token = new_id("test_", 40)
    session = {
        "id": new_id("bps_1"), "object": SESSION, "after_expiration": None, "configuration": configuration["id"],
        "created": call.now, "customer": customer["id"], "customer_account": None,
        "flow": _flow(call, customer, configuration), "livemode": False, "locale": params.get("locale"),
        "on_behalf_of": None, "return_url": params.get("return_url") or configuration["default_return_url"],
        "url": f"{call.world.public_url}/c/portal/{token}", "_token": token,
        "_expires_at": call.now + UNVISITED_SECONDS,
    }  # fmt: skip
    call.store.put(session, call.account)
    emit(call, "billing_portal.session.created", session)
    return answer(call, session)


def _configuration(call: Call) -> Json:
    if "configuration" not in call.params:
        raise invalid(NO_DEFAULT)
    configuration = call.named(CONFIGURATION, call.params["configuration"], param="configuration")
    if not configuration["active"]:
        raise invalid("The configuration is inactive and cannot be used.", param="configuration")
    return configuration


def _flow(call: Call, customer: Json, configuration: Json) -> Json | None:
    """Where a portal leads that opens on one task. Raises Refusal when its configuration does not allow that task."""
    given = call.params.get("flow_data")
    if given is None:
        return None
    kind, after = given["type"], given.get("after_completion", {"type": "portal_homepage"})
    if kind not in FLOWS:
        raise not_simulated(f"the portal's flow {kind}", param="flow_data[type]")
    if not configuration["features"][kind]["enabled"]:
        message = f"The `{kind}` feature in the portal configuration is disabled."
        raise invalid(message, param="flow_data[type]")
    if after["type"] == "redirect":
        check_url(after.get("redirect", {}), "return_url")
    subscription = given.get("subscription_cancel", {}).get("subscription")
    if kind == "subscription_cancel":
        _check_subscription(call, customer, subscription)
    empty = dict.fromkeys(
        ("customer_update", "subscription_pause", "subscription_update", "subscription_update_confirm")
    )
    return empty | {
        "type": kind, "after_completion": {"hosted_confirmation": None, "redirect": None} | after,
        "subscription_cancel": {"retention": None, "subscription": subscription} if subscription else None,
    }  # fmt: skip


def _check_subscription(call: Call, customer: Json, subscription_id: str | None) -> None:
    param = "flow_data[subscription_cancel][subscription]"
    if subscription_id is None:
        raise Refusal(
            f"Missing required param: {param}.", code="parameter_missing", param=param, is_stored=False
        )
    if call.named("subscription", subscription_id, param=param)["customer"] != customer["id"]:
        raise invalid("The subscription does not belong to the customer.", param=param)
