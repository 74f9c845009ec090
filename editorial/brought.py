"""What each story, campaign and letter brought to merchants: contacts, baskets, orders, and what of it reached them.

For the Journal alone. The figures are those of the report (``directory.counting.figures``, ``shop.results``), by what
led to them; nothing that sorts or shows merchants reads them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from directory.counting.figures import Contacts, contacts_by_credit, contacts_of_credit, times_seen
from directory.enums import Source, Subject
from editorial.credit import SOURCES
from editorial.models import CopyState, MailingCopy
from home.periods import Period, town_day
from home.tenancy import below_roots
from shop.results import Sales, sales_by_credit, sales_of_credit

SEEN = {Source.STORY: Subject.STORY, Source.CAMPAIGN: Subject.CAMPAIGN}
"""As what a page of that source is counted when it is seen; a letter is read where nobody counts."""

KINDS = {
    Source.STORY: gettext_lazy("Histoire"),
    Source.CAMPAIGN: gettext_lazy("Campagne"),
    Source.NEWSLETTER: gettext_lazy("Infolettre"),
    Source.FLYER: gettext_lazy("Affiche"),
}

NAMELESS = {
    Source.NEWSLETTER: gettext_lazy("Infolettre, sans dire laquelle"),
    Source.FLYER: gettext_lazy("Affiches et dépliants"),
}
"""What stands for a source whose page is not named."""

LATELY_DAYS = 30

Key = tuple[Source, int]


@dataclass(frozen=True, slots=True)
class Brought:
    """What one page brought. ``seen``: how often it was, or how many copies of a letter left; None where nobody counts.

    ``page``: None for posters, and for what was deleted since.
    """

    source: Source
    title: str
    page: Page | None = None
    seen: int | None = None
    contacts: Contacts = field(default_factory=Contacts)
    sales: Sales = field(default_factory=Sales)

    @property
    def kind(self) -> str:
        return str(KINDS[self.source])

    @property
    def is_letter(self) -> bool:
        return self.source == Source.NEWSLETTER

    @property
    def is_empty(self) -> bool:
        """Nothing to say yet."""
        return not self.seen and self.contacts == Contacts() and self.sales == Sales()


def brought(period: Period) -> list[Brought]:
    """Whatever brought, or was seen, in that period: what reached merchants first. Six queries, however many."""
    sales, contacts, seen = sales_by_credit(period), contacts_by_credit(period), _seen(period)
    keys = {*sales, *contacts, *seen}
    pages = _pages(page_id for _source, page_id in keys)
    copies = _copies(page_id for source, page_id in keys if source == Source.NEWSLETTER)
    rows = [
        Brought(
            source,
            _title(source, page_id, pages),
            pages.get(page_id),
            copies.get(page_id) if source == Source.NEWSLETTER else seen.get((source, page_id)),
            contacts.get((source, page_id), Contacts()),
            sales.get((source, page_id), Sales()),
        )
        for source, page_id in keys
    ]
    return sorted(rows, key=_first_what_brought_most)


def _first_what_brought_most(row: Brought) -> tuple[Any, ...]:
    return (
        -row.sales.reached_cents,
        -row.sales.orders,
        -row.contacts.contacts,
        -row.contacts.baskets,
        -(row.seen or 0),
        row.title,
    )


def _seen(period: Period) -> dict[Key, int]:
    return {
        (source, page_id): times
        for source, subject in SEEN.items()
        for page_id, times in times_seen(subject, period).items()
    }


def _pages(keys: Iterable[int]) -> dict[int, Page]:
    found: dict[int, Page] = Page.objects.filter(below_roots("path")).in_bulk(
        sorted({key for key in keys if key})
    )
    return found


def _copies(keys: Iterable[int]) -> dict[int, int]:
    """By letter's page, how many copies of it left, whenever that was."""
    sent = MailingCopy.objects.filter(mailing__page__in=list(keys), state=CopyState.SENT)
    return dict(sent.order_by().values_list("mailing__page").annotate(copies=Count("pk")))


def _title(source: Source, page_id: int, pages: Mapping[int, Page]) -> str:
    if page := pages.get(page_id):
        return str(page.title)
    if page_id == 0:
        return str(NAMELESS.get(source, ""))
    return _("Page supprimée depuis")


# ----------------------------------------------------------------------------------------------------- one page's panel


@dataclass(frozen=True, slots=True)
class Span:
    """What a page brought in one stretch of time, named for its panel."""

    name: str
    brought: Brought


def spans_of(page: Page) -> list[Span]:
    """Lately, and since the page is there; empty for a page that is not kept yet, or is never credited."""
    source = SOURCES.get(type(page))
    if source is None or page.pk is None:
        return []
    lately = Period.ending(town_day(timezone.now()), days=LATELY_DAYS)
    return [
        Span(_("Depuis 30\u00a0jours"), _of_page(page, source, lately)),
        Span(_("Depuis le début"), _of_page(page, source, None)),
    ]


def _of_page(page: Page, source: Source, period: Period | None) -> Brought:
    seen = times_seen(SEEN[source], period, page.pk).get(page.pk, 0) if source in SEEN else None
    return Brought(
        source,
        page.title,
        page,
        seen,
        contacts_of_credit(source, page.pk, period),
        sales_of_credit(source, page.pk, period),
    )
