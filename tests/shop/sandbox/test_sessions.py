"""Checkout Sessions through the real client."""

import pytest
import stripe

from shop.sandbox.server import ControlError, Sandbox
from tests.shop.sandbox.asking import NewSession, error_of, line

NOON = 1_800_000_000


def test_create_sums_the_lines_and_keeps_what_was_said(sandbox: Sandbox, new_session: NewSession):
    session = new_session(
        client_reference_id="cs:7:1", metadata={"checkout": "7"}, allowed_payment_method_types=["card"]
    )
    assert (session.amount_subtotal, session.amount_total, session.currency) == (4596, 4596, "cad")
    assert (session.status, session.payment_status, session.mode) == ("open", "unpaid", "payment")
    assert (session.client_reference_id, session.metadata.to_dict()) == ("cs:7:1", {"checkout": "7"})
    assert session.url == f"{sandbox.url}/c/pay/{session.id}"
    assert session.id.startswith("cs_test_")
    assert session.payment_intent is None
    assert session.livemode is False


def test_line_items_keep_their_order(client: stripe.StripeClient, new_session: NewSession):
    session = new_session(line_items=[line(100 + n, name=f"Article {n}") for n in range(12)])
    first = client.v1.checkout.sessions.line_items.list(session.id, params={"limit": 10})
    every = list(first.auto_paging_iter())
    assert [item.description for item in every] == [f"Article {n}" for n in range(12)]
    assert [item.amount_total for item in every] == [100 + n for n in range(12)]
    assert first.has_more


def test_expand_line_items_and_charge(client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession):
    session = new_session(expand=["line_items"])
    assert [item.quantity for item in session.line_items.data] == [2, 1]
    sandbox.pay(session.id)
    paid = client.v1.checkout.sessions.retrieve(
        session.id, params={"expand": ["payment_intent", "payment_intent.latest_charge"]}
    )
    assert paid.payment_intent.latest_charge.amount == 4596
    listed = client.v1.checkout.sessions.list(params={"expand": ["data.payment_intent"]})
    assert listed.data[0].payment_intent.status == "succeeded"


def test_paid_session_is_complete_with_its_intent_and_charge(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    session = new_session()
    sandbox.pay(session.id, name="Marie Roy", postal_code="G6V 3R2")
    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert (paid.customer_details.name, paid.customer_details.email) == ("Marie Roy", "cliente@demo.test")
    intent = client.v1.payment_intents.retrieve(paid.payment_intent)
    assert (intent.status, intent.amount, intent.amount_received) == ("succeeded", 4596, 4596)
    assert (intent.transfer_group, intent.metadata.to_dict()) == ("checkout:1", {"checkout": "1"})
    charge = client.v1.charges.retrieve(intent.latest_charge, params={"expand": ["balance_transaction"]})
    assert (charge.paid, charge.transfer_group, charge.amount_refunded) == (True, "checkout:1", 0)
    assert (charge.balance_transaction.amount, charge.balance_transaction.fee) == (4596, 163)


def test_paying_twice_makes_one_charge(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    session = new_session()
    first, second = sandbox.pay(session.id), sandbox.pay(session.id)
    assert first["payment_intent"]["id"] == second["payment_intent"]["id"]
    assert len(client.v1.charges.list().data) == 1


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000000127", "incorrect_cvc", None),
        ("4111111111111111", "card_declined", "test_mode_live_card"),
    ],
)
def test_declined_card_leaves_the_session_open(
    client: stripe.StripeClient,
    sandbox: Sandbox,
    new_session: NewSession,
    card: str,
    code: str,
    decline_code: str | None,
):
    session = new_session()
    with pytest.raises(ControlError) as refused:
        sandbox.pay(session.id, card)
    assert refused.value.status == 402
    assert refused.value.body["error"]["code"] == code
    intent = client.v1.payment_intents.retrieve(
        client.v1.checkout.sessions.retrieve(session.id).payment_intent
    )
    assert (intent.status, intent.amount_received) == ("requires_payment_method", 0)
    assert intent.last_payment_error.to_dict().get("decline_code") == decline_code
    assert sandbox.pay(session.id)["status"] == "complete"
    assert client.v1.payment_intents.retrieve(intent.id).last_payment_error is None


