"""What a letter says: what the editor chose, and the week's own where the editor chose nothing.

It is written once, when the letter leaves, and kept as it was: plain values, with prices and their day, so that the
archive says for ever what was sent. What is sold out or gone at that moment is left out.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy
from wagtail.models import Page, Site

from directory.cards import merchant_cards
from directory.models import Merchant
from editorial.listing import published_stories
from editorial.models import CampaignPage, Mailing, NewsletterPage, StoryPage
from editorial.newsletter import prose
from editorial.newsletter.followed import followed_news
from editorial.newsletter.marks import Words, letter_mark, marked, naming, page_link
from home.languages import LANGUAGES, speaking
from home.models import CustomImage, PortalSettings
from home.page_lists import public_pages
from home.tenancy import current_site
from shop.cards import product_cards
from shop.models import Product
from shop.on_shelves import shown_on_shelves
from shop.payments.sessions import portal_url

STORIES, PRODUCTS, MERCHANTS = 3, 4, 3
"""How many fill a slot that the editor left empty."""
LATELY = timedelta(days=60)
"""A merchant is new this long after somebody took its page in hand."""
A_WEEK = timedelta(days=7)

LEAD_CUT = "fill-1120x747|format-jpeg|jpegquality-68"
ROW_CUT = "fill-320x320|format-jpeg|jpegquality-68"

NOT_PUBLIC = gettext_lazy("Cette lettre n’est pas publiée\u00a0: publiez-la, puis demandez son envoi.")
STILL_A_DRAFT = gettext_lazy(
    "Vous avez changé la lettre depuis sa publication\u00a0: publiez ces changements, ou retirez-les."
)
NO_IDENTITY = gettext_lazy(
    "Il manque l’adresse postale du portail\u00a0: la loi la veut dans chaque envoi. Elle s’écrit dans les réglages."
)
ALREADY_SENT = gettext_lazy("Cette lettre est déjà partie. Pour écrire de nouveau, copiez-la.")


def site_of(page: Page) -> Site:
    """Its portal. Raises ValueError for a page outside every portal."""
    site = page.get_site()
    if site is None:
        raise ValueError("A letter stands in a portal")
    return site


def why_not(page: NewsletterPage) -> str:
    """What keeps the letter from leaving, in French; empty when nothing does."""
    if not page.live:
        return str(NOT_PUBLIC)
    if page.has_unpublished_changes:
        return str(STILL_A_DRAFT)
    if not PortalSettings.for_site(site_of(page)).postal_address.strip():
        return str(NO_IDENTITY)
    return ""


def subject_of(page: NewsletterPage) -> str:
    """One line, of 120 characters at most."""
    return " ".join((page.subject or page.title).split())[:120]


def in_every_language(page: NewsletterPage, *, now: datetime) -> dict[str, Words]:
    """As it leaves, by language: the labels and addresses differ, and the page where it was translated.

    Its links name it for as long as ``directory.counting.credit`` says.
    """
    letter, words = letter_mark(page, site_id=site_of(page).pk, now=now), {}
    for language, _name in LANGUAGES:
        with speaking(language):
            words[language] = naming(compose(translated(page), now=now), letter)
    return words


def translated(page: NewsletterPage) -> NewsletterPage:
    """The page in the language that is spoken, where there is a public one; else the page itself."""
    from wagtail.models import Locale

    locale = Locale.get_active()
    if locale.pk == page.locale_id:
        return page
    other: NewsletterPage | None = NewsletterPage.objects.filter(
        translation_key=page.translation_key, locale=locale, live=True
    ).first()
    return other or page


def compose(page: NewsletterPage, *, now: datetime) -> Words:
    """The letter in the language that is spoken, of what the portal in scope shows at this moment."""
    site = current_site()
    base = portal_url(site)
    told = already_told(page)
    lead = _lead_of(page, told)
    return {
        "base": base,
        "written_in": page.locale.language_code,
        "subject": subject_of(page),
        "preheader": page.preheader or (lead.deck if lead else ""),
        "title": page.title,
        "day": localdate(now).isoformat(),
        "word": prose.absolute(page.word, base),
        "word_by": page.word_by,
        "lead": _story(lead, base, LEAD_CUT) if lead else None,
        "stories": [_story(row, base) for row in _stories_of(page, lead, told)],
        "products": [_product(row, base) for row in _products_of(page, told, now)],
        "merchants": [_merchant(row, base) for row in _merchants_of(page, told, now)],
        "campaign": _campaign(_campaign_of(page, now), base),
        "followed": followed_news(base, now=now, since=_last_time(page, now)),
    }


# ------------------------------------------------------------------------------------------------ choosing


def already_told(page: NewsletterPage) -> dict[str, set[int]]:
    """Keys of what the letter before this one showed: an empty slot does not repeat it."""
    before = _letters_before(page).first()
    words: Words = next(iter(before.words.values()), {}) if before else {}
    told = {
        kind: {row["key"] for row in words.get(kind, [])} for kind in ("stories", "products", "merchants")
    }
    if lead := words.get("lead"):
        told["stories"].add(lead["key"])
    return told


def _letters_before(page: NewsletterPage) -> Any:
    return Mailing.objects.filter(frozen_at__isnull=False).exclude(page=page).order_by("-frozen_at")


def _last_time(page: NewsletterPage, now: datetime) -> datetime:
    """Since when there may be news: the letter before this one, at most two weeks ago."""
    before = _letters_before(page).first()
    return max(before.frozen_at, now - 2 * A_WEEK) if before else now - A_WEEK


def _lead_of(page: NewsletterPage, told: dict[str, set[int]]) -> StoryPage | None:
    """The story that the editor chose, if everyone may read it; else the newest that was not told before."""
    stories = published_stories()
    chosen = stories.filter(pk=page.lead_story_id).first() if page.lead_story_id else None
    found: StoryPage | None = chosen or stories.exclude(pk__in=told["stories"]).first() or stories.first()
    return found


def _stories_of(page: NewsletterPage, lead: StoryPage | None, told: dict[str, set[int]]) -> list[StoryPage]:
    if not page.shows_stories:
        return []
    stories = published_stories().exclude(pk=lead.pk if lead else None)
    if chosen := _chosen(page.stories):
        return _in_order(stories.filter(pk__in=chosen), chosen)
    return list(stories.exclude(pk__in=told["stories"])[:STORIES])


def _products_of(page: NewsletterPage, told: dict[str, set[int]], now: datetime) -> list[Product]:
    """What one may have now. By itself: the newest, of as many shops as there are places."""
    if not page.shows_products:
        return []
    on_sale = shown_on_shelves(now)
    if chosen := _chosen(page.products):
        return _in_order(product_cards(on_sale.filter(pk__in=chosen)), chosen)
    newest = on_sale.exclude(pk__in=told["products"]).order_by("-created_at", "-pk")
    keys = _one_of_each(newest.values_list("pk", "merchant_id")[: 20 * PRODUCTS])
    return _in_order(product_cards(on_sale.filter(pk__in=keys)), keys)


def _one_of_each(pairs: Iterable[tuple[int, int]]) -> list[int]:
    first: dict[int, int] = {}
    for pk, merchant_id in pairs:
        first.setdefault(merchant_id, pk)
    return list(first.values())[:PRODUCTS]


def _merchants_of(page: NewsletterPage, told: dict[str, set[int]], now: datetime) -> list[Merchant]:
    """By itself: those that somebody took in hand lately; none where nobody did."""
    if not page.shows_merchants:
        return []
    rows = Merchant.objects.visible()
    if chosen := _chosen(page.merchants):
        return _in_order(merchant_cards(rows.filter(pk__in=chosen), moment=now), chosen)
    new = rows.filter(claimed_at__gt=now - LATELY).exclude(pk__in=told["merchants"])
    return merchant_cards(new.order_by("-claimed_at", "-pk")[:MERCHANTS], moment=now)


def _campaign_of(page: NewsletterPage, now: datetime) -> CampaignPage | None:
    """The chosen one, or the first of those that run; never one that is over or has not begun."""
    if not page.shows_campaign:
        return None
    today = localdate(now)
    running = public_pages(CampaignPage.objects.filter(begins_on__lte=today, ends_on__gte=today))
    running = running.select_related("lead_image").order_by("rank", "begins_on", "pk")
    chosen = running.filter(pk=page.campaign_id).first() if page.campaign_id else None
    found: CampaignPage | None = chosen or running.first()
    return found


def _chosen(picks: Any) -> list[int]:
    """The keys of a stream of choosers, in the editor's order, without reading the rows."""
    return [block["value"] for block in picks.raw_data if isinstance(block["value"], int)]


