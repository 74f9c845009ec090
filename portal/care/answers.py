"""The owner's answer to what was prepared: applied exactly as shown, once, through the rules everything else obeys."""

import datetime as dt
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from directory import moderation, timetable
from directory.enums import ProposalStatus, Tier
from directory.hours import wall_clock
from directory.models import Merchant, MerchantPage, Proposal
from directory.moderation import ChangedMeanwhile, Stage
from home import audit
from home.models import CustomImage
from home.tenancy import unjoined
from portal.care import proposals
from portal.care.proposals import Changed, NotWaiting
from portal.merchant_space.goods import Goods, tax_fields
from portal.merchant_space.page_forms import set_gallery
from portal.staff_desk import letters as staff_letters
from portal.staff_desk.opening import open_staff_desk
from shop import catalogue
from shop.exceptions import CannotPublish
from shop.models import Product

LONGEST_ANSWER = 2000


@dataclass(slots=True)
class Outcome:
    """What became of it, as it is told. ``stage`` of the page afterwards, "" where none was prepared."""

    stage: str
    has_hours: bool
    products: list[dict[str, Any]]

    def facts(self) -> dict[str, Any]:
        return {"stage": self.stage, "hours": self.has_hours, "products": self.products}


@transaction.atomic
def approve(row: Proposal, *, now: datetime) -> Outcome:
    """All of it holds afterwards. Of two taps one does it. Raises NotWaiting, or Changed: then nothing was done."""
    if not proposals.waits(row, now=now) or not _take(row, ProposalStatus.APPROVED, now=now):
        raise NotWaiting
    merchant = _held(row)
    if proposals.base_of(row) != row.base:
        raise Changed
    try:
        outcome = Outcome(
            _apply_page(row, merchant, now), _apply_week(row, merchant), _apply_products(row, now)
        )
    except ChangedMeanwhile as error:
        raise Changed from error
    unjoined(Proposal).filter(pk=row.pk).update(outcome=outcome.facts())
    audit.note(
        "proposal.approved", row, actor_id=row.sent_to_id, merchant_id=row.merchant_id,
        after={"prepared_by": row.prepared_by_id, **outcome.facts()},
    )  # fmt: skip
    return outcome


@transaction.atomic
def ask_changes(row: Proposal, words: str, *, now: datetime) -> None:
    """« Non, changez ceci »: staff read the words. Raises NotWaiting, and ValueError without words."""
    words = words.strip()[:LONGEST_ANSWER]
    if not words:
        raise ValueError("An answer has words")
    if not proposals.waits(row, now=now) or not _take(row, ProposalStatus.CHANGES, now=now, answer=words):
        raise NotWaiting
    audit.note("proposal.changes_asked", row, actor_id=row.sent_to_id, merchant_id=row.merchant_id)


def _take(row: Proposal, to: ProposalStatus, *, now: datetime, **values: Any) -> bool:
    """The row moves on if it still waits under this very link: of two answers the database lets one through."""
    waiting = unjoined(Proposal).filter(
        pk=row.pk, status=ProposalStatus.SENT, link_version=row.link_version, expires_at__gt=now
    )
    return bool(waiting.update(status=to, answered_at=now, **values))


def _held(row: Proposal) -> Merchant:
    """Who states its hours meanwhile waits; what was said is compared after that."""
    merchant: Merchant = Merchant.objects.select_for_update(of=("self",)).get(pk=row.merchant_id)
    if merchant.is_hidden:
        raise NotWaiting
    row.merchant = merchant
    return merchant


# ---------------------------------------------------------------------------------------------------------- the page


def _apply_page(row: Proposal, merchant: Merchant, now: datetime) -> str:
    """The merchant's draft with what was shown, sent to the Journal as its own; live at once for who is trusted."""
    if not row.page:
        return ""
    before = moderation.standing(moderation.window_of(merchant)).stage
    copy, seen = _copy_of(row)
    moderation.keep(copy, user=row.sent_to, seen=seen)
    revision = copy.latest_revision_id
    _note(row, "page.edited", copy, after={"part": "proposal", "revision": revision})
    open_staff_desk(row.site)
    live = copy.live_revision_id
    stage = moderation.send(copy.pk, user=row.sent_to, seen=revision)
    if stage == Stage.LIVE:
        _note_own(row, "page.published", copy, before={"live_revision": live}, after={"revision": revision})
    elif before != Stage.WAITING:
        _note_own(row, "page.sent", copy, after={"revision": revision})
        staff_letters.tell_the_journal(merchant, copy, revision_pk=revision, now=now)
    return stage.value


