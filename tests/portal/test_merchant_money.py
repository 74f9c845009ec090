"""/mon-commerce/…/versements/: what the portal owes a shop, line by line, for its owner alone."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from home.models import AuditEntry
from home.tenancy import portal_scope
from shop.models import LedgerEntry, Payout
from shop.payments import payouts, refunds
from shop.payments.handlers import deliver_outbox
from tests.factories import MembershipFactory
from tests.portal.towns import Purchase, Town, make_purchase

NBSP = "\u00a0"


@pytest.fixture
def desk(here: Town) -> Client:
    return here.signed_in(here.owner)


@pytest.fixture(autouse=True)
def _balance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe's own word on the account is tested with payouts; here it is silent."""
    monkeypatch.setattr(payouts, "balance_of", lambda shop: None)


def money_of(town: Town) -> str:
    return f"/mon-commerce/{town.merchant.slug}/versements/"


def rows_of(client: Client, town: Town) -> list[list[str]]:
    answer = client.get(f"{money_of(town)}grand-livre.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_a_sale_is_owed_until_it_is_sent(desk: Client, here: Town, bought_here: Purchase) -> None:
    html = desk.get(money_of(here)).content.decode()
    assert "Ce que le portail vous doit" in html
    assert f"40,00{NBSP}$" in html
    assert "Votre part d’une vente" in html
    assert bought_here.order.number in html
    deliver_outbox(now=timezone.now())
    head, sent, sold = rows_of(desk, here)
    assert head == ["Date", "Écriture", "Commande", "Montant", "Solde"]
    assert sold[1:] == ["Votre part d’une vente", bought_here.order.number, "40,00", "40,00"]
    assert sent[1:] == ["Viré sur votre compte Stripe", bought_here.order.number, "-40,00", "0,00"]


def test_what_is_owed_is_what_the_rows_add_up_to(desk: Client, here: Town, bought_here: Purchase) -> None:
    deliver_outbox(now=timezone.now())
    with portal_scope(here.site):
        refunds.request(
            bought_here.order, refunds.Amount(10_00), reason="test", restock=False, now=timezone.now()
        )
    answer = desk.get(money_of(here))
    with portal_scope(here.site):
        own = LedgerEntry.objects.filter(merchant=here.merchant, account="merchant")
        total = sum(own.values_list("amount_cents", flat=True))
    assert answer.context["owed_cents"] == answer.context["rows"][0].balance_cents == total == -10_00
    assert "Ce que vous devez au portail" in answer.content.decode()


def test_payouts_are_told_in_words(desk: Client, here: Town) -> None:
    with portal_scope(here.site):
        Payout.objects.create(
            shop=here.merchant.shop, payout_id="po_1", amount_cents=123_45, status="failed",
            arrival_date=timezone.localdate(), failure_message="account_closed", created_at=timezone.now(),
        )  # fmt: skip
    html = desk.get(money_of(here)).content.decode()
    assert f"123,45{NBSP}$" in html
    assert f"refusé par votre banque{NBSP}: account_closed" in html


def test_with_nothing_sold_the_page_says_what_will_be_there(desk: Client, here: Town) -> None:
    html = desk.get(money_of(here)).content.decode()
    assert "Rien encore." in html
    assert "Aucun versement encore." in html
    assert f"0,00{NBSP}$" in html


def test_an_export_is_traced(desk: Client, here: Town) -> None:
    rows_of(desk, here)
    with portal_scope(here.site):
        entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.merchant) == ("ledger.export", here.owner, here.merchant)


def test_helpers_and_strangers_find_no_money(here: Town, there: Town, bought_here: Purchase) -> None:
    with portal_scope(here.site):
        users = [
            MembershipFactory(merchant=here.merchant, role="helper").user,
            MembershipFactory().user,
            there.owner,
        ]
    for user in users:
        client = here.signed_in(user)
        for address in (money_of(here), f"{money_of(here)}grand-livre.csv"):
            assert client.get(address).status_code == 404
    helper = here.signed_in(users[0]).get(f"/mon-commerce/{here.merchant.slug}/").content.decode()
    assert "Mes versements" not in helper


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_as_many_questions_for_any_number_of_rows(
    desk: Client, here: Town, sandbox, rows: int, django_assert_num_queries
) -> None:
    for _n in range(rows):
        make_purchase(here, sandbox)
    desk.get(money_of(here))
    with django_assert_num_queries(MONEY_QUERIES):
        desk.get(money_of(here))


MONEY_QUERIES = 12
"""Two of them ask what the options cost, and in which years it sold."""
