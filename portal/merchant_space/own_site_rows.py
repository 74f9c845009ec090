"""What a merchant's site says, beside what stands in the portal now: what is proposed, and what is better left alone.

Ticked is only what stands nowhere yet, or stands exactly as it was taken from the site the last time. What the merchant
wrote itself is never proposed for replacement: it is shown, unticked, and says so.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import timetable
from directory.enums import Tier, Weekday
from directory.hours import Span
from directory.models import Merchant, MerchantPage, SiteReading, SiteReadingPicture
from directory.own_site import Findings, Found, FoundProduct, findings_of, pictures_of
from directory.page_changes import story_words
from home.clock import clock
from home.dates import date_format
from home.money import cad
from home.templatetags.phone_tags import national
from portal.merchant_space import story_text
from portal.merchant_space.page_forms import MOST_PHOTOS
from shop.models import Product
from shop.publication import is_only_a_po_box

NAMESPACE = uuid.UUID("5d0b7c3e-6a51-4f0f-9c36-0d6f5a1f2b77")
"""Of the tokens that tie a product to its place on its merchant's site."""


class State(models.TextChoices):
    """What stands now, as the site has it."""

    NEW = "new", ""
    REFRESH = "refresh", gettext_lazy("Votre site a changé depuis.")
    SAME = "same", gettext_lazy("C’est déjà ainsi.")
    EDITED = "edited", gettext_lazy("Vous avez écrit autre chose.")
    FIXED = "fixed", gettext_lazy("Vous avez écrit autre chose.")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that may be taken. ``name`` is its tick's; ``value`` is what would be written."""

    name: str
    label: Any
    value: Any
    found: str
    where: str
    state: State
    now: str = ""
    note: Any = ""
    picture: int | None = None

    @property
    def is_ticked(self) -> bool:
        return self.state in {State.NEW, State.REFRESH}

    @property
    def can_be_taken(self) -> bool:
        return self.state not in {State.SAME, State.FIXED}

    @property
    def words(self) -> str:
        """What to know before it is taken; "" where there is nothing."""
        return str(self.note or self.state.label)


@dataclass(slots=True)
class Proposal:
    """The rows in their order: how to reach the shop, its page, its products. ``digest``: of what stands now."""

    facts: list[Row] = field(default_factory=list)
    page: list[Row] = field(default_factory=list)
    products: list[Row] = field(default_factory=list)
    products_for_later: int = 0

    @property
    def rows(self) -> list[Row]:
        return [*self.facts, *self.page, *self.products]

    @property
    def has_something(self) -> bool:
        return any(row.can_be_taken for row in self.rows)

    @property
    def digest(self) -> str:
        """Changes when anything here does, in the portal or on the site."""
        told = [(row.name, row.state.value, row.now, row.found) for row in self.rows]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def proposal_of(merchant: Merchant, copy: MerchantPage, reading: SiteReading) -> Proposal:
    """``copy``: the page's working copy."""
    findings, taken, pictures = findings_of(reading), reading.taken, pictures_of(reading)
    sells = merchant.tier == Tier.TRANSACTIONAL
    return Proposal(
        facts=[*_facts(merchant, findings, taken)],
        page=[*_texts(copy, findings, taken), *_pictures(copy, findings, taken, pictures)],
        products=[*_products(merchant, findings, taken, pictures)] if sells else [],
        products_for_later=0 if sells else len(findings.products),
    )


def state_of(now: Any, found: Any, taken: Any) -> State:
    """``taken``: what was written from the site the last time, None where nothing was."""
    if now == found:
        return State.SAME
    if not now:
        return State.NEW
    return State.REFRESH if taken is not None and now == taken else State.EDITED


# ------------------------------------------------------------------------------------------------ how to reach it

CONTACTS = (
    ("phone", gettext_lazy("Téléphone"), 20),
    ("email", gettext_lazy("Courriel"), 254),
    ("website_url", gettext_lazy("Site web"), 200),
    ("shop_url", gettext_lazy("Boutique en ligne"), 200),
)


def _facts(merchant: Merchant, findings: Findings, taken: Mapping[str, Any]) -> Iterator[Row]:
    for name, label, longest in CONTACTS:
        found = findings.fields.get(name)
        if (
            found
            and len(found.value) <= longest
            and not (name == "shop_url" and merchant.tier == Tier.TRANSACTIONAL)
        ):
            now = contact_now(merchant, name)
            state = _same_site(now, found.value) or state_of(now, found.value, taken.get(name))
            yield Row(
                name, label, found.value, _shown(name, found.value), found.words, state, _shown(name, now)
            )
    yield from _address(merchant, findings)
    if (week := findings.fields.get("week")) is not None:
        now_week = timetable.week_facts(merchant)
        state = state_of(now_week, week.value, taken.get("week"))
        told, stated = week_words(week.value), week_words(now_week)
        yield Row("week", _("Heures d’ouverture"), week.value, told, week.words, state, stated)


