"""What coming in leaves behind about a person: told to that person, forgotten at its word, and in time."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from directory.enums import ClaimStatus, RegistrationStatus
from directory.models import Agreement, Claim, Registration
from home.models import CustomImage
from home.tenancy import unjoined

YEAR = timedelta(days=365)
Row = Mapping[str, Any]


# ------------------------------------------------------------------------------------------------ told


def registrations_of(user: Any) -> Iterable[Row]:
    for row in Registration.objects.filter(user=user.pk):
        yield {
            "commence_le": row.created_at.isoformat(),
            "courriel": row.email,
            "etat": row.get_status_display(),
            "reponses": json.dumps(row.answers, ensure_ascii=False),
            "envoye_le": row.sent_at.isoformat() if row.sent_at else None,
            "mot_recu": row.comment,
        }


def claims_of(user: Any) -> Iterable[Row]:
    for row in Claim.objects.filter(user=user.pk).select_related("merchant"):
        yield {
            "commerce": row.merchant.name,
            "demande_le": row.created_at.isoformat(),
            "etat": row.get_status_display(),
            "preuve": row.get_proof_display(),
            "vos_mots": row.words,
            "telephone": str(row.phone),
            "mot_recu": row.comment,
        }


def agreements_of(user: Any) -> Iterable[Row]:
    for row in Agreement.objects.filter(accepted_by=user.pk).select_related("merchant"):
        yield {
            "commerce": row.merchant.name if row.merchant else "",
            "version": row.version,
            "langue": row.language,
            "accepte_le": row.accepted_at.isoformat(),
            "texte": row.words,
        }


# ------------------------------------------------------------------------------------------------ forgotten


def forget(user: Any, *, now: datetime) -> None:
    """In every portal: answers, words and numbers go; that a contract was accepted stays, by nobody any more."""
    mine = unjoined(Registration).filter(user=user.pk)
    _drop_pictures(mine)
    mine.filter(status__in=(RegistrationStatus.INVITED, RegistrationStatus.STARTED)).update(
        status=RegistrationStatus.WITHDRAWN
    )
    mine.update(answers={}, step="", email="", user=None)
    said = unjoined(Claim).filter(user=user.pk)
    said.filter(status__in=ClaimStatus.open()).update(status=ClaimStatus.WITHDRAWN, decided_at=now)
    said.update(words="", phone="", code_digest="")


def forget_registrations(now: datetime) -> int:
    """Answers that nobody sent in a year, and those that were answered a year ago; invitations with their address."""
    over = (RegistrationStatus.APPROVED, RegistrationStatus.REFUSED, RegistrationStatus.WITHDRAWN)
    old = unjoined(Registration).filter(updated_at__lt=now - YEAR).exclude(answers={}, email="")
    idle = old.filter(status__in=(RegistrationStatus.INVITED, RegistrationStatus.STARTED))
    _drop_pictures(idle)
    left = idle.update(status=RegistrationStatus.WITHDRAWN, answers={}, email="", step="")
    return left + old.filter(status__in=over).update(answers={}, email="")


def forget_claims(now: datetime) -> int:
    """What was said and where to call back, a year after the answer; a claim that nobody proved is over after one."""
    old = unjoined(Claim).filter(created_at__lt=now - YEAR)
    left = old.filter(status__in=ClaimStatus.open()).update(
        status=ClaimStatus.WITHDRAWN, decided_at=now, code_digest=""
    )
    return left + old.exclude(words="", phone="").update(words="", phone="")


def _drop_pictures(rows: Any) -> None:
    """Photos that never became a merchant's."""
    keys = [key for answers in rows.values_list("answers", flat=True) if (key := answers.get("photo"))]
    for picture in CustomImage.objects.filter(pk__in=keys, merchant=None):
        picture.delete()
