"""What was done in this portal, and in no other: the audit trail, and Wagtail's log of the portal's pages, by time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.models import PageLogEntry

from home.models import AuditEntry, PortalRole
from home.roles import roles_of
from home.tenancy import below_roots
from portal import audit_trail
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL

TITLE = gettext_lazy("Ce qui s’est passé")
ROWS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Row:
    at: datetime
    who: str
    words: str
    about: str
    url: str = ""


@require_GET
@for_roles(*JOURNAL)
def index(request: HttpRequest) -> HttpResponse:
    """The newest first; « avant » goes further back."""
    before = _moment(request.GET.get("avant", ""))
    rows = sorted([*_acts(request.user, before), *_page_acts(before)], key=lambda row: row.at, reverse=True)
    shown = rows[:ROWS_SHOWN]
    older = shown[-1].at.isoformat() if len(rows) > ROWS_SHOWN else ""
    return screen(request, "history", TITLE, rows=shown, older=older, is_first=before is None)


def _moment(text: str) -> datetime | None:
    """None for nonsense: then the newest are shown."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None


def _acts(user: Any, before: datetime | None) -> list[Row]:
    roles = {PortalRole.MANAGER} if user.is_superuser else roles_of(user)
    rows = audit_trail.seen_by(roles)
    rows = rows.filter(at__lt=before) if before else rows
    return [_of_entry(entry) for entry in rows[: ROWS_SHOWN + 1]]


def _of_entry(entry: AuditEntry) -> Row:
    about = entry.merchant.name if entry.merchant else ""
    url = reverse("merchant_file:file", args=[entry.merchant_id]) if entry.merchant_id else ""
    return Row(entry.at, str(entry.actor or ""), audit_trail.words_of(entry), about, url)


def _page_acts(before: datetime | None) -> list[Row]:
    rows = PageLogEntry.objects.filter(below_roots("page__path")).exclude(action__in=SAID_BY_THE_TRAIL)
    rows = rows.filter(timestamp__lt=before) if before else rows
    return [
        _of_log(entry)
        for entry in rows.select_related("user").order_by("-timestamp", "-pk")[: ROWS_SHOWN + 1]
    ]


SAID_BY_THE_TRAIL = ("wagtail.workflow.approve", "wagtail.workflow.reject", "wagtail.workflow.start")


def _of_log(entry: PageLogEntry) -> Row:
    url = "" if entry.deleted else reverse("wagtailadmin_pages:history", args=[entry.page_id])
    return Row(entry.timestamp, str(entry.user or ""), str(entry.message), entry.label, url)


def urls() -> list[URLPattern]:
    return [path("", index, name="index")]
