"""What led to the demo's purchases: the story that speaks of the shop, the season's campaign, the letter, a poster."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from directory.counting.credit import Credit
from directory.enums import Source
from editorial.models import CampaignPage, Mailing, StoryMerchant
from home.periods import town_day
from portal.demo.agenda import Purchase

READ_FOR = timedelta(days=3)
"""A letter is read in the days after it left."""
CHANCES = {Source.STORY: 0.45, Source.CAMPAIGN: 0.3, Source.NEWSLETTER: 0.3, Source.FLYER: 0.08}
"""Of each that could have led to a purchase, in this order, how often it did."""


class Leads:
    """What could have led to the shops of the portal in scope. The same purchase is always led by the same."""

    def __init__(self) -> None:
        self.stories: dict[str, list[tuple[date, int]]] = {}
        told = StoryMerchant.objects.filter(page__live=True).order_by("page__published_on", "page")
        for shop, day, page in told.values_list("merchant__slug", "page__published_on", "page"):
            self.stories.setdefault(shop, []).append((day, page))
        self.campaigns = list(CampaignPage.objects.filter(live=True).order_by("rank", "pk"))
        sent = Mailing.objects.filter(frozen_at__isnull=False, page__isnull=False).order_by("frozen_at")
        self.letters = list(sent.values_list("frozen_at", "page"))

    def of(self, purchase: Purchase, shop: str) -> Credit | None:
        """What led to this shop's part of the purchase; None for most."""
        chance = Random(f"{purchase.token}/{shop}")
        left_at = purchase.placed_at - timedelta(minutes=chance.randint(3, 90))
        for source, page in self._possible(shop, left_at):
            if chance.random() < CHANCES[source]:
                return Credit(source, page, left_at)
        return None

    def _possible(self, shop: str, at: datetime) -> Iterator[tuple[Source, int]]:
        day = town_day(at)
        told = [page for published_on, page in self.stories.get(shop, ()) if published_on <= day]
        yield from [(Source.STORY, told[-1])] if told else []
        yield from ((Source.CAMPAIGN, page.pk) for page in self.campaigns if page.runs(day))
        for left, page in self.letters:
            if left and page and left <= at <= left + READ_FOR:
                yield Source.NEWSLETTER, page
        yield Source.FLYER, 0
