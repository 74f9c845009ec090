"""What is new at the merchants that somebody follows: stories, products, and hours that are not the usual ones."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.cards import merchant_cards
from directory.hours import ONE_DAY
from directory.models import Merchant
from directory.schedules import schedule_of, vacation_of
from directory.week_words import spans_words
from editorial.listing import published_stories
from editorial.models import Subscription
from editorial.newsletter.marks import Words, marked, page_link
from home.models import ConsentPurpose
from shop.cards import product_cards
from shop.on_shelves import shown_on_shelves

OF_ONE = 3
"""Stories and products of one merchant in one letter; its hours stand before them."""
DAYS_TOLD = 8
"""A letter a week tells each date once, or twice."""
AWAY_TOLD = timedelta(days=14)


def followed_news(base: str, *, now: datetime, since: datetime) -> dict[str, Words]:
    """By merchant's key, for the merchants that somebody follows: what came since, and the hours of the coming days."""
    follows = Subscription.objects.filter(
        purpose=ConsentPurpose.MERCHANT_NEWS, confirmed_at__isnull=False, left_at=None
    )
    keys: QuerySet[Any] = follows.values("merchant")
    news = _stories_and_products(base, keys, now=now, since=since)
    told = {}
    for merchant in merchant_cards(Merchant.objects.visible().filter(pk__in=keys), moment=now):
        link = marked(base, merchant.page_url)
        hours = [{"title": words, "cents": None, "url": link} for words in hours_news(merchant, now=now)]
        if rows := [*hours, *news.get(merchant.pk, [])[:OF_ONE]]:
            told[str(merchant.pk)] = {"key": merchant.pk, "name": merchant.name, "url": link, "news": rows}
    return told


def _stories_and_products(
    base: str, keys: QuerySet[Any], *, now: datetime, since: datetime
) -> dict[int, list[Words]]:
    """By merchant's key; stories before products, each the newest first."""
    news: dict[int, list[Words]] = {}
    stories = published_stories().filter(first_published_at__gt=since, story_merchants__merchant__in=keys)
    for story in stories.prefetch_related("story_merchants").distinct():
        for link in story.story_merchants.all():
            row = {"title": story.title, "cents": None, "url": page_link(base, story)}
            news.setdefault(link.merchant_id, []).append(row)
    products = shown_on_shelves(now).filter(merchant__in=keys, created_at__gt=since)
    for product in product_cards(products.order_by("-created_at")):
        row = {"title": product.title, "cents": product.from_price_cents, "url": marked(base, product.url)}
        news.setdefault(product.merchant_id, []).append(row)
    return news


def hours_news(merchant: Merchant, *, now: datetime) -> list[str]:
    """A vacation that begins soon, and the dates of the coming week that the merchant said are not as usual."""
    today = localdate(now)
    vacation, schedule = vacation_of(merchant), schedule_of(merchant)
    told = []
    if vacation and today < vacation.first <= today + AWAY_TOLD:
        days = {"first": date_format(vacation.first, "j F"), "last": date_format(vacation.last, "j F")}
        told.append(_("En vacances du %(first)s au %(last)s") % days)
    for date in (today + n * ONE_DAY for n in range(1, DAYS_TOLD)):
        spans = schedule.spans_on(date)
        is_other = date in schedule.special and spans != schedule.usual_spans_on(date)
        if is_other and not schedule.is_away(date):
            words = {"day": date_format(date, "l j F"), "hours": spans_words(spans)}
            told.append(_("Horaire du %(day)s\u00a0: %(hours)s") % words)
    return told
