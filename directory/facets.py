"""Filters as links: what following each would show, and how many. All are counted from one grouped query's rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from directory.enums import Tier
from directory.filters import Filters
from directory.models import Category, Sector
from directory.town import Group
from directory.trade_names import spoken

KINDS: dict[str, type[Category | Sector]] = {"category": Category, "sector": Sector}

NARROWING = ("q", "category", "sector", "tier", "open_now", "sells_here", "delivers")


@dataclass(frozen=True)
class Facet:
    """A filter as a link: what following it would show, how many, and whether it is on (then the link turns it off)."""

    label: str
    value: str
    count: int
    url: str
    selected: bool


@dataclass(frozen=True)
class Facets:
    """The links of one state of the directory at ``path``."""

    groups: Sequence[Group]
    filters: Filters
    path: str

    @property
    def total(self) -> int:
        return self.count(self.filters)

    def count(self, filters: Filters) -> int:
        return sum(group["count"] for group in self.groups if filters.accept(group))

    def url(self, filters: Filters) -> str:
        return f"{self.path}?{filters.querystring}" if filters.querystring else self.path

    def by_kind(self) -> dict[str, list[Facet]]:
        """Categories, sectors and options, each counted as if no value of its own kind were chosen yet."""
        tiers = [(value, str(label)) for value, label in Tier.choices]
        return {
            "categories": self._choices("category", self.named("category")),
            "sectors": self._choices("sector", self.named("sector")),
            "tiers": self._choices("tier", tiers),
        }

    def switches(self) -> list[Facet]:
        """Open now, sells here and, where a postal code is known, delivers there."""
        switches = [
            self._switch("open_now", _("Ouvert maintenant")),
            self._switch("sells_here", _("Vend ici")),
        ]
        if code := self.filters.full_code:
            switches.append(self._switch("delivers", _delivers_label(code)))
        return switches

    def ways_out(self, town: Callable[[], Sequence[Group]]) -> list[Facet]:
        """For who found nothing: what is left without each filter, or else by each alone; the most fruitful first.

        ``town`` are the rows without the words that were typed: those at hand know only merchants that have them.
        """
        names = self._names()
        if not names:
            return []
        whole = Facets(town(), self.filters, self.path) if self.filters.q else self
        words = {"without": _("Sans %(filter)s"), "only": _("Seulement %(filter)s")}
        for way, label in words.items():
            found = [self._way(kind, label % {"filter": name}, way, whole) for kind, name in names.items()]
            if fruitful := sorted((facet for facet in found if facet.count), key=lambda facet: -facet.count):
                return fruitful if len(names) > 1 or way == "without" else []
        return []

    def _way(self, kind: str, label: str, way: str, whole: "Facets") -> Facet:
        """``whole`` counts what is asked without words."""
        nothing = {name: type(getattr(self.filters, name))() for name in NARROWING}
        left = self.filters.but(**{kind: nothing[kind]})
        if way == "only":
            left = self.filters.but(**nothing | {kind: getattr(self.filters, kind)})
        counting = self if left.q else whole
        return Facet(label, kind, counting.count(left), self.url(left), selected=False)

    def _names(self) -> dict[str, str]:
        """Of each filter that is on, what it is called."""
        names = {name: self._name_of(name) for name in ("category", "sector", "tier")} | {
            "open_now": _("Ouvert maintenant") if self.filters.open_now else "",
            "sells_here": _("Vend ici") if self.filters.sells_here else "",
            "delivers": _delivers_label(self.filters.delivers_to) if self.filters.delivers_to else "",
            "q": _("«\u00a0%(name)s\u00a0»") % {"name": self.filters.q} if self.filters.q else "",
        }
        return {kind: name for kind, name in names.items() if name}

    def _name_of(self, kind: str) -> str:
        """How a choice that is on is called; its value, where the portal knows no such thing; empty where it is off."""
        value: str = getattr(self.filters, kind)
        named = dict(Tier.choices) if kind == "tier" else dict(self.named(kind))
        return str(named.get(value, value))

    def named(self, kind: str) -> Sequence[tuple[str, str]]:
        """Slug and name of the categories or sectors that have merchants, in order; the chosen one in any case."""
        rows = {(g[f"{kind}__sort_order"], g[f"{kind}__name"], g[f"{kind}__slug"]) for g in self.groups}
        chosen = getattr(self.filters, kind)
        if chosen and all(chosen != slug for _order, _name, slug in rows):
            rows.update(KINDS[kind].objects.filter(slug=chosen).values_list("sort_order", "name", "slug"))
        return [(slug, spoken(name) if kind == "category" else name) for _order, name, slug in sorted(rows)]

    def _choices(self, kind: str, named: Iterable[tuple[str, str]]) -> list[Facet]:
        """One facet per value that would show something, or that is chosen."""
        key = kind if kind == "tier" else f"{kind}__slug"
        others = self.filters.but(**{kind: ""})
        counts: Counter[Any] = Counter()
        for group in self.groups:
            if others.accept(group):
                counts[group[key]] += group["count"]
        facets = [self._choice(kind, slug, name, counts[slug]) for slug, name in named]
        return [facet for facet in facets if facet.count or facet.selected]

    def _choice(self, kind: str, value: str, label: str, count: int) -> Facet:
        selected = getattr(self.filters, kind) == value
        url = self.url(self.filters.but(**{kind: "" if selected else value}))
        return Facet(label, value, count, url, selected)

    def _switch(self, kind: str, label: str) -> Facet:
        on = bool(getattr(self.filters, kind))
        count = self.count(self.filters.but(**{kind: True}))
        return Facet(label, "1", count, self.url(self.filters.but(**{kind: not on})), on)


def _delivers_label(postal_code: str) -> str:
    return _("Livre au %(code)s") % {"code": postal_code.replace(" ", "\u00a0")}
