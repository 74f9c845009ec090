"""« À régler »: what needs a hand in the portal, and nothing of another's."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from home.models import PortalRole
from home.tenancy import portal_scope
from shop import checks
from shop.admin import matter_rows, matter_words, matters
from shop.admin.desk import VIEWS
from shop.admin.words import EFFECT
from shop.enums import CheckKind, RefundStatus, TransferStatus
from shop.models import Checkout, Debt, Dispute, OutboxMessage, Payout, Refund, StripeEvent, Transfer
from shop.payments.handlers import HANDLERS
from tests.factories import UserFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Town
from tests.shop.admin.books import Books, keep_books

DESK = "/admin/a-regler/"


def trouble(books: Books) -> Books:
    """One matter of each kind."""
    now, rows = timezone.now(), books.rows
    with portal_scope(books.town.site):
        Refund.objects.filter(pk=rows["refund"].pk).update(
            status=RefundStatus.FAILED, failure_reason="expired_or_canceled_card"
        )
        Transfer.objects.filter(pk=rows["transfer"].pk).update(status=TransferStatus.FAILED)
        Debt.objects.create(
            site=books.town.site, merchant=rows["order"].merchant, order=rows["order"], amount_cents=15_00,
            reason="No such destination", created_at=now,
        )  # fmt: skip
        Payout.objects.filter(pk=rows["payout"].pk).update(status="failed", failure_message="account closed")
        Checkout.objects.filter(pk=rows["checkout"].pk).update(status="expired")
    return books


@pytest.fixture
def troubled(ours: Books) -> Books:
    return trouble(ours)


@pytest.fixture
def manager(here: Town) -> Client:
    return here.signed_in(make_staff(here.site, PortalRole.MANAGER))


def desk(client: Client) -> str:
    answer = client.get(DESK)
    assert answer.status_code == 200
    return str(answer.content.decode())


def url(name: str, row: Any) -> str:
    return reverse(f"money_desk:{name}", args=[row.pk])


def found(town: Town) -> dict[str, int]:
    """Section by section, how many matters."""
    with portal_scope(town.site):
        sections = matters.sections(now=timezone.now())
        assert matters.count(now=timezone.now()) == matters.in_all(sections)
        return {str(section.title): section.count for section in sections}


def test_every_kind_of_matter_has_its_row_and_its_act(
    troubled: Books, theirs: Books, manager: Client
) -> None:
    html = desk(manager)
    assert found(troubled.town) == {str(kind.title): 1 for kind in matters.KINDS}
    debt = Debt._base_manager.get(amount_cents=15_00)
    rows = {**troubled.rows, "settle": debt}
    expected = {
        "answer": "dispute", "refund_again": "refund", "close_refund": "refund", "send_transfer": "transfer",
        "settle": "debt", "retry_effect": "outboxmessage", "retry_event": "stripeevent", "ask_stripe": "checkout",
    }  # fmt: skip
    assert {name for name, kind in expected.items() if url(name, rows[kind]) not in html} == set()
    assert url("settle", debt) in html
    assert theirs.canary not in html


def test_causes_are_in_plain_french_and_amounts_as_french_sets_them(troubled: Books, manager: Client) -> None:
    html = desk(manager)
    for words in (
        "carte expirée ou annulée",
        "article non reçu",
        "Stripe a refusé le virement",
        "Stripe n’a pas répondu",
        "Il reste 6 jours pour répondre",
        "15,00\u00a0$",
    ):
        assert words in html, words


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (-1, "Le délai pour répondre est passé."),
        (0.5, "C’est aujourd’hui le dernier jour pour répondre."),
        (1.5, "Il reste 1 jour pour répondre."),
        (7.5, "Il reste 7 jours pour répondre."),
    ],
)
def test_days_left_are_counted(days: float, says: str) -> None:
    now = timezone.now()
    assert matter_words.days_left(now + timedelta(days=days), now) == says


def test_nothing_to_settle_says_so_and_when_it_was_looked_at(here: Town, journal: Client) -> None:
    html = desk(journal)
    assert "Rien à régler\u00a0: tout l’argent est à sa place." in html
    assert "pas encore été vérifiés" in html
    checks.note(CheckKind.INVARIANTS, [], now=timezone.now())
    assert "Tout s’accorde." in desk(journal)


def test_findings_name_rows_of_every_portal_and_are_the_operators(here: Town, journal: Client) -> None:
    checks.note(CheckKind.INVARIANTS, ["I6 canaribellechasse 12"], now=timezone.now())
    assert "canaribellechasse" not in desk(journal)
    assert "Ils ne s’accordent pas" in desk(journal)
    assert "canaribellechasse" in desk(here.signed_in(UserFactory(is_superuser=True)))


def test_badge_and_home_count_what_waits(troubled: Books, manager: Client, theirs: Books) -> None:
    waiting = sum(found(troubled.town).values())
    html = manager.get("/admin/").content.decode()
    assert in_menu(f"À régler ({waiting})") in html
    assert f"<span>{waiting}</span> affaires à régler" in html


def test_badge_is_not_for_the_chamber(troubled: Books) -> None:
    chamber = troubled.town.signed_in(make_staff(troubled.town.site, PortalRole.ADVISER))
    html = chamber.get("/admin/").content.decode()
    assert in_menu("À régler") not in html
    assert in_menu("Ventes") not in html
    assert "affaires à régler" not in html


def in_menu(words: str) -> str:
    """As the sidebar's JSON writes it."""
    return json.dumps(words)[1:-1]


