"""What the Journal puts first when certain words are looked for, above what the search finds, if anything."""

from wagtail.models import Page

from directory.folding import folded_words
from directory.models import MerchantPage, SearchPick
from home.tenancy import current_site

MOST_SHOWN = 3


def picks_for(q: str) -> list[SearchPick]:
    """The picks whose words are exactly these, however they are accented; only pages that everybody may see."""
    words = " ".join(folded_words(q))
    if not words:
        return []
    public = Page.objects.descendant_of(current_site().root_page).live().public()
    hidden = MerchantPage.objects.exclude(merchant__suspended_at=None, merchant__removed_at=None)
    rows = SearchPick.objects.filter(folded_words=words, page__in=public).exclude(
        page__in=hidden.values("pk")
    )
    return list(rows.select_related("page").order_by("sort_order", "pk")[:MOST_SHOWN])
