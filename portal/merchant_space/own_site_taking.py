"""Taking over what a merchant ticked of its own site, each thing through the door that everything of its kind uses.

How to reach it and its hours are live at once, as in its own screens; texts and photos are in its draft, products are
drafts: nobody sees those before it says so.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection

from directory import moderation, own_site, timetable
from directory.models import Merchant, MerchantPage, SiteReading, SiteReadingPicture
from directory.models.pages import MerchantPhoto
from directory.moderation import ChangedMeanwhile
from directory.own_site import Findings, FoundProduct, findings_of, pictures_of
from home.audit import Facts
from home.models import CustomImage
from home.pictures import keep_safe
from home.tenancy import site_for
from portal import staffing
from portal.merchant_space import page, story_text
from portal.merchant_space.access import Desk
from portal.merchant_space.goods import likely_goods, tax_fields
from portal.merchant_space.own_site_rows import (
    CONTACTS,
    Row,
    contact_now,
    facts_of,
    product_facts,
    product_token,
)
from portal.merchant_space.page_forms import MOST_PHOTOS, set_gallery
from portal.merchant_space.products import change_all, product_or_404
from portal.merchant_space.screens import plain, shop_of
from portal.models import User
from shop import catalogue
from shop.models import Product, Variant


@dataclass
class Taking:
    """One act of taking over. ``before``: what it can be taken back to; ``problems``: what was left, and why."""

    request: HttpRequest
    desk: Desk
    reading: SiteReading
    taken: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    products_made: int = 0
    has_page: bool = False

    @property
    def merchant(self) -> Merchant:
        return self.desk.merchant

    # Asked once, however many products are taken.

    @cached_property
    def findings(self) -> Findings:
        return findings_of(self.reading)

    @cached_property
    def pictures(self) -> dict[str, SiteReadingPicture]:
        return pictures_of(self.reading)

    @cached_property
    def shelf(self) -> Collection:
        return staffing.collection_of(site_for(self.request))

    @cached_property
    def tax_fields(self) -> dict[str, str | bool]:
        return tax_fields(likely_goods(self.merchant))

    @cached_property
    def tokens(self) -> dict[str, uuid.UUID]:
        products = self.findings.products
        return {found.key: product_token(self.merchant, self.findings, found.key) for found in products}

    @cached_property
    def known(self) -> dict[uuid.UUID | None, int]:
        """The products that were taken before, by their tokens."""
        rows = Product.objects.filter(merchant=self.merchant, form_token__in=self.tokens.values())
        return dict(rows.values_list("form_token", "pk"))


@transaction.atomic
def take(
    request: HttpRequest, desk: Desk, reading: SiteReading, rows: Iterable[Row], copy: MerchantPage
) -> Taking:  # fmt: skip
    """These rows are written, or none of them. Raises ChangedMeanwhile when the page has a newer revision."""
    act = Taking(request, desk, reading, taken=dict(reading.taken))
    chosen = {row.name: row for row in rows}
    _take_contacts(act, chosen)
    if "week" in chosen:
        _take_week(act, chosen["week"].value)
    _take_page(act, chosen, copy)
    products = [row for row in chosen.values() if row.name.startswith("product:")]
    if products:
        shop_of(desk)
    for row in products:
        _take_product(act, row)
    own_site.note_taken(reading, act.taken, now=timezone.now())
    desk.note("own_site.taken", reading, after={"url": reading.url, "taken": sorted(chosen)})
    return act


# ------------------------------------------------------------------------------------------------ facts, live at once


def _take_contacts(act: Taking, chosen: Mapping[str, Row]) -> None:
    values = {name: chosen[name].value for name, _label, _longest in CONTACTS if name in chosen}
    act.taken |= values
    values |= chosen["address"].value if "address" in chosen else {}
    if values:
        act.before["contact"] = {name: _plain_value(act.merchant, name) for name in values}
        write_contacts(act.desk, values)


def _plain_value(merchant: Merchant, name: str) -> Any:
    return contact_now(merchant, name) if name == "phone" else getattr(merchant, name)


def write_contacts(desk: Desk, values: Mapping[str, Any]) -> bool:
    """What differs, with its trace; False when nothing does."""
    merchant = desk.merchant
    after = {name: value for name, value in values.items() if _plain_value(merchant, name) != value}
    before = {name: getattr(merchant, name) for name in after}
    for name, value in after.items():
        setattr(merchant, name, value)
    if after:
        merchant.save(update_fields=list(after))
        desk.note("merchant.contact", merchant, before=plain(before), after=plain(after))
    return bool(after)


def _take_week(act: Taking, week: Mapping[str, list[str]]) -> None:
    before = timetable.week_facts(act.merchant)
    if timetable.state_week(act.merchant, timetable.week_of_facts(week)):
        after = timetable.week_facts(act.merchant)
        act.desk.note("hours.week", act.merchant, before=before, after=after)
        act.before["week"], act.taken["week"] = before, after


# ------------------------------------------------------------------------------------------------ the page, as a draft


def _take_page(act: Taking, chosen: Mapping[str, Row], copy: MerchantPage) -> None:
    """One revision for all of it, so that one step takes it back."""
    parts = [row for row in chosen.values() if row.name.partition(":")[0] in PARTS]
    if not parts:
        return
    for row in sorted(parts, key=lambda one: list(PARTS).index(one.name.partition(":")[0])):
        PARTS[row.name.partition(":")[0]](act, row, copy)
    seen = copy.latest_revision_id if copy.pk else None
    page.keep(act.request, act.desk, copy, seen=seen, part="own_site")
    window, act.has_page = moderation.window_of(act.merchant), True
    earlier = moderation.revision_before(window) if window else None
    if window is not None and earlier is not None:
        act.before["page"] = {"revision": earlier, "kept": window.latest_revision_id}


def _intro(act: Taking, row: Row, copy: MerchantPage) -> None:
    copy.intro = act.taken["intro"] = row.value


def _story(act: Taking, row: Row, copy: MerchantPage) -> None:
    copy.body = story_text.written(list(copy.body.raw_data), [row.value.replace("\n", "\n\n")])
    act.taken["story"] = row.value


def _cover(act: Taking, row: Row, copy: MerchantPage) -> None:
    picture = _kept(act, row.value)
    if picture is not None:
        copy.cover, copy.cover_alt = picture, _alt_of(act, is_logo=_is_logo(act, row.value))
        act.taken["cover"] = {"url": row.value, "image": picture.pk}


def _photo(act: Taking, row: Row, copy: MerchantPage) -> None:
    photos = list(copy.gallery.all())
    picture = _kept(act, row.value) if len(photos) < MOST_PHOTOS else None
    if picture is not None:
        photos.append(MerchantPhoto(image=picture, alt=_alt_of(act, is_logo=row.name == "logo"), caption=""))
        set_gallery(copy, photos)
        act.taken["gallery"] = {**act.taken.get("gallery", {}), row.value: picture.pk}


PARTS: dict[str, Callable[[Taking, Row, MerchantPage], None]] = {
    "intro": _intro,
    "story": _story,
    "cover": _cover,
    "logo": _photo,
    "photo": _photo,
}
"""The page's rows by the beginning of their name, in the order they are written."""


