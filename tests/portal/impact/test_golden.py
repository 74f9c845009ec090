"""Every figure of the golden town equals the number that was worked out by hand, before and after refunds."""

import pytest

from directory.counting.figures import Contacts, contacts, contacts_by_source, contacts_of
from shop.results import Sales, sales, sales_of, sellers
from tests.portal.impact import golden
from tests.portal.impact.golden import MONTHS, YEAR, GoldenTown


@pytest.fixture
def town(in_levis, sandbox) -> GoldenTown:
    return golden.arrange(sandbox)


def test_what_was_sold_and_given_back_falls_in_its_own_month(town: GoldenTown) -> None:
    assert {month: sales(month) for month in MONTHS} == golden.SALES_BEFORE
    golden.give_back(town)
    assert {month: sales(month) for month in MONTHS} == golden.SALES_AFTER
    assert {month: sellers(month) for month in MONTHS} == golden.SELLERS
    assert sales(YEAR) == golden.YEAR_AFTER == Sales.of_all(golden.SALES_AFTER.values())
    of_each = {key: sales_of(town.merchants[key], YEAR) for key in golden.SALES_OF}
    assert of_each == golden.SALES_OF
    assert Sales.of_all(of_each.values()) == golden.YEAR_AFTER
    golden.win_back(town)
    assert sales(YEAR) == golden.YEAR_AFTER


def test_contacts_fall_on_the_towns_days(town: GoldenTown) -> None:
    assert {month: contacts(month) for month in MONTHS} == golden.CONTACTS
    assert {month: contacts(month).contacts for month in MONTHS} == golden.CONTACTS_IN_ALL
    for month in MONTHS:
        found = {source: times for source, times in contacts_by_source(month).items() if times}
        assert found == golden.SOURCES[month]
    assert contacts_of(town.merchants["cheese"], YEAR) == golden.CONTACTS_OF_CHEESE
    of_each = Contacts.of_all(contacts_of(merchant, YEAR) for merchant in town.merchants.values())
    assert of_each == contacts(YEAR) == Contacts.of_all(golden.CONTACTS.values())
