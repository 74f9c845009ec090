"""Ways into the portal: which steps were taken, on which days, and where one stands short of being live.

Counted from what happened, of rows that the database computes (``models.Journey``): merchants, and never money. Two
chains, in each of which a step implies those before it: from the first contact to a page that is live, and from a
first product to a first sale. A step that was taken without anything saying when counts as taken, and has no delay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Func, Q, TextChoices
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from directory.enums import DepartureReason
from home.periods import Period
from portal.chamber_desk.standings import CAN_SELL, CLAIMED

KEPT_AFTER = (30, 90, 180)
"""Days after which one looks whether a page is still live."""


class Origin(TextChoices):
    """How somebody came to register; what happened first says it."""

    INVITATION = "invitation", _("Invitation")
    OWN = "own", _("De sa propre initiative")
    IMPORT = "import", _("Fiche d’un répertoire, réclamée")
    GIVEN = "given", _("Page remise par le portail")


class Halt(TextChoices):
    """Where one stands that is not live, in the order of the way."""

    INVITATION = "invitation", _("Invitation sans réponse")
    PROOF = "proof", _("Preuve que c’est son commerce")
    QUESTION = "question", _("Questions de l’inscription")
    GIVEN_UP = "given_up", _("Inscription abandonnée")
    ANSWER = "answer", _("Réponse du Journal ou de la Chambre")
    REFUSED = "refused", _("Correction demandée")
    PAGE = "page", _("Acceptée, pas encore en ligne")
    LEFT = "left", _("Parti du portail")


@dataclass(frozen=True, slots=True)
class Step:
    """``condition``: of the rows that took it. ``day``: the field that says when."""

    key: str
    label: Any
    condition: Q
    day: str


COMING_IN = (
    Step("entres", _("Entrés"), Q(), "entered_on"),
    Step("commences", _("Inscription commencée"), Q(has_begun=True), "begun_on"),
    Step("envoyes", _("Inscription envoyée"), Q(was_sent=True), "sent_on"),
    Step("acceptes", _("Acceptée"), Q(was_approved=True), "approved_on"),
    Step("en-ligne", _("En ligne"), Q(has_lived=True), "lived_on"),
)
SELLING = (
    Step("produit", _("Premier produit"), Q(has_product=True), "product_on"),
    Step("en-vente", _("Premier produit en vente"), Q(has_offered=True), "offered_on"),
    Step("vente", _("Première vente"), Q(has_sold=True), "sold_on"),
)
STEPS = (*COMING_IN, *SELLING)

ASIDE: dict[str, tuple[Any, Q]] = {
    "invites": (_("Invités"), Q(invited_on__isnull=False)),
    "photo": (_("Ont une photo"), Q(has_lived=True, has_photo=True)),
    "complete": (_("Page complète"), Q(has_lived=True, is_complete=True)),
    "partis": (_("Partis"), Q(left_on__isnull=False)),
    "propre-boutique": (
        _("Partis vers leur propre boutique"),
        Q(left_on__isnull=False, left_reason=DepartureReason.GRADUATED),
    ),
    "fermes": (_("Partis en fermant"), Q(left_on__isnull=False, left_reason=DepartureReason.CLOSING)),
}
"""What is counted beside the chains: it implies none of their steps."""
SELLS_NOW = "vendent"
SELLS_NOW_LABEL = _("Vendent maintenant")


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another; ``first`` and ``last`` are fields."""

    key: str
    label: Any
    first: str
    last: str

    @property
    def condition(self) -> Q:
        """What was done before what it follows took no time that says anything."""
        return Q(**{f"{self.last}__gte": F(self.first)})


SPANS = (
    Span("reponse", _("De l’invitation au début"), "invited_on", "begun_on"),
    Span("inscription", _("Du début à l’envoi"), "begun_on", "sent_on"),
    Span("decision", _("De l’envoi à l’acceptation"), "sent_on", "approved_on"),
    Span("mise-en-ligne", _("De l’acceptation à la mise en ligne"), "approved_on", "lived_on"),
    Span("premier-produit", _("Du début au premier produit"), "begun_on", "product_on"),
    Span("premiere-vente", _("Du début à la première vente"), "begun_on", "sold_on"),
)


class Days(Func):
    """Whole days of the calendar between two dates."""

    template, arg_joiner = "(%(expressions)s)", " - "
    output_field = models.IntegerField()


