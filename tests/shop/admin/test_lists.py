"""Money records in the admin: the portal's Journal reads, filters and exports its own; nobody writes there."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from shop.admin import records
from shop.admin.menu import SalesGroup
from shop.models import Order, PickupSlot
from tests.factories import UserFactory
from tests.portal.conftest import make_staff
from tests.portal.towns import Town
from tests.shop.admin.books import KINDS, Books, keep_books

EACH = pytest.mark.parametrize("kind", KINDS)
ACTIONS = ("create", "edit", "delete", "history")


def address(kind: str, name: str = "index", *args: object) -> str:
    return reverse(f"shop_{kind}_modeladmin_{name}", args=args)


def read(client: Client, url: str, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def read_all(
    client: Client, *args: object, name: str = "index", books: Books | None = None
) -> dict[str, str]:
    pk = {kind: (row.pk,) for kind, row in books.rows.items()} if books else dict.fromkeys(KINDS, ())
    return {kind: read(client, address(kind, name, *pk[kind])) for kind in KINDS}


def test_every_money_record_has_its_list() -> None:
    assert {admin.model for admin in SalesGroup.items} == set(KINDS.values())


def test_no_column_is_hidden_by_a_field_of_the_same_name() -> None:
    """Django looks for the model's field first."""
    sources = [
        source for source in vars(records).values() if isinstance(source, type) and hasattr(source, "model")
    ]
    assert len(sources) > 12
    hidden = [
        (source.__name__, field.name)
        for source in sources
        for field in source.model._meta.get_fields()
        if callable(vars(source).get(field.name))
    ]
    assert hidden == []


def test_journal_reads_its_own_lists_and_nothing_of_another_portal(
    journal: Client, ours: Books, theirs: Books
) -> None:
    for kind, html in read_all(journal).items():
        assert address(kind, "inspect", ours.rows[kind].pk) in html, kind
        assert theirs.canary not in html, kind


def test_journal_reads_its_own_records_with_what_belongs_to_them(
    journal: Client, ours: Books, theirs: Books
) -> None:
    pages = read_all(journal, name="inspect", books=ours)
    assert {kind for kind, html in pages.items() if theirs.canary in html} == set()
    for kind in ("refund", "dispute", "transfer", "reversal", "debt"):
        assert address(kind, "inspect", ours.rows[kind].pk) in pages["order"], kind
    assert "passée en caisse" in pages["order"]
    assert "article non reçu" in pages["order"]
    assert address("order", "inspect", ours.rows["order"].pk) in pages["transfer"]


def test_strangers_record_is_not_found_whatever_its_kind(journal: Client, ours: Books, theirs: Books) -> None:
    met = {
        kind: journal.get(address(kind, "inspect", row.pk)).status_code for kind, row in theirs.rows.items()
    }
    assert met == dict.fromkeys(KINDS, 404)


@pytest.mark.parametrize("key", ["0", "abc", "9" * 30, "-1", "1-2"])
def test_record_that_nobody_could_have_is_not_found(journal: Client, ours: Books, key: str) -> None:
    met = {kind: journal.get(address(kind, "inspect", key)).status_code for kind in KINDS}
    assert met == dict.fromkeys(KINDS, 404)


def test_search_finds_ones_own_and_never_a_strangers(journal: Client, ours: Books, theirs: Books) -> None:
    for kind, row in theirs.rows.items():
        html = read(journal, address(kind), q=str(row))
        assert address(kind, "inspect", row.pk) not in html, kind
    found = read(journal, address("order"), q=ours.rows["order"].number)
    assert address("order", "inspect", ours.rows["order"].pk) in found
    assert "Rien ne répond" in read(journal, address("order"), q="introuvable")


def test_filters_offer_this_portals_merchants_alone(journal: Client, ours: Books, theirs: Books) -> None:
    html = read(journal, address("order"))
    assert f"Commerce {ours.canary}" in html
    assert theirs.canary not in html
    stranger = theirs.town.merchant.pk
    assert "Rien ne répond" in read(journal, address("order"), commerce=str(stranger))


def rows_in(html: str) -> int:
    return html.count("data-object-pk")


@pytest.mark.parametrize(
    ("kind", "query", "rows"),
    [
        ("order", {"etat": "paid"}, 1),
        ("order", {"etat": "ready"}, 0),
        ("order", {"remboursement": "partie"}, 1),
        ("order", {"remboursement": "tout"}, 0),
        ("order", {"amenee": "story"}, 0),
        ("order", {"periode": "aujourdhui"}, 1),
        ("order", {"periode": "mois-dernier"}, 0),
        ("debt", {"sens": "commerce"}, 1),
        ("debt", {"sens": "portail"}, 0),
        ("debt", {"etat": "ouverte"}, 1),
        ("dispute", {"ouverte": "oui"}, 1),
        ("dispute", {"ouverte": "non"}, 0),
        ("stripeevent", {"etat": "echec"}, 1),
        ("outboxmessage", {"etat": "fait"}, 0),
        ("transfer", {"gele": "oui"}, 0),
        ("ledgerentry", {"poste": "merchant"}, 1),
    ],
)
def test_filter_keeps_what_it_says(journal: Client, ours: Books, kind: str, query: Any, rows: int) -> None:
    assert rows_in(read(journal, address(kind), **query)) == rows


