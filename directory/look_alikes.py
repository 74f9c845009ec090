"""Whether a shop is in the directory already, under a name that somebody types a little otherwise."""

from django.db.models import Q
from rapidfuzz import fuzz, utils

from directory.folding import fold, folded_words
from directory.models import Merchant
from directory.models.merchants import MerchantQuerySet

MOST_SHOWN = 5
MOST_WEIGHED = 200
ALIKE = 82
"""Of a hundred, from where two folded names are shown as perhaps one shop."""
SAID_OF_MANY = frozenset(
    (
        "boutique", "chez", "commerce", "cafe", "restaurant", "salon", "centre", "maison", "atelier", "clinique",
        "garage", "les", "des", "aux", "inc", "enr",
    )
)  # fmt: skip
"""Words that tell no shop from another."""


def named_like(name: str) -> list[Merchant]:
    """Those of the portal in scope whose name is nearly that one, the nearest first."""
    words = [word for word in folded_words(name) if len(word) > 2]
    telling = [word for word in words if word not in SAID_OF_MANY] or words
    if not telling:
        return []
    stems = Q()
    for word in telling[:6]:
        stems |= Q(folded_text__contains=word[: max(4, len(word) - 2)])
    found = [(_nearness(name, row.name), row) for row in _listed().filter(stems)[:MOST_WEIGHED]]
    near = sorted((pair for pair in found if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1].pk))
    return [row for _near, row in near[:MOST_SHOWN]]


def the_same(*, name: str, postal_code: str, phone: str, but: int | None = None) -> list[Merchant]:
    """Those that have this telephone, or nearly this name at this postal code: most likely the same shop."""
    same = _listed().exclude(pk=but) if but else _listed()
    found: list[Merchant] = list(same.filter(phone=phone)[:MOST_SHOWN]) if phone else []
    if postal_code:
        here = same.filter(postal_code=postal_code)[:MOST_WEIGHED]
        found += [row for row in here if _nearness(name, row.name) >= ALIKE and row not in found]
    return found[:MOST_SHOWN]


def _listed() -> MerchantQuerySet:
    rows: MerchantQuerySet = Merchant.objects.filter(suspended_at=None, removed_at=None)
    return rows.select_related("category", "sector").order_by("name", "pk")


def _nearness(one: str, other: str) -> float:
    return float(fuzz.token_sort_ratio(fold(one), fold(other), processor=utils.default_process))
