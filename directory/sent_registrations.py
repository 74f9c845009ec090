"""A registration once all is said: sent, written into the merchant, answered by the Journal.

Nothing public changes before: sending writes the merchant, its owner, its facts, its option and its page's draft in one
transaction, and the page waits for the Journal like any other (``directory.moderation``).
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from directory import agreements, claims, departures, moderation, own_site, questions, tiers, timetable
from directory.claims import AlreadyClaimed
from directory.enums import ClaimStatus, MembershipRole, RegistrationStatus, Tier
from directory.models import Claim, Membership, Merchant, Registration
from directory.registrations import held_row, note
from home import audit
from home.models import CustomImage, PortalSettings
from home.tenancy import unjoined

# ------------------------------------------------------------------------------------------------ sending


class NotComplete(Exception):
    """A question has no answer yet."""


class NotProved(Exception):
    """The page is somebody's, and nothing shows yet that it is this person's."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending did. ``revision_pk``: of the page that the Journal looks at; None while the claim is looked at."""

    registration: Registration
    merchant: Merchant | None
    revision_pk: int | None
    is_new: bool = True


@transaction.atomic
def send(row: Registration, *, now: datetime) -> Sent:
    """It waits for the Journal afterwards. Twice is once (``is_new``).

    Where nothing stands in the way the merchant, its owner, its facts, its option and its page are written in the same
    breath; where a claim waits for its answer, ``install`` writes them once that is given. Raises NotComplete,
    NotProved, and AlreadyClaimed when somebody else has the page.
    """
    held = held_row(row.pk)
    if held.status in RegistrationStatus.sent():
        return Sent(held, held.merchant, None, is_new=False)
    if held.status != RegistrationStatus.STARTED or questions.next_question(held.answers) is not None:
        raise NotComplete
    is_free = _is_free(held)
    held.status, held.sent_at, held.step = RegistrationStatus.WAITING, now, ""
    held.tier = held.answers["tier"]
    held.save()
    note("registration.send", held, held.user, after={"tier": held.tier})
    revision_pk = install(held, now=now) if is_free else None
    return Sent(held, held.merchant, revision_pk)


def _is_free(held: Registration) -> bool:
    """Nothing more has to be shown: a new shop, one's own, or one to which the Chamber invited this person."""
    if held.merchant is None:
        return True
    merchant = Merchant.objects.select_for_update(of=("self",)).get(pk=held.merchant.pk)
    if merchant.is_hidden:
        raise NotProved
    if not merchant.is_claimed and departures.holds_back(merchant, held.user_id):
        raise AlreadyClaimed
    if merchant.is_claimed:
        if not owns(merchant, held.user):
            raise AlreadyClaimed
        return True
    if held.invited_by_id is not None:
        return True
    if not Claim.objects.filter(merchant=merchant, user=held.user, status=ClaimStatus.PROVED).exists():
        raise NotProved
    return False


def owns(merchant: Merchant, user: Any) -> bool:
    rows = Membership.objects.filter(merchant=merchant, user=user, role=MembershipRole.OWNER)
    return bool(rows.exists())


@transaction.atomic
def install(held: Registration, *, now: datetime) -> int:
    """The merchant is as the answers say, is this person's, and its page waits for the Journal: its revision's key.

    In the transaction of whoever decided it. Raises AlreadyClaimed when somebody else has the page.
    """
    merchant = _taken(held, now)
    _state_facts(merchant, held)
    timetable.state_week(merchant, timetable.week_of_facts(held.answers.get("hours") or {}))
    tiers.choose(merchant, Tier(held.tier), by_id=held.user_id, now=now)
    agreements.bind(held, merchant)
    revision_pk = _page(merchant, held, now)
    own_site.hand_over(held.user, merchant, holds=_holds(merchant, held))
    return revision_pk


def _holds(merchant: Merchant, held: Registration) -> dict[str, Any]:
    """What it has now, in the words of its site's reading: a later one tells from it what was changed by hand."""
    contacts = {name: getattr(merchant, name) for name in ("email", "website_url", "shop_url")}
    phone = str(getattr(merchant.phone, "as_e164", ""))
    return {
        **contacts,
        "phone": phone,
        "intro": held.answers["intro"],
        "week": timetable.week_facts(merchant),
    }


def _taken(held: Registration, now: datetime) -> Merchant:
    """The merchant that this registration makes, or takes over, with its owner."""
    if held.merchant is None:
        merchant = _new_merchant(held)
        unjoined(Registration).filter(pk=held.pk).update(merchant=merchant)
        held.merchant = merchant
        claims.give(merchant, held.user, now=now)
        return merchant
    merchant = Merchant.objects.select_for_update(of=("self",)).get(pk=held.merchant.pk)
    if not owns(merchant, held.user):
        if held.invited_by_id is None:
            raise NotProved
        claims.win_by_word(merchant, user=held.user, by_id=held.invited_by_id, now=now)
    merchant.refresh_from_db()
    return merchant


def _new_merchant(held: Registration) -> Merchant:
    answers = held.answers
    merchant: Merchant = Merchant.objects.create(
        site_id=held.site_id, name=answers["name"], slug=free_slug(answers["name"]),
        category_id=answers["category"], sector_id=answers["sector"], email=held.email,
        city=PortalSettings.for_site(held.site).town_name,
    )  # fmt: skip
    return merchant


