"""What the owner says: it is all still true; on that holiday we open, or we do not. With its trace."""

import datetime as dt

from django.db import transaction

from directory import still_true, timetable
from directory.models import Membership
from home import audit

CONFIRMED = "merchant.still_true"


@transaction.atomic
def confirm(place: Membership, *, now: dt.datetime) -> bool:
    """The whole page is true from now on. False when that was said within the hour."""
    before = still_true.facts(place.merchant)
    if not still_true.confirm(place.merchant, now=now):
        return False
    audit.note(
        CONFIRMED, place.merchant, actor_id=place.user_id, merchant_id=place.merchant_id,
        before=before, after=still_true.facts(place.merchant),
    )  # fmt: skip
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
