"""What a merchant's page did for it in a period, beside the period before.

Screen, weekly letter and value statement all ask here, and nothing is counted here: figures are those of
``directory.counting.figures`` and ``shop.results``.
"""

import datetime as dt
from dataclasses import dataclass

from directory.counting.figures import Contacts, contacts_of, counts_of
from directory.models import Merchant
from home.periods import Period, town_day
from shop.results import Sales, sales_of


@dataclass(frozen=True, slots=True)
class Result:
    """``contacts_before``, ``sales_before``: of the period before; None where that would be no fair comparison."""

    period: Period
    contacts: Contacts
    sales: Sales
    contacts_before: Contacts | None = None
    sales_before: Sales | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing at all was counted, sold or given back."""
        return self.contacts == Contacts() and self.sales == Sales()


def result_of(merchant: Merchant, period: Period, *, today: dt.date) -> Result:
    """With the period before, where the merchant was here, and counted, through all of it, and this one is over.

    At most five queries.
    """
    here = here_since(merchant)
    is_fair = period.is_over_on(today) and here <= period.before.first
    was_counted = is_fair and _counted_since(today) <= period.before.first
    return Result(
        period,
        contacts_of(merchant, period),
        sales_of(merchant, period),
        contacts_of(merchant, period.before) if was_counted else None,
        sales_of(merchant, period.before) if is_fair else None,
    )


def here_since(merchant: Merchant) -> dt.date:
    """The day its people took its page in hand; of one that nobody holds, the day it came in."""
    return town_day(merchant.claimed_at or merchant.created_at)


def _counted_since(today: dt.date) -> dt.date:
    """The first day on which anything was counted in the portal in scope: before it, nothing means nothing."""
    found: dt.date | None = counts_of().order_by("day").values_list("day", flat=True).first()
    return found or today


def free_period(merchant: Merchant, *, today: dt.date) -> Period:
    """What the free period has lasted so far: since the merchant is here, up to the day before ``today``.

    Of one that came today, that day alone.
    """
    first = here_since(merchant)
    return Period(first, max(first, today - dt.timedelta(days=1)))


def free_result(merchant: Merchant, *, today: dt.date) -> Result:
    """What the page did in the free period so far; it is compared with nothing."""
    period = free_period(merchant, today=today)
    return Result(period, contacts_of(merchant, period), sales_of(merchant, period))
