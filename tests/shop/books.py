"""What the ledger says, for tests to look at."""

from shop import ledger
from shop.models import Order


def owed_by_the_books(order: Order) -> int:
    """What the portal owes the merchant for this order, in cents; negative: the merchant owes it."""
    return sum(ledger.merchant_entries(order).values_list("amount_cents", flat=True))