def _in_order(rows: Iterable[Any], keys: list[int]) -> list[Any]:
    found = {row.pk: row for row in rows}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


# ------------------------------------------------------------------------------------------------ plain values


def _picture(image: CustomImage | None, alt: str, base: str, cut: str) -> Words | None:
    """At an absolute address, cut as JPEG: what every mail program shows."""
    if image is None:
        return None
    rendition = image.get_rendition(cut)
    url = str(rendition.url)
    return {
        "url": url if "://" in url else base + url,
        "alt": alt,
        "ratio": rendition.height / rendition.width,
    }


def _story(story: StoryPage, base: str, cut: str = ROW_CUT) -> Words:
    return {
        "key": story.pk,
        "title": story.title,
        "kicker": story.kicker or (str(story.section) if story.section else ""),
        "deck": story.deck,
        "sponsor": story.sponsor if story.sponsored else "",
        "url": page_link(base, story),
        "picture": _picture(story.lead_image, story.lead_alt, base, cut),
    }


def _product(product: Any, base: str) -> Words:
    return {
        "key": product.pk,
        "title": product.title,
        "merchant": product.merchant.name,
        "cents": product.from_price_cents,
        "from": product.has_price_range,
        "is_adult": product.is_alcohol,
        "url": marked(base, product.url),
        "picture": _picture(product.photo, product.photo_alt, base, ROW_CUT),
        "color": product.merchant.sector.color,
    }


def _merchant(merchant: Any, base: str) -> Words:
    return {
        "key": merchant.pk,
        "name": merchant.name,
        "category": merchant.category.name,
        "sector": merchant.sector.name,
        "url": marked(base, merchant.page_url),
        "picture": _picture(merchant.photo, merchant.photo_alt, base, ROW_CUT),
        "color": merchant.sector.color,
    }


def _campaign(page: CampaignPage | None, base: str) -> Words | None:
    if page is None:
        return None
    return {
        "key": page.pk,
        "title": page.title,
        "deck": page.deck,
        "sponsor": page.sponsor,
        "until": page.ends_on.isoformat(),
        "url": page_link(base, page),
    }


def is_empty(words: Words) -> bool:
    """Whether the letter would say nothing at all."""
    kinds = ("word", "lead", "stories", "products", "merchants", "campaign", "followed")
    return not any(words.get(kind) for kind in kinds)


NOTHING_TO_SAY = gettext_lazy(
    "Cette lettre ne dit rien encore\u00a0: écrivez un mot, ou choisissez une histoire."
)
