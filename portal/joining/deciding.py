"""The answer to a claim or a registration, with everything that follows from it: in one transaction, or not at all."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import WorkflowState

from directory import claims, moderation, sent_registrations
from directory.enums import RegistrationStatus
from directory.models import Claim, Merchant, MerchantPage
from directory.registrations import held_row
from home.tenancy import current_site, portal_scope
from portal.joining import letters
from portal.staff_desk.letters import tell_the_journal
from portal.staff_desk.opening import open_staff_desk


@transaction.atomic
def approve_claim(claim: Claim, *, by: Any, now: datetime) -> bool:
    """The page is this person's; what it had answered already is written, and others who asked are told.

    False when it was answered before. Raises NotProved, AlreadyClaimed (``directory.claims``).
    """
    if not claims.approve(claim, by=by, now=now):
        return False
    if (row := sent_registrations.of_claim(claim)) is not None:
        open_staff_desk(current_site())
        revision_pk = sent_registrations.install(held_row(row.pk), now=now)
        page = moderation.window_of(claim.merchant)
        if page is not None:
            tell_the_journal(claim.merchant, page, revision_pk=revision_pk, now=now)
    letters.tell_claim_won(claim, now=now)
    tell_others(claim.merchant, but_id=claim.user_id, now=now)
    return True


def tell_others(merchant: Merchant, *, but_id: int | None, now: datetime) -> int:
    """Whoever else asked for that page hears that it is somebody's, and how to be heard."""
    others = claims.open_to(merchant).exclude(user=but_id)
    return sum(letters.tell_claim_lost(other, now=now) for other in others)


@transaction.atomic
def refuse_claim(claim: Claim, *, by: Any, comment: str, now: datetime) -> bool:
    """The person reads why. False when it was answered before."""
    if not claims.refuse(claim, by=by, comment=comment, now=now):
        return False
    claim.comment = comment
    row = sent_registrations.of_claim(claim)
    if row is not None:
        sent_registrations.close(row, by=by, comment=comment, now=now)
    letters.tell_claim_refused(claim, now=now)
    return True


# ------------------------------------------------------------------------------------------------ by the page


ANSWERS = {
    WorkflowState.STATUS_APPROVED: RegistrationStatus.APPROVED,
    WorkflowState.STATUS_NEEDS_CHANGES: RegistrationStatus.REFUSED,
    WorkflowState.STATUS_IN_PROGRESS: RegistrationStatus.WAITING,
}


def follow(state: WorkflowState) -> bool:
    """A registration stands where its page's request does, whichever screen moved that. True: its person was told."""
    page = MerchantPage.objects.filter(pk=state.object_id).first()
    status = ANSWERS.get(state.status)
    if page is None or status is None:
        return False
    with portal_scope(page.get_site()):
        merchant = Merchant.objects.select_related("site").get(pk=page.merchant_id)
        return _followed(state, merchant, status)


def _followed(state: WorkflowState, merchant: Merchant, status: RegistrationStatus) -> bool:
    task, now = state.current_task_state, timezone.now()
    by = (task.finished_by if task else None) or state.requested_by
    comment = str(task.comment) if task and status == RegistrationStatus.REFUSED else ""
    row = sent_registrations.follow_page(merchant, status, by=by, comment=comment, now=now)
    if row is None or status != RegistrationStatus.APPROVED:
        return False
    row.merchant = merchant
    return bool(letters.tell_welcome(row, now=now))
