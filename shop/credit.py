"""What led to an order: the story, campaign, letter or flyer that its shopper came from, in the same visit.

A line of the basket keeps what led to it (``carts.add``), the order what led to it as a whole, once, when it is placed.
Nothing of the shopper is kept, and nothing that sorts, shows or prices merchants reads any of it.
"""

from collections.abc import Iterable
from datetime import datetime

from directory.counting.credit import CLOCKS_DIFFER, VISIT, Credit
from directory.enums import Source
from shop.models import CartItem


def newest(all_credits: Iterable[Credit], *, placed_at: datetime) -> Credit | None:
    """Of what led to an order's lines, what was left last; None where none of it is of this visit.

    Of two that were left at the same moment the one of the later line.
    """
    of_this_visit = [each for each in all_credits if -CLOCKS_DIFFER <= placed_at - each.left_at <= VISIT]
    return max(reversed(of_this_visit), key=lambda each: each.left_at, default=None)


def of_item(item: CartItem) -> Credit | None:
    """What led to a line of the basket; None for nothing that is credited."""
    if not item.credit_source or item.credited_at is None:
        return None
    return Credit(Source(item.credit_source), item.credit_id, item.credited_at)


def of_items(items: Iterable[CartItem], *, placed_at: datetime) -> Credit | None:
    """What an order of these lines, in the order in which they were added, is credited to."""
    return newest(filter(None, map(of_item, items)), placed_at=placed_at)


def keep(item: CartItem, credit: Credit | None) -> bool:
    """The line, not saved yet, names what led to it. False where it names something newer, or nothing led here."""
    known = of_item(item)
    if credit is None or (known and known.left_at > credit.left_at):
        return False
    item.credit_source, item.credit_id, item.credited_at = credit
    return True
