"""The only writer of a merchant's stated hours: its week, the dates that differ, its vacation. Live at once."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction

from directory.enums import Weekday
from directory.hours import Span, holiday_name
from directory.models import Merchant, OpeningHours, SpecialHours

Week = Mapping[int, Iterable[Span]]
Facts = dict[str, object]


@transaction.atomic
def state_week(merchant: Merchant, week: Week) -> bool:
    """These are its weekly hours from now on; a day that is missing is closed. False when they are so already."""
    known = _locked(merchant)
    wanted = {(day, span.opens, span.closes) for day in Weekday for span in week.get(day, ())}
    rows = OpeningHours.objects.filter(merchant=known)
    if {(row.weekday, row.opens, row.closes) for row in rows} == wanted:
        return False
    rows.delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(merchant=known, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in sorted(wanted)
    )
    return True


@transaction.atomic
def state_date(merchant: Merchant, date: dt.date, spans: Iterable[Span], *, reason: str = "") -> bool:
    """On that date it has these hours and no others; none means closed. False when it is so already."""
    known = _locked(merchant)
    stated: list[tuple[dt.time | None, dt.time | None]] = [
        (span.opens, span.closes) for span in sorted(set(spans))
    ]
    wanted = [(opens, closes, reason) for opens, closes in stated or [(None, None)]]
    rows = SpecialHours.objects.filter(merchant=known, date=date)
    if [(row.opens, row.closes, row.reason) for row in rows] == wanted:
        return False
    rows.delete()
    SpecialHours.objects.bulk_create(
        SpecialHours(merchant=known, date=date, opens=opens, closes=closes, reason=why)
        for opens, closes, why in wanted
    )
    return True


def answer_holiday(merchant: Merchant, date: dt.date, *, is_open: bool) -> bool:
    """On that date it opens as on any such weekday, or not at all. False when it is so already.

    Raises ValueError where such a weekday has no hours to open by.
    """
    spans = spans_of_answer(merchant, date, is_open=is_open)
    return state_date(merchant, date, spans, reason=holiday_name(date))


def spans_of_answer(merchant: Merchant, date: dt.date, *, is_open: bool) -> list[Span]:
    """What « ouvert » means on that date: the hours of any such weekday. Raises ValueError where it has none."""
    if not is_open:
        return []
    rows = OpeningHours.objects.filter(merchant=merchant, weekday=date.weekday())
    spans = sorted(Span(row.opens, row.closes) for row in rows)
    if not spans:
        raise ValueError(f"No usual hours on {date}")
    return spans


@transaction.atomic
def forget_date(merchant: Merchant, date: dt.date) -> bool:
    """That date is as its weekday is. False when nothing was stated about it."""
    _locked(merchant)
    gone, _by_model = SpecialHours.objects.filter(merchant=merchant, date=date).delete()
    return bool(gone)


@transaction.atomic
def leave(merchant: Merchant, first: dt.date, last: dt.date, *, note: str = "") -> bool:
    """On vacation from the first to the last day, included; it ends by itself. False when that was said already."""
    return _set_vacation(merchant, vacation_from=first, vacation_until=last, vacation_note=note)


@transaction.atomic
def come_back(merchant: Merchant) -> bool:
    """On no vacation any more, nor to come. False when there was none."""
    return _set_vacation(merchant, vacation_from=None, vacation_until=None, vacation_note="")


def _set_vacation(merchant: Merchant, **wanted: object) -> bool:
    known = _locked(merchant)
    if all(getattr(known, name) == value for name, value in wanted.items()):
        return False
    Merchant.objects.filter(pk=merchant.pk).update(**wanted)
    for name, value in wanted.items():
        setattr(merchant, name, value)
    return True


def _locked(merchant: Merchant) -> Merchant:
    """Of two people who state the hours of one merchant, the second waits, and finds what the first stated."""
    locked: Merchant = Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    return locked


def week_facts(merchant: Merchant) -> Facts:
    """The stated week in words that last: « {"0": ["09:00-17:30"]} ». ``week_of_facts`` reads them back."""
    facts: dict[str, list[str]] = {}
    for row in OpeningHours.objects.filter(merchant=merchant):
        facts.setdefault(str(row.weekday), []).append(_written(row.opens, row.closes))
    return {**facts}


def facts_of_week(week: Week) -> Facts:
    """As ``week_facts``, of a week that is not stated anywhere."""
    spans = {day: sorted(week.get(day, ()), key=lambda span: span.opens) for day in Weekday}
    return {
        str(day.value): [_written(span.opens, span.closes) for span in found]
        for day, found in spans.items()
        if found
    }


def week_of_facts(facts: Mapping[str, Iterable[str]]) -> dict[int, list[Span]]:
    return {int(day): [_read(text) for text in texts] for day, texts in facts.items()}


def date_facts(merchant: Merchant, date: dt.date) -> Facts:
    """What is stated about a date; ``spans`` is None where nothing is, empty where it is closed."""
    rows = list(SpecialHours.objects.filter(merchant=merchant, date=date))
    spans = [_written(row.opens, row.closes) for row in rows if row.opens and row.closes]
    reason = rows[0].reason if rows else ""
    return {"date": date.isoformat(), "spans": spans if rows else None, "reason": reason}


def restate_date(merchant: Merchant, facts: Mapping[str, object]) -> bool:
    """As ``date_facts`` said it was. False when it is so already."""
    date, spans = dt.date.fromisoformat(str(facts["date"])), facts["spans"]
    if not isinstance(spans, list):
        return forget_date(merchant, date)
    return state_date(merchant, date, [_read(text) for text in spans], reason=str(facts["reason"]))


def vacation_facts(merchant: Merchant) -> Facts:
    first, last = merchant.vacation_from, merchant.vacation_until
    return {
        "from": first.isoformat() if first else None,
        "until": last.isoformat() if last else None,
        "note": merchant.vacation_note,
    }


def _written(opens: dt.time, closes: dt.time) -> str:
    return f"{opens:%H:%M}-{closes:%H:%M}"


def _read(text: str) -> Span:
    opens, closes = text.split("-")
    return Span(dt.time.fromisoformat(opens), dt.time.fromisoformat(closes))
