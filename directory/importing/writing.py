"""Doing what was decided, many lines at a time. Each call is inside the transaction of its batch."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.text import slugify
from wagtail.search.backends import get_search_backend

from directory import timetable
from directory.importing.deciding import Decision, Outcome, Standing
from directory.importing.entries import Facts
from directory.models import DirectoryPage, ImportRun, Merchant, MerchantOrigin, MerchantPage, OpeningHours
from home.page_rows import add_children

BATCH = 500
LONGEST_SLUG = 100

PLAIN = (
    "name", "legal_name", "neq", "street_address", "city", "postal_code", "latitude", "longitude",
    "phone", "email", "website_url", "shop_url",
)  # fmt: skip
KEYS = ("category", "sector")


class Slugs:
    """Addresses under the directory; none is given twice."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)

    def new(self, name: str, sector: str) -> str:
        """The name; with its sector where there is one of that name; with a number where that is taken too."""
        stem = slugify(name)[:LONGEST_SLUG].strip("-") or "commerce"
        wider = f"{stem}-{slugify(sector)}"[:LONGEST_SLUG].strip("-")
        slug = next(slug for slug in self._tries(stem, wider) if slug not in self.taken)
        self.taken.add(slug)
        return slug

    @staticmethod
    def _tries(stem: str, wider: str) -> Iterator[str]:
        yield from (stem, wider)
        number = 1
        while number := number + 1:
            yield f"{wider}-{number}"


def standings(keys: Iterable[int]) -> dict[int, Standing]:
    """How these merchants are now, by primary key. Nobody else changes them before the transaction ends."""
    rows = Merchant.objects.select_for_update(of=("self",)).filter(pk__in=list(keys)).order_by("pk")
    merchants = {merchant.pk: merchant for merchant in rows}
    written: dict[int, dict[int, Facts]] = defaultdict(dict)
    for origin in MerchantOrigin.objects.filter(merchant__in=merchants).only("merchant", "source", "facts"):
        written[origin.merchant_id][origin.source_id] = origin.facts
    weeks = _weeks(merchants)
    return {pk: _standing(row, weeks.get(pk, {}), written.get(pk, {})) for pk, row in merchants.items()}


def _weeks(merchants: Iterable[int]) -> dict[int, dict[str, list[str]]]:
    """As ``timetable.week_facts`` writes them, in one query."""
    weeks: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in OpeningHours.objects.filter(merchant__in=list(merchants)):
        weeks[row.merchant_id][str(row.weekday)].append(f"{row.opens:%H:%M}-{row.closes:%H:%M}")
    return weeks


def _standing(merchant: Merchant, week: dict[str, list[str]], written: dict[int, Facts]) -> Standing:
    facts: Facts = {name: getattr(merchant, name) for name in PLAIN}
    facts["phone"] = str(getattr(merchant.phone, "as_e164", merchant.phone) or "")
    facts |= {"category": merchant.category_id, "sector": merchant.sector_id, "hours": dict(week)}
    return Standing(facts, merchant.claimed_at is not None, merchant.removed_at is not None, written)


def create(
    decisions: Sequence[Decision], run: ImportRun, home: DirectoryPage, slugs: Slugs, names: dict[int, str]
) -> None:
    """A merchant that nobody has claimed, with its hours, and its live page. ``names`` are the sectors'."""
    new = [decision for decision in decisions if decision.outcome == Outcome.CREATED]
    merchants = [_merchant(decision, run, slugs, names) for decision in new]
    Merchant.objects.bulk_create(merchants, batch_size=BATCH)
    spans = [
        span for row, decision in zip(merchants, new, strict=True) for span in _spans(row, decision.writes)
    ]
    OpeningHours.objects.bulk_create(spans, batch_size=4 * BATCH)
    pages = [MerchantPage(merchant=row, title=row.name, slug=row.slug) for row in merchants]
    add_children(home, pages)
    if pages:
        get_search_backend().add_bulk(MerchantPage, pages)
    for decision, merchant in zip(new, merchants, strict=True):
        assert decision.known is not None
        decision.known.pk = merchant.pk


def _merchant(decision: Decision, run: ImportRun, slugs: Slugs, names: dict[int, str]) -> Merchant:
    facts = decision.writes
    plain = {name: facts[name] for name in PLAIN if name in facts}
    keys = {f"{name}_id": facts[name] for name in KEYS}
    slug = slugs.new(facts["name"], names[facts["sector"]])
    return Merchant(site_id=run.site_id, slug=slug, **plain, **keys)


def _spans(merchant: Merchant, facts: Facts) -> Iterator[OpeningHours]:
    for day, spans in timetable.week_of_facts(facts.get("hours", {})).items():
        for span in spans:
            yield OpeningHours(merchant=merchant, weekday=day, opens=span.opens, closes=span.closes)


def update(decisions: Iterable[Decision]) -> None:
    """The facts that are to be written, of merchants that are locked. A page bears its merchant's name."""
    for decision in decisions:
        if decision.outcome in {Outcome.UPDATED, Outcome.LINKED} and decision.writes:
            assert decision.known is not None
            assert decision.known.pk is not None
            _write(decision.known.pk, decision.writes)


def _write(merchant_pk: int, facts: Facts) -> None:
    plain: dict[str, Any] = {name: facts[name] for name in PLAIN if name in facts}
    plain |= {name: facts[name] for name in KEYS if name in facts}
    if plain:
        Merchant.objects.filter(pk=merchant_pk).update(**plain)
    if "hours" in facts:
        merchant = Merchant.objects.get(pk=merchant_pk)
        timetable.state_week(merchant, timetable.week_of_facts(facts["hours"]))
    if "name" in facts:
        _rename_pages(merchant_pk, facts["name"])


def _rename_pages(merchant_pk: int, name: str) -> None:
    for page in MerchantPage.objects.filter(merchant=merchant_pk):
        page.title = page.draft_title = name
        page.save(update_fields=["title", "draft_title"], clean=False)


def keep_origins(decisions: Iterable[Decision], run: ImportRun) -> None:
    """Which entry of the source each merchant is, and what was written from it."""
    met = [decision for decision in decisions if _is_new(decision) or decision.recorded is not None]
    rows = [_origin_row(decision, run) for decision in met]
    new = [row for row in rows if row.pk is None]
    known = [row for row in rows if row.pk is not None]
    MerchantOrigin.objects.bulk_create(new, batch_size=BATCH)
    MerchantOrigin.objects.bulk_update(known, ["key", "digest", "facts"], batch_size=BATCH)
    for row, decision in zip(rows, met, strict=True):
        assert decision.origin is not None
        decision.origin.pk = row.pk


def _is_new(decision: Decision) -> bool:
    return decision.origin is not None and decision.origin.pk is None


def _origin_row(decision: Decision, run: ImportRun) -> MerchantOrigin:
    assert decision.origin is not None
    assert decision.known is not None
    assert decision.known.pk is not None
    assert decision.entry is not None
    return MerchantOrigin(
        pk=decision.origin.pk,
        site_id=run.site_id,
        source_id=run.source_id,
        merchant_id=decision.known.pk,
        key=decision.origin.key,
        digest=decision.entry.digest if decision.recorded is not None else decision.origin.digest,
        facts=decision.recorded or {},
    )
