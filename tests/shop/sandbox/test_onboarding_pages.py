"""The pages a merchant sees: onboarding, and the Express dashboard."""

import re

import pytest
import stripe

from shop.sandbox.hosted import onboarding_wording
from shop.sandbox.server import Sandbox
from tests.shop.sandbox.asking import error_of
from tests.shop.sandbox.visiting import visit

FORM = {
    "registered_name": "Fromagerie inc.", "line1": "1, rue du Lait", "city": "Lévis", "state": "QC",
    "postal_code": "G6V 3R2", "transit": "11000", "institution": "000", "number": "000123456789", "consent": "yes",
}  # fmt: skip
TRANSFERS = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}}
BACK = "http://localhost:9/retour/?a=1&b=2"


@pytest.fixture
def account(client: stripe.StripeClient) -> str:
    wish = {"display_name": "Fromagerie <du> Bac", "configuration": TRANSFERS}
    return str(client.v2.core.accounts.create(params=wish).id)


@pytest.fixture
def link(client: stripe.StripeClient, account: str) -> str:
    case = {"refresh_url": "http://localhost:9/encore/", "return_url": BACK}
    wish = {"account": account, "use_case": {"type": "account_onboarding", "account_onboarding": case}}
    return str(client.v2.core.account_links.create(params=wish).url)


@pytest.fixture
def form(sandbox: Sandbox, link: str) -> str:
    return sandbox.url + visit(link).location


def status(client: stripe.StripeClient, account: str) -> str:
    got = client.v2.core.accounts.retrieve(account, params={"include": ["configuration.recipient"]})
    return str(got.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status)


def test_onboarding_makes_the_account_active_and_leads_back(client, sandbox: Sandbox, account, form):
    page = visit(form)
    assert (page.status, 'lang="fr-CA"' in page.text) == (200, True)
    assert "Fromagerie &lt;du&gt; Bac" in page.text
    done = visit(form, FORM)
    assert (done.status, done.location) == (303, BACK)
    assert status(client, account) == "active"
    v1 = client.v1.accounts.retrieve(account)
    assert (v1.company.name, v1.company.address.city, v1.tos_acceptance.date is not None) == (
        "Fromagerie inc.", "Lévis", True,
    )  # fmt: skip
    assert [(bank.last4, bank.routing_number) for bank in v1.external_accounts.data] == [
        ("6789", "11000-000")
    ]
    told = [event["type"] for event in sandbox.events()]
    assert told.count("account.updated") == 1
    assert "v2.core.account[configuration.recipient].capability_status_updated" in told
    assert told[-1] == "v2.core.account_link.returned"
    assert (visit(form, FORM).location, visit(form).location) == (BACK, BACK)
    assert len(sandbox.events()) == len(told)


def test_link_works_once_and_for_five_minutes(client, sandbox: Sandbox, account, link):
    assert visit(link).location.startswith("/c/onboarding/ob_")
    assert visit(link).location == "http://localhost:9/encore/"
    wish = {"account": account, "type": "account_onboarding", "refresh_url": "http://localhost:9/encore/"}
    late = client.v1.account_links.create(params=wish | {"return_url": BACK}).url
    sandbox.advance(300)
    assert visit(late).location == "http://localhost:9/encore/"
    assert visit(f"{sandbox.url}/c/onboarding/al_nothing").status == 404


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("registered_name", " ", "Entrez le nom légal de l’entreprise."),
        ("postal_code", "G6V", "Entrez un code postal"),
        ("transit", "1100", "Entrez les 5 chiffres du transit"),
        ("number", "12 34", "Entrez les 7 à 12 chiffres du compte"),
        ("consent", "", "Cochez la case pour accepter."),
    ],
)
def test_mistake_is_told_beside_its_field(client, account, form, name, value, sentence):
    page = visit(form, FORM | {name: value})
    assert page.status == 422
    assert page.text.count(sentence) == 2
    assert f'aria-describedby="{name}' in page.text
    assert status(client, account) == "restricted"


def test_example_is_filled_in_on_wish_and_keeps_what_was_typed(client, account, form):
    page = visit(form, {"act": "fill", "city": "Saint-Romuald"})
    assert 'value="Saint-Romuald"' in page.text
    assert 'value="000123456789"' in page.text
    assert status(client, account) == "restricted"


def test_bank_that_refuses_payouts_refuses_them(client, sandbox: Sandbox, account, form, paid_charge):
    visit(form, FORM | {"number": "000 111 111 113"})
    wish = {"amount": 100, "currency": "cad", "destination": account, "source_transaction": paid_charge.id}
    client.v1.transfers.create(params=wish)
    assert sandbox.pay_out(account)["payout"]["failure_code"] == "account_closed"
    assert sandbox.ledger()["holders"][f"balance:{account}"] == 100


def test_account_without_a_bank_cannot_pay_out(client, account):
    wish = {"amount": 1, "currency": "cad"}
    error = error_of(lambda: client.v1.payouts.create(params=wish, options={"stripe_account": account}))
    assert error["param"] == "currency"


def test_dashboard_shows_the_money_for_five_minutes(client, sandbox: Sandbox, paid_charge):
    account = sandbox.add_account(display_name="Fromagerie")["id"]
    url = client.v1.accounts.login_links.create(account).url
    assert "Aucun versement pour le moment" in visit(url).text
    wish = {"amount": 4000, "currency": "cad", "destination": account, "source_transaction": paid_charge.id}
    client.v1.transfers.create(params=wish)
    sandbox.pay_out(account, amount=1250)
    text = visit(url).text
    assert re.findall(r"[\d ]+,\d\d\u00a0\$", text) == ["27,50\u00a0$", "0,00\u00a0$", "12,50\u00a0$"]
    assert "Arrivé" in text
    sandbox.advance(300)
    assert visit(url).status == 410


def test_pages_follow_the_browsers_language(client, sandbox: Sandbox, form):
    assert 'lang="en-CA"' in visit(form, language="en-CA,en;q=0.9,fr;q=0.8").text
    assert 'lang="fr-CA"' in visit(form, language="fr;q=0.9,en;q=0.8").text
    assert 'lang="fr-CA"' in visit(form, language="de").text
    assert 'lang="en-CA"' in visit(f"{sandbox.url}/c/nothing", language="en").text


def test_both_languages_say_the_same_things():
    french, english = onboarding_wording.FRENCH, onboarding_wording.ENGLISH
    assert french.keys() == english.keys()
    same = {key for key, said in french.items() if said == english[key]}
    assert same <= {"transit", "institution", "province", "state", "transit_hint"}
