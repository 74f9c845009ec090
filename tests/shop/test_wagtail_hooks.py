"""Money records in the admin: the portal's Journal reads and exports its own; nobody writes there."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from home.models import PortalRole
from home.tenancy import portal_scope
from shop.models import Order, PaymentIntent, Refund, Transfer
from shop.payments import refunds
from shop.payments.handlers import deliver_outbox
from shop.sandbox.server import Sandbox
from tests.factories import UserFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Town, make_purchase, make_town

RECORDS = {"order": Order, "paymentintent": PaymentIntent, "transfer": Transfer, "refund": Refund}
EACH = pytest.mark.parametrize("record", RECORDS)


@pytest.fixture
def towns(levis, bellechasse, sandbox: Sandbox) -> tuple[Town, Town]:
    """Two towns, each with a purchase that was paid, transferred and given back."""
    made = (make_town(levis, "canarilevis"), make_town(bellechasse, "canaribellechasse"))
    for town in made:
        bought = make_purchase(town, sandbox)
        with portal_scope(town.site):
            refunds.request(bought.order, reason=f"retour {town.canary}", restock=True, now=timezone.now())
    deliver_outbox(now=timezone.now())
    return made


def address(record: str, name: str, *args: object) -> str:
    return reverse(f"shop_{record}_modeladmin_{name}", args=args)


def journal_of(town: Town):
    return town.signed_in(make_staff(town.site, PortalRole.EDITOR))


def row_of(town: Town, record: str):
    with portal_scope(town.site):
        return RECORDS[record].objects.get()


def marks(town: Town) -> set[str]:
    """What tells a town's money records from another's."""
    rows = [row_of(town, record) for record in RECORDS]
    return {str(row) for row in rows} | {town.canary}


@EACH
def test_journal_reads_its_own_records_and_no_others(towns: tuple[Town, Town], record: str) -> None:
    here, there = towns
    html = journal_of(here).get(address(record, "index")).content.decode()
    assert str(row_of(here, record)) in html
    assert [mark for mark in marks(there) if mark in html] == []


@EACH
def test_search_for_a_strangers_record_finds_nothing(towns: tuple[Town, Town], record: str) -> None:
    here, there = towns
    answer = journal_of(here).get(address(record, "index"), {"q": str(row_of(there, record))})
    assert answer.context["object_list"].count() == 0 if "object_list" in answer.context else True
    assert there.canary not in answer.content.decode()


@EACH
def test_strangers_record_is_not_found(towns: tuple[Town, Town], record: str) -> None:
    here, there = towns
    client = journal_of(here)
    assert client.get(address(record, "inspect", row_of(there, record).pk)).status_code == 404
    assert client.get(address(record, "inspect", row_of(here, record).pk)).status_code == 200


@EACH
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_holds_the_own_portals_rows_only(towns: tuple[Town, Town], record: str, kind: str) -> None:
    here, there = towns
    answer = journal_of(here).get(address(record, "index"), {"export": kind})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert len(rows) == 2
        assert [mark for mark in marks(there) if mark in content.decode()] == []


@EACH
@pytest.mark.parametrize("role", [PortalRole.ADVISER, PortalRole.CITY])
def test_who_does_not_keep_the_books_reads_none(
    towns: tuple[Town, Town], record: str, role: PortalRole
) -> None:
    here, _there = towns
    client = here.signed_in(make_staff(here.site, role))
    for name, args in (("index", ()), ("inspect", (row_of(here, record).pk,))):
        answer = client.get(address(record, name, *args))
        assert answer.status_code in (302, 403, 404)
        assert here.canary not in answer.content.decode()


@EACH
def test_journal_of_the_other_portal_finds_no_admin_here(towns: tuple[Town, Town], record: str) -> None:
    here, there = towns
    client = here.signed_in(make_staff(there.site, PortalRole.EDITOR))
    assert client.get(address(record, "index")).status_code == 404
    assert client.get(address(record, "inspect", row_of(here, record).pk)).status_code == 404


@EACH
@pytest.mark.parametrize("who", ["journal", "operator"])
def test_nobody_adds_changes_or_deletes(towns: tuple[Town, Town], record: str, who: str) -> None:
    here, _there = towns
    user = UserFactory(is_superuser=True) if who == "operator" else make_staff(here.site, PortalRole.MANAGER)
    client = here.signed_in(user)
    row = row_of(here, record)
    with portal_scope(here.site):
        before = list(RECORDS[record].objects.values())
    for name, args in (("create", ()), ("edit", (row.pk,)), ("delete", (row.pk,))):
        for method in (client.get, client.post):
            assert method(address(record, name, *args)).status_code in (302, 403, 404)
    with portal_scope(here.site):
        assert list(RECORDS[record].objects.values()) == before


@EACH
def test_history_which_checks_nobodys_rights_is_off(record: str) -> None:
    with pytest.raises(NoReverseMatch):
        address(record, "history", 1)


@EACH
def test_list_offers_no_button_that_writes(towns: tuple[Town, Town], record: str) -> None:
    here, _there = towns
    html = journal_of(here).get(address(record, "index")).content.decode()
    pk = row_of(here, record).pk
    for name, args in (("create", ()), ("edit", (pk,)), ("delete", (pk,))):
        assert address(record, name, *args) not in html


@EACH
def test_list_asks_as_many_questions_for_one_row_as_for_three(levis, sandbox: Sandbox, record: str) -> None:
    town = make_town(levis, "canarilevis")
    client = journal_of(town)
    counts = [questions(client, town, sandbox, record, more=more) for more in (1, 2)]
    assert counts[0] == counts[1]


def questions(client, town: Town, sandbox: Sandbox, record: str, *, more: int) -> int:
    for _n in range(more):
        bought = make_purchase(town, sandbox)
        with portal_scope(town.site):
            refunds.request(bought.order, reason="test", restock=True, now=timezone.now())
    client.get(address(record, "index"))
    with CaptureQueriesContext(connection) as counted:
        client.get(address(record, "index"))
    return len(counted)
