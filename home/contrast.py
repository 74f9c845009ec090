"""How well one colour is read on another, as WCAG 2.2 counts it (success criterion 1.4.3)."""

LEAST_CONTRAST = 4.5
"""For running text."""


def contrast(one: str, other: str) -> float | None:
    """From 1 (the same) to 21 (black on white), for colours written ``#rrggbb``; None where one is not."""
    lights = [_luminance(color) for color in (one, other)]
    if None in lights:
        return None
    dark, light = sorted(value for value in lights if value is not None)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float | None:
    try:
        channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    except ValueError:
        return None
    if len(color) != 7 or color[0] != "#":
        return None
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
