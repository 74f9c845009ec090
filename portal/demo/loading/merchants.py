"""Merchants with their hours and their windows, a hundred or ten thousand, in a fixed number of statements each."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from wagtail.models import Site

from directory.enums import Tier
from directory.models import (
    Category,
    DirectoryPage,
    Merchant,
    MerchantPage,
    OpeningHours,
    Sector,
    SpecialHours,
)
from home.models import CustomImage
from home.page_rows import add_children, announce
from portal.demo.plans import MerchantPlan

BATCH = 500
NEWCOMERS = 0.125


@transaction.atomic
def move_in(
    plans: Sequence[MerchantPlan],
    site: Site,
    categories: dict[str, Category],
    sectors: dict[str, Sector],
    *,
    now: datetime,
) -> dict[str, Merchant]:
    """The merchants of these plans by slug; those missing get their row and their hours now."""
    known = set(Merchant.objects.values_list("slug", flat=True))
    new = [plan for plan in plans if plan.slug not in known]
    rows = [_row(plan, site, categories, sectors, now) for plan in new]
    Merchant.objects.bulk_create(rows, batch_size=BATCH)
    _add_hours(zip(new, rows, strict=True))
    return {row.slug: row for row in Merchant.objects.select_related("sector", "category")}


def _row(
    plan: MerchantPlan, site: Site, categories: dict[str, Category], sectors: dict[str, Sector], now: datetime
) -> Merchant:
    return Merchant(
        site=site,
        name=plan.name,
        legal_name=plan.legal_name,
        slug=plan.slug,
        tier=plan.tier,
        category=categories[plan.category],
        sector=sectors[plan.sector],
        keywords=plan.keywords,
        street_address=plan.street_address,
        city=plan.city,
        postal_code=plan.postal_code,
        latitude=plan.latitude,
        longitude=plan.longitude,
        phone=plan.phone,
        email=plan.email,
        website_url=plan.website_url,
        shop_url=plan.shop_url,
        claimed_at=now - _here_for(plan) if plan.is_claimed else None,
    )


def _here_for(plan: MerchantPlan) -> timedelta:
    """How long its people have had the page: longer than anything was counted, but for an eighth, who came lately.

    Whoever sells is no newcomer: it has sold for ninety days.
    """
    chance = Random(f"here/{plan.slug}")
    is_new = plan.tier != Tier.TRANSACTIONAL and chance.random() < NEWCOMERS
    return timedelta(days=chance.randint(6, 55) if is_new else chance.randint(95, 115))


def _add_hours(pairs: Iterable[tuple[MerchantPlan, Merchant]]) -> None:
    known = list(pairs)
    OpeningHours.objects.bulk_create(
        [
            OpeningHours(merchant=row, weekday=span.weekday, opens=span.opens, closes=span.closes)
            for plan, row in known
            for span in plan.weekly
        ],
        batch_size=4 * BATCH,
    )
    SpecialHours.objects.bulk_create(
        [
            SpecialHours(merchant=row, date=day.day, opens=day.opens, closes=day.closes, reason=day.reason)
            for plan, row in known
            for day in plan.special
        ],
        batch_size=4 * BATCH,
    )


@transaction.atomic
def open_windows(
    plans: Sequence[MerchantPlan],
    directory: DirectoryPage,
    merchants: dict[str, Merchant],
    album: dict[str, CustomImage],
) -> list[MerchantPage]:
    """The live page of every merchant that has none yet; returns the new ones."""
    shown = set(MerchantPage.objects.child_of(directory).values_list("merchant_id", flat=True))
    new = [plan for plan in plans if merchants[plan.slug].pk not in shown]
    pages = add_children(directory, [window(plan, merchants[plan.slug], album) for plan in new])
    announce([page for page, plan in zip(pages, new, strict=True) if not plan.is_filler])
    return pages


def window(plan: MerchantPlan, merchant: Merchant, album: dict[str, CustomImage]) -> MerchantPage:
    """The page that the plan tells of, not saved."""
    page = MerchantPage(
        merchant=merchant,
        title=plan.name,
        slug=plan.slug,
        intro=plan.intro[:200],
        search_description=plan.intro,
        body=_body(plan),
    )
    if plan.cover:
        page.cover, page.cover_alt = album[plan.cover.title], plan.cover.alt
    if plan.person:
        page.owner_name, page.owner_role = plan.person.name, plan.person.role
        page.owner_photo = album[plan.person.portrait.title]
    return page


def _body(plan: MerchantPlan) -> list[dict[str, object]]:
    blocks: list[dict[str, object]] = [{"type": "text_block", "value": words} for words in plan.story]
    if plan.person:
        quote = {"quote": plan.person.quote, "attribution": plan.person.attribution}
        blocks.insert(1, {"type": "quote_block", "value": quote})
    return blocks
