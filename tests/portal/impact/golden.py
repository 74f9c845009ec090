"""The golden town: twelve merchants and four months of 2026, small enough to be worked out by hand.

Every figure stands beside what makes it. Whoever shows a figure (the report, a merchant's mail, the Chamber's lists, a
CSV) is held to the constants of this module, to the unit. Times are the town's: the clocks go back on 1 November at
2:00, and half past one happens twice that night.

Arrange it with ``arrange(sandbox)`` in the scope of a portal, which the test has for itself, then ``give_back(town)``
for what came back later. Every order and refund goes through the shop's own rules and the payment sandbox; pages,
counts and departures are rows.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

from directory.counting.credit import Credit
from directory.counting.figures import Contacts
from directory.enums import Act, DepartureReason, Source, Subject, Tier
from directory.models import Category, DailyCount, Departure, Merchant, MerchantPage, Sector
from editorial.models import StoryIndexPage, StoryPage
from home.models import PortalSettings
from home.periods import Period
from home.tenancy import current_site
from shop import carts
from shop.enums import ChargeModel, TaxClass
from shop.models import Dispute, Order, PaymentIntent, Refund, Shop
from shop.payments import disputes, readings, refunds
from shop.payments.handlers import deliver_outbox
from shop.payments.refunds import Amount
from shop.results import Sales
from shop.sandbox.server import Sandbox
from tests.factories import (
    CategoryFactory,
    MerchantFactory,
    ProductFactory,
    SectorFactory,
    UserFactory,
    VariantFactory,
    make_page,
    make_seller,
)
from tests.factories.directory import make_merchant_page
from tests.shop.conftest import complete, place

TOWN = ZoneInfo("America/Toronto")

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (Period.month(2026, month) for month in (9, 10, 11, 12))
MONTHS = (SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER)
YEAR = Period(SEPTEMBER.first, DECEMBER.last)


def at(
    month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0, *, fold: int = 0
) -> dt.datetime:
    """A moment of 2026 by the town's clocks; ``fold=1``: the second time that they show it."""
    return dt.datetime(2026, month, day, hour, minute, second, tzinfo=TOWN, fold=fold)


# ------------------------------------------------------------------------------------------------------------ merchants

VIEUX_LEVIS, CHARNY = "Vieux-Lévis", "Charny"
FOOD, GIFTS, SERVICES = "Alimentation", "Cadeaux", "Services"


@dataclass(frozen=True)
class Shopfront:
    """One merchant of the town: ``since``: its page is public; ``held``: since the same moment, by its people."""

    name: str
    sector: str
    category: str
    tier: Tier
    since: dt.datetime = field(default_factory=lambda: at(9, 10))
    held: bool = True


SHOPFRONTS = {
    "cheese": Shopfront("Fromagerie", VIEUX_LEVIS, FOOD, Tier.TRANSACTIONAL),
    "bread": Shopfront("Boulangerie", VIEUX_LEVIS, FOOD, Tier.TRANSACTIONAL),
    "books": Shopfront("Librairie", VIEUX_LEVIS, GIFTS, Tier.TRANSACTIONAL),
    "soap": Shopfront("Savonnerie", VIEUX_LEVIS, GIFTS, Tier.TRANSACTIONAL),
    "candles": Shopfront("Chandelles", VIEUX_LEVIS, GIFTS, Tier.TRANSACTIONAL),
    "beer": Shopfront("Brasserie", CHARNY, FOOD, Tier.TRANSACTIONAL),
    "flowers": Shopfront("Fleuriste", CHARNY, GIFTS, Tier.TRANSACTIONAL, since=at(11, 1, 0, 0)),
    "salon": Shopfront("Salon", VIEUX_LEVIS, SERVICES, Tier.LISTING),
    "garage": Shopfront("Garage", CHARNY, SERVICES, Tier.LISTING, held=False),
    "toys": Shopfront("Jouets", CHARNY, GIFTS, Tier.LINKED_SHOP, since=at(10, 31, 23, 59)),
    "coffee": Shopfront("Café", CHARNY, FOOD, Tier.LINKED_SHOP),  # left for its own shop on 20 November
    "tools": Shopfront("Quincaillerie", VIEUX_LEVIS, SERVICES, Tier.LISTING),  # closed on 15 December
}

