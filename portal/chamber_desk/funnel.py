"""Of those who entered in a period: how many took each step, and where the others stand, since how many days."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, Value
from django.utils.translation import gettext as _

from directory.questions import Question
from portal.chamber_desk.journeys import SPANS, Days, Delay, Figures, Halt, Percentile, Step, percent
from portal.chamber_desk.words import AT_QUESTION

SPAN_TO = {
    "commences": "reponse",
    "envoyes": "inscription",
    "acceptes": "decision",
    "en-ligne": "mise-en-ligne",
    "produit": "premier-produit",
    "vente": "premiere-vente",
}
"""How long a step took, by the step."""


@dataclass(frozen=True, slots=True)
class Level:
    """``of_all``, ``of_before``: whole percent. ``stopped``: who took it and not the next; None for the last."""

    step: Step
    count: int
    of_all: int | None
    of_before: int | None
    stopped: int | None
    next_key: str
    took: Any
    """In words, from what to what; "" where nothing is measured."""
    delay: Delay


def levels(figures: Figures, chain: tuple[Step, ...], *, of_all: int) -> list[Level]:
    """One for each step of the chain; shares of ``of_all``, and of the step before."""
    counts = [figures.count(step.key) for step in chain]
    told = []
    for place, step in enumerate(chain):
        before = counts[place - 1] if place else of_all
        after = counts[place + 1] if place + 1 < len(chain) else None
        span = next((span for span in SPANS if span.key == SPAN_TO.get(step.key)), None)
        told.append(
            Level(
                step,
                counts[place],
                percent(counts[place], of_all),
                percent(counts[place], before),
                None if after is None else counts[place] - after,
                "" if after is None else chain[place + 1].key,
                span.label if span else "",
                figures.delay(span.key) if span else Delay(),
            )
        )
    return told


@dataclass(frozen=True, slots=True)
class Stop:
    """How many stand there, and since how many days."""

    halt: Halt
    question: str
    count: int
    delay: Delay

    @property
    def label(self) -> str:
        """At a question, which one; after the last of them it only remains to be sent."""
        if self.halt == Halt.QUESTION and not self.question:
            return _("Tout répondu, pas encore envoyée")
        if self.halt == Halt.QUESTION and self.question in AT_QUESTION:
            told = {"stop": self.halt.label, "question": AT_QUESTION[Question(self.question)]}
            return _("%(stop)s\u00a0: %(question)s") % told
        return str(self.halt.label)


def stops(rows: Any, today: date) -> list[Stop]:
    """Where those of ``rows`` stand that never were live, in the order of the way. One query."""
    since = Days(Value(today, DateField()), F("halted_on"))
    found = rows.filter(has_lived=False).order_by().values("halt", "question")
    told = [
        Stop(
            Halt(row["halt"]),
            row["question"],
            row["number"],
            Delay(row["median"], row["ninetieth"], row["known"]),
        )
        for row in found.annotate(
            number=Count("pk"),
            known=Count("halted_on"),
            median=Percentile(since, 0.5),
            ninetieth=Percentile(since, 0.9),
        )
    ]
    return sorted(
        told, key=lambda stop: (HALTS.index(stop.halt), QUESTIONS.get(stop.question, len(QUESTIONS)))
    )


HALTS = [*Halt]
QUESTIONS = {question.value: place for place, question in enumerate(Question)}
