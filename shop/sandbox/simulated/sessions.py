"""Checkout Sessions: what all have in common, and `mode=payment`. The others are made by whoever registers here."""

import re
from collections.abc import Callable

from shop.sandbox.errors import Json, Refusal, invalid, not_simulated
from shop.sandbox.events import emit
from shop.sandbox.ids import new_id
from shop.sandbox.objects import answer, limit_of, listing, page, public
from shop.sandbox.rules import check_amount, check_currency, check_email, check_length, check_url, metadata
from shop.sandbox.simulated.accounts import account_name, require_card_payments
from shop.sandbox.simulated.registry import PAGING, simulates
from shop.sandbox.world import Call, World

KIND = "checkout.session"
PATH = "/v1/checkout/sessions"
SHORTEST, LONGEST = 30 * 60, 24 * 3600
SMALLEST_TOTAL = 50
DESCRIPTOR = re.compile(r"""^(?=.*[A-Za-z])[^<>\\'"*]{1,22}$""")
CREATE = (
    "mode", "success_url", "cancel_url", "expires_at", "client_reference_id", "customer_email", "locale", "metadata",
    "currency", "submit_type", "ui_mode", "allowed_payment_method_types", "excluded_payment_method_types",
    "billing_address_collection", "customer_creation", "custom_text", "integration_identifier",
    "line_items.quantity", "line_items.metadata", "line_items.price_data.currency",
    "line_items.price_data.unit_amount", "line_items.price_data.product_data.name",
    "line_items.price_data.product_data.description", "line_items.price_data.product_data.images",
    "line_items.price_data.product_data.metadata", "line_items.price_data.tax_behavior",
    "payment_intent_data.description", "payment_intent_data.metadata", "payment_intent_data.receipt_email",
    "payment_intent_data.statement_descriptor", "payment_intent_data.statement_descriptor_suffix",
    "payment_intent_data.transfer_group", "payment_intent_data.capture_method",
)  # fmt: skip
TO_SUBSCRIBE = (
    "customer", "line_items.price", "line_items.tax_rates", "line_items.price_data.product",
    "line_items.price_data.recurring.interval", "line_items.price_data.recurring.interval_count",
    "payment_method_collection", "subscription_data.default_tax_rates", "subscription_data.description",
    "subscription_data.invoice_settings.custom_fields", "subscription_data.invoice_settings.description",
    "subscription_data.invoice_settings.footer", "subscription_data.metadata", "subscription_data.trial_end",
    "subscription_data.trial_period_days",
    "subscription_data.trial_settings.end_behavior.missing_payment_method",
)  # fmt: skip
Maker = Callable[[Call], Json]
MAKERS: dict[str, Maker] = {}


def makes(mode: str) -> Callable[[Maker], Maker]:
    """Registers what makes the sessions of a mode; their parameters are checked already, as far as modes share them."""

    def register(maker: Maker) -> Maker:
        MAKERS[mode] = maker
        return maker

    return register


@simulates("post", PATH, *CREATE, *TO_SUBSCRIBE)
def create_session(call: Call) -> Json:
    """An open session with its page."""
    _check(call.params)
    require_card_payments(call)
    session = MAKERS[call.params["mode"]](call) | {"_seller": account_name(call)}
    call.store.put(session, call.account)
    return answer(call, session)


@makes("payment")
def payment_session(call: Call) -> Json:
    """Amounts are the sum of `unit_amount × quantity`."""
    if "subscription_data" in call.params:
        raise invalid("You can not pass `subscription_data` in `payment` mode.", param="subscription_data")
    for name in ("customer", "payment_method_collection"):
        if name in call.params:
            raise not_simulated(f"the parameter '{name}' in payment mode", param=name)
    session = new_session(call, _line_items(call.params["line_items"]))
    if session["amount_total"] < SMALLEST_TOTAL:
        raise invalid(
            "The Checkout Session's total amount due must add up to at least $0.50 cad",
            code="amount_too_small",
        )
    return session