@pytest.mark.parametrize(
    ("model", "key", "change", "title"),
    [
        (Dispute, "dispute", {"status": "under_review"}, "Contestations à répondre"),
        (Refund, "refund", {"status": "succeeded"}, "Remboursements échoués"),
        (Payout, "payout", {"status": "paid"}, "Versements refusés par une banque"),
        (OutboxMessage, "outboxmessage", {"sent_at": timezone.now()}, "Effets en panne"),
        (StripeEvent, "stripeevent", {"processed_at": timezone.now()}, "Messages de Stripe en attente"),
        (Debt, "debt", {"settled_at": timezone.now()}, "Dettes ouvertes"),
        (Checkout, "checkout", {"status": "paid"}, "Paiements à éclaircir"),
    ],
)
def test_what_stands_well_leaves_the_desk(
    troubled: Books, model: Any, key: str, change: dict[str, Any], title: str
) -> None:
    before = found(troubled.town)
    with portal_scope(troubled.town.site):
        model.objects.filter(pk=troubled.rows[key].pk).update(**change)
    assert found(troubled.town) == {name: n for name, n in before.items() if name != title}


def test_what_the_worker_is_about_to_do_is_nobodys_matter(ours: Books) -> None:
    with portal_scope(ours.town.site):
        OutboxMessage.objects.update(last_error="", not_before=timezone.now())
        assert "Effets en panne" not in found(ours.town)
        OutboxMessage.objects.update(not_before=timezone.now() - matter_rows.PATIENCE * 2)
        assert found(ours.town)["Effets en panne"] > 0


def test_desk_asks_as_many_questions_for_one_of_each_as_for_three(troubled: Books, manager: Client) -> None:
    before = questions(manager)
    for n in (2, 3):
        trouble(keep_books(troubled.town, n=n))
    assert set(found(troubled.town).values()) == {3}
    assert questions(manager) == before


def questions(client: Client) -> int:
    desk(client)
    with CaptureQueriesContext(connection) as counted:
        desk(client)
    return len(counted)


def test_every_effect_has_french_words() -> None:
    assert set(HANDLERS) - set(EFFECT) == set()


# ------------------------------------------------------------------------------------------------------------ who may

TARGETS = {
    "retry_effect": "outboxmessage", "retry_event": "stripeevent", "ask_stripe": "checkout",
    "send_transfer": "transfer", "settle": "debt", "refund_again": "refund", "close_refund": "refund",
    "refund": "order", "answer": "dispute",
}  # fmt: skip
WORDS = {"words", "forbid_word"}
"""They are tried in ``test_allowed_words``."""

OPEN_TO_EDITORS = {"retry_effect", "retry_event", "ask_stripe"}


def met(client: Client, books: Books) -> dict[str, set[int]]:
    """What each act's address answers to reading and to writing, for the rows of these books."""
    return {
        name: {method(url(name, books.rows[kind])).status_code for method in (client.get, client.post)}
        for name, kind in TARGETS.items()
    }


def fingerprint(books: Books) -> list[Any]:
    return [list(type(row)._base_manager.filter(pk=row.pk).values()) for row in books.rows.values()]


def test_every_act_is_tried() -> None:
    assert set(VIEWS) == {*TARGETS, "index", *WORDS}


def test_strangers_rows_are_not_found_and_do_not_change(ours: Books, theirs: Books, manager: Client) -> None:
    before = fingerprint(theirs)
    for name, statuses in met(manager, theirs).items():
        assert statuses <= {404, 405}, name
        assert 404 in statuses, name
    assert fingerprint(theirs) == before


@pytest.mark.parametrize("who", ["chamber", "city", "merchant", "shopper", "stranger"])
def test_desk_does_not_exist_for_who_does_not_keep_the_books(
    troubled: Books, theirs: Books, who: str
) -> None:
    town = troubled.town
    people: dict[str, Any] = {
        "chamber": lambda: make_staff(town.site, PortalRole.ADVISER),
        "city": lambda: make_staff(town.site, PortalRole.CITY),
        "merchant": lambda: town.owner,
        "shopper": UserFactory,
        "stranger": lambda: make_staff(theirs.town.site, PortalRole.MANAGER),
    }
    before, client = fingerprint(troubled), town.signed_in(people[who]())
    assert client.get(DESK).status_code == 404
    for name, statuses in met(client, troubled).items():
        assert statuses <= {404, 405}, name
    assert fingerprint(troubled) == before


def test_anonymous_visitor_is_asked_to_sign_in(troubled: Books) -> None:
    visitor = troubled.town.visitor()
    assert visitor.get(DESK).status_code == 302
    assert {frozenset(statuses) for statuses in met(visitor, troubled).values()} == {frozenset({302})}


def test_editor_looks_and_asks_again_but_moves_no_money(troubled: Books, journal: Client) -> None:
    before, html = fingerprint(troubled), desk(journal)
    for name, kind in TARGETS.items():
        if name in OPEN_TO_EDITORS:
            continue
        assert url(name, troubled.rows[kind]) not in html, name
        for method in (journal.get, journal.post):
            assert method(url(name, troubled.rows[kind])).status_code in (404, 405), name
    assert fingerprint(troubled) == before
    assert url("retry_effect", troubled.rows["outboxmessage"]) in html


def test_acts_need_the_token_of_a_form(troubled: Books) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": troubled.town.host})
    client.force_login(make_staff(troubled.town.site, PortalRole.MANAGER))
    for name in ("settle", "refund", "send_transfer", "answer", "retry_effect"):
        assert client.post(url(name, troubled.rows[TARGETS[name]])).status_code == 403, name


@pytest.mark.parametrize(
    "name", [name for name in TARGETS if name not in ("settle", "close_refund", "refund", "answer")]
)
def test_reading_an_address_that_acts_does_nothing(troubled: Books, manager: Client, name: str) -> None:
    before = fingerprint(troubled)
    assert manager.get(url(name, troubled.rows[TARGETS[name]])).status_code == 405
    assert fingerprint(troubled) == before
