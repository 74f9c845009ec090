"""Done for you: staff prepare a page, hours and products; the owner sees them and says yes, or what to change.

A proposal holds values alone, laid over what the merchant has now: nothing of it is public, and no product of it
exists, before its owner approved. An approval goes once, on exactly what was shown: every change by staff closes the
link that was given, and what the merchant changed meanwhile is never overwritten.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from directory import moderation, timetable
from directory.enums import MembershipRole, ProposalStatus
from directory.models import Membership, Merchant, MerchantPage, Proposal
from directory.timetable import Week
from home import audit, links
from home.models import CustomImage
from home.tenancy import unjoined

PURPOSE = "proposal"
LASTS = timedelta(days=14)
MOST_PRODUCTS = 20

TEXTS = ("intro", "cover_alt", "owner_name", "owner_role")
PICTURES = ("cover", "owner_photo")


class Closed(Exception):
    """It was approved or taken back: it changes no more."""


class NothingPrepared(Exception):
    """There is nothing to send."""


class NoOwner(Exception):
    """That person does not own the merchant."""


class Changed(Exception):
    """The merchant changed the same thing since: nothing was done."""


class NotWaiting(Exception):
    """The link is not good any more, or never was."""


# ------------------------------------------------------------------------------------------------------- finding them


def latest_of(merchant: Merchant) -> Proposal | None:
    """The one that is open, else the last one."""
    rows = Proposal.objects.filter(merchant=merchant).exclude(status=ProposalStatus.WITHDRAWN)
    row: Proposal | None = rows.select_related("prepared_by", "sent_to").first()
    return row


def open_of(merchant: Merchant) -> Proposal | None:
    row: Proposal | None = (
        Proposal.objects.filter(merchant=merchant, status__in=ProposalStatus.open())
        .select_related("prepared_by", "sent_to")
        .first()
    )
    return row


def owners_of(merchant: Merchant) -> list[Membership]:
    """Who may approve."""
    rows = merchant.memberships.filter(role=MembershipRole.OWNER, user__is_active=True)
    return list(rows.select_related("user").order_by("pk"))


# --------------------------------------------------------------------------------------------------- what is prepared


@transaction.atomic
def begin(merchant: Merchant, *, by_id: int) -> Proposal:
    """The merchant's open proposal; a new, empty one where there is none."""
    Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    known = open_of(merchant)
    if known is not None:
        return known
    row: Proposal = Proposal.objects.create(site_id=merchant.site_id, merchant=merchant, prepared_by_id=by_id)
    audit.note("proposal.begun", row, actor_id=by_id, merchant_id=merchant.pk)
    return row


def page_with(row: Proposal) -> MerchantPage:
    """The merchant's page as it last kept it, with what was prepared laid over it. Nothing is saved."""
    page = moderation.window_of(row.merchant)
    if page is None:
        copy = MerchantPage(merchant=row.merchant, title=row.merchant.name)
    else:
        copy = moderation.working_copy(page) if page.latest_revision_id else page
    copy.merchant = row.merchant
    lay(row.page, copy)
    return copy


def lay(values: Mapping[str, Any], copy: MerchantPage) -> None:
    """Write the prepared values on a page; a picture that is gone meanwhile is left as it was."""
    for name in TEXTS:
        if name in values:
            setattr(copy, name, values[name])
    if "body" in values:
        copy.body = values["body"]
    pictures = _pictures(copy.merchant, [values[name] for name in PICTURES if values.get(name)])
    for name in PICTURES:
        if name in values and (values[name] is None or values[name] in pictures):
            setattr(copy, name, pictures.get(values[name]))


def _pictures(merchant: Merchant, keys: list[int]) -> dict[int, CustomImage]:
    """Of this merchant alone, whatever the keys say."""
    if not keys:
        return {}
    rows = CustomImage.objects.filter(merchant=merchant.pk, site=merchant.site_id, pk__in=keys)
    return {row.pk: row for row in rows.prefetch_related("renditions")}


@transaction.atomic
def keep_page(row: Proposal, copy: MerchantPage, *, by_id: int) -> None:
    """What differs on this page from the merchant's own is what is prepared. Raises Closed."""
    row = _editable(row, by_id)
    held, row.page = row.page, {}
    own = page_with(row)
    prepared = _values_of(copy)
    row.page = {name: value for name, value in prepared.items() if value != _values_of(own)[name]}
    if row.page != held:
        row.save(update_fields=["page", "updated_at"])


def _values_of(page: MerchantPage) -> dict[str, Any]:
    texts = {name: getattr(page, name) for name in TEXTS}
    pictures = {name: getattr(page, f"{name}_id") for name in PICTURES}
    return {**texts, **pictures, "body": page.body.get_prep_value()}