def _check(params: Json) -> None:
    mode = params.get("mode")
    if mode is None:
        raise Refusal(
            "Missing required param: mode.", code="parameter_missing", param="mode", is_stored=False
        )
    if mode not in MAKERS:
        raise not_simulated(f"Checkout Sessions in {mode} mode", param="mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_simulated(f"the ui_mode {params['ui_mode']}", param="ui_mode")
    _check_presence(params)
    for name in ("success_url", "cancel_url"):
        check_url(params, name)
    check_email(params, "customer_email")
    check_length(params.get("client_reference_id", ""), 200, "client_reference_id")
    _check_methods(params)
    _check_suffix(params.get("payment_intent_data", {}))


def _check_presence(params: Json) -> None:
    for name in ("line_items", "success_url"):
        if not params.get(name):
            message = (
                f"You must provide `{name}` when creating a Checkout Session in `{params['mode']}` mode."
            )
            raise Refusal(message, code="parameter_missing", param=name, is_stored=False)


def _check_methods(params: Json) -> None:
    allowed = params.get("allowed_payment_method_types", ["card"])
    if "card" not in allowed or "card" in params.get("excluded_payment_method_types", []):
        raise not_simulated("payment without cards", param="allowed_payment_method_types")


def _check_suffix(intent: Json) -> None:
    if intent.get("capture_method", "automatic") == "manual":
        raise not_simulated("manual capture", param="payment_intent_data[capture_method]")
    suffix = intent.get("statement_descriptor_suffix")
    if suffix is not None and not DESCRIPTOR.match(suffix):
        raise invalid(
            "The statement descriptor suffix must be 22 characters or less, contain at least one letter, and none of "
            "the special characters <, >, \\, ', \", *.",
            param="payment_intent_data[statement_descriptor_suffix]",
        )


def _line_items(given: list[Json]) -> list[Json]:
    if len(given) > 100:
        raise invalid("You can provide at most 100 line items.", param="line_items")
    items = [_line_item(each, f"line_items[{at}]") for at, each in enumerate(given)]
    if len({item["currency"] for item in items}) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    return items


def _line_item(given: Json, param: str) -> Json:
    for name in ("price", "tax_rates"):
        if name in given:
            raise not_simulated(f"the parameter '{param}[{name}]' in payment mode", param=f"{param}[{name}]")
    for name in ("price_data", "quantity"):
        if name not in given:
            full = f"{param}[{name}]"
            raise Refusal(f"Missing required param: {full}.", code="parameter_missing", param=full)
    price_data = given["price_data"]
    product, amount = _priced(price_data, param)
    quantity = check_amount(given["quantity"], f"{param}[quantity]")
    currency = check_currency(price_data["currency"], f"{param}[price_data][currency]")
    return _item(product, amount, quantity, currency, metadata(given, path=f"{param}[metadata]"))


def _priced(price_data: Json, param: str) -> tuple[Json, int]:
    for name in ("product_data", "unit_amount"):
        if name not in price_data:
            full = f"{param}[price_data][{name}]"
            raise Refusal(f"Missing required param: {full}.", code="parameter_missing", param=full)
    for name in ("product", "recurring"):
        if name in price_data:
            full = f"{param}[price_data][{name}]"
            raise not_simulated(f"the parameter '{full}' in payment mode", param=full)
    product, amount = dict(price_data["product_data"]), int(price_data["unit_amount"])
    if amount < 0 or amount > 99_999_999:
        message = "Invalid non-negative integer"
        raise invalid(message, param=f"{param}[price_data][unit_amount]", code="parameter_invalid_integer")
    return product, amount


def _item(product: Json, amount: int, quantity: int, currency: str, extra: dict[str, str]) -> Json:
    total = amount * quantity
    price = {
        "id": new_id("price_"), "object": "price", "active": False, "currency": currency, "type": "one_time",
        "unit_amount": amount, "unit_amount_decimal": str(amount), "product": new_id("prod_", 14), "livemode": False,
        "metadata": {}, "recurring": None, "billing_scheme": "per_unit",
    }  # fmt: skip
    return {
        "id": new_id("li_"), "object": "item", "amount_discount": 0, "amount_subtotal": total, "amount_tax": 0,
        "amount_total": total, "currency": currency, "description": product["name"], "metadata": extra,
        "price": price, "quantity": quantity, "_details": product.get("description"),
    }  # fmt: skip


def new_session(call: Call, items: list[Json]) -> Json:
    """A session over these lines that is not stored yet. Raises Refusal for an expiry out of bounds."""
    params, subtotal = call.params, sum(item["amount_subtotal"] for item in items)
    tax = sum(item["amount_tax"] for item in items)
    session_id = new_id("cs_test_a1", 56)
    return {
        "id": session_id, "object": KIND, "after_expiration": None, "allow_promotion_codes": None,
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "excluded_payment_method_types": params.get("excluded_payment_method_types"),
        "amount_subtotal": subtotal, "amount_total": subtotal + tax,
        "automatic_tax": {"enabled": False, "status": None},
        "billing_address_collection": params.get("billing_address_collection"), "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"), "client_secret": None, "consent": None,
        "created": call.now, "currency": items[0]["currency"], "custom_fields": [],
        "custom_text": params.get("custom_text", {}), "customer": None,
        "customer_creation": params.get("customer_creation", "if_required"), "customer_details": None,
        "customer_email": params.get("customer_email"), "expires_at": _expiry(call),
        "integration_identifier": params.get("integration_identifier"), "invoice": None, "livemode": False,
        "locale": params.get("locale"), "metadata": metadata(params), "mode": params["mode"], "payment_intent": None,
        "payment_link": None, "payment_method_options": {}, "payment_method_types": ["card"],
        "payment_status": "unpaid", "setup_intent": None, "shipping_options": [], "status": "open",
        "submit_type": params.get("submit_type"), "subscription": None, "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": tax}, "ui_mode": "hosted_page",
        "url": f"{call.world.public_url}/c/pay/{session_id}",
        "_line_items": listing([public(item) for item in items[:10]], f"{PATH}/{session_id}/line_items",
                               has_more=len(items) > 10),
        "_items": items, "_intent_data": _intent_data(params),
    }  # fmt: skip