def free_slug(name: str) -> str:
    """An address that no merchant of the portal has."""
    stem = slugify(name)[:100] or "commerce"
    taken = set(Merchant.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidates = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(slug for slug in candidates if slug not in taken)


FACTS = (
    "name", "legal_name", "street_address", "postal_code", "phone", "website_url", "category_id", "sector_id",
)  # fmt: skip


def _state_facts(merchant: Merchant, held: Registration) -> None:
    """What was answered is live at once, with its trace; where the shop stands on the map stays with its address."""
    answers = {**held.answers, "category_id": held.answers["category"], "sector_id": held.answers["sector"]}
    before = {name: str(getattr(merchant, name) or "") for name in FACTS}
    if (merchant.street_address, merchant.postal_code) != (answers["street_address"], answers["postal_code"]):
        merchant.latitude = merchant.longitude = None
    for name in FACTS:
        setattr(merchant, name, answers[name])
    merchant.email = merchant.email or held.email
    if answers.get("shop_url") and held.tier == Tier.LINKED_SHOP:
        merchant.shop_url = answers["shop_url"]
    merchant.save(update_fields=(*FACTS, "email", "shop_url", "latitude", "longitude"))
    merchant.refresh_from_db()
    after = {name: str(getattr(merchant, name) or "") for name in FACTS}
    audit.note(
        "merchant.contact",
        merchant,
        actor_id=held.user_id,
        merchant_id=merchant.pk,
        before=before,
        after=after,
    )


def _page(merchant: Merchant, held: Registration, now: datetime) -> int:
    """The page's draft with what was answered, sent to the Journal."""
    window = moderation.open_window(merchant, user=held.user)
    page = moderation.working_copy(window) if window.latest_revision_id else window
    page.title, page.intro = merchant.name, held.answers["intro"]
    if picture := _picture(merchant, held):
        page.cover, page.cover_alt = picture, questions.photo_words(held.answers)
    moderation.keep(page, user=held.user, seen=window.latest_revision_id)
    window.refresh_from_db()
    seen = int(window.latest_revision_id)
    stage = moderation.send(window.pk, user=held.user, seen=seen)
    if stage == moderation.Stage.LIVE:  # the Journal trusts this merchant
        follow_page(merchant, RegistrationStatus.APPROVED, by=held.user, now=now)
    audit.note("page.sent", window, actor_id=held.user_id, merchant_id=merchant.pk, after={"revision": seen})
    return seen


def _picture(merchant: Merchant, held: Registration) -> CustomImage | None:
    """The photo that came with the registration, the merchant's from now on."""
    key = held.answers.get("photo") or 0
    CustomImage.objects.filter(pk=key, site=held.site_id, merchant=None).update(merchant=merchant)
    found: CustomImage | None = CustomImage.objects.filter(
        pk=key, site=held.site_id, merchant=merchant
    ).first()
    return found


# ------------------------------------------------------------------------------------------------ the answer


@transaction.atomic
def follow_page(
    merchant: Merchant, status: RegistrationStatus, *, by: Any, comment: str = "", now: datetime
) -> Registration | None:
    """The registration stands where the Journal's answer to its page puts it; None where there is none to move.

    A page that was refused and is sent again waits again.
    """
    from_ = FOLLOWS[status]
    rows = Registration.objects.filter(merchant=merchant, status__in=from_, sent_at__isnull=False)
    row: Registration | None = rows.select_related("site", "merchant", "user").order_by("-sent_at").first()
    if row is None:
        return None
    answered = status != RegistrationStatus.WAITING
    moved = unjoined(Registration).filter(pk=row.pk, status__in=from_).update(
        status=status, comment=comment, decided_at=now if answered else None,
        decided_by=by if answered else None,
    )  # fmt: skip
    if not moved:
        return None
    row.refresh_from_db()
    note(ACTS[status], row, by, after={"comment": comment} if comment else None)
    return row


FOLLOWS = {
    RegistrationStatus.APPROVED: (RegistrationStatus.WAITING, RegistrationStatus.REFUSED),
    RegistrationStatus.REFUSED: (RegistrationStatus.WAITING,),
    RegistrationStatus.WAITING: (RegistrationStatus.REFUSED,),
}
ACTS = {
    RegistrationStatus.APPROVED: "registration.approve",
    RegistrationStatus.REFUSED: "registration.refuse",
    RegistrationStatus.WAITING: "registration.send_again",
}


def of_claim(claim: Claim) -> Registration | None:
    """What this person answered about that page and sent already, waiting for the claim."""
    rows = Registration.objects.filter(
        merchant=claim.merchant_id, user=claim.user_id, status=RegistrationStatus.WAITING
    )
    row: Registration | None = rows.select_related("site", "merchant", "user").first()
    return row


def waiting() -> QuerySet[Registration]:
    """Sent, and not answered; the longest first."""
    rows: QuerySet[Registration] = Registration.objects.filter(status=RegistrationStatus.WAITING)
    return rows.select_related("merchant", "user").order_by("sent_at", "pk")


@transaction.atomic
def close(row: Registration, *, by: Any, comment: str, now: datetime) -> bool:
    """The claim that it hung on was refused: it is over, and its answers go. False when it was answered already."""
    closed = unjoined(Registration).filter(pk=row.pk, status=RegistrationStatus.WAITING).update(
        status=RegistrationStatus.WITHDRAWN, answers={}, comment=comment, decided_at=now, decided_by=by
    )  # fmt: skip
    if closed:
        note("registration.refuse", row, by, after={"comment": comment})
    return bool(closed)