# Live, held and selling when each month ended; became live and held in it; left for its own shop, left otherwise.
#   September: all but flowers (November) and toys (October): 10; the garage is held by nobody: 9; sell: 6.
#   October: and toys. November: and flowers, which sells; less coffee. December: less tools.
STANDING = {
    SEPTEMBER: (10, 9, 6, 9, 0, 0),
    OCTOBER: (11, 10, 6, 1, 0, 0),
    NOVEMBER: (11, 10, 7, 1, 1, 0),
    DECEMBER: (10, 9, 7, 0, 0, 1),
}
STORIES_PUBLISHED = {SEPTEMBER: 0, OCTOBER: 1, NOVEMBER: 0, DECEMBER: 0}

# ---------------------------------------------------------------------------------------------------------------- money


@dataclass(frozen=True)
class Sale:
    """``goods`` in cents, in so many ``units``. Nobody is registered for taxes: only what is ``taxed`` has some, which
    the portal collects and remits. The commission is 5 % of the goods, half a cent up; none is taken of what the
    brewer charges on its own account. What is left is the merchant's share.
    """

    merchant: str
    at: dt.datetime
    goods: int
    units: int = 1
    taxed: bool = False
    of_story: bool = False


SALES = {
    # September: one merchant sold.
    "S1": Sale("cheese", at(9, 15), 50_00),  # commission 2.50, share 47.50
    # October: six orders of five merchants. Paid 30 + 40 + 20 + 11.50 + 60 + 24 = 185.50.
    "O1": Sale("cheese", at(10, 2), 30_00),  # 1.50: share 28.50
    "O2": Sale("bread", at(10, 5), 40_00, of_story=True),  # 2.00: share 38.00
    "O3": Sale("books", at(10, 9), 20_00),  # 1.00: share 19.00
    "O4": Sale("soap", at(10, 12), 10_00, taxed=True),  # taxes 0.50 + 1.00, paid 11.50; 0.50: share 9.50
    "O5": Sale("beer", at(10, 20), 60_00),  # no commission: 60.00
    "O6": Sale("cheese", at(10, 31, 23, 59), 24_00, units=2),  # 1.20: share 22.80
    # November: seven orders of seven merchants. Paid 19.99 + 15 + 25 + 12 + 70 + 80 + 18 = 239.99.
    "N1": Sale("candles", at(11, 1, 0, 1), 19_99),  # 0.9995, so 1.00: share 18.99
    "N2": Sale("bread", at(11, 1, 1, 30), 15_00),  # 0.75: share 14.25
    "N3": Sale("books", at(11, 1, 1, 30, fold=1), 25_00, of_story=True),  # an hour later. 1.25: share 23.75
    "N4": Sale("beer", at(11, 10), 70_00),  # 70.00
    "N5": Sale("soap", at(11, 15), 12_00),  # 0.60: share 11.40
    "N6": Sale("flowers", at(11, 20), 80_00),  # 4.00: share 76.00
    "N7": Sale("cheese", at(11, 30, 23, 59, 59), 18_00),  # 0.90: share 17.10
    # December: two orders of two merchants. Paid 122.00, shares 115.90.
    "D1": Sale("cheese", at(12, 1, 0, 0), 22_00),  # 1.10: share 20.90
    "D2": Sale("flowers", at(12, 31, 23, 59), 100_00),  # 5.00: share 95.00
}

