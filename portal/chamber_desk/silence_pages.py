"""Who fell silent, and whom nobody contacts: what comes next is noted in the list itself, or the file is opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from directory import follow_up
from directory.counting import figures
from directory.counting.figures import Contacts
from directory.listing import CountedPaginator
from directory.models import Merchant
from home.periods import town_day
from portal.chamber_desk import sheets, silence
from portal.chamber_desk.filters import MINE, NOBODYS
from portal.chamber_desk.follow_up_form import FollowUpForm
from portal.chamber_desk.pipeline import TITLE as LIST_TITLE
from portal.chamber_desk.pipeline import WHO
from portal.chamber_desk.sheets import Sheet, Value
from portal.chamber_desk.silence import DAYS, USUAL_DAYS, Unheard, last_act
from portal.staff_desk.files import file_url
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

TITLE = gettext_lazy("Qui se tait")
SILENT, UNHEARD = "silence", "sans-contact"
PER_PAGE = 50
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Asked:
    """``listed``: SILENT or UNHEARD. ``adviser``: MINE, NOBODYS or ""."""

    listed: str
    days: int
    adviser: str
    me: int
    now: datetime

    def querystring(self, **changed: Any) -> str:
        told = {
            "liste": self.listed,
            "jours": self.days,
            "suivi": self.adviser,
            **changed,
        }
        usual = {"liste": SILENT, "jours": USUAL_DAYS, "suivi": ""}
        return urlencode({name: value for name, value in told.items() if value != usual[name]})

    def of_adviser(self, rows: Any) -> Any:
        asked = {MINE: Q(adviser=self.me), NOBODYS: Q(adviser=None)}.get(self.adviser, Q())
        return rows.filter(asked)


def asked_by(request: HttpRequest) -> Asked:
    """What names nothing that there is asks for nothing."""
    query: QueryDict = request.GET
    days = query.get("jours", "")
    adviser = query.get("suivi", "")
    return Asked(
        UNHEARD if query.get("liste") == UNHEARD else SILENT,
        int(days) if days in {str(each) for each in DAYS} else USUAL_DAYS,
        adviser if adviser in {MINE, NOBODYS} else "",
        int(request.user.pk or 0),
        timezone.now(),
    )


@require_safe
@for_roles(*WHO)
def index(request: HttpRequest) -> HttpResponse:
    return _silence_screen(request, asked_by(request))


def _silence_screen(
    request: HttpRequest, asked: Asked, wrong: tuple[int, FollowUpForm] | None = None
) -> HttpResponse:
    unheard = silence.without_contact(asked.now)
    counts = {
        SILENT: asked.of_adviser(silence.silent(asked.days, asked.now)).count(),
        UNHEARD: asked.of_adviser(unheard.rows).count(),
    }
    rows = _rows(asked, unheard).select_related("adviser")
    page = CountedPaginator(rows, PER_PAGE, count=counts[asked.listed]).get_page(request.GET.get("page"))
    seen = figures.contacts_by_merchant(unheard.period) if asked.listed == UNHEARD else {}
    return screen(
        request,
        "chamber_silence",
        TITLE,
        status=422 if wrong else 200,
        under=((reverse("chamber:index"), LIST_TITLE),),
        asked=asked,
        tabs=_tabs(asked, counts),
        is_unheard=asked.listed == UNHEARD,
        unheard=unheard,
        rows=[_told(row, asked, seen, wrong) for row in page.object_list],
        page=page,
        total=counts[asked.listed],
        days=DAYS,
        advisers=list(follow_up.advisers()),
        followed=[(MINE, _("Moi")), (NOBODYS, _("Personne"))],
        query=asked.querystring(),
    )


def _rows(asked: Asked, unheard: Unheard) -> Any:
    if asked.listed == UNHEARD:
        return asked.of_adviser(unheard.rows)
    return silence.with_last_act(asked.of_adviser(silence.silent(asked.days, asked.now)))


def _tabs(asked: Asked, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {SILENT: _("Sans signe de vie"), UNHEARD: _("Sans contact de la clientèle")}
    return [
        {
            "label": label,
            "count": counts[name],
            "url": f"?{asked.querystring(liste=name)}",
            "is_here": name == asked.listed,
        }
        for name, label in labels.items()
    ]


def _told(
    row: Any, asked: Asked, seen: dict[int, Contacts], wrong: tuple[int, FollowUpForm] | None
) -> dict[str, Any]:
    """A line of the list as its template shows it."""
    views = seen.get(row.merchant_id, Contacts()).seen
    return {
        "row": row,
        "url": file_url(row.merchant_id),
        "last": last_act(row, asked.now) if asked.listed == SILENT else None,
        "live_since": town_day(row.live_since),
        "views": ngettext("%(count)s vue", "%(count)s vues", views) % {"count": views},
        "is_late": row.next_act_on is not None and row.next_act_on <= town_day(asked.now),
        "form": wrong[1] if wrong and wrong[0] == row.merchant_id else None,
    }


@require_POST
@for_roles(*WHO)
def follow(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    """Keep who follows it and what comes next; back to its line, which stays until its people do something."""
    merchant = get_object_or_404(Merchant, pk=merchant_pk, suspended_at=None, removed_at=None)
    asked = asked_by(request)
    form = FollowUpForm(request.POST, advisers=list(follow_up.advisers()), auto_id=f"id_{merchant.pk}_%s")
    if not form.is_valid():
        return _silence_screen(request, asked, (merchant.pk, form))
    if form.keep(merchant, by_id=int(request.user.pk or 0)):
        messages.success(request, _("Le suivi de %(name)s est noté.") % {"name": merchant.name})
    number = request.GET.get("page", "")
    page = {"page": number} if number.isdecimal() and len(number) < 6 else {}
    query = "&".join(filter(None, (asked.querystring(), urlencode(page))))
    return redirect(f"{reverse('chamber:silence')}?{query}#c{merchant.pk}")


@require_safe
@for_roles(*WHO)
def export(request: HttpRequest, shape: str) -> HttpResponseBase:
    """The list that is asked for, with its filters."""
    asked = asked_by(request)
    unheard = silence.without_contact(asked.now)
    rows = list(_rows(asked, unheard).select_related("adviser", "category", "sector")[:MOST_ROWS])
    seen = figures.contacts_by_merchant(unheard.period) if asked.listed == UNHEARD else {}
    return sheets.answer(
        request,
        shape,
        lambda: _sheet(asked, rows, seen),
        today=town_day(asked.now),
        query=asked.querystring(),
    )


def _sheet(asked: Asked, rows: list[Any], seen: dict[int, Contacts]) -> Sheet:
    own = (
        [_("Vues de sa page"), _("Contacts")]
        if asked.listed == UNHEARD
        else [_("Dernier geste le"), _("Depuis (jours)"), _("Dernier geste")]
    )
    headings = [
        _("Commerce"), _("Clé"), _("Catégorie"), _("Secteur"), _("Téléphone"), _("Courriel"), _("En ligne depuis le"),
        *own, _("Suivi par (courriel)"), _("Prochain geste"), _("Date du geste"),
    ]  # fmt: skip
    return Sheet(asked.listed, _("Commerces"), headings, [_line(row, asked, seen) for row in rows])


def _line(row: Any, asked: Asked, seen: dict[int, Contacts]) -> list[Value]:
    own: list[Value]
    if asked.listed == UNHEARD:
        counted = seen.get(row.merchant_id, Contacts())
        own = [counted.seen, counted.contacts]
    else:
        last = last_act(row, asked.now)
        own = [last.on, last.days, last.words]
    return [
        row.name,
        row.merchant_id,
        row.category.name if row.category else "",
        row.sector.name if row.sector else "",
        row.phone,
        row.email,
        town_day(row.live_since),
        *own,
        row.adviser.email if row.adviser else "",
        row.next_act,
        row.next_act_on,
    ]
