"""Ninety days of what people did on the portal's pages: more on the days of a story, fewer on Sundays.

Each page that is seen may lead to one act: a merchant never has more contacts than its page was seen. What was bought
had been looked at and put in a basket the same day.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from wagtail.models import Site

from directory.counting.tally import Batch, Key, write_batch
from directory.enums import Act, Source, Subject, Tier
from directory.models import DailyCount, Merchant
from editorial.models import CampaignPage, StoryPage
from home.page_lists import in_french
from home.periods import town_day
from shop.models import LineItem, Product

DAYS = 90
BY_WEEKDAY = (1.0, 1.05, 1.1, 1.15, 1.2, 0.85, 0.55)
"""From Monday on."""
SEEN_A_DAY = {Tier.LISTING: 1.1, Tier.LINKED_SHOP: 2.2, Tier.TRANSACTIONAL: 3.6}
LEADS_TO = {Act.CALL: 0.07, Act.DIRECTIONS: 0.08, Act.SITE: 0.07, Act.SHOP: 0.11}
"""How often a merchant's page that is seen leads to each, where the merchant has such a link."""
SOURCES = {
    Source.SEARCH: 27,
    Source.OUTSIDE: 27,
    Source.PORTAL: 24,
    Source.FRONT: 15,
    Source.NEWSLETTER: 5,
    Source.FLYER: 2,
}
OF_STORIES = {Source.FRONT: 46, Source.OUTSIDE: 32, Source.NEWSLETTER: 14, Source.SEARCH: 8}
LISTS_SEEN_A_DAY, PRODUCTS_SEEN_A_DAY = 90, 0.9
STORY_ON_ITS_DAY, STORY_FADES_IN_DAYS, CAMPAIGN_A_DAY = 60, 4, 45
READERS_WHO_GO_ON, BASKETS_OF_SEEN = 0.16, 0.06


@dataclass(frozen=True, slots=True)
class Origin:
    source: Source
    source_id: int = 0


def count(site: Site, key: str, *, seed: int, today: date) -> int:
    """The town's counts, once; returns how many acts were counted now. The portal is in scope."""
    if DailyCount.objects.exists():
        return 0
    visits = Visits(site, Random(f"{seed}/{key}/contacts"), today)
    counts = visits.counts()
    if counts:
        write_batch(Batch(counts))
    return counts.total()