@pytest.mark.parametrize(
    "query",
    [
        "etat=x",
        "periode=x",
        "commerce=x",
        "commerce=%00",
        "etat=%00",
        "q=%00",
        "o=99.-x",
        "p=999",
        "p=-1",
        "p=x",
        "e=1",
    ],
)
def test_senseless_query_is_answered_calmly(journal: Client, ours: Books, query: str) -> None:
    met = {kind: journal.get(f"{address(kind)}?{query}").status_code for kind in KINDS}
    assert met == dict.fromkeys(KINDS, 200)


def test_query_string_is_no_oracle_on_other_columns(journal: Client, ours: Books) -> None:
    """Modeladmin filters by any column of any joined table: by a password's first letters, for one."""
    for lookup in ("merchant__memberships__user__password__startswith", "checkout__contact_email", "site"):
        assert rows_in(read(journal, address("order"), **{lookup: "zzz"})) == 1, lookup


def test_order_of_the_rows_may_be_chosen(journal: Client, ours: Books) -> None:
    keep_books(ours.town, n=2)
    column = [*SalesGroup.items[0].list_display].index("total_cad")
    assert rows_in(read(journal, address("order"), o=f"-{column}")) == 2


@pytest.mark.parametrize("role", [PortalRole.ADVISER, PortalRole.CITY])
def test_chamber_and_city_find_no_money(ours: Books, role: PortalRole) -> None:
    client = ours.town.signed_in(make_staff(ours.town.site, role))
    for kind, row in ours.rows.items():
        for url in (address(kind), f"{address(kind)}?export=csv", address(kind, "inspect", row.pk)):
            assert client.get(url).status_code == 404, url


def test_merchant_shopper_and_other_portals_journal_find_no_money(ours: Books, theirs: Books) -> None:
    people = (ours.town.owner, UserFactory(), make_staff(theirs.town.site, PortalRole.MANAGER))
    for client in map(ours.town.signed_in, people):
        for kind, row in ours.rows.items():
            assert client.get(address(kind)).status_code == 404
            assert client.get(address(kind, "inspect", row.pk)).status_code == 404


def test_anonymous_visitor_is_sent_to_sign_in(ours: Books) -> None:
    for kind, row in ours.rows.items():
        for url in (address(kind), address(kind, "inspect", row.pk)):
            assert ours.town.visitor().get(url).url.startswith("/compte/connexion/?next="), url


@pytest.mark.parametrize("who", ["manager", "operator"])
def test_what_would_create_change_or_delete_has_no_address(ours: Books, who: str) -> None:
    people: dict[str, Callable[[Town], Any]] = {
        "manager": lambda town: make_staff(town.site, PortalRole.MANAGER),
        "operator": lambda town: UserFactory(is_superuser=True),
    }
    client = ours.town.signed_in(people[who](ours.town))
    for kind, row in ours.rows.items():
        for action in ACTIONS:
            with pytest.raises(NoReverseMatch):
                address(kind, action)
        for path in ("create/", f"edit/{row.pk}/", f"delete/{row.pk}/", f"history/{row.pk}/"):
            for method in (client.get, client.post):
                assert method(f"{address(kind)}{path}").status_code == 404, path
    assert all(type(row)._base_manager.filter(pk=row.pk).exists() for row in ours.rows.values())


def test_operator_sees_the_events_that_no_portal_knows(ours: Books, journal: Client) -> None:
    event = ours.rows["stripeevent"]
    type(event).objects.filter(pk=event.pk).update(object_id="in_unknown")
    operator = ours.town.signed_in(UserFactory(is_superuser=True))
    assert rows_in(read(journal, address("stripeevent"))) == 0
    assert journal.get(address("stripeevent", "inspect", event.pk)).status_code == 404
    assert rows_in(read(operator, address("stripeevent"))) == 1


def by_account(books: Books) -> dict[str, Any]:
    return {"account": books.town.merchant.shop.stripe_account_id}


def by_reference(books: Books) -> dict[str, Any]:
    return {"payload": {"data": {"object": {"client_reference_id": str(books.rows["checkout"].public_id)}}}}


def by_payment(books: Books) -> dict[str, Any]:
    return {
        "payload": {"data": {"object": {"payment_intent": books.rows["paymentintent"].payment_intent_id}}}
    }


@pytest.mark.parametrize("fields", [by_account, by_reference, by_payment])
def test_event_is_the_portals_by_its_account_or_what_it_refers_to(
    ours: Books, theirs: Books, journal: Client, fields: Callable[[Books], dict[str, Any]]
) -> None:
    event = ours.rows["stripeevent"]
    type(event).objects.filter(pk=event.pk).update(object_id="x", **fields(ours))
    assert rows_in(read(journal, address("stripeevent"))) == 1
    type(event).objects.filter(pk=event.pk).update(object_id="x", account="", payload={})
    type(event).objects.filter(pk=event.pk).update(**fields(theirs))
    assert rows_in(read(journal, address("stripeevent"))) == 0


