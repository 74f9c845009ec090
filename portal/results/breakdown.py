"""A merchant's result taken apart: by what led to it, and by product. Nothing of any other merchant is read.

Totals are never made here: they are ``shop.merchant_results``'s, and these parts add up to them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum
from wagtail.models import Page

from directory.counting.figures import contacts_by_source, counts_of
from directory.enums import Act, Source, Subject
from directory.models import Merchant
from home import twins
from home.page_lists import public_pages
from home.periods import Period
from shop.enums import LedgerAccount, LedgerKind
from shop.models import LineItem, Product
from shop.results import entries_of

NAMED = frozenset({Source.STORY, Source.CAMPAIGN, Source.NEWSLETTER})
"""Sources that are pages of the portal, with a title."""


@dataclass(slots=True)
class Origin:
    """What led to the merchant. ``title`` and ``url``: of a page that everyone may read; else "".

    ``seen``: its page and its products; ``orders``: those that were paid in the period and are credited to it.
    """

    source: Source
    source_id: int = 0
    seen: int = 0
    contacts: int = 0
    orders: int = 0
    title: str = ""
    url: str = ""

    @property
    def weight(self) -> tuple[int, int, int]:
        """What brought most comes first: an order, then a contact, then a look."""
        return self.orders, self.contacts, self.seen


@dataclass(slots=True)
class Good:
    """A product. ``sold``: units of the orders that were paid in the period, whatever became of them."""

    title: str = ""
    seen: int = 0
    baskets: int = 0
    sold: int = 0

    @property
    def weight(self) -> tuple[int, int, int]:
        return self.sold, self.baskets, self.seen


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Most useful first; nothing that is none. ``pages``: the stories, campaigns and letters among the sources."""

    sources: list[Origin] = field(default_factory=list)
    pages: list[Origin] = field(default_factory=list)
    goods: list[Good] = field(default_factory=list)

    @property
    def best(self) -> Origin | None:
        """What led most people here, by name where it has one; not what is merely « elsewhere »."""
        named = [each for each in self.pages if each.title]
        others = [each for each in self.sources if each.source not in NAMED | {Source.PORTAL, Source.OUTSIDE}]
        return max(
            (each for each in (*named, *others) if each.seen), key=lambda each: each.seen, default=None
        )

    @property
    def best_good(self) -> Good | None:
        return max((each for each in self.goods if each.seen and each.title), key=_seen, default=None)


def _seen(good: Good) -> int:
    return good.seen


Counted = tuple[Act, Subject, int, Source, int, int]


def breakdown(merchant: Merchant, period: Period) -> Breakdown:
    """Seven queries at most, whatever was counted."""
    rows = _counted(merchant, period)
    orders = _credited_orders(merchant, period)
    return Breakdown(
        _most_useful(_sources(rows, orders, contacts_by_source(period, merchant))),
        _most_useful(_named(_pages(rows, orders))),
        sorted(_goods(merchant, period, rows), key=lambda good: good.weight, reverse=True),
    )


def _counted(merchant: Merchant, period: Period) -> list[Counted]:
    keys = ("act", "subject", "subject_id", "source", "source_id")
    rows = counts_of(period).filter(merchant=merchant).order_by().values_list(*keys)
    return [
        (Act(act), Subject(subject), subject_id, Source(source), source_id, times)
        for act, subject, subject_id, source, source_id, times in rows.annotate(times=Sum("times"))
    ]


def _credited_orders(merchant: Merchant, period: Period) -> dict[tuple[Source, int], int]:
    paid = entries_of(period).filter(merchant=merchant, kind=LedgerKind.SALE, account=LedgerAccount.SHOPPER)
    keys = ("order__credit_source", "order__credit_id")
    rows = paid.exclude(order__credit_source="").order_by().values_list(*keys).annotate(count=Count("order"))
    return {(Source(source), key): count for source, key, count in rows}


def _sources(
    rows: Iterable[Counted], orders: dict[tuple[Source, int], int], contacts: Mapping[Source, int]
) -> list[Origin]:
    found = {source: Origin(source, contacts=contacts[source]) for source in Source}
    for act, _subject, _subject_id, source, _source_id, times in rows:
        if act == Act.SEEN:
            found[source].seen += times
    for (source, _key), count in orders.items():
        found[source].orders += count
    return list(found.values())


def _pages(rows: Iterable[Counted], orders: dict[tuple[Source, int], int]) -> list[Origin]:
    found: dict[tuple[Source, int], Origin] = {}
    for act, _subject, _subject_id, source, source_id, times in rows:
        if source in NAMED and source_id:
            origin = found.setdefault((source, source_id), Origin(source, source_id))
            origin.seen += times if act == Act.SEEN else 0
            origin.contacts += times if act in Act.contacts() else 0
    for (source, key), count in orders.items():
        if source in NAMED and key:
            found.setdefault((source, key), Origin(source, key)).orders += count
    return list(found.values())


def _named(origins: list[Origin]) -> list[Origin]:
    """With the titles of pages that everyone may read, in the language that is spoken."""
    keys = {each.source_id for each in origins}
    if not keys:
        return []
    pages: Any = public_pages(Page.objects.filter(pk__in=keys))
    known = {page.pk: page for page in twins.speak(pages.specific())}
    for each in origins:
        if page := known.get(each.source_id):
            each.title, each.url = page.title, page.url or ""
    return origins


def _most_useful(origins: Iterable[Origin]) -> list[Origin]:
    return sorted((each for each in origins if any(each.weight)), key=lambda each: each.weight, reverse=True)


def _goods(merchant: Merchant, period: Period, rows: Iterable[Counted]) -> list[Good]:
    found: dict[int, Good] = defaultdict(Good)
    for act, subject, key, _source, _source_id, times in rows:
        if subject == Subject.PRODUCT and act in {Act.SEEN, Act.BASKET}:
            found[key].seen += times if act == Act.SEEN else 0
            found[key].baskets += times if act == Act.BASKET else 0
    for key, units in _units_sold(merchant, period):
        found[key].sold += units
    for product in Product.objects.filter(merchant=merchant, pk__in=found).only("pk", "title"):
        found[product.pk].title = product.title
    return [good for good in found.values() if any(good.weight)]


def _units_sold(merchant: Merchant, period: Period) -> list[tuple[int, int]]:
    paid = entries_of(period).filter(merchant=merchant, kind=LedgerKind.SALE, account=LedgerAccount.SHOPPER)
    lines = LineItem.objects.filter(order__in=paid.values("order")).order_by()
    return list(lines.values_list("variant__product_id").annotate(units=Sum("quantity")))