# Before anything is given back. Reached in October 28.50 + 38 + 19 + 9.50 + 60 + 22.80 = 177.80;
# in November 18.99 + 14.25 + 23.75 + 70 + 11.40 + 76 + 17.10 = 231.49; in December 20.90 + 95 = 115.90.
SALES_BEFORE = {
    SEPTEMBER: Sales(1, 50_00, 0, 47_50),
    OCTOBER: Sales(6, 185_50, 0, 177_80),
    NOVEMBER: Sales(7, 239_99, 0, 231_49),
    DECEMBER: Sales(2, 122_00, 0, 115_90),
}

# What is given back, and what of it the merchant bears: floor(share × given back ÷ paid).
#   R1  3 November: 12.00 of O6: 22.80 × 12 ÷ 24 = 11.40
#   R2 25 November: all of O5: 60.00, on the merchant's own account
#   R3 28 November: 10.00 of O2: 38 × 10 ÷ 40 = 9.50
#   R4 29 November: 5.00 of O3: 19 × 5 ÷ 20 = 4.75; it fails on 2 December: the shopper did not get it
#   R5 30 November: 9.99 of N1: 18.99 × 9.99 ÷ 19.99 = 9.4902…: 9.49
#   R6 10 December: the bank takes back all of O4: 11.50, of which 9.50 the merchant's
# November: 12 + 60 + 10 + 5 + 9.99 = 96.99 given back; 231.49 − 11.40 − 60 − 9.50 − 4.75 − 9.49 = 136.35 reached.
# December: 11.50 − 5 = 6.50 given back; 115.90 + 4.75 − 9.50 = 111.15 reached. September and October stay.
SALES_AFTER = {
    SEPTEMBER: SALES_BEFORE[SEPTEMBER],
    OCTOBER: SALES_BEFORE[OCTOBER],
    NOVEMBER: Sales(7, 239_99, 96_99, 136_35),
    DECEMBER: Sales(2, 122_00, 6_50, 111_15),
}
# 1 + 6 + 7 + 2 orders; 50 + 185.50 + 239.99 + 122; 96.99 + 6.50; 47.50 + 177.80 + 136.35 + 111.15.
YEAR_AFTER = Sales(16, 597_49, 103_49, 472_80)

# Of the whole year, after; charged, given back, reached.
SALES_OF = {
    "cheese": Sales(5, 144_00, 12_00, 125_40),  # 50+30+24+18+22; 47.50+28.50+22.80+17.10+20.90 − 11.40
    "bread": Sales(2, 55_00, 10_00, 42_75),  # 38 + 14.25 − 9.50
    "books": Sales(2, 45_00, 0, 42_75),  # 19 + 23.75 − 4.75 + 4.75; 5.00 given back and not
    "soap": Sales(2, 23_50, 11_50, 11_40),  # 9.50 + 11.40 − 9.50
    "candles": Sales(1, 19_99, 9_99, 9_50),  # 18.99 − 9.49
    "beer": Sales(2, 130_00, 60_00, 70_00),
    "flowers": Sales(2, 180_00, 0, 171_00),  # 76 + 95
}
SELLERS = {SEPTEMBER: 1, OCTOBER: 5, NOVEMBER: 7, DECEMBER: 2}

# Orders that stories led to: O2 and N3; of them R3 is given back in November. No other month has any.
OF_STORIES = {OCTOBER: Sales(1, 40_00, 0, 38_00), NOVEMBER: Sales(1, 25_00, 10_00, 23_75 - 9_50)}

# ------------------------------------------------------------------------------------------------------------- contacts

