"""Accounts as the API shows and changes them, and what is told of it."""

import json

import pytest
import stripe

from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import Receiver, error_of

TRANSFERS = {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
CARDS = {"capabilities": {"card_payments": {"requested": True}}}
ALL = ["configuration.recipient", "configuration.merchant", "requirements", "identity"]


def new_account(client: stripe.StripeClient, **params) -> stripe.v2.core.Account:
    wish = {"display_name": "Fromagerie", "configuration": {"recipient": TRANSFERS}, "include": ALL}
    return client.v2.core.accounts.create(params=wish | params)


def told(sandbox: Sandbox) -> list[str]:
    return [event["type"].removeprefix("v2.core.") for event in sandbox.events()]


def transfers(account: stripe.v2.core.Account) -> str:
    return account.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status


def test_requirements_say_what_is_missing_until_it_is_told(client, sandbox: Sandbox):
    account = new_account(client)
    assert transfers(account) == "restricted"
    entries = account.requirements.entries
    assert len(entries) == 4
    assert account.requirements.summary.minimum_deadline.status == "currently_due"
    restricted = entries[0].impact.restricts_capabilities[0]
    assert restricted.capability == "stripe_balance.stripe_transfers"
    sandbox.onboard(account.id)
    after = client.v2.core.accounts.retrieve(account.id, params={"include": ALL})
    assert (transfers(after), after.requirements.entries) == ("active", [])
    assert after.requirements.summary is None
    assert after.identity.business_details.registered_name == "Fromagerie"


def test_what_is_told_once_is_merged(client, sandbox: Sandbox):
    account = new_account(
        client, identity={"country": "ca", "entity_type": "company"}, metadata={"merchant": "3"}
    )
    change = {
        "contact_email": "nouveau@demo.test",
        "identity": {"business_details": {"registered_name": "Fromagerie inc."}},
        "metadata": {"town": "levis"},
        "include": ALL,
    }
    changed = client.v2.core.accounts.update(account.id, params=change)
    assert (changed.display_name, changed.contact_email) == ("Fromagerie", "nouveau@demo.test")
    assert changed.identity.entity_type == "company"
    assert changed.identity.business_details.registered_name == "Fromagerie inc."
    assert changed.metadata.to_dict() == {"merchant": "3", "town": "levis"}
    assert told(sandbox) == [
        "account.created",
        "account.updated",
        "account.updated",
        "account[identity].updated",
    ]


def test_capability_asked_for_later_is_active_once_the_account_is_known(client, sandbox: Sandbox):
    account = new_account(client)
    ask = {"configuration": {"merchant": CARDS | {"mcc": "5451"}}, "include": ALL}
    first = client.v2.core.accounts.update(account.id, params=ask)
    assert first.configuration.merchant.capabilities.card_payments.status == "restricted"
    assert (first.applied_configurations, first.configuration.merchant.mcc) == (
        ["merchant", "recipient"],
        "5451",
    )
    sandbox.onboard(account.id)
    other = sandbox.add_account()["id"]
    second = client.v2.core.accounts.update(other, params=ask)
    assert second.configuration.merchant.capabilities.card_payments.status == "active"
    drop = {
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": False}}}},
        "include": ALL,
    }
    assert (
        client.v2.core.accounts.update(other, params=drop).configuration.merchant.capabilities.to_dict() == {}
    )


def test_unplayed_parts_of_an_account_are_not_ignored(client):
    wish = {"configuration": {"recipient": {"capabilities": {"cards": {"requested": True}}}}}
    assert error_of(lambda: new_account(client, **wish))["status"] == 501


def test_v1_tells_what_is_due_and_its_bank(client, sandbox: Sandbox):
    account = new_account(client)
    waiting = client.v1.accounts.retrieve(account.id)
    assert (waiting.details_submitted, waiting.payouts_enabled) == (False, False)
    assert "external_account" in waiting.requirements.currently_due
    assert waiting.external_accounts.data == []
    sandbox.onboard(account.id)
    known = client.v1.accounts.retrieve(account.id)
    assert (known.details_submitted, known.payouts_enabled, known.charges_enabled) == (True, True, False)
    assert known.capabilities.to_dict() == {"transfers": "active"}
    assert known.requirements.currently_due == []
    assert [bank.last4 for bank in known.external_accounts.data] == ["6789"]


def test_payout_schedule_is_kept(client, sandbox: Sandbox):
    account = sandbox.add_account()["id"]
    schedule = {"interval": "weekly", "weekly_payout_days": ["monday"], "delay_days": 14}
    wish = {"settings": {"payouts": {"schedule": schedule}}, "metadata": {"a": "1"}}
    assert client.v1.accounts.update(account, params=wish).settings.payouts.schedule.delay_days == 14
    client.v1.accounts.update(account, params={"metadata": {"b": "2"}})
    kept = client.v1.accounts.retrieve(account)
    assert kept.settings.payouts.schedule.to_dict() == schedule
    assert kept.metadata.to_dict() == {"a": "1", "b": "2"}
    lowest = {"settings": {"payouts": {"schedule": {"delay_days": "minimum"}}}}
    assert client.v1.accounts.update(account, params=lowest).settings.payouts.schedule.delay_days == 3


def test_lists_go_on_to_the_next_page(client, sandbox: Sandbox):
    ids = [sandbox.add_account()["id"] for _ in range(7)][::-1]
    assert [a.id for a in client.v2.core.accounts.list(params={"limit": 3}).auto_paging_iter()] == ids
    assert [a.id for a in client.v1.accounts.list(params={"limit": 3}).auto_paging_iter()] == ids
    recipients = {"limit": 3, "applied_configurations": ["recipient"]}
    assert [a.id for a in client.v2.core.accounts.list(params=recipients).auto_paging_iter()] == ids


def test_an_account_sees_itself_alone(client, sandbox: Sandbox):
    mine, other = sandbox.add_account()["id"], sandbox.add_account()["id"]
    scope = {"stripe_account": mine}
    assert client.v1.accounts.retrieve(mine, options=scope).id == mine
    assert client.v1.accounts.retrieve_current(options=scope).id == mine
    assert error_of(lambda: client.v1.accounts.retrieve(other, options=scope))["status"] == 403
    assert client.v1.accounts.list(options=scope).data == []
    context = {"stripe_context": mine}
    assert error_of(lambda: client.v2.core.accounts.retrieve(other, options=context))["status"] == 403
    assert error_of(lambda: client.v2.core.accounts.list(options=context))["status"] == 403
    assert client.v1.accounts.retrieve_current().id not in (mine, other)


def test_change_of_a_capability_is_told_to_both_worlds(client, sandbox: Sandbox, receiver: Receiver):
    account = sandbox.add_account(capabilities={"stripe_transfers": "active", "card_payments": "active"})[
        "id"
    ]
    sandbox.connect_secret = "whsec_connect"
    sandbox.set_capabilities(account, stripe_transfers="restricted", card_payments="active")
    receiver.wait_for(4)
    body, signature = receiver.got[0]
    snapshot = stripe.Webhook.construct_event(body, signature, "whsec_connect")
    assert (snapshot.type, snapshot.account) == ("account.updated", account)
    assert snapshot.data.object.capabilities.transfers == "inactive"
    body, signature = receiver.got[2]
    thin = client.parse_event_notification(body, signature, "whsec_sandbox")
    assert thin.type == "v2.core.account[configuration.recipient].capability_status_updated"
    assert thin.related_object.id == account
    assert "data" not in json.loads(body)
    assert thin.fetch_event().data.updated_capability == "stripe_balance.stripe_transfers"
    assert thin.fetch_related_object().id == account
    sandbox.set_capabilities(account, stripe_transfers="restricted")
    assert len(sandbox.events()) == 4


def test_v2_events_are_listed_by_object_and_type(client, sandbox: Sandbox):
    one, two = new_account(client), new_account(client)
    created = client.v2.core.events.list(params={"types": ["v2.core.account.created"]}).data
    assert [event.related_object.id for event in created] == [two.id, one.id]
    about = client.v2.core.events.list(params={"object_id": one.id}).data
    assert [event.id for event in about] == [created[1].id]
    found = client.v2.core.events.retrieve(created[0].id)
    assert (found.type, found.reason.request.id[:4]) == ("v2.core.account.created", "req_")
    assert error_of(lambda: client.v2.core.events.retrieve("evt_test_nobody"))["code"] == "resource_missing"
    assert client.v1.events.list().data == []


def use_case(**told) -> dict[str, object]:
    addresses = {"refresh_url": "http://localhost:9/encore/", "return_url": "http://localhost:9/retour/"}
    return {"type": "account_onboarding", "account_onboarding": addresses | told}


def test_account_links_open_onboarding(client, sandbox: Sandbox):
    account = new_account(client)
    v2 = client.v2.core.account_links.create(params={"account": account.id, "use_case": use_case()})
    v1 = client.v1.account_links.create(
        params={
            "account": account.id,
            "type": "account_onboarding",
            "refresh_url": "http://localhost:9/encore/",
            "return_url": "http://localhost:9/retour/",
        }
    )
    assert v1.expires_at == v1.created + 300
    assert {link.url.rpartition("/")[0] for link in (v1, v2)} == {f"{sandbox.url}/c/onboarding"}
    assert v1.url != v2.url
    assert v2.use_case.account_onboarding.return_url == "http://localhost:9/retour/"


@pytest.mark.parametrize(
    ("account", "case", "status"),
    [
        ("acct_nobody", use_case(), 404),
        ("", use_case(refresh_url="nowhere"), 400),
        ("", {"type": "account_update"}, 400),
    ],
)
def test_impossible_account_link_is_refused(client, sandbox: Sandbox, account, case, status):
    account = account or sandbox.add_account()["id"]
    wish = {"account": account, "use_case": case}
    assert error_of(lambda: client.v2.core.account_links.create(params=wish))["status"] == status


def test_login_link_needs_an_onboarded_account(client, sandbox: Sandbox):
    assert error_of(lambda: client.v1.accounts.login_links.create(new_account(client).id))["status"] == 400
    link = client.v1.accounts.login_links.create(sandbox.add_account()["id"])
    assert link.url.startswith(f"{sandbox.url}/c/express/")
