"""« À faire aujourd'hui », on the admin's home: computed from rows, one list for each kind of thing that waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from directory.models import HelpConsent, Invitation, Merchant, MerchantPage, OpeningHours
from home.dates import date_format
from home.models import PortalRole
from portal.staff_desk import approvals
from portal.staff_desk.files import file_url
from portal.staff_desk.rights import has_role
from portal.staffing import JOURNAL
from shop.admin import matters

MOST_SHOWN = 5
UNANSWERED_AFTER = timedelta(days=3)
"""An invitation that nobody answered for so long is worth a call."""


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
    """What waits for this person's role in the portal; nothing for who has neither."""

    name = "today"
    order = 50
    template_name = "portal/admin/today.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        now, user = timezone.now(), self.request.user
        chores: list[Chore] = []
        if has_role(user, *JOURNAL):
            chores += journal_chores(now)
        if has_role(user, PortalRole.ADVISER):
            chores += chamber_chores(now)
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
        Chore(
            gettext_lazy("Commandes et argent à régler"),
            (),
            trouble,
            gettext_lazy("Tout l’argent est à sa place."),
            reverse("money_desk:index"),
        ),
        _chore(
            gettext_lazy("Publié par des commerces de confiance"),
            [_published(entry) for entry in published],
            f"{everything}#publie",
        ),
    ]


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


# ------------------------------------------------------------------------------------------------ the Chamber's


def chamber_chores(now: datetime) -> list[Chore]:
    """Merchants that are stuck, by the fact that shows it, and those who asked for help."""
    return [
        _stuck(gettext_lazy("Réclamés, jamais publiés"), never_published()),
        _stuck(gettext_lazy("En ligne sans photo"), without_photo()),
        _stuck(gettext_lazy("En ligne sans heures d’ouverture"), without_hours()),
        _of_invitations(now),
        _of_consents(now),
    ]


def _claimed() -> QuerySet[Merchant]:
    return Merchant.objects.filter(claimed_at__isnull=False, suspended_at=None, removed_at=None)


def _live_page() -> QuerySet[MerchantPage]:
    return MerchantPage.objects.filter(merchant=OuterRef("pk"), live=True)


def never_published() -> QuerySet[Merchant]:
    """Somebody took the page over, and no shopper has ever seen it."""
    return _claimed().filter(~Exists(_live_page()))


def without_photo() -> QuerySet[Merchant]:
    return _claimed().filter(Exists(_live_page().filter(cover=None)))


def without_hours() -> QuerySet[Merchant]:
    hours = OpeningHours.objects.filter(merchant=OuterRef("pk"))
    return _claimed().filter(Exists(_live_page()), ~Exists(hours))


def _stuck(title: Any, merchants: QuerySet[Merchant]) -> Chore:
    """The longest first, in one query."""
    rows = merchants.annotate(in_all=_IN_ALL).order_by("claimed_at", "pk").only("pk", "name", "claimed_at")
    return _counted(title, rows, lambda row: Line(row.name, _since(row.claimed_at), file_url(row.pk)))


_IN_ALL = Window(Count("pk"))


def _counted(title: Any, rows: Any, line: Any) -> Chore:
    shown = list(rows[:MOST_SHOWN])
    count = shown[0].in_all if shown else 0
    return Chore(title, tuple(line(row) for row in shown), count, gettext_lazy("Personne en ce moment."))


def _since(moment: datetime) -> str:
    return _("depuis le %(day)s") % {"day": date_format(timezone.localtime(moment), "j F")}


def _of_invitations(now: datetime) -> Chore:
    waiting = Invitation.objects.filter(
        merchant__isnull=False,
        accepted_at=None,
        revoked_at=None,
        created_at__lt=now - UNANSWERED_AFTER,
        merchant__suspended_at=None,
    )
    rows = waiting.select_related("merchant").annotate(in_all=_IN_ALL).order_by("created_at", "pk")
    title = gettext_lazy("Invitations sans réponse")
    return _counted(
        title,
        rows,
        lambda row: Line(row.merchant.name, _since(row.created_at), file_url(row.merchant_id)),
    )


def _of_consents(now: datetime) -> Chore:
    open_now = HelpConsent.objects.filter(ended_at=None, expires_at__gt=now, merchant__suspended_at=None)
    rows = open_now.select_related("merchant").annotate(in_all=_IN_ALL).order_by("expires_at", "pk")
    title = gettext_lazy("Commerces qui acceptent votre aide")
    return _counted(
        title, rows, lambda row: Line(row.merchant.name, _until(row.expires_at), file_url(row.merchant_id))
    )


def _until(moment: datetime) -> str:
    return _("jusqu’au %(day)s") % {"day": date_format(timezone.localtime(moment), "j F")}


def without_wagtails(panels: Iterable[Any]) -> list[Any]:
    """Wagtail's own panels about moderation say the same less well, and its actions ask for no look first."""
    return [panel for panel in panels if getattr(panel, "name", "") not in REPLACED]


REPLACED = frozenset({"workflow_objects_to_moderate", "user_objects_in_workflow_moderation"})
