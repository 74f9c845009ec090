"""What needs a hand in the portal's money, section by section, the most pressing first, and how much of it there is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from home.compiled import Compiled
from home.tenancy import current_site_id
from shop.admin import matter_rows, matter_words
from shop.admin.matter_rows import PATIENCE
from shop.admin.matter_words import Matter

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Section:
    title: Any
    matters: tuple[Matter, ...]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.matters)


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of matter: its rows by the moment before which they are late, what they need joined, how one is told."""

    title: Any
    rows: Callable[[datetime], QuerySet[Any]]
    tell: Callable[[Any, datetime], Matter]
    joined: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()


KINDS = (
    Kind(
        gettext_lazy("Contestations à répondre"), matter_rows.disputes, matter_words.of_dispute, ("checkout",)
    ),
    Kind(
        gettext_lazy("Remboursements échoués"),
        matter_rows.failed_refunds,
        matter_words.of_refund,
        ("order__checkout",),
    ),
    Kind(
        gettext_lazy("Virements refusés"),
        matter_rows.refused_transfers,
        matter_words.of_transfer,
        ("order__merchant",),
        ("order__debts",),
    ),
    Kind(gettext_lazy("Dettes ouvertes"), matter_rows.debts, matter_words.of_debt, ("merchant", "order")),
    Kind(
        gettext_lazy("Versements refusés par une banque"),
        matter_rows.failed_payouts,
        matter_words.of_payout,
        ("shop__merchant",),
    ),
    Kind(gettext_lazy("Paiements à éclaircir"), matter_rows.stuck_checkouts, matter_words.of_checkout),
    Kind(gettext_lazy("Effets en panne"), matter_rows.stuck_effects, matter_words.of_effect),
    Kind(gettext_lazy("Messages de Stripe en attente"), matter_rows.stuck_events, matter_words.of_event),
)


def sections(*, now: datetime) -> list[Section]:
    """What needs a hand in the portal in scope, the most pressing first; no section is empty."""
    found = (_section(kind, now) for kind in KINDS)
    return [section for section in found if section.count]


def _section(kind: Kind, now: datetime) -> Section:
    rows = kind.rows(now - PATIENCE)
    shown: Iterable[Any] = _joined(rows, kind)[: MOST_SHOWN + 1]
    matters = [kind.tell(row, now) for row in shown]
    count = len(matters) if len(matters) <= MOST_SHOWN else rows.count()
    return Section(kind.title, tuple(matters[:MOST_SHOWN]), count)


def _joined(rows: QuerySet[Any], kind: Kind) -> QuerySet[Any]:
    rows = rows.select_related(*kind.joined) if kind.joined else rows
    return rows.prefetch_related(*kind.prefetched) if kind.prefetched else rows


def count(*, now: datetime) -> int:
    """How many matters need a hand, in one question: every page of the admin asks it."""
    (counts,) = _COUNTS.rows(late=now - PATIENCE)
    return sum(counts)


def _counts(late: datetime) -> QuerySet[Any, tuple[int, ...]]:
    """One row, with a number for each kind."""
    numbers = [Subquery(_number_of(kind.rows(late)), IntegerField()) for kind in KINDS]
    return Site.objects.filter(pk=current_site_id()).values_list(*numbers)


def _number_of(rows: QuerySet[Any]) -> QuerySet[Any]:
    """A subquery's COUNT, which Django has no word for."""
    counted = Func(F("pk"), function="COUNT", template="COUNT(DISTINCT %(expressions)s)")
    return rows.order_by().annotate(number=counted).values("number")


_COUNTS = Compiled(_counts, late=datetime)


def in_all(found: Iterable[Section]) -> int:
    return sum(section.count for section in found)
