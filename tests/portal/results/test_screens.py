"""The merchant's home and « ce que votre page a fait »: its own figures, for its own people."""

import csv
import io

import pytest
import time_machine
from django.test import Client

from directory.enums import Act, MembershipRole, Source
from directory.models import Merchant
from home.tenancy import portal_scope
from tests.factories import MembershipFactory
from tests.portal.results.conftest import TUESDAY, WEEK, count
from tests.portal.towns import Town

PAGE = "resultats/?periode=semaine-derniere"


@pytest.fixture
def desk(here: Town) -> Client:
    return here.signed_in(here.owner)


def read(client: Client, shop: Merchant, path: str = PAGE) -> str:
    with time_machine.travel(TUESDAY, tick=False):
        answer = client.get(f"/mon-commerce/{shop.slug}/{path}")
    assert answer.status_code == 200
    return answer.content.decode("utf-8-sig").replace("\u00a0", " ").replace("\u202f", " ")


def test_page_tells_the_week_and_what_led_to_it(desk: Client, golden: Merchant, here: Town) -> None:
    html = read(desk, golden)
    for told in (
        "Du 26 octobre au 1er novembre 2026",
        "Votre page a été vue 15 fois. Le portail vous a amené 7 contacts",
        "10 de plus",
        "à côté de la semaine d’avant",
        f"12 visites sont venues de l’histoire « {here.story.title} ».",
        f'<a href="/histoires/{here.story.slug}/">{here.story.title}</a>',
        "Produit canarilevis",
        "80,00 $",
    ):
        assert told in html


def test_home_tells_the_last_thirty_days(desk: Client, golden: Merchant) -> None:
    html = read(desk, golden, "")
    assert "Du 4 octobre au 2 novembre 2026" in html
    assert "120,00 $" in html  # what was given back stands on its own line
    assert "resultats/" in html


def test_sheet_has_a_line_a_day_and_adds_up(desk: Client, golden: Merchant) -> None:
    text = read(desk, golden, "resultats/jours.csv?periode=semaine-derniere")
    head, *rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert (len(head), len(rows)) == (12, 7)
    assert [sum(int(row[column]) for row in rows) for column in range(1, 9)] == [15, 2, 1, 4, 0, 6, 3, 2]
    assert rows[-1] == ["2026-11-01", "0", "0", "1", "4", "0", "0", "3", "1", "40,00", "0,00", "40,00"]


def test_amounts_are_the_owners_and_figures_everybodys(golden: Merchant, here: Town) -> None:
    with portal_scope(here.site):
        helper = MembershipFactory(merchant=golden, role=MembershipRole.HELPER).user
    client = here.signed_in(helper)
    for path in (PAGE, ""):
        html = read(client, golden, path)
        assert "Ce que votre page a fait" in html
        assert "Ventes, taxes comprises" not in html
    assert "80,00" not in read(client, golden)
    assert "Ventes" not in read(client, golden, "resultats/jours.csv")
    assert "La lettre du mardi" not in read(client, golden)
    assert client.post(f"/mon-commerce/{golden.slug}/resultats/lettre/").status_code == 404


def test_strangers_find_nothing(golden: Merchant, here: Town, there: Town) -> None:
    with portal_scope(here.site):
        neighbour = MembershipFactory().user
    for user in (neighbour, there.owner):
        client = here.signed_in(user)
        for path in ("resultats/", "resultats/jours.csv", "resultats/lettre/"):
            assert client.get(f"/mon-commerce/{golden.slug}/{path}").status_code in {404, 405}
        assert client.post(f"/mon-commerce/{golden.slug}/resultats/lettre/").status_code == 404


def test_owner_stops_the_letter_and_takes_it_up_again(desk: Client, golden: Merchant) -> None:
    address = f"/mon-commerce/{golden.slug}/resultats/lettre/"
    assert "Ne plus recevoir la lettre" in read(desk, golden)
    desk.post(address)
    assert "Recevoir de nouveau la lettre" in read(desk, golden)
    desk.post(address, {"reprendre": "1"})
    assert "Ne plus recevoir la lettre" in read(desk, golden)


def test_listing_sees_contacts_and_nothing_of_sales(desk: Client, shop: Merchant, here: Town) -> None:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=shop.pk).update(tier="listing")
    count(here, WEEK.last, Act.CALL, 2, source=Source.SEARCH)
    for path in (PAGE, ""):
        html = read(desk, shop, path)
        assert "Appels" in html
        for sold in ("Commandes payées", "Ventes", "Mises au panier", '<th scope="col">Commandes</th>'):
            assert sold not in html


def test_with_nothing_counted_the_page_says_since_when_and_what_helps(desk: Client, shop: Merchant) -> None:
    html = read(desk, shop)
    assert "Votre page est à vous depuis 63 jours" in html
    assert "Ce qui aide" in html
    assert "<table" not in html


def test_page_that_is_not_online_says_so(desk: Client, shop: Merchant) -> None:
    with portal_scope(shop.site_id):
        shop.pages.update(live=False)
    assert "Votre page n’est pas en ligne" in read(desk, shop)


def test_current_period_is_not_compared(desk: Client, golden: Merchant) -> None:
    html = read(desk, golden, "resultats/?periode=semaine")
    assert "Cette période n’est pas finie" in html
    assert "de plus<" not in html


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_as_many_questions_for_any_number_of_rows(
    desk: Client, golden: Merchant, here: Town, rows: int, django_assert_num_queries
) -> None:
    for number in range(rows):
        count(here, TUESDAY.date(), Act.SEEN, 2, source=Source.STORY, source_id=here.story.pk + 1000 * number)
        count(here, TUESDAY.date(), Act.SEEN, 2, product=here.variant.product_id + number)
    read(desk, golden, "resultats/?periode=2026-11")
    with django_assert_num_queries(PAGE_QUERIES):
        read(desk, golden, "resultats/?periode=2026-11")


PAGE_QUERIES = 20
