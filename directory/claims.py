"""« C’est mon commerce »: the only writer of claims. Proved by a code or by the Chamber's word, then approved.

Of two claims to one page one wins: whoever decides holds the merchant's row, and a constraint says so too. The other is
told, and heard. A code is kept as a keyed digest: who reads the table cannot type it. It belongs to one person's claim,
so that nobody's tries stand in another's way.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from directory import departures
from directory.enums import ClaimProof, ClaimStatus, MembershipRole
from directory.models import Claim, Membership, Merchant
from home import audit
from home.models import AuditEntry
from home.tenancy import unjoined

LASTS = {
    ClaimProof.EMAIL: timedelta(hours=24),
    ClaimProof.PHONE: timedelta(hours=24),
    ClaimProof.LETTER: timedelta(days=30),
}
MOST_TRIES = 5
DAY = timedelta(days=1)
CODES_A_DAY_TO_A_PERSON = 5
CODES_A_DAY_TO_AN_ADDRESS = 10
"""Mails with a code to one merchant's address, whoever asks: the telephone, the letter and the Chamber stay open."""
CLAIMS_A_PERSON = 5
"""Open at once."""
CODE_MADE = "claim.code"


class AlreadyClaimed(Exception):
    """Somebody has the page: asking to join, or contesting, goes through the Chamber."""


class TooMany(Exception):
    """Of codes or of claims; another way stays open, and tomorrow this one does."""


class NoSuchWay(Exception):
    """The merchant has no public email or telephone for that proof."""


class CodeOver(Exception):
    """No code can be typed any more: it ran out, had its five tries, or there is none."""


class NotProved(Exception):
    """It cannot be approved before it is proved."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a claim is being proved: by which code, and whether that code exists or is only asked for."""

    proof: ClaimProof
    is_made: bool


# ------------------------------------------------------------------------------------------------ asking


@transaction.atomic
def begin(merchant: Merchant, *, user: Any, now: datetime) -> Claim:
    """This person's open claim to that page. Raises AlreadyClaimed, TooMany.

    A person whose proved address is the merchant's public one has proved the claim by signing in.
    """
    held = _held(merchant)
    if held.is_claimed or departures.holds_back(held, user.pk):
        raise AlreadyClaimed
    claim = open_claim(merchant, user) or _new(held, user)
    if claim.status == ClaimStatus.STARTED and is_own_address(held, user):
        _prove(claim, ClaimProof.EMAIL, now, actor_id=user.pk)
        claim.refresh_from_db()
    return claim


def open_claim(merchant: Merchant, user: Any) -> Claim | None:
    rows = Claim.objects.filter(merchant=merchant, user=user.pk, status__in=ClaimStatus.open())
    row: Claim | None = rows.select_related("merchant__site", "site", "user").first()
    return row


def _new(merchant: Merchant, user: Any, **fields: Any) -> Claim:
    if Claim.objects.filter(user=user.pk, status__in=ClaimStatus.open()).count() >= CLAIMS_A_PERSON:
        raise TooMany
    row: Claim = Claim.objects.create(site_id=merchant.site_id, merchant=merchant, user=user, **fields)
    _note("claim.begin", row, user.pk)
    return row


def is_own_address(merchant: Merchant, user: Any) -> bool:
    """Who is signed in has proved that address."""
    return bool(merchant.email) and merchant.email.strip().lower() == str(user.email).lower()


@transaction.atomic
def contest(merchant: Merchant, *, user: Any, phone: str, words: str) -> Claim:
    """Somebody has the page; this person says why it is theirs, or that they work there, and is called back.

    The words of an open claim are replaced. Raises TooMany.
    """
    held = _held(merchant)
    claim = open_claim(held, user) or _new(held, user)
    claim.phone, claim.words = phone, words
    claim.save(update_fields=("phone", "words"))
    _note("claim.contest", claim, user.pk)
    return claim


@transaction.atomic
def withdraw(claim: Claim, *, by: Any, now: datetime) -> bool:
    """False when it was answered already."""
    return _move(
        claim, ClaimStatus.open(), ClaimStatus.WITHDRAWN, "claim.withdraw", by, decided_at=now, code_digest=""
    )


# ------------------------------------------------------------------------------------------------ proving


def way_of(claim: Claim) -> Way | None:
    kind, colon, digest = claim.code_digest.partition(":")
    return Way(ClaimProof(kind), bool(digest)) if colon else None