def _is_logo(act: Taking, url: str) -> bool:
    return bool(act.findings.value("logo") == url)


def _alt_of(act: Taking, *, is_logo: bool) -> str:
    """To be said better by somebody who sees it: the page's screens ask for it."""
    name = act.merchant.name[:120]
    return _("Logo de %s") % name if is_logo else _("Photo de %s") % name


def _kept(act: Taking, url: str) -> CustomImage | None:
    """The merchant's own picture from now on; None when its file is gone."""
    row = act.pictures.get(url)
    if row is None:
        return None
    try:
        with row.file.open("rb") as file:
            safe = ContentFile(file.read(), name="photo.jpg")
    except FileNotFoundError:
        act.problems.append(_("Une photo n’est plus là\u00a0: lisez votre site de nouveau."))
        return None
    return keep_safe(safe, title=act.merchant.name, merchant_id=act.merchant.pk, collection=act.shelf)


# ------------------------------------------------------------------------------------------------ products, as drafts


def _take_product(act: Taking, row: Row) -> None:
    found = next(one for one in act.findings.products if f"product:{one.key}" == row.name)
    pk = act.known.get(act.tokens[found.key])
    if pk is None:
        held = _make(act, found)
    else:
        _refresh(act, product_or_404(act.desk, pk), row.value)
        now = facts_of(product_or_404(act.desk, pk))
        held = {name: value for name, value in product_facts(found).items() if now.get(name) == value}
    before = act.taken.get("products", {})
    act.taken["products"] = {**before, found.key: {**before.get(found.key, {}), **held}}


