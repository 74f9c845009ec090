"""From a page to a shop: who looks ready for the third option, and how many came how far, month by month.

Counted from what happened (claims, publications, choices, products, sales), never from what somebody ticked; merchants
and never money.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from directory.entitlements import RANK
from directory.enums import Tier
from directory.tiers import CHOSEN
from home.dates import date_format
from home.models import AuditEntry
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.pipeline import TITLE as LIST_TITLE
from portal.chamber_desk.pipeline import WHO
from portal.chamber_desk.stages import LEAVING, Place
from portal.staff_desk.files import file_url
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

TITLE = gettext_lazy("De la page à la vente")
MONTHS = 12
SETTLED_AFTER = timedelta(days=14)
ACTIVE_WITHIN = timedelta(days=45)
LEAST_SIGNS = 3
MOST_READY = 30


@dataclass(frozen=True, slots=True)
class Ready:
    """A merchant of the first two options, and what speaks for its selling here."""

    row: Any
    signs: tuple[str, ...]


def signs_of(row: Any, now: datetime) -> tuple[str, ...]:
    """What speaks for the third option, in words; nothing for who has it, or is not here for good."""
    if row.tier == Tier.TRANSACTIONAL or row.live_since is None or row.claimed_at is None:
        return ()
    if row.place in LEAVING or row.live_since > now - SETTLED_AFTER:
        return ()
    told = (
        (row.chosen_tier == Tier.TRANSACTIONAL, _("l’a déjà choisie")),
        (row.drafts > 0, _("a préparé des produits")),
        (row.tier == Tier.LINKED_SHOP, _("vend déjà en ligne, ailleurs")),
        (row.has_photo and row.has_hours, _("page complète")),
        (row.acted_at is not None and row.acted_at > now - ACTIVE_WITHIN, _("tient sa page à jour")),
        (row.heard_at is not None and row.heard_at > now - ACTIVE_WITHIN, _("en contact avec vous")),
    )
    return tuple(words for holds, words in told if holds)


def ready(rows: Iterable[Any], now: datetime) -> list[Ready]:
    """Those with LEAST_SIGNS or more, the most first; the longest online first among equals."""
    found = [Ready(row, signs) for row in rows if len(signs := signs_of(row, now)) >= LEAST_SIGNS]
    return sorted(found, key=lambda each: (-len(each.signs), each.row.live_since, each.row.pk))


STEPS: dict[str, Any] = {
    "claimed": gettext_lazy("Arrivés"),
    "live": gettext_lazy("En ligne"),
    "chose": gettext_lazy("Ont choisi de vendre"),
    "offered": gettext_lazy("Premier produit"),
    "sold": gettext_lazy("Première vente"),
    "left": gettext_lazy("Sont redescendus"),
}


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    label: str
    counts: tuple[int, ...]
    """In the order of STEPS."""


def months(moments: dict[str, list[datetime]], now: datetime) -> list[Month]:
    """How many of each step happened in each of the last MONTHS months, the newest first."""
    counted = Counter((step, _month(moment)) for step, found in moments.items() for moment in found)
    first, told = timezone.localdate(now).replace(day=1), []
    for _n in range(MONTHS):
        counts = tuple(counted[step, first] for step in STEPS)
        told.append(Month(first, date_format(first, "F Y"), counts))
        first = (first - timedelta(days=1)).replace(day=1)
    return told


def _month(moment: datetime) -> date:
    return timezone.localdate(moment).replace(day=1)


def moments_of(now: datetime) -> dict[str, list[datetime]]:
    """When each merchant of the portal in scope took each step; a choice counts once for each merchant and way."""
    since = now - timedelta(days=31 * (MONTHS + 1))
    rows = PipelineRow.objects.filter(claimed_at__isnull=False)
    facts = list(rows.values_list("claimed_at", "live_since", "selling_since", "first_sale_at"))
    steps = {
        step: [moment for row in facts if (moment := row[place])]
        for place, step in enumerate(("claimed", "live", "offered", "sold"))
    }
    return steps | _choices(since)


def _choices(since: datetime) -> dict[str, list[datetime]]:
    """When merchants chose to sell here, and when they chose less: the newest of each in the period."""
    up: dict[int, datetime] = {}
    down: dict[int, datetime] = {}
    entries = AuditEntry.objects.filter(action=CHOSEN, at__gt=since, merchant__isnull=False).order_by(
        "at", "pk"
    )
    for merchant_id, at, before, after in entries.values_list("merchant", "at", "before", "after"):
        was, chosen = before.get("chosen"), after.get("chosen")
        if was not in RANK or chosen not in RANK:
            continue
        if chosen == Tier.TRANSACTIONAL:
            up[merchant_id] = at
        elif RANK[chosen] < RANK[was]:
            down[merchant_id] = at
    return {"chose": [*up.values()], "left": [*down.values()]}


@require_safe
@for_roles(*WHO)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = ready(_candidates(now), now)
    return screen(
        request,
        "chamber_conversion",
        TITLE,
        under=((reverse("chamber:index"), LIST_TITLE),),
        ready=[
            {"row": each.row, "signs": each.signs, "url": file_url(each.row.pk)}
            for each in found[:MOST_READY]
        ],
        more=max(0, len(found) - MOST_READY),
        steps=[*STEPS.values()],
        months=months(moments_of(now), now),
        options=_options(),
    )


def _candidates(now: datetime) -> list[Any]:
    rows = PipelineRow.objects.standing(now).filter(claimed_at__isnull=False, live_since__isnull=False)
    return list(rows.exclude(tier=Tier.TRANSACTIONAL).exclude(place=Place.SILENT))


def _options() -> list[tuple[str, int]]:
    """How many claimed merchants hold each option now."""
    held = Counter(PipelineRow.objects.filter(claimed_at__isnull=False).values_list("tier", flat=True))
    return [(str(tier.label), held[tier.value]) for tier in Tier]
