"""What people say of a page that nobody has claimed: that it is wrong, or that it should not be there.

A page that is removed at its merchant's request is hidden at once, stays in the books, and no import brings it back.
"""

from datetime import datetime

from django.db import transaction

from directory.enums import ReportKind, ReportOutcome
from directory.models import Merchant, PageReport
from home import audit
from home.tenancy import unjoined


def tell(merchant: Merchant, *, kind: str, words: str, sender: str, email: str) -> PageReport:
    """The staff have it. The same words from the same person while they wait are one report."""
    rows = PageReport.objects.filter(merchant=merchant, kind=kind, words=words, email=email, answered_at=None)
    known: PageReport | None = rows.first()
    if known is not None:
        return known
    made: PageReport = PageReport.objects.create(
        site_id=merchant.site_id,
        merchant=merchant,
        kind=ReportKind(kind),
        words=words,
        sender=sender,
        email=email,
    )
    return made


def waiting() -> "list[PageReport]":
    """Removals first, then the oldest."""
    rows = PageReport.objects.filter(answered_at=None).select_related("merchant", "merchant__sector")
    return sorted(rows, key=lambda row: (row.kind != ReportKind.REMOVAL, row.created_at, row.pk))


@transaction.atomic
def settle(report: PageReport, *, by_id: int, now: datetime) -> bool:
    """Dealt with. False when somebody did before."""
    if not _answer(report, ReportOutcome.SETTLED, by_id, now):
        return False
    audit.note("page_report.settled", report, actor_id=by_id, merchant_id=report.merchant_id)
    return True


@transaction.atomic
def remove(report: PageReport, *, by_id: int, now: datetime) -> bool:
    """The merchant is not shown any more, and stays so whatever is imported.

    False when the report was answered before, or when somebody claimed the page meanwhile: it is theirs to decide.
    """
    shown = unjoined(Merchant).filter(pk=report.merchant_id, removed_at=None, claimed_at=None)
    if report.answered_at is not None or not shown.update(removed_at=now):
        return False
    _answer(report, ReportOutcome.REMOVED, by_id, now)
    audit.note(
        "merchant.removed",
        report.merchant,
        actor_id=by_id,
        merchant_id=report.merchant_id,
        after={"report": report.pk},
    )
    return True


def _answer(report: PageReport, outcome: str, by_id: int, now: datetime) -> bool:
    rows = unjoined(PageReport).filter(pk=report.pk, answered_at=None)
    return bool(rows.update(outcome=outcome, answered_at=now, answered_by=by_id))