def can_try(claim: Claim, now: datetime) -> bool:
    """A code was made, is in time, and has tries left."""
    way = way_of(claim)
    in_time = claim.code_expires_at is not None and claim.code_expires_at > now
    return bool(way and way.is_made and in_time and claim.code_tries < MOST_TRIES)


@transaction.atomic
def ask_for(claim: Claim, proof: ClaimProof, *, now: datetime) -> None:
    """The Chamber's list says that somebody waits for a call at the public number, or for a letter.

    Raises NoSuchWay. A code that was made before and is still good stays so.
    """
    if proof == ClaimProof.PHONE and not claim.merchant.phone:
        raise NoSuchWay
    if can_try(claim, now) or proof not in (ClaimProof.PHONE, ClaimProof.LETTER):
        return
    rows = unjoined(Claim).filter(pk=claim.pk, status=ClaimStatus.STARTED)
    rows.update(code_digest=f"{proof.value}:", code_sent_at=now, code_expires_at=None)


@transaction.atomic
def make_code(claim: Claim, proof: ClaimProof, *, by_id: int, now: datetime) -> str:
    """Eight digits, told once: the one before opens nothing any more. ``by_id``: who asked, or reads it out.

    Raises NoSuchWay, TooMany.
    """
    merchant = _held(claim.merchant)
    _refuse_more(merchant, proof, by_id, now)
    number = secrets.randbelow(10**8)
    code = f"{number // 10_000:04d}-{number % 10_000:04d}"
    made = unjoined(Claim).filter(pk=claim.pk, status=ClaimStatus.STARTED)
    if not made.update(
        code_digest=f"{proof.value}:{_digest(claim.pk, code)}", code_sent_at=now,
        code_expires_at=now + LASTS[proof], code_tries=0,
    ):  # fmt: skip
        raise CodeOver
    _note(CODE_MADE, claim, by_id, after={"by": proof.value})
    return code


def _refuse_more(merchant: Merchant, proof: ClaimProof, by_id: int, now: datetime) -> None:
    if proof == ClaimProof.EMAIL:
        if not merchant.email:
            raise NoSuchWay
        today = AuditEntry.objects.filter(action=CODE_MADE, at__gt=now - DAY, after__by=ClaimProof.EMAIL)
        if today.filter(actor=by_id).count() >= CODES_A_DAY_TO_A_PERSON:
            raise TooMany
        if today.filter(merchant=merchant.pk).count() >= CODES_A_DAY_TO_AN_ADDRESS:
            raise TooMany
    if proof == ClaimProof.PHONE and not merchant.phone:
        raise NoSuchWay


@transaction.atomic
def try_code(claim: Claim, typed: str, *, now: datetime) -> bool:
    """True: the claim is proved. False: not this code, and one try less. Raises CodeOver."""
    tried = unjoined(Claim).filter(
        pk=claim.pk, status=ClaimStatus.STARTED, code_tries__lt=MOST_TRIES, code_expires_at__gt=now
    )
    if not tried.update(code_tries=F("code_tries") + 1):
        raise CodeOver
    held = Claim.objects.get(pk=claim.pk)
    way = way_of(held)
    digits = "".join(character for character in typed if character in "0123456789")
    code = f"{digits[:4]}-{digits[4:]}"
    expected = held.code_digest.partition(":")[2]
    if way is None or not expected or not constant_time_compare(_digest(held.pk, code), expected):
        return False
    return _prove(held, way.proof, now, actor_id=held.user_id)


def vouch(claim: Claim, *, by: Any, now: datetime) -> bool:
    """An adviser knows the person: the Chamber's word. False when it was proved, or answered, already."""
    with transaction.atomic():
        return _prove(claim, ClaimProof.CHAMBER, now, actor_id=by.pk)


def _prove(claim: Claim, proof: ClaimProof, now: datetime, *, actor_id: int) -> bool:
    proved = unjoined(Claim).filter(pk=claim.pk, status=ClaimStatus.STARTED)
    done = proved.update(
        status=ClaimStatus.PROVED, proof=proof, proved_at=now, code_digest="", code_expires_at=None
    )
    if done:
        _note("claim.prove", claim, actor_id, after={"by": proof.value})
    return bool(done)


def _digest(claim_pk: int, code: str) -> str:
    return salted_hmac("directory.claims", f"{claim_pk}:{code}", algorithm="sha256").hexdigest()


# ------------------------------------------------------------------------------------------------ the answer