COUNTS: tuple[tuple[dt.date, Act, Source, str, int], ...] = (
    (dt.date(2026, 9, 30), Act.CALL, Source.STORY, "cheese", 3),
    (dt.date(2026, 9, 30), Act.CALL, Source.SEARCH, "salon", 2),
    # October, 25 in all:
    (dt.date(2026, 10, 1), Act.CALL, Source.OUTSIDE, "bread", 1),
    (dt.date(2026, 10, 14), Act.DIRECTIONS, Source.FRONT, "books", 2),
    (dt.date(2026, 10, 31), Act.SITE, Source.FRONT, "cheese", 4),
    (dt.date(2026, 10, 31), Act.CALL, Source.SEARCH, "salon", 5),
    (dt.date(2026, 10, 31), Act.DIRECTIONS, Source.OUTSIDE, "garage", 6),
    (dt.date(2026, 10, 31), Act.SHOP, Source.STORY, "toys", 7),
    # November, 39 in all:
    (dt.date(2026, 11, 1), Act.CALL, Source.FRONT, "cheese", 1),
    (dt.date(2026, 11, 1), Act.SHOP, Source.CAMPAIGN, "toys", 10),
    (dt.date(2026, 11, 12), Act.SITE, Source.SEARCH, "coffee", 2),
    (dt.date(2026, 11, 15), Act.CALL, Source.NEWSLETTER, "soap", 3),
    (dt.date(2026, 11, 15), Act.SITE, Source.FLYER, "candles", 4),
    (dt.date(2026, 11, 30), Act.DIRECTIONS, Source.PORTAL, "beer", 5),
    (dt.date(2026, 11, 30), Act.CALL, Source.OUTSIDE, "flowers", 6),
    (dt.date(2026, 11, 30), Act.SITE, Source.STORY, "salon", 8),
    # December, 5 in all:
    (dt.date(2026, 12, 1), Act.CALL, Source.FRONT, "cheese", 2),
    (dt.date(2026, 12, 31), Act.DIRECTIONS, Source.SEARCH, "salon", 3),
)
# Seen and put in a basket, which are no contacts: the cheese's page 100 times, one of its products 20, 3 in baskets
# (31 October); the story 50 times (1 November); the front page 200 times (31 December).
CONTACTS = {
    SEPTEMBER: Contacts(calls=5),
    OCTOBER: Contacts(
        seen=100, products_seen=20, calls=6, directions=8, site_visits=4, shop_visits=7, baskets=3
    ),
    NOVEMBER: Contacts(calls=10, directions=5, site_visits=14, shop_visits=10),
    DECEMBER: Contacts(calls=2, directions=3),
}
CONTACTS_IN_ALL = {SEPTEMBER: 5, OCTOBER: 25, NOVEMBER: 39, DECEMBER: 5}
PAGES_SEEN = {SEPTEMBER: 0, OCTOBER: 120, NOVEMBER: 50, DECEMBER: 200}
SOURCES = {
    SEPTEMBER: {Source.STORY: 3, Source.SEARCH: 2},
    OCTOBER: {Source.FRONT: 6, Source.SEARCH: 5, Source.OUTSIDE: 7, Source.STORY: 7},
    NOVEMBER: {
        Source.FRONT: 1, Source.CAMPAIGN: 10, Source.SEARCH: 2, Source.NEWSLETTER: 3, Source.FLYER: 4,
        Source.PORTAL: 5, Source.OUTSIDE: 6, Source.STORY: 8,
    },
    DECEMBER: {Source.FRONT: 2, Source.SEARCH: 3},
}  # fmt: skip
# The cheese over the year: calls 3 + 1 + 2, visits to its site 4; seen 100, its product 20, in baskets 3.
CONTACTS_OF_CHEESE = Contacts(seen=100, products_seen=20, calls=6, site_visits=4, baskets=3)

# ------------------------------------------------------------------------------------------------------------- arranged


@dataclass
class GoldenTown:
    merchants: dict[str, Merchant]
    story: StoryPage
    sandbox: Sandbox
    orders: dict[str, Order] = field(default_factory=dict)

    @property
    def keys(self) -> Mapping[int, str]:
        return {merchant.pk: key for key, merchant in self.merchants.items()}


