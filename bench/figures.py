"""What was measured, what was aimed at, and the table of both."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measure. ``at_most`` or ``at_least`` is its aim, if it has one."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        """True also for what has no aim."""
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    @property
    def aim(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return f"≥ {self.at_least:g}" if self.at_least is not None else ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "holds": self.holds}


def table(figures: Iterable[Figure]) -> str:
    """One line for each, as Markdown."""
    rows = [(each.name, _number(each.value), each.unit, each.aim, _word(each)) for each in figures]
    head = ("measure", "value", "unit", "aim", "")
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, tuple("-" * width for width in widths), *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(widths[i]) for i, cell in enumerate(line)) + " |" for line in lines
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _word(figure: Figure) -> str:
    if not figure.aim:
        return ""
    return "holds" if figure.holds else "MISSED"