@transaction.atomic
def approve(claim: Claim, *, by: Any, now: datetime) -> bool:
    """The person owns the merchant from now on. False when this claim was answered already.

    Raises NotProved, and AlreadyClaimed when another was first.
    """
    merchant = _held(claim.merchant)
    kept = Claim.objects.select_related("user").get(pk=claim.pk)
    if kept.status == ClaimStatus.STARTED:
        raise NotProved
    if kept.status != ClaimStatus.PROVED:
        return False
    if merchant.is_claimed or departures.holds_back(merchant, kept.user_id):
        raise AlreadyClaimed
    _move(
        kept, (ClaimStatus.PROVED,), ClaimStatus.APPROVED, "claim.approve", by, decided_at=now, decided_by=by
    )
    give(merchant, kept.user, now=now)
    return True


@transaction.atomic
def win_by_word(merchant: Merchant, *, user: Any, by_id: int, now: datetime) -> None:
    """The Chamber invited this person to this page: its word, and its answer. Raises AlreadyClaimed."""
    held = _held(merchant)
    if held.is_claimed or departures.holds_back(held, user.pk):
        raise AlreadyClaimed
    decided = {"proof": ClaimProof.CHAMBER, "proved_at": now, "decided_at": now, "decided_by_id": by_id}
    known = open_claim(held, user)
    if known is None:
        known = Claim.objects.create(
            site_id=held.site_id, merchant=held, user=user, status=ClaimStatus.APPROVED, **decided
        )
    else:
        unjoined(Claim).filter(pk=known.pk).update(status=ClaimStatus.APPROVED, code_digest="", **decided)
    _note("claim.approve", known, by_id, after={"by": ClaimProof.CHAMBER.value})
    give(held, user, now=now)


def give(merchant: Merchant, user: Any, *, now: datetime) -> None:
    """The person owns this merchant, whose row is held; in the transaction of whoever decided it."""
    place, _made = Membership.objects.get_or_create(merchant=merchant, user=user)
    if place.role != MembershipRole.OWNER:
        Membership.objects.filter(pk=place.pk).update(role=MembershipRole.OWNER)
    if unjoined(Merchant).filter(pk=merchant.pk, claimed_at=None).update(claimed_at=now, confirmed_at=now):
        merchant.confirmed_at = now
    merchant.claimed_at = merchant.claimed_at or now


def let_go(merchant: Merchant) -> None:
    """Its people left for good: whoever won the page has it no more. In the transaction of whoever decided it."""
    won = unjoined(Claim).filter(merchant=merchant.pk, status=ClaimStatus.APPROVED)
    won.update(status=ClaimStatus.WITHDRAWN)


@transaction.atomic
def refuse(claim: Claim, *, by: Any, comment: str, now: datetime) -> bool:
    """The person reads ``comment``. False when it was answered already."""
    return _move(
        claim, ClaimStatus.open(), ClaimStatus.REFUSED, "claim.refuse", by,
        decided_at=now, decided_by=by, comment=comment, code_digest="",
    )  # fmt: skip


def open_to(merchant: Merchant) -> QuerySet[Claim]:
    """Claims to that page that nobody has answered."""
    rows: QuerySet[Claim] = Claim.objects.filter(merchant=merchant, status__in=ClaimStatus.open())
    return rows.select_related("user", "merchant", "site").order_by("pk")


def waiting() -> QuerySet[Claim]:
    """What the Chamber or the Journal has to do something about, the longest first."""
    rows: QuerySet[Claim] = Claim.objects.filter(status__in=ClaimStatus.open(), merchant__suspended_at=None)
    known = rows.filter(merchant__removed_at=None).select_related("merchant", "user", "site")
    return known.order_by("created_at", "pk")


def _held(merchant: Merchant) -> Merchant:
    """The merchant's row as it stands: whoever else decides of this page waits."""
    row: Merchant = Merchant.objects.select_for_update(of=("self",)).get(pk=merchant.pk)
    return row


def _move(
    claim: Claim, from_: tuple[ClaimStatus, ...], to: ClaimStatus, action: str, by: Any, **fields: Any
) -> bool:
    moved = unjoined(Claim).filter(pk=claim.pk, status__in=from_).update(status=to, **fields)
    if moved:
        _note(action, claim, by.pk)
    return bool(moved)


def _note(action: str, row: Claim, actor_id: int | None, *, after: audit.Facts | None = None) -> None:
    audit.note(action, row, actor_id=actor_id, merchant_id=row.merchant_id, after=after)
