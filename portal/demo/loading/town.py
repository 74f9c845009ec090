"""One town from its plan, step by step, saying what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from wagtail.models import Site

from directory.models import DirectoryPage, Merchant
from directory.searching.refreshing import refresh_all
from home.models import CustomImage
from home.tenancy import portal_scope
from portal import staffing
from portal.demo.agenda import purchases
from portal.demo.loading import (
    accompaniment,
    album,
    campaigns,
    catalogue,
    coming_in,
    english,
    handing_over,
    merchants,
    moderation,
    newsletter,
    past,
    people,
    portals,
    stories,
    town_list,
)
from portal.demo.loading.purchases import Counter
from portal.demo.loading.till import Till
from portal.demo.plans import TownPlan
from portal.staff_desk.opening import open_staff_desk

Say = Callable[[str], None]
OPENED_AGO = timedelta(days=95)
PURCHASES = {"levis": 54, "bellechasse": 9}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command was asked for."""

    seed: int
    now: datetime
    products: int = 0


def build(town: TownPlan, wish: Wish, say: Say) -> Site:
    """The town with its people, merchants, pictures, shelves and stories. Twice is normal."""
    site = portals.open_portal(town)
    with portal_scope(site):
        Builder(town, site, wish, say).build()
    return site


class Builder:
    """One town under construction, its portal in scope."""

    def __init__(self, town: TownPlan, site: Site, wish: Wish, say: Say) -> None:
        self.town, self.site, self.wish, self.say = town, site, wish, say
        self.opened = wish.now - OPENED_AGO
        self.plans = (*town.merchants, *town.fillers)

    def build(self) -> None:
        collection = staffing.collection_of(self.site)
        people.settle_staff(self.town.key, self.site)
        portals.state_prices(self.site, timezone.localdate(self.wish.now))
        rows = self._merchants()
        pictures = album.hang(self.town, self.site, collection, rows)
        self.say(f"  {len(pictures)} pictures hang.")
        directory = DirectoryPage.objects.descendant_of(self.site.root_page).get()
        merchants.open_windows(self.plans, directory, rows, pictures)
        open_staff_desk(self.site)
        asked = moderation.ask(self.town.key, now=self.wish.now)
        self.say(f"  {asked} merchants have asked the Journal to look at their page.")
        if self.town.key == "levis":
            self.say(
                f"  {town_list.bring_in(self.site, now=self.wish.now)} lines of the City's list are read."
            )
        helped = accompaniment.begin(self.town.key, now=self.wish.now)
        self.say(f"  The Chamber has begun to help {helped} merchants.")
        coming = coming_in.begin(self.town.key, self.site, now=self.wish.now)
        self.say(f"  {coming} people are on their way in.")
        self._stock(rows, pictures)
        today = timezone.localdate(self.wish.now)
        told = stories.publish(self.town, self.site, rows, pictures, today=today)
        self.say(f"  {len(self.town.stories)} stories are told ({told} new).")
        if new := english.offer(self.town, self.site, rows, pictures):
            self.say(f"  {new} pages are told in English too.")
        if self.town.key == "levis":
            self.say(f"  {campaigns.open_season(self.site, rows, today=today)} campaign is new.")
            self.say(
                f"  {newsletter.open_letter(self.site, now=self.wish.now)} people have asked for the letter."
            )
        past.date_back(now=self.wish.now)
        self.say(f"  The search has read {refresh_all()} things anew.")

    def _merchants(self) -> dict[str, Merchant]:
        categories, sectors = portals.sort_merchants(self.town, self.site)
        rows = merchants.move_in(self.plans, self.site, categories, sectors, now=self.opened)
        people.settle_owners(self.town.key, rows)
        self.say(f"  {len(self.plans)} merchants have their keys and their hours.")
        return rows

    def _stock(self, rows: dict[str, Merchant], pictures: dict[str, CustomImage]) -> None:
        new = 0
        for plan in self.town.sellers:
            if plan.shop:
                new += catalogue.stock_shop(plan, plan.shop, rows[plan.slug], pictures, now=self.opened)
        if self.town.key == "levis":
            new += catalogue.pad(self.town, rows, count=self.wish.products, now=self.opened)
        handing_over.arrange(self.town.key, rows, now=self.opened)
        self.say(f"  {len(self.town.sellers)} shops have stocked their shelves ({new} new products).")


def open_accounts(town: TownPlan, till: Till) -> None:
    for plan in town.sellers:
        charges_itself = bool(plan.shop and plan.shop.permit)
        till.open_account(catalogue.account_of(plan), plan.name, charges_itself=charges_itself)


def ring_up(towns: list[tuple[TownPlan, Site]], till: Till, wish: Wish) -> int:
    """The purchases of all towns in the order of time; returns how many were new or finished now."""
    agenda, count = [], 0
    for town, site in towns:
        planned = purchases(town, seed=wish.seed, now=wish.now, count=PURCHASES[town.key])
        with portal_scope(site):
            counter = Counter(site, till, now=wish.now)
            unfinished = counter.unfinished(planned)
        count += len(unfinished)
        agenda += [(event, counter) for purchase in unfinished for event in counter.events(purchase)]
    if agenda:
        with till.in_the_past():
            for event, counter in sorted(agenda, key=lambda pair: pair[0].at):
                counter.happen(event)
    return count
