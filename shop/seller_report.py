"""The yearly report of platforms on their sellers (Income Tax Act, Part XX), from frozen orders and the ledger.

For each selling merchant: who it is, and by quarter how many sales, what they came to, which fees and taxes were
taken. A refund counts in the quarter of the refund, a sale in that of its payment, by the portal's calendar. A merchant
with fewer than 30 sales and no more than 2,800 $ in the year is excluded; who only has a link sells nothing here.

It is computed whenever it is asked for: ready long before January 31st. The Agency takes it as XML of its own schema,
which is not written here: an accountant files from this sheet. What Stripe alone knows of a person (date of birth,
social insurance number) is not ours to tell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractQuarter
from django.utils import timezone

from directory.models import Merchant
from shop.enums import LedgerAccount, LedgerKind, RefundStatus, Tax
from shop.models import LedgerEntry, Order, Refund, Shop, TaxRegistration

FEWEST_SALES = 30
LEAST_CONSIDERATION_CENTS = 2_800_00
QUARTERS = (1, 2, 3, 4)


@dataclass(slots=True)
class Quarter:
    """Of one merchant. ``consideration_cents``: goods, delivery and deposits, before taxes, less what was given back.

    ``fees_cents``: commission that the portal kept; ``portal_tax_cents``: taxes that it remits itself. ``lost_cents``:
    what banks took back for lost disputes, taxes included, beside the consideration.
    """

    sales: int = 0
    consideration_cents: int = 0
    gst_cents: int = 0
    qst_cents: int = 0
    fees_cents: int = 0
    portal_tax_cents: int = 0
    lost_cents: int = 0

    def __add__(self, other: "Quarter") -> "Quarter":
        return Quarter(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(slots=True)
class SellerYear:
    """One merchant's year. ``account``: what Stripe calls the account that receives its money."""

    merchant: Merchant
    year: int
    gst_number: str = ""
    qst_number: str = ""
    account: str = ""
    quarters: dict[int, Quarter] = field(default_factory=lambda: {number: Quarter() for number in QUARTERS})

    @property
    def total(self) -> Quarter:
        return sum(self.quarters.values(), Quarter())

    @property
    def is_reported(self) -> bool:
        """An excluded seller has fewer than 30 sales, and no more than 2,800 $."""
        total = self.total
        return total.sales >= FEWEST_SALES or total.consideration_cents > LEAST_CONSIDERATION_CENTS

    @property
    def name(self) -> str:
        return self.merchant.legal_name or self.merchant.name


def of_year(year: int, *, merchant: Merchant | None = None) -> list[SellerYear]:
    """Every merchant of the portal in scope that sold or gave back in that year, by name; or that one alone."""
    found: dict[int, SellerYear] = {}
    for row in _sums(year, merchant):
        seller = found.setdefault(row.pop("merchant"), SellerYear(Merchant(), year))
        seller.quarters[row.pop("quarter")] += Quarter(**{name: value or 0 for name, value in row.items()})
    _name(found, year)
    return sorted(found.values(), key=lambda seller: (seller.name.casefold(), seller.merchant.pk))


def _sums(year: int, merchant: Merchant | None) -> Iterator[dict[str, Any]]:
    paid = Order.objects.filter(_in(year, "paid_at"))
    yield from _by_quarter(
        paid, "merchant", merchant, "paid_at",
        sales=Count("pk"), goods=Sum("items_cents"), delivery=Sum("delivery_cents"), deposit=Sum("deposit_cents"),
        gst_cents=Sum("gst_cents"), qst_cents=Sum("qst_cents"),
    )  # fmt: skip
    given = Refund.objects.filter(_in(year, "created_at"), order__paid_at__isnull=False)
    for row in _by_quarter(
        given.exclude(status=RefundStatus.FAILED), "order__merchant", merchant, "created_at",
        goods=Sum("items_cents"), delivery=Sum("delivery_cents"), deposit=Sum("deposit_cents"),
        gst_cents=Sum("gst_cents"), qst_cents=Sum("qst_cents"),
    ):  # fmt: skip
        yield {
            name: value if name in ("merchant", "quarter") else -(value or 0) for name, value in row.items()
        }
    kept = LedgerEntry.objects.filter(_in(year, "at"))
    of = {name: Q(account=account) for name, account in KEPT.items()}
    lost = Q(account=LedgerAccount.SHOPPER, kind=LedgerKind.DISPUTE)
    yield from _by_quarter(
        kept.filter(Q(account__in=KEPT.values()) | lost), "merchant", merchant, "at",
        **{name: Sum("amount_cents", filter=condition) for name, condition in of.items()},
        lost_cents=Sum("amount_cents", filter=lost),
    )  # fmt: skip


KEPT = {"fees_cents": LedgerAccount.COMMISSION, "portal_tax_cents": LedgerAccount.PORTAL_TAX}


def _in(year: int, name: str) -> Q:
    """Within that year of the portal's calendar."""
    zone = timezone.get_default_timezone()
    bounds = (datetime(first, 1, 1, tzinfo=zone) for first in (year, year + 1))
    start, end = bounds
    return Q(**{f"{name}__gte": start, f"{name}__lt": end})


def _by_quarter(
    rows: QuerySet[Any], path: str, merchant: Merchant | None, moment: str, **sums: Any
) -> Iterator[dict[str, Any]]:
    """One dict for each merchant and quarter, its goods, delivery and deposits added up."""
    if merchant is not None:
        rows = rows.filter(**{path: merchant})
    quarter = ExtractQuarter(moment, tzinfo=timezone.get_default_timezone())
    for row in rows.order_by().annotate(quarter=quarter).values(path, "quarter").annotate(**sums):
        told = {"merchant": row.pop(path), **row}
        parts = [told.pop(name) or 0 for name in ("goods", "delivery", "deposit") if name in told]
        yield {**told, "consideration_cents": sum(parts)} if parts else told


def _name(found: dict[int, SellerYear], year: int) -> None:
    """Who they are, and their numbers as they stood at the end of the year."""
    for merchant in Merchant.objects.filter(pk__in=found).select_related("site"):
        found[merchant.pk].merchant = merchant
    for shop in Shop.objects.filter(merchant__in=found):
        found[shop.merchant_id].account = shop.stripe_account_id
    for row in _registrations(found, date(year, 12, 31)):
        name = "gst_number" if row.tax == Tax.GST else "qst_number"
        setattr(found[row.merchant_id], name, row.number)


def _registrations(merchants: Iterable[int], day: date) -> QuerySet[TaxRegistration]:
    standing = Q(effective_until=None) | Q(effective_until__gt=day)
    rows = TaxRegistration.objects.filter(standing, merchant__in=list(merchants), effective_from__lte=day)
    return rows.order_by("effective_from")


def years_of(merchant: Merchant) -> list[int]:
    """Those in which it sold, the newest first."""
    days = Order.objects.filter(merchant=merchant, paid_at__isnull=False).datetimes("paid_at", "year")
    return sorted({moment.year for moment in days}, reverse=True)