def arrange(sandbox: Sandbox, *, leaves: bool = True) -> GoldenTown:
    """The portal in scope, which has no merchant yet, becomes the golden town; nothing is given back yet.

    ``leaves``: the two that leave have left, as of November and December.
    """
    settings = PortalSettings.for_site(current_site())
    settings.commission_bps, settings.collects_tax_for_unregistered = 500, True
    settings.gst_number, settings.qst_number = "123456789 RT0001", "1234567890 TQ0001"
    settings.save()
    index = StoryIndexPage.objects.descendant_of(current_site().root_page).get()
    story = make_page(
        StoryPage, index, title="Le fromager", slug="le-fromager", first_published_at=at(10, 10)
    )
    town = GoldenTown(_merchants(sandbox), story, sandbox)
    for name, sale in SALES.items():
        town.orders[name] = _buy(town, sale)
    _count(town)
    if leaves:
        leave(town)
    return town


def leave(town: GoldenTown) -> None:
    _leave(town.merchants["coffee"], at(11, 20), DepartureReason.GRADUATED, "https://cafe.example")
    _leave(town.merchants["tools"], at(12, 15), DepartureReason.CLOSING)


def give_back(town: GoldenTown) -> None:
    """R1 to R6, in the order in which they happened."""
    _refund(town, "O6", 12_00, at(11, 3))
    _refund(town, "O5", 60_00, at(11, 25))
    _refund(town, "O2", 10_00, at(11, 28))
    failing = _refund(town, "O3", 5_00, at(11, 29), is_sent=False)
    _refund(town, "N1", 9_99, at(11, 30))
    refunds.fail(failing, "lost_or_stolen_card", now=at(12, 2))
    with _time(town, at(12, 8)):
        told = town.sandbox.dispute(_payment(town).charge_id)
        disputes.sync_dispute(_payment(town), told["id"], now=timezone.now())
    with _time(town, at(12, 10)):
        town.sandbox.close_dispute(told["id"], "lost")
        disputes.sync_dispute(_payment(town), told["id"], now=timezone.now())


def win_back(town: GoldenTown) -> None:
    """In January the bank changes its mind about O4: January gains 9.50 for its merchant, and December stays."""
    with _time(town, dt.datetime(2027, 1, 5, 12, tzinfo=TOWN)):
        payment = _payment(town)
        lost = readings.dispute(Dispute.objects.get().dispute_id, account=payment.account)
        disputes.note(
            payment, replace(lost, status="won"), now=timezone.now()
        )  # the sandbox never changes its mind


@contextmanager
def _time(town: GoldenTown, moment: dt.datetime) -> Iterator[None]:
    """It is that moment, here and in the sandbox; then what waits in the outbox leaves."""
    with time_machine.travel(moment, tick=False):
        town.sandbox.freeze(int(moment.timestamp()))
        yield
        deliver_outbox(now=timezone.now())


def _payment(town: GoldenTown) -> PaymentIntent:
    payment: PaymentIntent = PaymentIntent.objects.get(checkout__orders=town.orders["O4"])
    return payment


def _merchants(sandbox: Sandbox) -> dict[str, Merchant]:
    sectors: dict[str, Sector] = {
        name: SectorFactory(name=name, sort_order=i) for i, name in enumerate((VIEUX_LEVIS, CHARNY))
    }
    categories: dict[str, Category] = {
        name: CategoryFactory(name=name, sort_order=i) for i, name in enumerate((FOOD, GIFTS, SERVICES))
    }
    merchants = {
        key: _open(front, sectors[front.sector], categories[front.category])
        for key, front in SHOPFRONTS.items()
    }
    for shop in Shop.objects.all():
        sandbox.add_account(shop.stripe_account_id)
    beer = Shop.objects.get(merchant=merchants["beer"])
    sandbox.set_capabilities(beer.stripe_account_id, card_payments="active", stripe_transfers="active")
    Shop.objects.filter(pk=beer.pk).update(charge_model=ChargeModel.DIRECT, charges_status="active")
    return merchants


