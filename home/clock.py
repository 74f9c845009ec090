"""Times of day as Québec writes them: « 17 h 30 », « 9 h »; where English is spoken « 5:30 p.m. », « 9 a.m. »."""

from datetime import time

from home.languages import is_english

NO_BREAK_SPACE = "\u00a0"


def clock(moment: time) -> str:
    """Twenty-four hours, no leading zero, minutes only where there are some, no-break spaces.

    In English twelve hours, with « noon » and « midnight », which nobody mistakes for each other.
    """
    return _english(moment) if is_english() else _french(moment)


def _french(moment: time) -> str:
    hours = f"{moment.hour}{NO_BREAK_SPACE}h"
    return f"{hours}{NO_BREAK_SPACE}{moment.minute:02d}" if moment.minute else hours


def _english(moment: time) -> str:
    if not moment.minute and moment.hour in NAMED:
        return NAMED[moment.hour]
    hour = moment.hour % 12 or 12
    half = "a.m." if moment.hour < 12 else "p.m."
    return (
        f"{hour}:{moment.minute:02d}{NO_BREAK_SPACE}{half}"
        if moment.minute
        else f"{hour}{NO_BREAK_SPACE}{half}"
    )


NAMED = {0: "midnight", 12: "noon"}
