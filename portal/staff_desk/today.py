"""« À faire aujourd'hui », on the admin's home: computed from rows, one list for each kind of thing that waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from directory import page_reports
from home.dates import date_format
from home.models import PortalRole
from portal.joining import desk as joining
from portal.staff_desk import approvals, english
from portal.staff_desk.rights import has_role
from portal.staffing import JOURNAL
from shop.admin import matters

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: whose, what about it, and where it is done."""

    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Chore:
    """Things to do of one kind: those shown, how many there are, and where all of them stand."""

    title: Any
    lines: tuple[Line, ...]
    count: int
    well: Any
    url: str = ""

    @property
    def hidden(self) -> int:
        return self.count - len(self.lines)


class TodayPanel(Component):
    """What waits for the Journal, and what the public said. The Chamber's own is ``portal.chamber_desk.home``."""

    name = "today"
    order = 50
    template_name = "portal/admin/today.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        chores = journal_chores(timezone.now()) if has_role(self.request.user, *JOURNAL) else []
        if has_role(self.request.user, PortalRole.MANAGER, PortalRole.ADVISER):
            chores += public_chores()
        return {
            "chores": chores,
            "in_all": sum(chore.count for chore in chores if not chore.url.endswith("#publie")),
        }


def journal_chores(now: datetime) -> list[Chore]:
    """Pages to approve, money matters, and what trusted merchants published."""
    waiting = approvals.waiting(now=now)
    published = approvals.published(now=now)
    trouble = matters.count(now=now)
    everything = reverse("approvals:index")
    return [
        _chore(gettext_lazy("Pages à approuver"), [_to_approve(row) for row in waiting], everything),
        _of_claims(now),
        Chore(
            gettext_lazy("Commandes et argent à régler"),
            (),
            trouble,
            gettext_lazy("Tout l’argent est à sa place."),
            reverse("money_desk:index"),
        ),
        *_english(),
        _chore(
            gettext_lazy("Publié par des commerces de confiance"),
            [_published(entry) for entry in published],
            f"{everything}#publie",
        ),
    ]


def _english() -> list[Chore]:
    """How much of each kind readers of English still find in French; nothing where the portal does without English."""
    if not english.is_offered():
        return []
    everything, known = reverse("english_desk:index"), english.counts()
    lines = [
        Line(kind.said(known[kind.name]), "", f"{everything}#{kind.name}")
        for kind in english.KINDS
        if kind.name in known
    ]
    return [_chore(english.TITLE, lines, everything)] if lines else []


def public_chores() -> list[Chore]:
    """What people said of pages that nobody has claimed; nothing to show while nobody did."""
    waiting = page_reports.waiting()
    url = reverse("page_reports:index")
    lines = [Line(row.merchant.name, row.get_kind_display(), url) for row in waiting]
    return [_chore(gettext_lazy("Signalements sur des fiches"), lines, url)] if lines else []


def _chore(title: Any, lines: list[Line], url: str = "") -> Chore:
    return Chore(title, tuple(lines[:MOST_SHOWN]), len(lines), gettext_lazy("Rien en ce moment."), url)


def _to_approve(row: dict[str, Any]) -> Line:
    since = _("depuis %(days)s j") % {"days": row["days"]} if row["days"] else _("depuis aujourd’hui")
    note = _("première publication, %(since)s") % {"since": since} if row["is_first"] else since
    return Line(row["page"].merchant.name, note, row["url"])


def _published(entry: Any) -> Line:
    name = entry.merchant.name if entry.merchant else ""
    when = timezone.localtime(entry.at)
    names = {"day": date_format(when, "j F"), "time": date_format(when, "TIME_FORMAT")}
    note = _("le %(day)s à %(time)s") % names
    return Line(name, note, reverse("approvals:change", args=[entry.pk]))


def _of_claims(now: datetime) -> Chore:
    """Who says that a page is theirs, and waits for a call, a letter or an answer."""
    lines = [
        Line(row["claim"].merchant.name, row["wanted"], reverse("joining_desk:claim", args=[row["claim"].pk]))
        for row in joining.claim_rows(now)
    ]
    return _chore(gettext_lazy("«\u00a0C’est mon commerce\u00a0»"), lines, reverse("joining_desk:index"))


def without_wagtails(panels: Iterable[Any]) -> list[Any]:
    """Wagtail's own panels about moderation say the same less well, and its actions ask for no look first."""
    return [panel for panel in panels if getattr(panel, "name", "") not in REPLACED]


REPLACED = frozenset({"workflow_objects_to_moderate", "user_objects_in_workflow_moderation"})
