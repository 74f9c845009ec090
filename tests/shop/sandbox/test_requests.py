"""Who may ask, what may be asked, and Stripe's words for everything else."""

import base64

import pytest
import stripe

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import KEY, client_of, error_of, line, raw, session_params


@pytest.mark.parametrize("key", ["sk_live_0123456789", "rk_live_0123456789"])
def test_live_key_is_refused_and_nothing_is_done(sandbox: Sandbox, key: str):
    stranger = client_of(sandbox, key)
    error = error_of(lambda: stranger.v1.checkout.sessions.create(params=session_params()))
    assert error["status"] == 401
    assert "live" in error["message"]
    assert client_of(sandbox).v1.checkout.sessions.list().data == []


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer pk_test_0123456789", "Basic ????", "Digest sk_test_01234567"]
)
def test_request_without_a_test_key_is_401(sandbox: Sandbox, header: str):
    status, body = raw(sandbox, "GET", "/v1/events", Authorization=header)
    assert (status, body["error"]["type"]) == (401, "invalid_request_error")


def test_key_as_basic_user_name_is_accepted_as_stripe_does(sandbox: Sandbox):
    basic = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
    assert raw(sandbox, "GET", "/v1/events", Authorization=basic)[0] == 200


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"payment_intent_data": {"foo": 1}}, "parameter_unknown", "payment_intent_data[foo]"),
        ({"line_items": [{"quantity": 1, "price_data": {"currency": "cad", "product_data": {"nom": "x"}}}]},
         "parameter_unknown", "line_items[0][price_data][product_data][nom]"),
        ({"line_items": [{"quantity": 1, "price_data": {"unit_amount": 5}}]},
         "parameter_missing", "line_items[0][price_data][currency]"),
        ({"line_items": [line(100), {"price_data": line(1)["price_data"]}]},
         "parameter_missing", "line_items[1][quantity]"),
        ({"line_items": None}, "parameter_missing", "line_items"),
        ({"mode": None}, "parameter_missing", "mode"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"expires_at": "tomorrow"}, "parameter_invalid_integer", "expires_at"),
        ({"line_items": [line(100, quantity="two")]}, "parameter_invalid_integer", "line_items[0][quantity]"),
        ({"customer_email": ""}, "parameter_invalid_empty", "customer_email"),
        ({"customer_email": "nobody"}, "email_invalid", "customer_email"),
        ({"success_url": "not an address"}, "url_invalid", "success_url"),
        ({"cancel_url": "ftp://x.example/"}, "url_invalid", "cancel_url"),
        ({"mode": "barter"}, None, "mode"),
        ({"locale": "joual"}, None, "locale"),
        ({"metadata": "x"}, None, "metadata"),
        ({"line_items": "x"}, None, "line_items"),
        ({"allow_promotion_codes": "oui"}, None, "allow_promotion_codes"),
        ({"metadata": {"k" * 41: "v"}}, None, "metadata[" + "k" * 40 + "]"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"client_reference_id": "r" * 201}, None, "client_reference_id"),
        ({"expand": ["colour"]}, None, "expand[0]"),
        ({"payment_intent_data": {"statement_descriptor_suffix": "<1>"}}, None,
         "payment_intent_data[statement_descriptor_suffix]"),
    ],
)  # fmt: skip
def test_wrong_parameter_gets_stripes_error(client: stripe.StripeClient, changes, code, param):
    error = error_of(lambda: client.v1.checkout.sessions.create(params=session_params(**changes)))
    assert (error["status"], error["type"], error.get("code"), error["param"]) == (
        400, "invalid_request_error", code, param,
    )  # fmt: skip
    assert client.v1.checkout.sessions.list().data == []


def test_unknown_parameters_are_named_together(client: stripe.StripeClient):
    error = error_of(lambda: client.v1.checkout.sessions.create(params=session_params(foo=1, bar=2)))
    assert error["message"] == "Received unknown parameters: foo, bar"


def test_v2_request_is_json_and_checked_too(client: stripe.StripeClient):
    error = error_of(lambda: client.v2.core.accounts.create(params={"identity": {"shoe_size": 43}}))
    assert (error["code"], error["param"]) == ("parameter_unknown", "identity[shoe_size]")
    error = error_of(lambda: client.v2.core.accounts.create(params={"display_name": 12}))
    assert (error["status"], error["param"]) == (400, "display_name")


def test_known_operation_that_is_not_simulated_is_501(client: stripe.StripeClient):
    error = error_of(lambda: client.v1.coupons.create(params={"percent_off": 10}))
    assert (error["status"], error["code"]) == (501, "sandbox_not_simulated")
    assert "POST /v1/coupons" in error["message"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"discounts": [{"coupon": "x"}]}, "discounts[0][coupon]"),
        (
            {"payment_intent_data": {"application_fee_amount": 1}},
            "payment_intent_data[application_fee_amount]",
        ),
        ({"payment_intent_data": {"on_behalf_of": "acct_1"}}, "payment_intent_data[on_behalf_of]"),
        ({"mode": "setup"}, "mode"),
        ({"allowed_payment_method_types": ["acss_debit"]}, "allowed_payment_method_types"),
    ],
)
def test_known_parameter_that_is_not_simulated_is_501_and_not_ignored(
    client: stripe.StripeClient, changes, param
):
    error = error_of(lambda: client.v1.checkout.sessions.create(params=session_params(**changes)))
    assert (error["status"], error["param"]) == (501, param)


def test_client_with_retries_does_not_repeat_a_501(sandbox: Sandbox):
    patient = client_of(sandbox, max_network_retries=2)
    error_of(lambda: patient.v1.coupons.create(params={}))
    assert len(sandbox.requests()) == 1


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v2/nothing", "/v1/checkout/sessions/a/b/c", "/v3/x", "/nothing"]
)
def test_unknown_address_is_404(sandbox: Sandbox, path: str):
    status, body = raw(sandbox, "GET", path)
    assert status == 404
    assert body["error"]["message"].startswith(f"Unrecognized request URL (GET: {path})")


def test_wrong_method_is_404_like_stripes(sandbox: Sandbox):
    assert raw(sandbox, "DELETE", "/v1/transfers")[0] == 404


def test_unknown_object_is_404_resource_missing(client: stripe.StripeClient):
    error = error_of(lambda: client.v1.payment_intents.retrieve("pi_nobody"))
    assert (error["status"], error["code"]) == (404, "resource_missing")
    assert error["message"] == "No such payment_intent: 'pi_nobody'"


def test_answers_carry_request_id_and_version(client: stripe.StripeClient, new_session):
    headers = new_session().last_response.headers
    assert headers["Request-Id"].startswith("req_")
    assert headers["Stripe-Version"] == stripe.api_version


def test_request_log_tells_what_was_asked(sandbox: Sandbox, client: stripe.StripeClient):
    client.v1.transfers.list(params={"transfer_group": "checkout:1"})
    last = sandbox.requests()[-1]
    assert (last["method"], last["path"], last["status"]) == ("GET", "/v1/transfers", 200)
    assert last["params"] == {"transfer_group": "checkout:1"}