@transaction.atomic
def keep_week(row: Proposal, week: Week, *, by_id: int) -> None:
    """These hours are prepared; none when they are the merchant's already. Raises Closed."""
    row = _editable(row, by_id)
    facts = timetable.facts_of_week(week)
    row.week = None if facts == timetable.week_facts(row.merchant) else facts
    row.save(update_fields=["week", "updated_at"])


@transaction.atomic
def add_product(row: Proposal, product: Mapping[str, Any], *, by_id: int) -> None:
    """One more product, last. Raises Closed, and ValueError beyond MOST_PRODUCTS."""
    row = _editable(row, by_id)
    if len(row.products) >= MOST_PRODUCTS:
        raise ValueError("Too many products in one proposal")
    row.products = [*row.products, {**product, "token": str(uuid.uuid4())}]
    row.save(update_fields=["products", "updated_at"])


@transaction.atomic
def remove_product(row: Proposal, token: str, *, by_id: int) -> bool:
    """False when it was not there. Raises Closed."""
    row = _editable(row, by_id)
    left = [product for product in row.products if product["token"] != token]
    removed = len(left) < len(row.products)
    row.products = left
    row.save(update_fields=["products", "updated_at"])
    return removed


def _editable(row: Proposal, by_id: int) -> Proposal:
    """The row, held, and in preparation again: the link that was given opens nothing any more. Raises Closed."""
    held: Proposal = (
        Proposal.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=row.pk)
    )
    if held.status not in ProposalStatus.open():
        raise Closed
    if held.status == ProposalStatus.SENT:
        audit.note("proposal.reopened", held, actor_id=by_id, merchant_id=held.merchant_id)
    if held.status != ProposalStatus.DRAFT:
        held.status, held.link_version = ProposalStatus.DRAFT, held.link_version + 1
        held.save(update_fields=["status", "link_version", "updated_at"])
    return held


# ---------------------------------------------------------------------------------------------------- sent, taken back


@transaction.atomic
def send(row: Proposal, owner_id: int, *, words: str, by_id: int, now: datetime) -> Proposal:
    """It waits for this owner afterwards, on top of what the merchant has at this moment.

    Raises Closed, NothingPrepared, NoOwner. The letter is the caller's to post.
    """
    row = _editable(row, by_id)
    if not (row.page or row.products or row.week is not None):
        raise NothingPrepared
    if owner_id not in {member.user_id for member in owners_of(row.merchant)}:
        raise NoOwner
    row.status, row.words, row.answer = ProposalStatus.SENT, words[:300], ""
    row.prepared_by_id = by_id
    row.sent_to_id, row.sent_at, row.expires_at, row.answered_at = owner_id, now, now + LASTS, None
    row.link_version += 1
    row.base = base_of(row)
    row.save()
    after = {"to": owner_id, "until": row.expires_at.isoformat()}
    audit.note("proposal.sent", row, actor_id=by_id, merchant_id=row.merchant_id, after=after)
    return row


def base_of(row: Proposal) -> dict[str, Any]:
    """What the merchant has now of whatever this proposal would replace."""
    base: dict[str, Any] = {}
    if row.page:
        page = moderation.window_of(row.merchant)
        base["page"] = [page.pk, page.latest_revision_id] if page else None
    if row.week is not None:
        base["week"] = timetable.week_facts(row.merchant)
    return base


@transaction.atomic
def withdraw(row: Proposal, *, by_id: int) -> bool:
    """Nobody can approve it any more. False when it was answered or taken back before."""
    rows = unjoined(Proposal).filter(pk=row.pk, status__in=ProposalStatus.open())
    gone = rows.update(status=ProposalStatus.WITHDRAWN)
    if gone:
        audit.note("proposal.withdrawn", row, actor_id=by_id, merchant_id=row.merchant_id)
    return bool(gone)


def token_of(row: Proposal) -> str:
    """What the owner's link carries."""
    return links.seal(PURPOSE, row.pk, row.link_version)


def by_token(token: str) -> Proposal | None:
    """The proposal of this link, whatever became of it; None for a forged, foreign or closed link.

    None too for a merchant that is hidden, and when its addressee owns it no more.
    """
    said = links.unseal(PURPOSE, token)
    if said is None:
        return None
    rows = Proposal.objects.select_related(
        "merchant__category", "merchant__sector", "merchant__site", "prepared_by", "sent_to"
    )
    row: Proposal | None = rows.filter(pk=said.pk, link_version=said.version).first()
    if (
        row is None
        or row.merchant.is_hidden
        or row.status in {ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN}
    ):
        return None
    is_owner = any(member.user_id == row.sent_to_id for member in owners_of(row.merchant))
    return row if is_owner else None


def waits(row: Proposal, *, now: datetime) -> bool:
    return row.status == ProposalStatus.SENT and row.expires_at is not None and now < row.expires_at


def is_overtaken(row: Proposal) -> bool:
    """Whether it waits, and the merchant has changed since what it would replace."""
    return row.status == ProposalStatus.SENT and bool(base_of(row) != row.base)
