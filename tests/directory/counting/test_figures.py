"""Counts added up: by whom, by what, by where from; nobody else's, and the days of the town."""

import datetime as dt
from collections.abc import Callable

import pytest
from wagtail.models import Site

from directory.counting import figures
from directory.counting.figures import Contacts
from directory.enums import Act, Source, Subject
from directory.models import DailyCount, Merchant
from home.periods import Period
from home.tenancy import current_site, portal_scope
from tests.factories import MerchantFactory, make_portal

OCTOBER, NOVEMBER = Period.month(2026, 10), Period.month(2026, 11)
AUTUMN = Period(OCTOBER.first, NOVEMBER.last)


def count(
    day: dt.date,
    act: Act,
    times: int,
    *,
    merchant: Merchant | None = None,
    source: Source = Source.SEARCH,
    subject: Subject = Subject.MERCHANT,
) -> None:
    DailyCount.objects.create(
        site=current_site(),
        day=day,
        act=act,
        times=times,
        source=source,
        subject=subject,
        subject_id=merchant.pk if merchant else 1,
        merchant=merchant,
    )


@pytest.fixture
def bakery(in_levis: Site) -> Merchant:
    """On the last of October: 1 call, 2 ways there, 4 visits to its site, 8 to its shop, seen 16 times, 32 products,
    64 in baskets. On the first of November a call that a story led to. Another's 1,000 calls. And pages of the portal.
    """
    merchant: Merchant = MerchantFactory()
    last, first = OCTOBER.last, NOVEMBER.first
    for act, times in ((Act.CALL, 1), (Act.DIRECTIONS, 2), (Act.SITE, 4), (Act.SHOP, 8), (Act.SEEN, 16)):
        count(last, act, times, merchant=merchant)
    count(last, Act.SEEN, 32, merchant=merchant, subject=Subject.PRODUCT)
    count(last, Act.BASKET, 64, merchant=merchant, subject=Subject.PRODUCT)
    count(first, Act.CALL, 1, merchant=merchant, source=Source.STORY)
    count(first, Act.CALL, 1000, merchant=MerchantFactory(), source=Source.OUTSIDE)
    count(first, Act.SEEN, 5, subject=Subject.PORTAL)
    count(first, Act.SEEN, 6, subject=Subject.STORY)
    there = make_portal(hostname="ailleurs.localhost", brand="Ailleurs")
    with portal_scope(there):
        count(first, Act.CALL, 7, merchant=MerchantFactory())
        count(dt.date(2020, 1, 1), Act.SEEN, 7, subject=Subject.PORTAL)
    return merchant


IN_OCTOBER = Contacts(
    seen=16, products_seen=32, calls=1, directions=2, site_visits=4, shop_visits=8, baskets=64
)


def test_each_figure_is_one_query_and_nobody_elses(
    bakery: Merchant, django_assert_num_queries: Callable
) -> None:
    other = Merchant.objects.exclude(pk=bakery.pk).get().pk
    reads: dict[str, tuple[Callable[[], object], object]] = {
        "all": (lambda: figures.contacts(OCTOBER), IN_OCTOBER),
        "all of November": (lambda: figures.contacts(NOVEMBER), Contacts(calls=1001)),
        "one": (lambda: figures.contacts_of(bakery, AUTUMN), IN_OCTOBER + Contacts(calls=1)),
        "one, ever": (lambda: figures.contacts_of(bakery), IN_OCTOBER + Contacts(calls=1)),
        "each": (
            lambda: figures.contacts_by_merchant(NOVEMBER),
            {bakery.pk: Contacts(calls=1), other: Contacts(calls=1000)},
        ),
        "seen": (lambda: figures.pages_seen_by_month(AUTUMN), {OCTOBER: 48, NOVEMBER: 11}),
        "first": (figures.first_day, OCTOBER.last),
    }
    for name, (read, expected) in reads.items():
        with django_assert_num_queries(1):
            assert read() == expected, name
    assert figures.contacts(OCTOBER).contacts == 1 + 2 + 4 + 8


def test_sources_are_of_contacts_alone_and_all_are_named(
    bakery: Merchant, django_assert_num_queries: Callable
) -> None:
    nothing = dict.fromkeys(Source, 0)
    with django_assert_num_queries(1):
        found = figures.contacts_by_source(AUTUMN)
    assert found == {**nothing, Source.SEARCH: 15, Source.STORY: 1, Source.OUTSIDE: 1000}
    assert figures.contacts_by_source(AUTUMN, bakery) == {**nothing, Source.SEARCH: 15, Source.STORY: 1}
    assert sum(figures.contacts_by_source(NOVEMBER).values()) == figures.contacts(NOVEMBER).contacts


def test_months_of_a_row_add_up_to_it(bakery: Merchant, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(1):
        months = figures.contacts_by_month(AUTUMN)
    assert months[OCTOBER] == {
        bakery.pk: {
            (Act.CALL, Source.SEARCH): 1,
            (Act.DIRECTIONS, Source.SEARCH): 2,
            (Act.SITE, Source.SEARCH): 4,
            (Act.SHOP, Source.SEARCH): 8,
        }
    }
    in_all = sum(times for month in months.values() for each in month.values() for times in each.values())
    assert in_all == figures.contacts(AUTUMN).contacts == 1016
    assert figures.contacts_by_month(Period(OCTOBER.first, OCTOBER.first)) == {OCTOBER: {}}


def test_nothing_counted_is_nothing(in_levis: Site) -> None:
    assert figures.contacts(OCTOBER) == Contacts()
    assert figures.contacts_by_merchant(OCTOBER) == {}
    assert set(figures.contacts_by_source(OCTOBER).values()) == {0}
    assert figures.pages_seen_by_month(OCTOBER) == {OCTOBER: 0}
    assert figures.first_day() is None