class Visits:
    """What people did in one town, by chance alone."""

    def __init__(self, site: Site, chance: Random, today: date) -> None:
        self.site, self.chance, self.today = site, chance, today
        self.first = today - timedelta(days=DAYS - 1)
        self.merchants = {row.pk: row for row in Merchant.objects.visible().order_by("slug")}
        self.products = list(Product.objects.visible().order_by("merchant__slug", "slug"))
        self._counts: Counter[Key] = Counter()

    def counts(self) -> Counter[Key]:
        self._purchases()
        for day in (self.first + timedelta(days=n) for n in range(DAYS)):
            self._lists(day)
            self._merchants(day)
            self._products(day)
        for story in (
            StoryPage.objects.descendant_of(self.site.root_page).filter(in_french()).live().order_by("slug")
        ):
            self._story(story)
        for campaign in (
            CampaignPage.objects.descendant_of(self.site.root_page)
            .filter(in_french())
            .live()
            .order_by("slug")
        ):
            self._campaign(campaign)
        return self._counts

    def _lists(self, day: date) -> None:
        size = min(1.0, len(self.merchants) / 100)
        for _visit in range(self._times(LISTS_SEEN_A_DAY * size, day)):
            self._add(day, Act.SEEN, Subject.PORTAL, self.site.pk, self._origin(SOURCES))

    def _merchants(self, day: date) -> None:
        for number, merchant in enumerate(self.merchants.values()):
            liked = 0.4 + (number * 7 % 11) / 8  # some are looked at more than others, and stay so
            for _visit in range(self._times(SEEN_A_DAY[Tier(merchant.tier)] * liked, day)):
                self._visit(merchant, day, self._origin(SOURCES))

    def _visit(self, merchant: Merchant, day: date, origin: Origin) -> None:
        self._add(day, Act.SEEN, Subject.MERCHANT, merchant.pk, origin, merchant.pk)
        if (act := self._act_after(merchant)) is not None:
            self._add(day, act, Subject.MERCHANT, merchant.pk, origin, merchant.pk)

    def _act_after(self, merchant: Merchant) -> Act | None:
        has = {
            Act.CALL: merchant.phone,
            Act.DIRECTIONS: merchant.latitude is not None,
            Act.SITE: merchant.website_url,
            Act.SHOP: merchant.shop_url and merchant.tier == Tier.LINKED_SHOP,
        }
        drawn = self.chance.random()
        for act, often in LEADS_TO.items():
            drawn -= often
            if drawn < 0:
                return act if has[act] else None
        return None

    def _products(self, day: date) -> None:
        for product in self.products:
            for _visit in range(self._times(PRODUCTS_SEEN_A_DAY, day)):
                self._look_at(product, day, self._origin(SOURCES))

    def _look_at(self, product: Product, day: date, origin: Origin) -> None:
        self._add(day, Act.SEEN, Subject.PRODUCT, product.pk, origin, product.merchant_id)
        if self.chance.random() < BASKETS_OF_SEEN:
            self._add(day, Act.BASKET, Subject.PRODUCT, product.pk, origin, product.merchant_id)

    def _purchases(self) -> None:
        lines = LineItem.objects.select_related("order", "variant__product").order_by("pk")
        for line in lines:
            day, product = town_day(line.order.placed_at), line.variant.product
            if self.first <= day <= self.today:
                credited = line.order.credit_source
                origin = Origin(Source(credited), line.order.credit_id) if credited else self._origin(SOURCES)
                for act in (Act.SEEN, Act.BASKET):
                    self._add(day, act, Subject.PRODUCT, product.pk, origin, product.merchant_id)

    def _story(self, story: StoryPage) -> None:
        told = [self.merchants[pk] for pk in self._told_of(story) if pk in self.merchants]
        for age, day in self._days_since(story.published_on):
            readers = 1 + STORY_ON_ITS_DAY * math.exp(-age / STORY_FADES_IN_DAYS)
            for _reader in range(self._times(readers, day)):
                self._add(day, Act.SEEN, Subject.STORY, story.pk, self._origin(OF_STORIES))
                if told and self.chance.random() < READERS_WHO_GO_ON:
                    self._visit(self.chance.choice(told), day, Origin(Source.STORY, story.pk))

    @staticmethod
    def _told_of(story: StoryPage) -> list[int]:
        return list(story.story_merchants.order_by("merchant__slug").values_list("merchant_id", flat=True))

    def _campaign(self, campaign: CampaignPage) -> None:
        for _age, day in self._days_since(campaign.begins_on):
            for _reader in range(self._times(CAMPAIGN_A_DAY, day)):
                self._add(day, Act.SEEN, Subject.CAMPAIGN, campaign.pk, self._origin(OF_STORIES))
                if self.products and self.chance.random() < READERS_WHO_GO_ON:
                    self._look_at(
                        self.chance.choice(self.products), day, Origin(Source.CAMPAIGN, campaign.pk)
                    )

    def _days_since(self, first: date) -> Iterator[tuple[int, date]]:
        for age in range((self.today - first).days + 1):
            if (day := first + timedelta(days=age)) >= self.first:
                yield age, day

    def _times(self, usual: float, day: date) -> int:
        """About as often as usual on such a weekday; the day that is under way is a third over."""
        mean = usual * BY_WEEKDAY[day.weekday()] * (1 / 3 if day == self.today else 1)
        return max(0, round(self.chance.gauss(mean, math.sqrt(mean))))

    def _origin(self, sources: dict[Source, int]) -> Origin:
        return Origin(self.chance.choices(list(sources), list(sources.values()))[0])

    def _add(
        self,
        day: date,
        act: Act,
        subject: Subject,
        subject_id: int,
        origin: Origin,
        merchant_id: int | None = None,
    ) -> None:
        key = Key(
            self.site.pk,
            day,
            act.value,
            subject.value,
            subject_id,
            origin.source.value,
            origin.source_id,
            merchant_id,
        )
        self._counts[key] += 1
