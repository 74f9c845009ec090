"""What a follower was promised: products, stories, and hours that are not the usual ones."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from directory.models import Merchant
from editorial.newsletter.followed import followed_news
from tests.editorial.newsletter.conftest import FOLLOWS, confirmed
from tests.factories import (
    MerchantFactory,
    OpeningHoursFactory,
    SpecialHoursFactory,
    VariantFactory,
    make_merchant_page,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 12, 21, 9, tzinfo=timezone.get_default_timezone())
"""A Monday."""


def followed_merchant(site: Site, name: str) -> Merchant:
    merchant = MerchantFactory(name=name)
    make_merchant_page(merchant)
    confirmed(site, f"{merchant.pk}@exemple.test", purpose=FOLLOWS, merchant=merchant)
    return merchant


def told(merchant: Merchant) -> list[str]:
    news = followed_news("http://localhost", now=NOW, since=NOW - dt.timedelta(days=7))
    return [row["title"] for row in news.get(str(merchant.pk), {"news": []})["news"]]


def test_hours_of_the_coming_week_are_told(in_levis: Site) -> None:
    merchant = followed_merchant(in_levis, "Boulangerie")
    assert told(merchant) == []
    OpeningHoursFactory(merchant=merchant, weekday=3, opens=dt.time(9), closes=dt.time(17))
    SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, 24), opens=dt.time(9), closes=dt.time(12))
    SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, 25), opens=None, closes=None)
    SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, 31), opens=None, closes=None)
    assert told(merchant) == ["Horaire du jeudi 24 décembre\u00a0: 9\u00a0h à 12\u00a0h"]
    merchant.vacation_from, merchant.vacation_until = dt.date(2026, 12, 24), dt.date(2027, 1, 4)
    merchant.save()
    assert told(merchant) == ["En vacances du 24 décembre au 4 janvier"]
    merchant.suspended_at = NOW
    merchant.save()
    assert told(merchant) == []


def test_nothing_is_told_of_who_is_not_followed(in_levis: Site) -> None:
    merchant = MerchantFactory()
    make_merchant_page(merchant)
    SpecialHoursFactory(merchant=merchant, date=dt.date(2026, 12, 24), opens=dt.time(9), closes=dt.time(12))
    assert told(merchant) == []


def test_many_followed_merchants_cost_no_more_queries(in_levis: Site) -> None:
    told(followed_merchant(in_levis, "Le premier"))  # what is read once for all has been read
    counts = []
    for number in (1, 2):
        for name in range(number):
            merchant = followed_merchant(in_levis, f"Commerce {number} {name}")
            VariantFactory(product__merchant=merchant)
        with CaptureQueriesContext(connection) as caught:
            followed_news("http://localhost", now=NOW, since=NOW - dt.timedelta(days=7))
        counts.append(len(caught))
    assert counts[0] == counts[1]