@EACH
def test_pages_ask_as_many_questions_for_one_row_as_for_three(
    journal: Client, ours: Books, kind: str
) -> None:
    pages = (address(kind), address(kind, "inspect", ours.rows[kind].pk))
    before = [questions(journal, page) for page in pages]
    keep_books(ours.town, n=2)
    keep_books(ours.town, n=3)
    assert [questions(journal, page) for page in pages] == before


def questions(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


# -------------------------------------------------------------------------------------------------------------- exports


def exported(client: Client, kind: str) -> list[list[str]]:
    answer = client.get(address(kind), {"export": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def exported_xlsx(client: Client, kind: str) -> list[tuple[Any, ...]]:
    answer = client.get(address(kind), {"export": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


def test_exports_hold_the_own_portals_rows_alone(journal: Client, ours: Books, theirs: Books) -> None:
    for kind in KINDS:
        rows = exported(journal, kind)
        assert len(rows) == (3 if kind == "ledgerentry" else 2), kind
        assert theirs.canary not in str(rows) + str(exported_xlsx(journal, kind)), kind


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_typed_formula_is_text_in_both_formats(journal: Client, ours: Books, formula: str) -> None:
    """The buyer's name and a product's title are typed by strangers."""
    with portal_scope(ours.town.site):
        type(ours.rows["checkout"]).objects.filter(pk=ours.rows["checkout"].pk).update(contact_name=formula)
        type(ours.town.merchant).objects.filter(pk=ours.town.merchant.pk).update(name=formula)
    for kind, times in (("checkout", 1), ("order", 2)):
        in_csv, in_xlsx = exported(journal, kind)[1], exported_xlsx(journal, kind)[1]
        assert [cell for cell in in_csv if cell.startswith(formula)] == []
        assert [cell for cell in in_xlsx if str(cell).startswith(formula)] == []
        assert in_csv.count(f"'{formula}") == times


def test_control_characters_do_not_break_the_workbook(journal: Client, ours: Books) -> None:
    with portal_scope(ours.town.site):
        type(ours.rows["checkout"]).objects.update(contact_name="Marie\x01\x0b Tremblay")
    assert "Marie Tremblay" in exported_xlsx(journal, "checkout")[1]


def test_amounts_are_numbers_in_dollars_and_statuses_are_french(journal: Client, ours: Books) -> None:
    heads, row = exported_xlsx(journal, "order")
    told = dict(zip(heads, row, strict=True))
    assert (told["Total ($)"], told["Remboursé ($)"], told["État"]) == (40, 20, "à préparer")
    assert dict(zip(*exported(journal, "debt"), strict=True))["Montant ($)"] == "-10"


def test_export_is_on_record(journal: Client, ours: Books) -> None:
    exported(journal, "order")
    with portal_scope(ours.town.site):
        entry = AuditEntry.objects.get(action="export")
    assert (entry.object_type, entry.after["rows"]) == ("order", 1)
    assert entry.actor.email == f"{PortalRole.EDITOR}@{ours.town.host}.test"


# ---------------------------------------------------------------------------------------------------- what people read

ENGLISH = [
    "Filter",
    "Search",
    "out of",
    "No results",
    "Inspect",
    " All<",
    "Today",
    "Page 1 of",
    "Download",
    "Back to",
]


def test_pages_are_in_french(journal: Client, ours: Books) -> None:
    pages = [*read_all(journal).values(), *read_all(journal, name="inspect", books=ours).values()]
    for html in pages:
        main = html.partition("<main")[2].partition("</main>")[0]
        assert main
        assert [word for word in ENGLISH if word in main] == []


def test_row_leads_to_its_record_by_one_link_with_words(journal: Client, ours: Books) -> None:
    for kind, html in read_all(journal).items():
        link = f'<a href="{address(kind, "inspect", ours.rows[kind].pk)}" title="">'
        words = html.partition(link)[2].partition("</a>")[0]
        assert words.strip(), kind
        assert "<a" not in words, kind


def test_empty_list_says_so(here: Town, journal: Client) -> None:
    assert "La liste est vide" in read(journal, address("dispute"))


def test_amounts_dates_and_states_are_set_as_french_is(journal: Client, ours: Books) -> None:
    html = read(journal, address("order"))
    assert "40,00\u00a0$" in html
    assert "money-tag--good" in html
    assert "à préparer" in html
    assert "\u00a0h\u00a0" in html


def test_an_order_says_when_it_is_picked_up_or_that_a_slot_is_to_be_agreed_on() -> None:
    pickup, start = records.OrderColumns.pickup, datetime(2026, 11, 24, 15, tzinfo=UTC)
    slot = PickupSlot(starts_at=start, ends_at=start + timedelta(hours=1))
    told = [pickup(None, row) for row in (Order(slot_lost=True), Order(slot=slot), Order())]
    assert told == ["créneau à convenir", "mardi 24 novembre, 10\u00a0h à 11\u00a0h", "—"]