class Percentile(models.Aggregate):
    """The least value that so large a share of the values does not exceed: one that there is, never a mean."""

    function, name = "PERCENTILE_DISC", "Percentile"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.IntegerField()

    def __init__(self, expression: Any, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=fraction, **extra)


@dataclass(frozen=True, slots=True)
class Delay:
    """In days; ``known``: of how many, None where of none."""

    median: int | None = None
    ninetieth: int | None = None
    known: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some ways in. ``counts``: by the keys of STEPS, ASIDE and SELLS_NOW; ``undated``: of each step, without a day.

    ``kept``: by KEPT_AFTER, how many were live then, of how many for whom that day has come and it is known.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    undated: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    delays: Mapping[str, Delay] = field(default_factory=dict)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            {key: row[_name("n", key)] for key in (*(step.key for step in STEPS), *ASIDE, SELLS_NOW)},
            {step.key: row[_name("undated", step.key)] for step in STEPS},
            {days: (row[f"kept_{days}"], row[f"due_{days}"]) for days in KEPT_AFTER},
            {
                span.key: Delay(*(row[_name(part, span.key)] for part in ("median", "ninetieth", "known")))
                for span in SPANS
            },
        )

    def count(self, key: str) -> int:
        return self.counts.get(key, 0)

    def kept_after(self, days: int) -> tuple[int, int]:
        return self.kept.get(days, (0, 0))

    def delay(self, key: str) -> Delay:
        return self.delays.get(key, Delay())


def percent(part: int, whole: int) -> int | None:
    """Whole, halves up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def selling_now() -> Q:
    """Ways in of merchants from whom a shopper could buy now, as the stages say it."""
    rows = apps.get_model("chamber_desk", "PipelineRow").objects.filter(CLAIMED & CAN_SELL)
    return Q(pk__in=rows.values("pk"))


def was_kept(days: int, now: datetime) -> tuple[Q, Q]:
    """Live so many days after, and of whom that can be said."""
    can_tell = Q(**{f"due_{days}_at__lte": now, f"was_kept_{days}__isnull": False})
    return can_tell & Q(**{f"was_kept_{days}": True}), can_tell


def condition_of(key: str, now: datetime) -> Q | None:
    """Of the rows that a count counts; None for a key that names none."""
    conditions = {step.key: step.condition for step in STEPS} | {k: found for k, (_l, found) in ASIDE.items()}
    if key == SELLS_NOW:
        return selling_now()
    for days in KEPT_AFTER:
        kept, can_tell = was_kept(days, now)
        conditions |= {f"encore-{days}": kept, f"echu-{days}": can_tell}
    return conditions.get(key)


class JourneyQuerySet(models.QuerySet[Any]):
    def entered(self, period: Period) -> Self:
        return self.filter(entered_on__range=(period.first, period.last))

    def figures(self, now: datetime) -> Figures:
        """Of all these rows. One query."""
        return Figures.of_row(self.order_by().aggregate(**_measures(now)))

    def figures_by_month(self, now: datetime) -> dict[date, Figures]:
        """By the first day of the month of entering; months without a row are not in it. One query."""
        months = self.order_by().annotate(month=TruncMonth("entered_on")).values("month")
        return {row["month"]: Figures.of_row(row) for row in months.annotate(**_measures(now))}


def _measures(now: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for step in STEPS:
        told[_name("n", step.key)] = Count("pk", filter=step.condition)
        told[_name("undated", step.key)] = Count("pk", filter=step.condition & Q(**{step.day: None}))
    for key, (_label, condition) in ASIDE.items():
        told[_name("n", key)] = Count("pk", filter=condition)
    told[_name("n", SELLS_NOW)] = Count("pk", filter=selling_now())
    for days in KEPT_AFTER:
        kept, can_tell = was_kept(days, now)
        told |= {f"kept_{days}": Count("pk", filter=kept), f"due_{days}": Count("pk", filter=can_tell)}
    for span in SPANS:
        told |= _delays(span)
    return told


def _delays(span: Span) -> dict[str, Any]:
    days = Days(F(span.last), F(span.first))
    return {
        _name("median", span.key): Percentile(days, 0.5, filter=span.condition),
        _name("ninetieth", span.key): Percentile(days, 0.9, filter=span.condition),
        _name("known", span.key): Count("pk", filter=span.condition),
    }


def _name(kind: str, key: str) -> str:
    return f"{kind}_{key.replace('-', '_')}"