def _make(act: Taking, found: FoundProduct) -> dict[str, Any]:
    """A draft with its prices, its photo, and nothing on the shelf: how many there are, only the merchant knows.

    What it holds of the site; nothing when another request made it at this very moment.
    """
    product, made = catalogue.create(
        act.merchant, title=found.title, description=found.description, form_token=act.tokens[found.key],
        **act.tax_fields,
    )  # fmt: skip
    if not made:
        return {}
    for variant in found.variants:
        if variant.price_cents is not None:
            catalogue.add_stocked_variant(
                product, title=variant.title if len(found.variants) > 1 else "", price_cents=variant.price_cents,
                units=0, actor_id=act.desk.user_id, now=timezone.now(),
            )  # fmt: skip
    picture = _kept(act, found.photo)
    if picture is not None:
        catalogue.add_photo(product, picture, alt=product.title)
    facts: Facts = {"title": product.title, "price_cents": found.price_cents, "from": act.reading.url}
    act.desk.note("product.create", product, after={**facts, "photo": picture is not None})
    act.products_made += 1
    return product_facts(found)


def _refresh(act: Taking, product: Product, values: Mapping[str, Any]) -> None:
    """What is on sale must stay fit for it: else the product stays as it is, and it is said."""
    act.problems += change_all(act.desk, product, lambda: _write(act, product, values))


def _write(act: Taking, product: Product, values: Mapping[str, Any]) -> None:
    fields = {name: value for name, value in values.items() if name != "price_cents"}
    before, after = catalogue.change(product, **fields)
    if after:
        act.desk.note("product.change", product, before=plain(before), after=plain(after))
    if "price_cents" in values:
        _reprice(act, next(one for one in product.variants.all() if one.is_active), values["price_cents"])


def _reprice(act: Taking, variant: Variant, price_cents: int) -> None:
    old = variant.price_cents
    if catalogue.set_price(variant, price_cents, actor_id=act.desk.user_id, now=timezone.now()):
        act.desk.note(
            "variant.change", variant, before={"price_cents": old}, after={"price_cents": price_cents}
        )


# ------------------------------------------------------------------------------------------------ taking it back


def give_back(desk: Desk, facts: Mapping[str, Any]) -> bool:
    """Facts and page as they were before; products stay the drafts that nobody sees. False when nothing could be."""
    done = write_contacts(desk, facts["contact"]) if "contact" in facts else False
    if "week" in facts:
        before = timetable.week_facts(desk.merchant)
        if timetable.state_week(desk.merchant, timetable.week_of_facts(facts["week"])):
            desk.note("hours.week", desk.merchant, before=before, after=dict(facts["week"]))
            done = True
    return _page_given_back(desk, facts["page"]) or done if "page" in facts else done


def _page_given_back(desk: Desk, facts: Mapping[str, int]) -> bool:
    """Only while nothing was written since."""
    window = moderation.window_of(desk.merchant)
    if window is None or window.latest_revision_id != facts["kept"]:
        return False
    revision = moderation.revision_of(window, facts["revision"])
    if revision is None:
        return False
    earlier = revision.as_object()
    try:
        moderation.keep(earlier, user=User.objects.get(pk=desk.user_id), seen=facts["kept"])
    except ChangedMeanwhile:
        return False
    desk.note("page.edited", window, after={"part": "own_site", "back_to": revision.pk})
    return True
