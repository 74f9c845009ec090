"""Compiled queries answer as Django's own do: of the portal in scope, of today, to every thread."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes.exceptions import ScopeError
from wagtail.models import Site

from directory.models import Merchant, OpeningHours, SpecialHours
from home.compiled import Compiled, CompiledForAll, Ints
from home.tenancy import across_portals, portal_scope
from tests.factories import MerchantFactory, OpeningHoursFactory

BY_KEY = Compiled(lambda keys: Merchant.objects.filter(id__any_of=keys).order_by("pk"), keys=Ints)
BY_NAME = Compiled(lambda name: Merchant.objects.filter(name=name).select_related("sector"), name=str)
WEEK = Compiled(lambda parents: OpeningHours.objects.filter(merchant__id__any_of=parents), parents=Ints)


def test_rows_are_those_that_django_finds(in_levis: Site) -> None:
    merchants = [MerchantFactory(), MerchantFactory(), MerchantFactory()]
    keys = [merchant.pk for merchant in merchants[:2]]
    for asked in (keys, keys[:1], []):
        found = BY_KEY.rows(keys=asked)
        assert found == list(Merchant.objects.filter(pk__in=asked).order_by("pk"))
        assert [vars(row).keys() for row in found] == [
            vars(row).keys() for row in Merchant.objects.filter(pk__in=asked)
        ]
    assert BY_NAME.first(name=merchants[2].name) == merchants[2]
    assert BY_NAME.first(name="Personne") is None


def test_lists_of_values_come_in_the_order_of_their_columns(in_levis: Site) -> None:
    merchant = MerchantFactory()
    rows = Compiled(
        lambda name: Merchant.objects.filter(name=name).values_list("slug", "sector__name"), name=str
    )
    assert rows.rows(name=merchant.name) == [(merchant.slug, merchant.sector.name)]


def test_what_is_joined_is_asked_in_the_same_query(in_levis: Site) -> None:
    merchant = MerchantFactory()
    with CaptureQueriesContext(connection) as asked:
        assert BY_NAME.first(name=merchant.name).sector == merchant.sector
    assert len(asked) == 1


def test_a_compiled_query_of_one_portal_is_silent_in_another(levis: Site, bellechasse: Site) -> None:
    with portal_scope(levis):
        here = MerchantFactory(name="Partout")
        assert BY_NAME.rows(name="Partout") == [here]
    with portal_scope(bellechasse):
        assert BY_NAME.rows(name="Partout") == []
        assert BY_KEY.rows(keys=[here.pk]) == []
        there = MerchantFactory(name="Partout")
        assert BY_NAME.rows(name="Partout") == [there]


def test_outside_a_portal_it_raises_and_across_portals_it_sees_all(levis: Site, bellechasse: Site) -> None:
    for site in (levis, bellechasse):
        with portal_scope(site):
            MerchantFactory(name="Partout")
            BY_NAME.rows(name="Partout")
    with pytest.raises(ScopeError):
        BY_NAME.rows(name="Partout")
    with across_portals():
        assert len(BY_NAME.rows(name="Partout")) == 2
    with portal_scope(levis), across_portals():
        assert len(BY_NAME.rows(name="Partout")) == 2


def test_every_type_of_parameter_is_filled_in(in_levis: Site) -> None:
    merchant, day = MerchantFactory(), dt.date(2026, 11, 24)
    SpecialHours.objects.create(merchant=merchant, date=day)
    query = Compiled(
        lambda merchant, first, moment, slug: SpecialHours.objects.filter(
            merchant=merchant, date__gte=first, merchant__created_at__lt=moment, merchant__slug=slug
        ),
        merchant=int, first=dt.date, moment=dt.datetime, slug=str,
    )  # fmt: skip
    later = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    values = {"merchant": merchant.pk, "first": day, "moment": later, "slug": merchant.slug}
    assert [row.date for row in query.rows(**values)] == [day]
    for name, other in (
        ("merchant", merchant.pk + 1), ("first", day + dt.timedelta(1)), ("slug", "autre"),
        ("moment", dt.datetime(2000, 1, 1, tzinfo=dt.UTC)),
    ):  # fmt: skip
        assert query.rows(**{**values, name: other}) == []


def test_children_are_prefetched_as_django_does(in_levis: Site) -> None:
    open_one, silent = MerchantFactory(), MerchantFactory()
    spans = [OpeningHoursFactory(merchant=open_one, weekday=day) for day in (1, 2)]
    with CaptureQueriesContext(connection) as asked:
        WEEK.prefetch([open_one, silent], "opening_hours")
        WEEK.prefetch([open_one, silent], "opening_hours")  # they have it already
        WEEK.prefetch([], "opening_hours")
        assert list(open_one.opening_hours.all()) == spans
        assert list(silent.opening_hours.all()) == []
        assert open_one.opening_hours.all()[0].merchant is open_one
    assert len(asked) == 1
    WEEK.prefetch([open_one], "opening_hours", to_attr="week")
    assert open_one.week == spans


@pytest.mark.parametrize(
    ("build", "parameters"),
    [
        (lambda name: Merchant.objects.filter(name=name).select_for_update(), {"name": str}),
        (lambda name: Merchant.objects.filter(name=name).values("pk"), {"name": str}),
        (lambda name: Merchant.objects.filter(name=name.lower() + "x"), {"name": str}),
        (lambda name, key: Merchant.objects.filter(name=name), {"name": str, "key": int}),
    ],
    ids=["a lock", "dictionaries", "a changed value", "a value left out"],
)
def test_what_cannot_be_compiled_says_so(in_levis: Site, build, parameters) -> None:
    values = {"name": "Partout", "key": 1}
    with pytest.raises(TypeError):
        Compiled(build, **parameters).rows(**{name: values[name] for name in parameters})


@pytest.mark.django_db(transaction=True)
def test_threads_share_it_and_ask_over_their_own_connections() -> None:
    sites = CompiledForAll(lambda hostname: Site.objects.filter(hostname=hostname), hostname=str)
    known = Site.objects.get(hostname="localhost")

    def ask(_number: int) -> list[Site]:
        try:
            return sites.rows(hostname="localhost")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(8))) == [[known]] * 8
