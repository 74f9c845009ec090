"""Direct charges: an account's world is its own."""

import pytest
import stripe

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import NewSession, client_of, error_of
from tests.shop.sandbox.visiting import visit

CARD = {
    "number": "4242 4242 4242 4242", "expiry": "04 / 39", "cvc": "123", "name": "Marie Roy", "postal_code": "G6V 3R2",
}  # fmt: skip
LISTS = (
    "charges",
    "payment_intents",
    "refunds",
    "disputes",
    "payouts",
    "events",
    "balance_transactions",
    "transfers",
)


@pytest.fixture
def vineyard(sandbox: Sandbox) -> str:
    able = {"card_payments": "active", "stripe_transfers": "active"}
    return str(sandbox.add_account("acct_1Vignoble", capabilities=able)["id"])


@pytest.fixture
def scope(vineyard: str) -> dict[str, str]:
    return {"stripe_account": vineyard}


def test_buyer_pays_an_account_on_the_same_page(client, new_session: NewSession, vineyard, scope):
    session = new_session(stripe_account=vineyard)
    done = visit(session.url, CARD)
    assert done.location == f"http://localhost:9/paiement/retour/?s={session.id}"
    paid = client.v1.checkout.sessions.retrieve(
        session.id, params={"expand": ["payment_intent.latest_charge.balance_transaction"]}, options=scope
    )
    moved = paid.payment_intent.latest_charge.balance_transaction
    assert (paid.payment_status, moved.type, moved.net) == ("paid", "charge", 4596 - 163)


def test_page_names_the_account_that_sells_and_only_then(sandbox: Sandbox, new_session: NewSession):
    able = {"card_payments": "active"}
    account = sandbox.add_account(display_name="Vignoble <Roy>", capabilities=able)["id"]
    assert (
        "Vendue par <strong>Vignoble &lt;Roy&gt;</strong>"
        in visit(new_session(stripe_account=account).url).text
    )
    assert "Vendue par" not in visit(new_session().url).text


def test_three_d_secure_works_for_an_account_too(client, new_session: NewSession, vineyard, scope):
    session = new_session(stripe_account=vineyard)
    assert visit(session.url, CARD | {"number": "4000 0025 0000 3155"}).location.endswith("/authentication")
    assert session.id in visit(f"{session.url}/authentication", {"outcome": "authorize"}).location
    assert client.v1.checkout.sessions.retrieve(session.id, options=scope).status == "complete"


def test_nobody_else_sees_what_an_account_did(
    client, sandbox: Sandbox, new_session: NewSession, vineyard, scope
):
    charge = sandbox.pay(new_session(stripe_account=vineyard).id, "4000000000000077")["payment_intent"][
        "latest_charge"
    ]
    sandbox.refund(charge, 10)
    sandbox.pay_out(vineyard, amount=10)
    sandbox.dispute(charge)
    other = {"stripe_account": sandbox.add_account(capabilities={"card_payments": "active"})["id"]}
    for name in LISTS:
        service = getattr(client.v1, name)
        assert service.list().data == service.list(options=other).data == [], name
        assert (service.list(options=scope).data != []) == (name != "transfers"), name
    assert client.v1.checkout.sessions.list(options=other).data == []
    for options in ({}, other):
        assert client.v1.balance.retrieve(options=options).available[0].amount == 0


@pytest.mark.parametrize(
    "name", ["charges", "payment_intents", "refunds", "payouts", "balance_transactions", "events"]
)
def test_anothers_object_is_missing_like_any_unknown_one(
    client, sandbox: Sandbox, new_session: NewSession, vineyard, scope, name
):
    charge = sandbox.pay(new_session(stripe_account=vineyard).id)["payment_intent"]["latest_charge"]
    sandbox.refund(charge, 10)
    sandbox.pay_out(vineyard, amount=10)
    service = getattr(client.v1, name)
    mine = service.list(options=scope).data[0].id
    assert service.retrieve(mine, options=scope).id == mine
    theirs, unknown = (
        error_of(lambda: service.retrieve(mine)),
        error_of(lambda: service.retrieve("xx_nobody")),
    )
    assert theirs["status"] == unknown["status"] == 404
    assert theirs["message"].replace(mine, "xx_nobody") == unknown["message"]
    assert error_of(lambda: service.list(params={"starting_after": mine}))["param"] == "starting_after"


def test_platform_never_pays_from_an_accounts_charge(
    client, sandbox: Sandbox, new_session: NewSession, vineyard
):
    charge = sandbox.pay(new_session(stripe_account=vineyard).id)["payment_intent"]["latest_charge"]
    wish = {"amount": 100, "currency": "cad", "destination": vineyard, "source_transaction": charge}
    assert error_of(lambda: client.v1.transfers.create(params=wish))["code"] == "resource_missing"


def test_account_without_active_cards_is_refused_in_stripes_words(
    client, sandbox: Sandbox, new_session, vineyard
):
    sandbox.set_capabilities(vineyard, card_payments="restricted")
    error = error_of(lambda: new_session(stripe_account=vineyard))
    assert (error["status"], error["code"], error["type"]) == (
        400,
        "account_invalid",
        "invalid_request_error",
    )


def test_references_lead_an_account_nowhere_but_home(client, sandbox: Sandbox, paid_charge, vineyard, scope):
    wish = {"amount": 100, "currency": "cad", "destination": vineyard, "source_transaction": paid_charge.id}
    transfer = client.v1.transfers.create(params=wish | {"metadata": {"secret": "1"}})
    told = client.v1.charges.retrieve(
        transfer.destination_payment,
        params={"expand": ["source_transfer", "balance_transaction"]},
        options=scope,
    )
    assert (told.source_transfer, told.balance_transaction.type) == (transfer.id, "payment")
    expand = {"expand": ["destination_payment.balance_transaction"]}
    seen = client.v1.transfers.retrieve(transfer.id, params=expand)
    assert seen.destination_payment.balance_transaction.amount == 100


def test_every_session_is_reached_page_by_page(sandbox: Sandbox, new_session: NewSession, vineyard, scope):
    ids = [new_session(stripe_account=vineyard).id for _ in range(5)][::-1]
    new_session()
    sessions = client_of(sandbox).v1.checkout.sessions
    assert [s.id for s in sessions.list(params={"limit": 2}, options=scope).auto_paging_iter()] == ids


def test_lines_are_paged_both_ways(client: stripe.StripeClient, new_session: NewSession):
    one = {
        "quantity": 1,
        "price_data": {"currency": "cad", "unit_amount": 100, "product_data": {"name": "X"}},
    }
    session = new_session(line_items=[one] * 5)
    lines = client.v1.checkout.sessions.line_items
    ids = [item.id for item in lines.list(session.id, params={"limit": 2}).auto_paging_iter()]
    assert len(set(ids)) == 5
    back = lines.list(session.id, params={"limit": 2, "ending_before": ids[4]})
    assert ([item.id for item in back.data], back.has_more) == (ids[2:4], True)
    unknown = error_of(lambda: lines.list(session.id, params={"starting_after": "li_nobody"}))
    assert unknown["code"] == "resource_missing"
