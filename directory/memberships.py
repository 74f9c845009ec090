"""Who works in a merchant. A merchant always has an owner: the last one neither leaves nor is made a helper."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from directory.enums import MembershipRole
from directory.models import Membership
from home import audit


class LastOwner(Exception):
    """It would leave the merchant without an owner."""


@transaction.atomic
def remove(row: Membership, *, by: AbstractBaseUser) -> bool:
    """The person works there no more, and its sessions end. False when it was gone already. Raises LastOwner."""
    kept = _locked(row)
    if kept is None:
        return False
    _keep_an_owner(kept)
    kept.delete()
    kept.user.end_sessions()
    _note("membership.remove", row, by, before={"user": kept.user_id, "role": kept.role})
    return True


@transaction.atomic
def set_role(row: Membership, role: MembershipRole, *, by: AbstractBaseUser) -> bool:
    """The person has that role afterwards. False when it had it, or is gone. Raises LastOwner."""
    kept = _locked(row)
    if kept is None or kept.role == role:
        return False
    if role != MembershipRole.OWNER:
        _keep_an_owner(kept)
    Membership.objects.filter(pk=kept.pk).update(role=role)
    _note("membership.set_role", row, by, before={"role": kept.role}, after={"role": role})
    return True


def _locked(row: Membership) -> Membership | None:
    """The row as it stands now, with all of the merchant's rows locked: two owners do not leave at once."""
    rows = Membership.objects.filter(merchant=row.merchant_id).select_related("user")
    everybody = {each.pk: each for each in rows.select_for_update(of=("self",)).order_by("pk")}
    return everybody.get(row.pk)


def _keep_an_owner(leaving: Membership) -> None:
    owners = Membership.objects.filter(merchant=leaving.merchant_id, role=MembershipRole.OWNER)
    if leaving.role == MembershipRole.OWNER and not owners.exclude(pk=leaving.pk).exists():
        raise LastOwner


def _note(
    action: str,
    row: Membership,
    by: AbstractBaseUser,
    *,
    before: audit.Facts,
    after: audit.Facts | None = None,
) -> None:
    audit.note(action, row, actor_id=by.pk, merchant_id=row.merchant_id, before=before, after=after)