def _copy_of(row: Proposal) -> tuple[MerchantPage, int | None]:
    """The working copy with what was shown, and the revision it was made from."""
    shown = proposals.page_with(row)
    if shown.pk is not None:
        return shown, shown.latest_revision_id
    page = moderation.open_window(row.merchant, user=row.sent_to)
    proposals.lay(row.page, page)
    set_gallery(page, [])
    return page, page.latest_revision_id


# --------------------------------------------------------------------------------------------------------- the hours


def _apply_week(row: Proposal, merchant: Merchant) -> bool:
    if row.week is None:
        return False
    before = timetable.week_facts(merchant)
    if timetable.state_week(merchant, timetable.week_of_facts(row.week)):
        _note(row, "hours.week", merchant, before=before, after=timetable.week_facts(merchant))
    return True


# ------------------------------------------------------------------------------------------------------- the products


def _apply_products(row: Proposal, now: datetime) -> list[dict[str, Any]]:
    """Each on sale if the law lets it; else a draft, with what is missing."""
    today = wall_clock(now).date()
    return [_apply_product(row, each, now=now, today=today) for each in row.products]


def _apply_product(row: Proposal, each: dict[str, Any], *, now: datetime, today: dt.date) -> dict[str, Any]:
    product, made = catalogue.create(
        row.merchant, title=each["title"], description=each["description"],
        form_token=uuid.UUID(each["token"]), **tax_fields(Goods(each["goods"])),
    )  # fmt: skip
    if made:
        _fill(row, product, each, now)
        facts = {name: each[name] for name in ("title", "price_cents", "units")}
        _note(row, "product.create", product, after={**facts, "photo": bool(each["photo"])})
    missing = _why_not(row, product, today)
    return {"title": product.title, "pk": product.pk, "missing": missing}


def _fill(row: Proposal, product: Product, each: dict[str, Any], now: datetime) -> None:
    measure = {"net_quantity": each["net_quantity"] or None, "net_unit": each["net_unit"]}
    catalogue.add_stocked_variant(
        product, price_cents=each["price_cents"], units=each["units"], actor_id=row.prepared_by_id, now=now,
        **(measure if product.is_food else {}),
    )  # fmt: skip
    mine = CustomImage.objects.filter(merchant=row.merchant_id, site=row.site_id, pk=each["photo"] or 0)
    if (picture := mine.first()) is not None:
        catalogue.add_photo(product, picture, alt=product.title)


def _why_not(row: Proposal, product: Product, today: dt.date) -> list[str]:
    """What keeps it from being sold; nothing when it is on sale."""
    if row.merchant.tier != Tier.TRANSACTIONAL:
        return [_("Votre option ne vend pas encore ici\u00a0: le produit vous attend en brouillon.")]
    fresh = Product.objects.prefetch_related("variants", "photos").get(pk=product.pk)
    fresh.merchant = row.merchant
    try:
        catalogue.publish(fresh, today=today)
    except CannotPublish as refusal:
        return refusal.reasons
    _note_own(row, "product.publish", product, after={"status": fresh.status})
    return []


# ------------------------------------------------------------------------------------------------------------- traces


def _note(row: Proposal, action: str, about: Any, **facts: Any) -> None:
    """By who prepared it, for the merchant."""
    audit.note(
        action, about, actor_id=row.prepared_by_id, merchant_id=row.merchant_id,
        on_behalf_of_id=row.merchant_id, **facts,
    )  # fmt: skip


def _note_own(row: Proposal, action: str, about: Any, **facts: Any) -> None:
    """By the owner, whose tap it was."""
    audit.note(action, about, actor_id=row.sent_to_id, merchant_id=row.merchant_id, **facts)