def test_three_d_secure_waits_for_the_bank(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    session = new_session()
    waiting = sandbox.pay(session.id, "4000002500003155")
    assert (waiting["status"], waiting["payment_intent"]["status"]) == ("open", "requires_action")
    with pytest.raises(ControlError):
        sandbox.pay(session.id, "4000002500003155", authenticate=False)
    intent = client.v1.payment_intents.retrieve(waiting["payment_intent"]["id"])
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert sandbox.pay(session.id, "4000002500003155", authenticate=True)["status"] == "complete"


def test_expire_closes_an_open_session_only(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    session, paid = new_session(), new_session()
    sandbox.pay(paid.id)
    expired = client.v1.checkout.sessions.expire(session.id)
    assert (expired.status, expired.url, expired.payment_status) == ("expired", None, "unpaid")
    for closed, word in ((session, "expired"), (paid, "complete")):
        error = error_of(lambda closed=closed: client.v1.checkout.sessions.expire(closed.id))
        assert f"This Session has a status of `{word}`" in error["message"]
    with pytest.raises(ControlError, match="can no longer be paid"):
        sandbox.pay(session.id)
    assert client.v1.charges.list().data[0].payment_intent != session.payment_intent


def test_expiring_cancels_the_intent_of_a_failed_attempt(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    session = new_session()
    with pytest.raises(ControlError):
        sandbox.pay(session.id, "4000000000000002")
    client.v1.checkout.sessions.expire(session.id)
    assert client.v1.payment_intents.list().data[0].status == "canceled"


@pytest.mark.parametrize(
    ("after", "is_accepted"), [(1799, False), (1800, True), (86400, True), (86401, False)]
)
def test_expires_at_is_30_minutes_to_24_hours_away(
    sandbox: Sandbox, new_session: NewSession, after, is_accepted
):
    sandbox.freeze(NOON)
    if is_accepted:
        assert new_session(expires_at=NOON + after).expires_at == NOON + after
    else:
        assert error_of(lambda: new_session(expires_at=NOON + after))["param"] == "expires_at"


def test_session_expires_when_the_clock_passes(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    sandbox.freeze(NOON)
    session = new_session(expires_at=NOON + 1860)
    assert session.created == NOON
    sandbox.advance(1859)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert sandbox.advance(1)["expired_sessions"] == 1
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    events = client.v1.events.list(params={"type": "checkout.session.expired"}).data
    assert [event.data.object.id for event in events] == [session.id]


def test_expired_session_cannot_be_paid_even_before_anybody_looked(sandbox: Sandbox, new_session: NewSession):
    sandbox.freeze(NOON)
    session = new_session(expires_at=NOON + 1860)
    sandbox.world.clock.freeze(NOON + 1860)  # the clock alone: no sweep runs on the way
    with pytest.raises(ControlError, match="expired"):
        sandbox.pay(session.id)


def test_list_pages_newest_first_by_creation(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    sandbox.freeze(NOON)
    made = []
    for _ in range(5):
        made.append(new_session().id)
        sandbox.advance(10)
    newest_first = made[::-1]
    page = client.v1.checkout.sessions.list(params={"limit": 2})
    assert ([s.id for s in page.data], page.has_more) == (newest_first[:2], True)
    assert [s.id for s in page.auto_paging_iter()] == newest_first
    after = client.v1.checkout.sessions.list(params={"limit": 2, "starting_after": newest_first[3]})
    assert ([s.id for s in after.data], after.has_more) == (newest_first[4:], False)
    before = client.v1.checkout.sessions.list(params={"limit": 2, "ending_before": newest_first[3]})
    assert ([s.id for s in before.data], before.has_more) == (newest_first[1:3], True)
    recent = client.v1.checkout.sessions.list(params={"created": {"gte": NOON + 30}})
    assert [s.id for s in recent.data] == newest_first[:2]


def test_list_by_payment_intent_and_status(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    paid, unpaid = new_session(), new_session()
    intent = sandbox.pay(paid.id)["payment_intent"]["id"]
    found = client.v1.checkout.sessions.list(params={"payment_intent": intent}).data
    assert [s.id for s in found] == [paid.id]
    assert [s.id for s in client.v1.checkout.sessions.list(params={"status": "open"}).data] == [unpaid.id]


@pytest.mark.parametrize("limit", [0, 101, -5])
def test_list_limit_is_1_to_100(client: stripe.StripeClient, limit: int):
    assert error_of(lambda: client.v1.checkout.sessions.list(params={"limit": limit}))["param"] == "limit"


def test_list_refuses_an_unknown_cursor(client: stripe.StripeClient):
    error = error_of(lambda: client.v1.checkout.sessions.list(params={"starting_after": "cs_test_x"}))
    assert (error["status"], error["param"]) == (400, "starting_after")


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([line(49)], "amount_too_small"),
        ([line(0)], "amount_too_small"),
        ([line(-5)], "parameter_invalid_integer"),
        ([line(100, quantity=0)], "parameter_invalid_integer"),
        ([line(100)] * 101, None),
    ],
)
def test_amounts_out_of_bounds_are_refused(new_session: NewSession, items, code):
    assert error_of(lambda: new_session(line_items=items)).get("code") == code


def test_lines_in_two_currencies_are_refused(new_session: NewSession):
    foreign = line(100)
    foreign["price_data"]["currency"] = "usd"
    assert "same currency" in error_of(lambda: new_session(line_items=[line(100), foreign]))["message"]


def test_direct_charge_belongs_to_its_account(
    client: stripe.StripeClient, sandbox: Sandbox, new_session: NewSession
):
    account = sandbox.add_account(capabilities={"card_payments": "active"})["id"]
    session = new_session(stripe_account=account)
    intent_id = sandbox.pay(session.id)["payment_intent"]["id"]
    scope = {"stripe_account": account}
    intent = client.v1.payment_intents.retrieve(intent_id, options=scope)
    assert client.v1.charges.retrieve(intent.latest_charge, options=scope).amount == 4596
    for call in (
        lambda: client.v1.checkout.sessions.retrieve(session.id),
        lambda: client.v1.payment_intents.retrieve(intent_id),
        lambda: client.v1.refunds.create(params={"payment_intent": intent_id}),
        lambda: client.v1.checkout.sessions.expire(session.id),
    ):
        assert error_of(call)["code"] == "resource_missing"
    assert client.v1.checkout.sessions.list().data == []
    assert client.v1.events.list().data == []
    assert {event.account for event in client.v1.events.list(options=scope).data} == {account}
    assert sandbox.ledger()["holders"][f"balance:{account}"] == 4596 - 163


def test_direct_charge_needs_the_card_payments_capability(sandbox: Sandbox, new_session: NewSession):
    account = sandbox.add_account()["id"]
    assert error_of(lambda: new_session(stripe_account=account))["code"] == "account_invalid"


def test_unknown_account_is_403(new_session: NewSession):
    assert error_of(lambda: new_session(stripe_account="acct_nobody"))["status"] == 403
