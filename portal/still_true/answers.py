"""What the owner says: it is all still true; on that holiday we open, or we do not. With its trace."""

import datetime as dt

from django.db import transaction

from directory import still_true, timetable
from directory.models import Membership
from home import audit
from shop import on_shelves

CONFIRMED = "merchant.still_true"
GOODS_CONFIRMED = "product.still_true"


@transaction.atomic
def confirm(place: Membership, *, now: dt.datetime) -> bool:
    """The whole page is true from now on, and all that it sells is still sold. False when that was said already."""
    before = still_true.facts(place.merchant)
    is_news, goods = (
        still_true.confirm(place.merchant, now=now),
        on_shelves.confirm_all(place.merchant, now=now),
    )
    if not is_news and not goods:
        return False
    audit.note(
        CONFIRMED, place.merchant, actor_id=place.user_id, merchant_id=place.merchant_id,
        before=before, after={**still_true.facts(place.merchant), "products": goods},
    )  # fmt: skip
    return True


@transaction.atomic
def confirm_goods(place: Membership, *, now: dt.datetime) -> bool:
    """All that it has on sale is still sold. False when that was said already."""
    if not (count := on_shelves.confirm_all(place.merchant, now=now)):
        return False
    audit.note(
        GOODS_CONFIRMED, place.merchant, actor_id=place.user_id, merchant_id=place.merchant_id,
        after={"products": count},
    )  # fmt: skip
    still_true.confirm(place.merchant, now=now)
    return True


@transaction.atomic
def of_holiday(place: Membership, date: dt.date, *, is_open: bool, now: dt.datetime) -> bool:
    """On that date it opens as on any such weekday, or not at all. False when it is so already.

    Raises ValueError where such a weekday has no hours to open by.
    """
    before = timetable.date_facts(place.merchant, date)
    if not timetable.answer_holiday(place.merchant, date, is_open=is_open):
        return False
    after = timetable.date_facts(place.merchant, date)
    audit.note(
        "hours.date", place.merchant, actor_id=place.user_id, merchant_id=place.merchant_id,
        before=before, after=after,
    )  # fmt: skip
    still_true.confirm(place.merchant, now=now)
    return True