def contact_now(merchant: Merchant, name: str) -> str:
    """As a reading writes it: a telephone number in E.164."""
    value = getattr(merchant, name)
    return str(getattr(value, "as_e164", value) or "")


def _shown(name: str, value: str) -> str:
    return national(value) if name == "phone" else value


def _same_site(now: str, found: str) -> State | None:
    """« http://www.site.ca » and « https://site.ca/ » are one site."""
    if "://" not in now or "://" not in found:
        return None
    return State.SAME if _plain_address(now) == _plain_address(found) else None


def _plain_address(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")


ADDRESS = ("street_address", "city", "postal_code")


def _address(merchant: Merchant, findings: Findings) -> Iterator[Row]:
    """Filled where it is empty, never moved: the map must follow, and a person does that."""
    found = findings.fields.get("street_address")
    if found is None or is_only_a_po_box(found.value):
        return
    told = {name: findings.value(name) or "" for name in ADDRESS}
    missing = {name: told[name] for name in ADDRESS if told[name] and not getattr(merchant, name)}
    is_elsewhere = bool(merchant.street_address) and merchant.street_address != told["street_address"]
    if missing and merchant.latitude is None and findings.value("latitude") and "street_address" in missing:
        missing |= {name: findings.value(name) for name in ("latitude", "longitude")}
    state = State.FIXED if is_elsewhere else State.NEW if missing else State.SAME
    yield Row(
        "address", _("Adresse"), missing, _address_words(told), found.words, state,
        now=_address_words({name: getattr(merchant, name) for name in ADDRESS}),
        note=_("Vous déménagez? Appelez-nous, la carte suivra.") if is_elsewhere else "",
    )  # fmt: skip


def _address_words(told: Mapping[str, str]) -> str:
    code = told["postal_code"].replace(" ", "\u00a0")
    return ", ".join(filter(None, (told["street_address"], f"{told['city']} {code}".strip())))


def week_words(week: Mapping[str, Any]) -> str:
    """A line for each run of days with the same hours: « lundi au mercredi : 9 h à 17 h »; "" for no week."""
    known = timetable.week_of_facts(week)
    runs: list[tuple[list[Weekday], list[Span]]] = []
    for day in Weekday:
        spans = sorted(known.get(day, []))
        if runs and runs[-1][1] == spans:
            runs[-1][0].append(day)
        else:
            runs.append(([day], spans))
    return "\n".join(_run_words(days, spans) for days, spans in runs) if week else ""


def _run_words(days: list[Weekday], spans: list[Span]) -> str:
    first, last = days[0].label, days[-1].label
    named = first if len(days) == 1 else _("%(first)s au %(last)s") % {"first": first, "last": last}
    hours = _(" et ").join(_span_words(span) for span in spans) or _("fermé")
    return _("%(days)s\u00a0: %(hours)s") % {"days": capfirst(named), "hours": hours}


def _span_words(span: Span) -> str:
    if span.opens == span.closes:
        return _("jour et nuit")
    return _("%(opens)s à %(closes)s") % {"opens": clock(span.opens), "closes": clock(span.closes)}


# ------------------------------------------------------------------------------------------------ its page


def _texts(copy: MerchantPage, findings: Findings, taken: Mapping[str, Any]) -> Iterator[Row]:
    if (intro := findings.fields.get("intro")) is not None:
        state = state_of(copy.intro, intro.value, taken.get("intro"))
        label = _("Votre commerce en une phrase")
        yield Row("intro", label, intro.value, intro.value, intro.words, state, copy.intro)
    if (story := findings.fields.get("story")) is not None:
        now = _one_spacing(story_words(copy))
        state = state_of(now, _one_spacing(story.value), taken.get("story"))
        if state is State.EDITED and not _is_one_passage(copy):
            state = State.FIXED
        yield Row("story", _("Votre histoire"), story.value, story.value, story.words, state, now)


def _one_spacing(words: str) -> str:
    return "\n".join(line.strip() for line in words.splitlines() if line.strip())


def _is_one_passage(copy: MerchantPage) -> bool:
    """What the Journal has put between is not replaced by a tick."""
    return len(story_text.parts_of(list(copy.body.raw_data))) == 1


Pictures = Mapping[str, SiteReadingPicture]


def _pictures(
    copy: MerchantPage, findings: Findings, taken: Mapping[str, Any], pictures: Pictures
) -> Iterator[Row]:
    """Only those that came, and are pictures."""
    cover = findings.fields.get("cover") or findings.fields.get("logo")
    if cover is not None and cover.value in pictures:
        before = taken.get("cover") or {}
        state = picture_state(copy.cover_id, before, cover.value)
        now = copy.cover_alt if copy.cover_id else ""
        yield _picture_row("cover", _("Photo principale"), cover, pictures, state, now)
    in_gallery = [photo.image_id for photo in copy.gallery.all()]
    logo = findings.fields.get("logo")
    others = [("logo", _("Votre logo, dans la galerie"), logo)] if logo and logo is not cover else []
    others += [("photo", _("Dans la galerie"), found) for found in findings.photos]
    for kind, label, found in others:
        if found.value in pictures:
            name = kind if kind == "logo" else f"photo:{pictures[found.value].position}"
            state = _gallery_state(in_gallery, taken.get("gallery") or {}, found.value)
            yield _picture_row(name, label, found, pictures, state, "")


def picture_state(now: int | None, before: Mapping[str, Any], url: str) -> State:
    """``before``: the picture that was taken the last time, and from where."""
    if not now:
        return State.NEW
    if now != before.get("image"):
        return State.EDITED
    return State.SAME if before.get("url") == url else State.REFRESH


def _gallery_state(now: list[int], before: Mapping[str, int], url: str) -> State:
    """What was taken and put away since is not proposed again by itself."""
    if url in before:
        return State.SAME if before[url] in now else State.EDITED
    if len(now) >= MOST_PHOTOS:
        return State.FIXED
    return State.EDITED if now and not before else State.NEW


def _picture_row(name: str, label: str, found: Found, pictures: Pictures, state: State, now: str) -> Row:
    note = ""
    if name.startswith(("photo:", "logo")):
        note = {
            State.EDITED: _("Votre galerie a déjà vos photos\u00a0: cochez pour l’ajouter."),
            State.FIXED: _("Votre galerie a déjà 12 photos."),
        }.get(state, "")
    elif state is State.EDITED:
        note = _("Vous avez choisi une autre photo.")
    return Row(name, label, found.value, "", found.words, state, now, note, pictures[found.value].position)


# ------------------------------------------------------------------------------------------------ its products


def product_token(merchant: Merchant, findings: Findings, key: str) -> uuid.UUID:
    """The same at every reading: what makes a second reading find the first one's product."""
    host = (urlsplit(findings.url).hostname or "").removeprefix("www.")
    return uuid.uuid5(NAMESPACE, f"{merchant.pk}/{host}/{key}")


def _products(
    merchant: Merchant, findings: Findings, taken: Mapping[str, Any], pictures: Pictures
) -> Iterator[Row]:
    tokens = {product.key: product_token(merchant, findings, product.key) for product in findings.products}
    rows = Product.objects.filter(merchant=merchant, form_token__in=tokens.values()).prefetch_related(
        "variants"
    )
    known = {row.form_token: row for row in rows}
    before = taken.get("products") or {}
    for product in findings.products:
        yield _product(product, known.get(tokens[product.key]), before.get(product.key) or {}, pictures)


def _product(found: FoundProduct, row: Product | None, before: Mapping[str, Any], pictures: Pictures) -> Row:
    told = product_facts(found)
    now = facts_of(row) if row else {}
    changed = {name: value for name, value in told.items() if row and now.get(name) != value}
    untouched = {
        name: value for name, value in changed.items() if name in before and now.get(name) == before[name]
    }
    if row is None:
        state = State.NEW
    elif not changed:
        state = State.SAME
    else:
        state = State.REFRESH if untouched else State.EDITED
    picture = pictures.get(found.photo)
    return Row(
        f"product:{found.key}", found.title, untouched if state is State.REFRESH else told,
        _product_words(found), found.words, state, _now_words(row, now),
        picture=picture.position if picture else None,
    )  # fmt: skip


def product_facts(found: FoundProduct) -> dict[str, Any]:
    """What is compared, and written. A price that the site does not tell, or tells twice, is no fact."""
    facts: dict[str, Any] = {"title": found.title, "description": found.description}
    if len(found.variants) == 1 and found.price_cents is not None:
        facts["price_cents"] = found.price_cents
    return facts


def facts_of(row: Product) -> dict[str, Any]:
    variants = [variant for variant in row.variants.all() if variant.is_active]
    facts: dict[str, Any] = {"title": row.title, "description": row.description}
    return {**facts, "price_cents": variants[0].price_cents} if len(variants) == 1 else facts


def _product_words(found: FoundProduct) -> str:
    if found.price_cents is None:
        return _("sans prix")
    words = cad(found.price_cents)
    return _("à partir de %s") % words if len(found.variants) > 1 else words


def _now_words(row: Product | None, now: Mapping[str, Any]) -> str:
    if row is None:
        return ""
    return f"{row.title}, {cad(now['price_cents'])}" if "price_cents" in now else row.title


def read_on(reading: SiteReading) -> str:
    """« 22 novembre »."""
    return date_format(reading.read_at, "j F") if reading.read_at else ""
