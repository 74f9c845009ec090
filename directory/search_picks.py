"""What the Journal puts first when certain words are looked for, above what the search finds, if anything."""

from wagtail.models import Page

from directory.folding import folded_words
from directory.models import MerchantPage, SearchPick
from home.tenancy import current_site

MOST_SHOWN = 3


def picks_for(q: str) -> list[SearchPick]:
    """The picks whose words are exactly these, however they are accented; only pages that everybody may see.

    One question where there is none, which is nearly always.
    """
    words = " ".join(folded_words(q))
    if not words:
        return []
    rows = SearchPick.objects.filter(folded_words=words).select_related("page")
    picks = list(rows.order_by("sort_order", "pk"))
    seen = _seen_by_all([pick.page_id for pick in picks]) if picks else set()
    return [pick for pick in picks if pick.page_id in seen][:MOST_SHOWN]


def _seen_by_all(keys: list[int]) -> set[int]:
    public = Page.objects.descendant_of(current_site().root_page, inclusive=True).live().public()
    hidden = MerchantPage.objects.exclude(merchant__suspended_at=None, merchant__removed_at=None)
    return set(public.filter(pk__in=keys).exclude(pk__in=hidden.values("pk")).values_list("pk", flat=True))
