"""A merchant's GST and QST numbers, as it states them: from which day, under which number.

What was sold keeps the numbers it was sold under (``Order``): nothing stated here reaches back.
"""

import re
from datetime import date

from django.db import transaction
from django.db.models import Q

from directory.models import Merchant
from home.tenancy import unjoined
from shop.enums import Tax
from shop.models import TaxRegistration

SHAPES = {
    Tax.GST: re.compile(r"(?P<number>\d{9})(?P<word>RT)(?P<account>\d{4})", re.ASCII),
    Tax.QST: re.compile(r"(?P<number>\d{10})(?P<word>TQ)(?P<account>\d{4})", re.ASCII),
}
"""`123456789 RT0001`, `1234567890 TQ0001`, folded: no blank, no dash, capitals."""


def normal_number(tax: Tax, typed: str) -> str:
    """As receipts show it, from whatever way it was typed. Raises ValueError for what is no number of that tax."""
    found = SHAPES[tax].fullmatch(re.sub(r"[\s.\-]", "", typed).upper())
    if found is None:
        raise ValueError(typed)
    return f"{found['number']} {found['word']}{found['account']}"


def standing(merchant: Merchant, tax: Tax, day: date) -> TaxRegistration | None:
    """The registration that holds on a day."""
    rows = TaxRegistration.objects.filter(merchant=merchant, tax=tax, effective_from__lte=day)
    row: TaxRegistration | None = rows.filter(Q(effective_until=None) | Q(effective_until__gt=day)).first()
    return row


@transaction.atomic
def state(merchant: Merchant, tax: Tax, number: str, *, since: date) -> bool:
    """From that day on the merchant charges the tax under ``number``; "": it charges it no more.

    ``number`` as ``normal_number`` gives it. False when that is how it stood already.
    """
    Merchant.objects.select_for_update().get(pk=merchant.pk)
    held = standing(merchant, tax, since)
    rows = TaxRegistration.objects.filter(merchant=merchant, tax=tax)
    later = rows.filter(effective_from__gt=since)
    stands = (held.number if held else "") == number and (held is None or held.effective_until is None)
    if stands and not later.exists():
        return False
    later.delete()
    if held is not None and held.number == number:
        unjoined(TaxRegistration).filter(pk=held.pk).update(effective_until=None)
        return True
    _end(held, since)
    if number:
        TaxRegistration.objects.create(merchant=merchant, tax=tax, number=number, effective_from=since)
    return True


def _end(held: TaxRegistration | None, day: date) -> None:
    """It holds until the day before; one that would have begun that very day never was."""
    if held is None:
        return
    if held.effective_from == day:
        held.delete()
        return
    unjoined(TaxRegistration).filter(pk=held.pk).update(effective_until=day)
