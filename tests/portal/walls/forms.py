"""What a browser would post: a page's form by Wagtail's own helpers, any other as its HTML has it."""

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from directory.models import MerchantPage
from editorial.models import CampaignPage, StoryPage
from home.models import HomePage
from home.tenancy import portal_scope
from tests.portal.walls.asking import Actor
from tests.portal.walls.world import House

Form = dict[str, Any]


def page_form(house: House, page: Page) -> Form:
    """The edit form of a page of that house, as it would be sent back untouched."""
    with portal_scope(house.site):
        specific = page.specific
    common = {"title": specific.title, "slug": specific.slug, "seo_title": "", "search_description": ""}
    comments = {"comments": inline_formset([])}
    if isinstance(specific, StoryPage):
        return nested_form_data(common | comments | story_fields(house, specific))
    if isinstance(specific, MerchantPage):
        return nested_form_data(common | comments | window_fields(house, specific))
    if isinstance(specific, CampaignPage):
        return nested_form_data(common | comments | season_fields(house, specific))
    if isinstance(specific, HomePage):
        return nested_form_data(common | comments | front_fields(house))
    raise NotImplementedError(type(specific))


def story_fields(house: House, story: StoryPage) -> Form:
    picture = {"image": house.rows["image"].pk, "alt": "Une photo", "credit": "", "caption": ""}
    link = f'<p><a linktype="page" id="{house.rows["directory"].pk}">ici</a></p>'
    return {
        "kicker": "", "deck": "Un chapeau", "section": "", "series": "", "series_part": "", "tags": "",
        "published_on": "2026-05-01", "lead_caption": "", "story_authors": inline_formset([]),
        "lead_image": house.rows["image"].pk, "lead_alt": "Une photo", "lead_credit": "", "sponsor": "",
        "body": streamfield([
            ("text_block", rich_text(link, features=["link", "bold"])),
            ("picture_block", picture),
            ("merchant_block", {"merchant": house.town.merchant.pk}),
            ("product_block", {"product": house.town.variant.product_id}),
        ]),
    }  # fmt: skip


def season_fields(house: House, page: CampaignPage) -> Form:
    town, size = house.town, {"size": "4", "title": "Une tablette"}
    products = {"products": chosen(town.variant.product_id), "tag": "", "under_dollars": ""}
    return {
        "deck": "", "begins_on": page.begins_on.isoformat(), "ends_on": page.ends_on.isoformat(), "rank": "1",
        "band_words": "", "color": "fir", "icon": "gift", "sponsor": "", "lead_alt": "", "lead_credit": "",
        "lead_image": house.rows["image"].pk, "introduction": rich_text("", features=["bold"]),
        "body": streamfield([
            ("product_shelf", size | products | {"category": town.merchant.category_id}),
            ("merchant_shelf", size | {
                "merchants": chosen(town.merchant.pk), "category": "", "sector": town.merchant.sector_id,
            }),
            ("story_shelf", {"title": "Des histoires", "stories": chosen(town.story.pk)}),
        ]),
    }  # fmt: skip


def chosen(key: int) -> Form:
    """A list of one, as the editor's script sends it."""
    return {"count": 1, "0": {"deleted": "", "order": 0, "id": "", "value": key}}


def front_fields(house: House) -> Form:
    town = house.town
    slots = {
        "front_leads": {"story": town.story.pk},
        "front_stories": {"story": town.story.pk},
        "front_products": {"product": town.variant.product_id},
        "front_merchants": {"merchant": town.merchant.pk},
        "front_campaigns": {"campaign": house.rows["campaign"].pk},
    }
    formsets = {name: inline_formset([{**pick, "until": ""}]) for name, pick in slots.items()}
    return {"headline": rich_text("", features=["bold"]), "body": streamfield([]), **formsets}


def window_fields(house: House, page: MerchantPage) -> Form:
    image = house.rows["image"].pk
    return {
        "merchant": page.merchant_id, "intro": "Une phrase", "cover": image, "cover_alt": "Une façade",
        "owner_name": "", "owner_role": "", "owner_photo": image, "body": streamfield([]),
        "gallery": inline_formset([{"image": image, "alt": "Une photo", "caption": ""}]),
    }  # fmt: skip


def post_page(who: Actor, page: Page, form: Form) -> Any:
    """The answer; nothing is taken back."""
    who.client.cookies.load(who.kept)
    return who.client.post(f"/admin/pages/{page.pk}/edit/", form)


# --------------------------------------------------------------------------------------- forms as they are shown


def forms_in(html: str) -> Iterator[tuple[str, Form]]:
    """Where each form posts to, and what it would send."""
    for form in BeautifulSoup(html, "html.parser").find_all("form"):
        if str(form.get("method", "get")).lower() == "post":
            yield str(form.get("action") or ""), values_of(form)


def values_of(form: Any) -> Form:
    values: Form = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name = field.get("name")
        if name and not (field.get("type") in {"checkbox", "radio"} and not field.has_attr("checked")):
            values[name] = value_of(field)
    return values


def value_of(field: Any) -> str:
    if field.name == "select":
        chosen = field.find("option", selected=True) or field.find("option")
        return str(chosen.get("value", "")) if chosen else ""
    return str(field.text if field.name == "textarea" else field.get("value") or "on")


NO_KEY = re.compile(
    r"_FORMS$|-count$|-order$|ORDER|cents|quantity|percent|latitude|longitude|sort_order|port$"
)


def fields_with_keys(form: Form) -> list[str]:
    """Names of the fields whose value may be a row's primary key."""
    return [
        name
        for name, value in form.items()
        if re.fullmatch(r"[1-9]\d*", str(value)) and not NO_KEY.search(name)
    ]


def strangers_for(name: str, house: House) -> list[int]:
    """Keys of that house's rows to put into a field of this name; of every kind where the name does not say."""
    kinds: dict[str, int] = {
        "category": house.town.merchant.category_id,
        "sector": house.town.merchant.sector_id,
        "merchant": house.town.merchant.pk,
        "image": house.rows["image"].pk,
        "collection": house.rows["image"].collection_id,
        "page": house.rows["draft"].pk,
        "product": house.town.variant.product_id,
        "variant": house.town.variant.pk,
        "item": house.rows["shopper"]["waiting"].pk,
        "user": house.people["editor"].pk,
        "revision": house.rows["waiting_revision"].pk,
    }
    named = [key for word, key in kinds.items() if word in name.lower()]
    return named or sorted(
        {kinds["image"], kinds["merchant"], kinds["page"], kinds["product"], kinds["variant"]}
    )
