"""The facts behind a merchant's task list, read in as many queries for any merchant."""

from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from directory import moderation, tiers
from directory.models import Merchant, MerchantPage, OpeningHours, Registration, TaskPutOff
from home.models import AuditEntry, PortalSettings
from portal.care.tasks import Facts
from shop.enums import ProductStatus
from shop.models import DeliveryZone, Product, Shop
from shop.selling import is_charged_direct

REMISE_ACTS = ("shop.pickup", "zone.add", "rate.add")
POSTER_ACT = "poster.printed"
OF_MERCHANT = {"merchant": OuterRef("pk")}


def facts_of(merchant: Merchant, settings: PortalSettings) -> Facts:
    """What the rows say of this merchant now: four queries, two for one without a page."""
    row = _read(merchant)
    put_off = TaskPutOff.objects.filter(merchant=merchant).values_list("task", flat=True)
    page = _page_of(merchant)
    standing, draft = moderation.standing(page), _draft_of(page)
    shop = getattr(row, "shop", None)
    return Facts(
        tier=row.tier,
        stage=standing.stage,
        stage_since=standing.since,
        is_public=bool(page and page.live and not row.is_hidden),
        here_since=row.claimed_at or row.created_at,
        selling_since=row.selling_since,
        has_hours=row.has_hours,
        has_sentence=bool(draft.get("intro")),
        has_photo=bool(draft.get("cover")),
        has_phone=bool(row.phone),
        has_website=bool(row.website_url),
        has_shop_address=bool(row.shop_url),
        has_chosen_option=bool(row.chosen_tier) or row.has_said_its_option,
        is_identified=bool(row.legal_name.strip() and row.street_address.strip() and row.postal_code),
        has_returns=bool(shop and shop.return_policy.strip()),
        has_set_remise=row.has_set_remise or bool(shop and shop.pickup_instructions.strip()),
        may_be_paid=bool(shop and _may_be_paid(shop, settings)),
        has_product=row.has_product,
        sells_a_product=row.sells_a_product,
        has_poster=row.has_poster,
        put_off=frozenset(put_off),
    )


def _read(merchant: Merchant) -> Any:
    acts = AuditEntry.objects.filter(**OF_MERCHANT)
    products = Product.objects.filter(**OF_MERCHANT)
    chose = acts.filter(action__in=(tiers.CHOSEN, tiers.ROSE)).order_by("-at", "-pk")
    rows = Merchant.objects.select_related("shop").annotate(
        has_hours=Exists(OpeningHours.objects.filter(**OF_MERCHANT)),
        has_said_its_option=Exists(Registration.objects.filter(**OF_MERCHANT).exclude(tier="")),
        has_set_remise=Exists(acts.filter(action__in=REMISE_ACTS))
        | Exists(DeliveryZone.objects.filter(shop__merchant=OuterRef("pk"))),
        has_product=Exists(products),
        sells_a_product=Exists(products.filter(status=ProductStatus.PUBLISHED)),
        has_poster=Exists(acts.filter(action=POSTER_ACT)),
        selling_since=Subquery(chose.values("at")[:1]),
    )
    return rows.get(pk=merchant.pk)


def _page_of(merchant: Merchant) -> MerchantPage | None:
    pages = MerchantPage.objects.filter(merchant=merchant).select_related("latest_revision")
    page: MerchantPage | None = pages.order_by("pk").first()
    return page


def _draft_of(page: MerchantPage | None) -> dict[str, Any]:
    """What the merchant last kept of its page: what waits for the Journal is done, as far as the merchant goes."""
    if page is None:
        return {}
    if page.latest_revision is not None:
        return dict(page.latest_revision.content)
    return {"intro": page.intro, "cover": page.cover_id}


def _may_be_paid(shop: Shop, settings: PortalSettings) -> bool:
    direct = is_charged_direct(shop, settings, has_alcohol=False)
    return shop.can_charge if direct else shop.can_be_paid
