"""Times of day as Québec writes them: « 17 h 30 », « 9 h »."""

from datetime import time

NO_BREAK_SPACE = "\u00a0"


def clock(moment: time) -> str:
    """Twenty-four hours, no leading zero, minutes only where there are some, no-break spaces."""
    hours = f"{moment.hour}{NO_BREAK_SPACE}h"
    return f"{hours}{NO_BREAK_SPACE}{moment.minute:02d}" if moment.minute else hours
