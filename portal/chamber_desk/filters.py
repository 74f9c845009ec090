"""What an adviser asks of the list: the address holds it whole, and nonsense in it asks for nothing."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.enums import Tier
from directory.search import search_words
from portal.chamber_desk.stages import Place, Stage
from portal.chamber_desk.standings import PipelineQuerySet

LONGEST_QUERY = 80
MINE, NOBODYS = "moi", "personne"
DUE = {
    "echu": _("Échu ou aujourd’hui"),
    "semaine": _("D’ici sept jours"),
    "aucun": _("Aucun prévu"),
}
SORTS: dict[str, tuple[Any, ...]] = {
    "nom": (F("folded_text").asc(), "pk"),
    "-nom": (F("folded_text").desc(), "pk"),
    "depuis": (F("since").asc(), "pk"),
    "-depuis": (F("since").desc(), "pk"),
    "geste": (F("next_act_on").asc(nulls_last=True), "folded_text", "pk"),
    "-geste": (F("next_act_on").desc(nulls_last=True), "folded_text", "pk"),
    "contact": (F("heard_at").asc(nulls_first=True), "folded_text", "pk"),
    "-contact": (F("heard_at").desc(nulls_last=True), "folded_text", "pk"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Each "" where it is not asked. ``adviser`` is a primary key, MINE or NOBODYS."""

    stage: str = ""
    place: str = ""
    adviser: str = ""
    category: str = ""
    sector: str = ""
    tier: str = ""
    due: str = ""
    q: str = ""
    sort: str = "nom"

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        """What names nothing that there is counts as not asked."""
        told = {field: query.get(name, "").replace("\x00", "").strip() for field, name in NAMES.items()}
        known = {
            "stage": Stage.values, "place": Place.values, "tier": Tier.values, "due": [*DUE], "sort": [*SORTS],
        }  # fmt: skip
        kept = {field: value for field, value in told.items() if value in known.get(field, [value])}
        if "adviser" in kept and kept["adviser"] not in {MINE, NOBODYS} and not _is_key(kept["adviser"]):
            del kept["adviser"]
        kept["q"] = " ".join(told["q"].split())[:LONGEST_QUERY]
        return cls(**{field: value for field, value in kept.items() if value})

    def querystring(self, **changed: str) -> str:
        """The address of this list with something changed; the first page of it."""
        asked = asdict(replace(self, **changed))
        plain = asdict(Filters())
        return urlencode({NAMES[field]: value for field, value in asked.items() if value != plain[field]})

    @property
    def are_set(self) -> bool:
        """Whether anything but the stage and the order was asked."""
        return replace(self, stage="", sort="nom") != Filters()


NAMES = {
    "stage": "etape",
    "place": "ou",
    "adviser": "suivi",
    "category": "categorie",
    "sector": "secteur",
    "tier": "option",
    "due": "geste",
    "q": "q",
    "sort": "tri",
}
"""Each filter's name in an address."""


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def asked_for(rows: PipelineQuerySet, filters: Filters, *, me: int, now: Any) -> PipelineQuerySet:
    """Those rows, standing annotated, that the filters other than the stage leave."""
    condition = Q()
    if filters.place:
        condition &= Q(place=filters.place)
    if filters.category:
        condition &= Q(category__slug=filters.category)
    if filters.sector:
        condition &= Q(sector__slug=filters.sector)
    if filters.tier:
        condition &= Q(tier=filters.tier)
    for word in search_words(filters.q):
        condition &= Q(folded_text__contains=word) | Q(email__icontains=word)
    return rows.filter(condition & _of_adviser(filters.adviser, me) & _due(filters.due, now))


def _of_adviser(adviser: str, me: int) -> Q:
    if adviser == NOBODYS:
        return Q(adviser=None)
    if adviser:
        return Q(adviser=me if adviser == MINE else int(adviser))
    return Q()


def _due(due: str, now: Any) -> Q:
    today = timezone.localdate(now)
    return {
        "echu": Q(next_act_on__lte=today),
        "semaine": Q(next_act_on__range=(today, today + timedelta(days=7))),
        "aucun": Q(next_act_on=None),
    }.get(due, Q())


def in_order(rows: PipelineQuerySet, filters: Filters) -> PipelineQuerySet:
    return rows.order_by(*SORTS[filters.sort])