def _intent_data(params: Json) -> Json:
    given = dict(params.get("payment_intent_data", {}))
    check_email(given, "receipt_email")
    given["metadata"] = metadata(given, path="payment_intent_data[metadata]")
    return given


def _expiry(call: Call) -> int:
    expires_at = int(call.params.get("expires_at", call.now + LONGEST))
    if expires_at < call.now + SHORTEST:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if expires_at > call.now + LONGEST:
        raise invalid(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return expires_at


@simulates("get", PATH + "/{session}")
def retrieve_session(call: Call) -> Json:
    """The session as it is now: one whose time has passed is expired first."""
    return answer(call, fresh(call, call.path["session"]))


def fresh(call: Call, session_id: str) -> Json:
    """A session, expired first if its time has passed."""
    session = call.require(KIND, session_id, param="session")
    if session["status"] == "open" and session["expires_at"] <= call.now:
        close(call, session)
    return session


@simulates("get", PATH, *PAGING, "created", "customer", "payment_intent", "status", "subscription")
def list_sessions(call: Call) -> Json:
    """Newest first."""
    sweep(call.world)
    return page(call, KIND, PATH, filters=("customer", "payment_intent", "status", "subscription"))


@simulates("get", PATH + "/{session}/line_items", *PAGING)
def list_line_items(call: Call) -> Json:
    """The lines in the order they were given."""
    session = call.require(KIND, call.path["session"], param="session")
    items, limit = session["_items"], limit_of(call.params)
    start, end = _span(items, call.params, limit)
    has_more = start > 0 if "ending_before" in call.params else end < len(items)
    url = f"{PATH}/{session['id']}/line_items"
    return listing([public(item) for item in items[start:end]], url, has_more=has_more)


def _span(items: list[Json], params: Json, limit: int) -> tuple[int, int]:
    """Where a page of lines begins and ends. Raises Refusal for a line that is not there."""
    ids = [item["id"] for item in items]
    for name in ("starting_after", "ending_before"):
        if name in params and params[name] not in ids:
            raise invalid(f"No such line item: '{params[name]}'", param=name, code="resource_missing")
    if "ending_before" in params:
        end = ids.index(params["ending_before"])
        return max(end - limit, 0), end
    start = ids.index(params["starting_after"]) + 1 if "starting_after" in params else 0
    return start, min(start + limit, len(items))


@simulates("post", PATH + "/{session}/expire")
def expire_session(call: Call) -> Json:
    """Closes an open session; a paid or expired one is refused."""
    session = fresh(call, call.path["session"])
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Session has a status of `{session['status']}`.",
            param="session",
        )
    close(call, session)
    return answer(call, session)


def close(call: Call, session: Json) -> None:
    """The session can no longer be paid; its payment intent, if any, is canceled."""
    session |= {"status": "expired", "url": None}
    call.store.put(session, call.account)
    if intent := call.store.get("payment_intent", session["payment_intent"] or "", call.account):
        intent |= {"status": "canceled", "canceled_at": call.now, "cancellation_reason": "automatic"}
        intent["next_action"] = None
        call.store.put(intent, call.account)
        emit(call, "payment_intent.canceled", intent)
    emit(call, "checkout.session.expired", session)


def next_expiry(world: World) -> int | None:
    """When the next open session expires; None when none is open."""
    rows = world.store.execute(
        "SELECT json_extract(data, '$.expires_at') FROM object INDEXED BY open_session_by_expiry "
        "WHERE kind = 'checkout.session' AND json_extract(data, '$.status') = 'open' "
        "ORDER BY json_extract(data, '$.expires_at') LIMIT 1"
    )
    return int(rows[0][0]) if rows else None


def sweep(world: World) -> int:
    """Expires every open session whose time has passed, on every account; returns how many."""
    with world.store.transaction():
        rows = world.store.execute(
            "SELECT id, account FROM object INDEXED BY open_session_by_expiry WHERE kind = 'checkout.session' "
            "AND json_extract(data, '$.status') = 'open' AND json_extract(data, '$.expires_at') <= ?",
            (world.clock.now(),),
        )
        for session_id, account in rows:
            fresh(Call(world, account, {}), session_id)
    return len(rows)
