"""« Livre chez moi »: which merchants bring things to an address, as the shop above knows it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

DeliveringTo = Callable[[str], QuerySet[Any]]
"""Of a normal postal code (``settings.DELIVERY_FACTS``): primary keys of the merchants that deliver there, unread."""


def delivers_condition(postal_code: str) -> Q:
    """For a Merchant queryset: true of those that deliver to that normal postal code. Asks nothing by itself."""
    delivering_to: DeliveringTo = import_string(settings.DELIVERY_FACTS)
    return Q(pk__in=delivering_to(postal_code))
