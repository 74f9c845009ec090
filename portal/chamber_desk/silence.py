"""Who fell silent: merchants that are live, and of whose people nothing was seen for a while; and whom nobody contacts.

A sign of life is an act of one of its own people (signing in, an edit, a confirmation, an order answered), or its
taking the page. What the Chamber does for it is none. « Nobody contacts »: no call, directions, or visit to its site
or shop was counted (``directory.counting.figures``), so that its page brings it nothing and wants help.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from directory.counting import figures
from directory.enums import Act
from directory.models import Departure, Membership
from home.models import AuditEntry
from home.periods import Period, town_day
from portal.audit_trail import MONEY, WORDS
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.standings import CLAIMED, SEEN

USUAL_DAYS = 30
DAYS = (15, USUAL_DAYS, 60, 90, 180)
WITHOUT_CONTACT = 60
SIGN_IN = "user.sign_in"


@dataclass(frozen=True, slots=True)
class LastAct:
    """``days``: of the calendar, up to today."""

    on: date
    days: int
    words: str


def here() -> Any:
    """The merchants that are live and held by people who have not left."""
    gone = Departure.objects.filter(undone_at=None, closed_at=None)
    return PipelineRow.objects.filter(CLAIMED & SEEN).exclude(merchant__in=gone.values("merchant"))


def silent(days: int, now: datetime) -> Any:
    """Those of whom nothing was seen for so many days of the calendar."""
    day_after = Period.ending(town_day(now) - timedelta(days=days), days=1).ends_at
    came = AuditEntry.objects.filter(action=SIGN_IN, at__gte=day_after).values("actor")
    busy = Membership.objects.filter(user__in=came).values("merchant")
    quiet = Q(acted_at=None) | Q(acted_at__lt=day_after)
    return here().filter(quiet & Q(claimed_at__lt=day_after)).exclude(merchant__in=busy)


def with_last_act(rows: Any) -> Any:
    """The longest silent first, with what ``last_act`` reads; ``last_at``: the last sign of life."""
    rows = rows.annotate(signed_in_at=_signed_in(), last_action=_last_action())
    return rows.annotate(last_at=Greatest("claimed_at", "acted_at", "signed_in_at")).order_by("last_at", "pk")


def _people() -> Any:
    return Membership.objects.filter(merchant=OuterRef(OuterRef("merchant_id"))).values("user")


def _signed_in() -> Subquery:
    entries = AuditEntry.objects.filter(action=SIGN_IN, actor__in=_people()).order_by()
    return Subquery(entries.values("action").annotate(last=Max("at")).values("last"))


def _last_action() -> Subquery:
    entries = AuditEntry.objects.filter(
        merchant=OuterRef("merchant_id"), on_behalf_of=None, actor__in=_people()
    )
    return Subquery(entries.order_by("-at", "-pk").values("action")[:1])


def last_act(row: Any, now: datetime) -> LastAct:
    """What one of its people did last, in words that say nothing of its money."""
    on = town_day(row.last_at)
    return LastAct(on, (town_day(now) - on).days, _words(row))


def _words(row: Any) -> str:
    if row.last_at == row.acted_at:
        is_money = str(row.last_action).partition(".")[0] in MONEY
        return (
            _("a travaillé à sa boutique") if is_money else str(WORDS.get(row.last_action, row.last_action))
        )
    return _("s’est connecté") if row.last_at == row.signed_in_at else _("a pris sa page")


@dataclass(frozen=True, slots=True)
class Unheard:
    """``rows``: live on all the days of ``period``, without a contact in it, the longest live first.

    ``counted_from``: the first day that was counted in this portal; None: none ever was, and nothing can be said.
    """

    rows: Any
    period: Period
    counted_from: date | None

    @property
    def is_whole(self) -> bool:
        """Every day of the period was counted."""
        return self.counted_from is not None and self.counted_from <= self.period.first


def without_contact(now: datetime, *, days: int = WITHOUT_CONTACT) -> Unheard:
    period = Period.ending(town_day(now), days=days)
    counted_from: date | None = figures.counts_of().aggregate(first=Min("day"))["first"]
    contacted = figures.counts_of(period).filter(act__in=Act.contacts(), merchant__isnull=False)
    rows = here().filter(live_since__lt=period.starts_at)
    rows = rows.exclude(merchant__in=contacted.values("merchant"))
    rows = rows if counted_from else rows.none()
    return Unheard(rows.order_by("live_since", "pk"), period, counted_from)
