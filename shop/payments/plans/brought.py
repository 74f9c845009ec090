"""What a merchant's page brought it in the free period so far: what the plan's screen and its letters tell.

Orders that were paid, not those that are kept: what is given back is told beside them, and debits the day on which it
was given back. So the same figures as in the report.
"""

from datetime import datetime

from directory.models import Merchant
from home.periods import town_day
from shop import merchant_results
from shop.merchant_results import Result


def brought(merchant: Merchant, *, now: datetime) -> Result:
    """Since the merchant is here, up to yesterday: days that are over, so that it says the same all day."""
    return merchant_results.free_result(merchant, today=town_day(now))
