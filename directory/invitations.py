"""Asking people in: a letter to one address, with a role in a merchant or in the portal's staff.

Good once, for two weeks. Its secret stands in the letter alone; the row keeps a digest. What it gives is given when
it is accepted, under the row's lock, and only if whoever sent it could still send it.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from wagtail.models import Site

from directory.enums import MembershipRole
from directory.models import Invitation, Membership, Merchant
from home import audit
from home.models import PortalRole, PortalStaff

LIFETIME = timedelta(days=14)

GrantStaff = Callable[[Any, Site, PortalRole], bool]
"""Gives a role in a portal: ``portal.staffing.grant``, which this floor cannot see."""


class NotAllowed(Exception):
    """This person may not invite to that role there."""


class AlreadyThere(Exception):
    """The address is of somebody who has that place already."""


class AlreadyInvited(Exception):
    """A letter to that address waits already."""


@dataclass(frozen=True, slots=True)
class Inviter:
    """What a person is in one portal. ``owns``: primary keys of merchants."""

    is_superuser: bool = False
    portal_roles: frozenset[str] = frozenset()
    owns: frozenset[int] = frozenset()


def may_invite(inviter: Inviter, role: str, merchant_id: int | None) -> bool:
    """An owner asks into its own merchant, a manager into the portal's staff, the operator anywhere.

    ``merchant_id`` is None for staff. A role of the other house is nobody's to give.
    """
    house = PortalRole.values if merchant_id is None else MembershipRole.values
    if role not in house:
        return False
    if inviter.is_superuser:
        return True
    if merchant_id is None:
        return PortalRole.MANAGER in inviter.portal_roles
    return merchant_id in inviter.owns


def inviter(user: Any) -> Inviter:
    """What the person is at this moment in the portal in scope; nothing once it is closed."""
    if not user.is_active:
        return Inviter()
    owned = Membership.objects.filter(
        user=user.pk, role=MembershipRole.OWNER, merchant__suspended_at=None
    ).values_list("merchant", flat=True)
    roles = PortalStaff.objects.filter(user=user.pk).values_list("role", flat=True)
    return Inviter(user.is_superuser, frozenset(roles), frozenset(owned))


def waiting(now: datetime) -> QuerySet[Invitation]:
    """Letters of the portal in scope that can still be answered."""
    rows: QuerySet[Invitation] = Invitation.objects.filter(
        accepted_at=None, revoked_at=None, expires_at__gt=now
    )
    return rows


@transaction.atomic
def invite(
    site: Site, email: str, role: str, *, merchant: Merchant | None = None, by: Any, now: datetime
) -> tuple[Invitation, str]:
    """The letter's row, and the secret that goes in the letter. Raises NotAllowed, AlreadyThere, AlreadyInvited."""
    email = email.strip().lower()
    if not may_invite(inviter(by), role, merchant.pk if merchant else None):
        raise NotAllowed
    if _has_place(email, role, merchant):
        raise AlreadyThere
    _forget_expired(email, merchant, now)
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            row: Invitation = Invitation.objects.create(
                site=site, merchant=merchant, email=email, role=role, invited_by=by,
                secret_digest=digest(secret), expires_at=now + LIFETIME,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyInvited from error
    _note("invitation.send", row, by, after={"role": role})
    return row, secret


@transaction.atomic
def renew(row: Invitation, *, by: Any, now: datetime) -> str | None:
    """A new secret for another letter; the one before opens nothing any more. None when it waits no longer."""
    secret = secrets.token_urlsafe(32)
    changed = Invitation.objects.filter(pk=row.pk, accepted_at=None, revoked_at=None).update(
        secret_digest=digest(secret), expires_at=now + LIFETIME
    )
    if not changed:
        return None
    _note("invitation.resend", row, by)
    return secret


@transaction.atomic
def revoke(row: Invitation, *, by: Any, now: datetime) -> bool:
    """The letter opens nothing any more. False when it was answered or taken back already."""
    gone = Invitation.objects.filter(pk=row.pk, accepted_at=None, revoked_at=None).update(revoked_at=now)
    if gone:
        _note("invitation.revoke", row, by)
    return bool(gone)


def by_secret(secret: str, now: datetime) -> Invitation | None:
    """The letter that this secret opens, if it can still be answered. Its merchant is not suspended."""
    rows = waiting(now).select_related("merchant", "site", "invited_by")
    row: Invitation | None = rows.filter(secret_digest=digest(secret)).first()
    return row if row is not None and _still_stands(row) else None


def answered_by(user: Any, secret: str) -> Invitation | None:
    """The letter that this secret opened for this very person."""
    rows = Invitation.objects.filter(secret_digest=digest(secret), accepted_by=user.pk)
    row: Invitation | None = rows.exclude(accepted_by=None).select_related("merchant", "site").first()
    return row


@transaction.atomic
def accept(secret: str, user: AbstractBaseUser, *, grant: GrantStaff, now: datetime) -> Invitation | None:
    """The person has the place afterwards. None when the letter is not good, not theirs, or was answered before.

    Of two answers at the same moment one waits for the other, and finds the letter used.
    """
    row: Invitation | None = (
        waiting(now).select_for_update(of=("self",)).filter(secret_digest=digest(secret)).first()
    )
    if row is None or row.email.lower() != _email_of(user) or not _still_stands(row):
        return None
    Invitation.objects.filter(pk=row.pk).update(accepted_at=now, accepted_by=user.pk)
    _give_place(row, user, grant)
    _note("invitation.accept", row, user, after={"role": row.role})
    return row


def digest(secret: str) -> str:
    """What is kept of a secret. It has 256 bits of chance: no salt, and no slow hash, is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _email_of(user: Any) -> str:
    return str(user.email).lower()


def _still_stands(row: Invitation) -> bool:
    """Whoever sent it could still send it, and its merchant is open."""
    if row.merchant is not None and row.merchant.suspended_at is not None:
        return False
    return may_invite(inviter(row.invited_by), row.role, row.merchant_id)


def _give_place(row: Invitation, user: Any, grant: GrantStaff) -> None:
    if row.merchant is None:
        grant(user, row.site, PortalRole(row.role))
        return
    place, made = Membership.objects.get_or_create(
        merchant=row.merchant, user=user, defaults={"role": row.role}
    )
    if not made and row.role == MembershipRole.OWNER:
        Membership.objects.filter(pk=place.pk).update(role=MembershipRole.OWNER)


def _has_place(email: str, role: str, merchant: Merchant | None) -> bool:
    if merchant is None:
        return bool(PortalStaff.objects.filter(user__email=email, role=role).exists())
    same_or_more = Q(role=role) | Q(role=MembershipRole.OWNER)
    return bool(Membership.objects.filter(same_or_more, merchant=merchant, user__email=email).exists())


def _forget_expired(email: str, merchant: Merchant | None, now: datetime) -> None:
    """A letter that nobody can answer any more stands in no new one's way."""
    old = Invitation.objects.filter(merchant=merchant, email__iexact=email, expires_at__lte=now)
    old.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)


def _note(action: str, row: Invitation, by: Any, *, after: audit.Facts | None = None) -> None:
    audit.note(action, row, actor_id=by.pk, merchant_id=row.merchant_id, after=after)
