"""The front page's slots: what the Journal chose stands first while it stands; the rest fills itself sensibly."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from wagtail.models import Site

from directory.hours import ZONE
from directory.models import Merchant
from editorial.front import OF_ONE_MERCHANT, STORIES_SHOWN, Front, front_of
from editorial.models import FrontLead, FrontMerchant, FrontStory, StoryPage
from home.models import HomePage
from home.tenancy import portal_scope
from shop.models import Product
from tests.editorial.test_stories import make_story
from tests.factories import (
    MerchantFactory,
    OpeningHoursFactory,
    VariantFactory,
    make_merchant_page,
    make_seller,
)

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=ZONE)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def _monday_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def home_of(site: Site) -> HomePage:
    page: HomePage = HomePage.objects.get(pk=site.root_page_id)
    return page


def front(site: Site) -> Front:
    """As a visitor of this moment has it, with nothing remembered."""
    cache.clear()
    return front_of(home_of(site), None)


def stories(site: Site, many: int) -> list[StoryPage]:
    """The newest first."""
    return [
        make_story(site, title=f"Histoire {n}", slug=f"h{n}", published_on=TODAY - dt.timedelta(days=n))
        for n in range(many)
    ]


def open_shop(**fields: Any) -> Merchant:
    """From nine to half past five on weekdays."""
    merchant = MerchantFactory(**fields)
    make_merchant_page(merchant)
    for weekday in range(5):
        OpeningHoursFactory(merchant=merchant, weekday=weekday)
    return merchant


def test_empty_town_has_an_empty_front(in_levis) -> None:
    shown = front(in_levis)
    assert shown.lead is None
    assert (shown.stories, shown.products, shown.merchants, shown.open_merchants, shown.campaigns) == (
        [], [], [], [], [],
    )  # fmt: skip
    assert set(shown.chosen.values()) == {0}


def test_newest_story_leads_where_none_is_chosen(in_levis) -> None:
    told = stories(in_levis, STORIES_SHOWN + 2)
    shown = front(in_levis)
    assert shown.lead == told[0]
    assert list(shown.stories) == told[1 : STORIES_SHOWN + 1]


def test_chosen_lead_stands_until_its_day_and_pushes_nothing_out(in_levis) -> None:
    told = stories(in_levis, 3)
    FrontLead.objects.create(page=home_of(in_levis), story=told[2], until=TODAY)
    shown = front(in_levis)
    assert (shown.lead, list(shown.stories)) == (told[2], told[:2])
    assert shown.chosen["lead"] == 1
    with time_machine.travel(NOON + dt.timedelta(days=1), tick=False):
        assert front(in_levis).lead == told[0]


def test_chosen_story_below_does_not_lead_and_stands_once(in_levis) -> None:
    told = stories(in_levis, 3)
    FrontStory.objects.create(page=home_of(in_levis), story=told[0])
    shown = front(in_levis)
    assert shown.lead == told[1]
    assert list(shown.stories) == [told[0], told[2]]


def test_only_story_leads_even_where_it_was_chosen_for_below(in_levis) -> None:
    (only,) = stories(in_levis, 1)
    FrontStory.objects.create(page=home_of(in_levis), story=only)
    shown = front(in_levis)
    assert (shown.lead, shown.stories) == (only, [])


def test_unpublished_lead_gives_way(in_levis) -> None:
    told = stories(in_levis, 2)
    FrontLead.objects.create(page=home_of(in_levis), story=told[1])
    told[1].unpublish()
    assert front(in_levis).lead == told[0]


def test_one_merchant_does_not_fill_the_flyer(in_levis) -> None:
    busy, quiet = make_seller(), make_seller()
    mine = [VariantFactory(product__merchant=busy).product for _ in range(OF_ONE_MERCHANT + 2)]
    old = VariantFactory(product__merchant=quiet).product
    Product.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=30))
    order = [product.pk for product in front(in_levis).products]
    assert order[OF_ONE_MERCHANT] == old.pk
    assert sorted(order) == sorted([*(product.pk for product in mine), old.pk])


def test_hidden_merchant_leaves_though_chosen(in_levis) -> None:
    chosen, other = open_shop(name="Choisi"), open_shop(name="Autre")
    FrontMerchant.objects.create(page=home_of(in_levis), merchant=chosen)
    assert front(in_levis).merchants[0] == chosen
    chosen.pages.get().unpublish()
    shown = front(in_levis)
    assert list(shown.merchants) == list(shown.open_merchants) == [other]


def test_open_merchants_are_others_each_day_the_same_all_day_and_none_at_night(in_levis) -> None:
    for _ in range(12):
        open_shop()
    monday = front(in_levis).open_merchants
    with time_machine.travel(NOON + dt.timedelta(hours=3), tick=False):
        assert front(in_levis).open_merchants == monday
    with time_machine.travel(NOON + dt.timedelta(days=1), tick=False):
        assert front(in_levis).open_merchants != monday
    with time_machine.travel(NOON + dt.timedelta(hours=10), tick=False):
        assert front(in_levis).open_merchants == []


def test_shop_that_closed_within_the_minute_is_not_shown_as_open(in_levis) -> None:
    """Who is drawn is remembered for a minute; what is shown of them is of the moment."""
    open_shop()
    with time_machine.travel(NOON.replace(hour=17, minute=29, second=40), tick=False):
        assert len(front(in_levis).open_merchants) == 1
    with time_machine.travel(NOON.replace(hour=17, minute=30, second=10), tick=False):
        assert front_of(home_of(in_levis), None).open_merchants == []


def test_front_is_this_portals(levis, bellechasse) -> None:
    with portal_scope(bellechasse):
        stranger = open_shop(name="Ailleurs")
        VariantFactory()
        make_story(bellechasse, title="D’ailleurs")
    with portal_scope(levis):
        FrontMerchant.objects.create(page=home_of(levis), merchant=stranger)
        shown = front(levis)
    assert (shown.lead, shown.products, shown.merchants, shown.open_merchants) == (None, [], [], [])