def _open(front: Shopfront, sector: Sector, category: Category) -> Merchant:
    claimed = front.since if front.held else None
    facts = {"name": front.name, "sector": sector, "category": category, "claimed_at": claimed}
    if front.tier == Tier.TRANSACTIONAL:
        merchant = make_seller(**facts)
    else:
        merchant = MerchantFactory(tier=front.tier, **facts)
        make_merchant_page(merchant)
    MerchantPage.objects.filter(merchant=merchant).update(first_published_at=front.since)
    return merchant


def _buy(town: GoldenTown, sale: Sale) -> Order:
    """Placed by a shopper, paid in the sandbox, made known to us, sent on to the merchant."""
    merchant = Merchant.objects.get(pk=town.merchants[sale.merchant].pk)
    taxes = TaxClass.STANDARD if sale.taxed else TaxClass.ZERO_RATED
    product = ProductFactory(merchant=merchant, tax_class=taxes)
    variant = VariantFactory(product=product, price_cents=sale.goods // sale.units)
    with _time(town, sale.at):
        cart = carts.create()
        led_here = Credit(Source.STORY, town.story.pk, timezone.now()) if sale.of_story else None
        carts.add(cart, variant, sale.units, credit=led_here)
        checkout = complete(place(cart, PortalSettings.for_site(current_site())), town.sandbox)
    order: Order = checkout.orders.get()
    return order


def _refund(town: GoldenTown, name: str, cents: int, moment: dt.datetime, *, is_sent: bool = True) -> Refund:
    with _time(town, moment) if is_sent else time_machine.travel(moment, tick=False):
        return refunds.request(
            town.orders[name], Amount(cents), reason="retour", restock=False, now=timezone.now()
        )


def _count(town: GoldenTown) -> None:
    site, last_of_october = current_site(), dt.date(2026, 10, 31)
    rows = [
        DailyCount(
            site=site, day=day, act=act, source=source, subject=Subject.MERCHANT,
            source_id=town.story.pk if source == Source.STORY else 0,
            subject_id=town.merchants[key].pk, merchant=town.merchants[key], times=times,
        )
        for day, act, source, key, times in COUNTS
    ]  # fmt: skip
    cheese = town.merchants["cheese"]
    for act, subject, times in (
        (Act.SEEN, Subject.MERCHANT, 100),
        (Act.SEEN, Subject.PRODUCT, 20),
        (Act.BASKET, Subject.PRODUCT, 3),
    ):
        rows.append(
            DailyCount(
                site=site, day=last_of_october, act=act, source=Source.SEARCH, subject=subject,
                subject_id=cheese.pk, merchant=cheese, times=times,
            )
        )  # fmt: skip
    for day, subject, subject_id, times in (
        (dt.date(2026, 11, 1), Subject.STORY, town.story.pk, 50),
        (dt.date(2026, 12, 31), Subject.PORTAL, site.pk, 200),
    ):
        rows.append(
            DailyCount(
                site=site, day=day, act=Act.SEEN, source=Source.OUTSIDE, subject=subject,
                subject_id=subject_id, times=times,
            )
        )  # fmt: skip
    DailyCount.objects.bulk_create(rows)


def _leave(merchant: Merchant, moment: dt.datetime, reason: DepartureReason, own_site: str = "") -> None:
    """Its page goes with it."""
    Departure.objects.create(
        site=merchant.site, merchant=merchant, reason=reason, own_site=own_site, keeps_page=False,
        has_books=False, claimed_at=merchant.claimed_at, left_by=UserFactory(), left_at=moment,
    )  # fmt: skip
    with time_machine.travel(moment, tick=False):
        MerchantPage.objects.get(merchant=merchant).unpublish()
    merchant.claimed_at = None
    merchant.save(update_fields=["claimed_at"])
