"""The Chamber's list: every merchant of the portal and every way in, by stage, filtered, and followed up in place."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from directory import follow_up
from directory.enums import Tier
from directory.listing import CountedPaginator
from directory.models import Category, Merchant, Sector
from home.models import PortalRole, PortalStaff
from home.roles import roles_of
from portal.chamber_desk import words
from portal.chamber_desk.filters import DUE, MINE, NAMES, NOBODYS, Filters, asked_for, in_order
from portal.chamber_desk.follow_up_form import FollowUpForm
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.stages import Place, Stage
from portal.staff_desk.files import file_url
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

TITLE = gettext_lazy("Les commerces, étape par étape")
PER_PAGE = 50
WHO = (PortalRole.ADVISER, PortalRole.MANAGER)
"""The Chamber's advisers, and the direction of the Journal."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A stage, how many are in it under the filters, and where to see them."""

    label: str
    count: int
    url: str
    is_here: bool
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of the list."""

    filters: Filters
    me: int
    now: datetime

    @property
    def rows(self) -> Any:
        standing = PipelineRow.objects.standing(self.now)
        return asked_for(standing, self.filters, me=self.me, now=self.now)

    @property
    def shown(self) -> Any:
        """Those of the stage that is looked at, in order."""
        rows = self.rows.filter(stage=self.filters.stage) if self.filters.stage else self.rows
        return in_order(rows, self.filters)


def asked_by(request: HttpRequest, query: QueryDict | None = None) -> Asked:
    told = Filters.from_query(request.GET if query is None else query)
    return Asked(told, int(request.user.pk or 0), timezone.now())


@require_safe
@for_roles(*WHO)
def index(request: HttpRequest) -> HttpResponse:
    return list_screen(request, asked_by(request))


def list_screen(
    request: HttpRequest, asked: Asked, wrong: tuple[int, FollowUpForm] | None = None
) -> HttpResponse:
    """``wrong``: the primary key of a merchant, and its form that could not be kept."""
    counts = _counts(asked)
    advisers = list(follow_up.advisers())
    total = counts[asked.filters.stage] if asked.filters.stage else sum(counts.values())
    page = _page(request, asked, total)
    return screen(
        request,
        "chamber_list",
        TITLE,
        status=422 if wrong else 200,
        tabs=_tabs(asked.filters, counts),
        rows=[_told(row, asked, wrong) for row in page.object_list],
        advisers=advisers,
        page=page,
        total=total,
        filters=asked.filters,
        choices=_choices(asked.filters, advisers),
        sorts=_sorts(asked.filters),
        query=asked.filters.querystring(),
        hidden=parse_qsl(asked.filters.querystring()),
        is_adviser=PortalRole.ADVISER in roles_of(request.user),
        can_invite=asked.filters.stage in {"", Stage.UNCLAIMED},
    )


def _counts(asked: Asked) -> Counter[str]:
    """Of each stage, how many the other filters leave."""
    found = asked.rows.order_by().values_list("stage").annotate(in_all=Count("pk"))
    return Counter(dict(found))


def _page(request: HttpRequest, asked: Asked, total: int) -> Page[Any]:
    rows = asked.shown.select_related("category", "sector", "adviser")
    return CountedPaginator(rows, PER_PAGE, count=total).get_page(request.GET.get("page"))


def _tabs(filters: Filters, counts: Counter[str]) -> list[Tab]:
    first = Tab(_("Tous"), sum(counts.values()), f"?{filters.querystring(stage='')}", not filters.stage)
    return [
        first,
        *(
            Tab(
                str(stage.label),
                counts[stage],
                f"?{filters.querystring(stage=stage.value)}",
                filters.stage == stage,
                stage.value,
            )
            for stage in Stage
        ),
    ]


def _told(row: Any, asked: Asked, wrong: tuple[int, FollowUpForm] | None) -> dict[str, Any]:
    """A line of the list as its template shows it."""
    consents = row.consent_until is not None and row.consent_until > asked.now
    return {
        "row": row,
        "url": url_of(row),
        "stage": str(Stage(row.stage).label_of_one),
        "where": words.where(row, asked.now),
        "tier": str(Tier(row.tier).label) if row.claimed_at or row.registration_id else "",
        "heard": words.day(row.heard_at) if row.heard_at else "",
        "is_late": row.next_act_on is not None and row.next_act_on <= timezone.localdate(asked.now),
        "consent": row.consent_id if consents else None,
        "may_ask_help": row.has_owner and not consents,
        "can_be_invited": may_be_invited(row),
        "form": wrong[1] if wrong and wrong[0] == row.merchant_id else None,
    }


def url_of(row: Any) -> str:
    """Where everything about a row stands: the merchant's file, or its registration where it is not listed yet."""
    if row.merchant_id:
        return file_url(row.merchant_id)
    return reverse("joining_desk:registration", args=[row.registration_id])


def may_be_invited(row: Any) -> bool:
    """Nobody has claimed it, it has an address that did not refuse letters, and it was never invited before."""
    is_free = row.stage == Stage.UNCLAIMED and row.was_invited_at is None
    return is_free and bool(row.email) and not row.refuses_mail


def _choices(filters: Filters, advisers: list[PortalStaff]) -> list[dict[str, Any]]:
    """Every select of the filters: its name in the address, its words, its options."""
    people = [(MINE, _("Moi")), (NOBODYS, _("Personne")), *((str(a.user_id), str(a.user)) for a in advisers)]
    options: dict[str, tuple[str, list[tuple[str, Any]]]] = {
        "place": (_("Bloqué où"), [(place.value, place.label) for place in Place]),
        "adviser": (_("Suivi par"), people),
        "due": (_("Prochain geste"), [*DUE.items()]),
        "tier": (_("Option"), [*Tier.choices]),
        "category": (_("Catégorie"), [*Category.objects.values_list("slug", "name")]),
        "sector": (_("Secteur"), [*Sector.objects.values_list("slug", "name")]),
    }
    return [
        {"name": NAMES[field], "label": label, "options": found, "chosen": getattr(filters, field)}
        for field, (label, found) in options.items()
    ]


def _sorts(filters: Filters) -> dict[str, dict[str, str]]:
    """For each column: where its heading leads, and how the list is sorted by it now (as ARIA says it)."""
    told = {}
    for column in ("nom", "depuis", "geste", "contact"):
        up, down = filters.sort == column, filters.sort == f"-{column}"
        state = "ascending" if up else "descending" if down else "none"
        told[column] = {"url": f"?{filters.querystring(sort=f'-{column}' if up else column)}", "state": state}
    return told


@require_POST
@for_roles(*WHO)
def follow(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    """Keep who follows it and what comes next; back to the very line of the list it was written in."""
    merchant = get_object_or_404(Merchant, pk=merchant_pk, suspended_at=None, removed_at=None)
    asked = asked_by(request)
    form = FollowUpForm(request.POST, advisers=list(follow_up.advisers()), auto_id=f"id_{merchant.pk}_%s")
    if not form.is_valid():
        return list_screen(request, asked, (merchant.pk, form))
    if form.keep(merchant, by_id=int(request.user.pk or 0)):
        messages.success(request, _("Le suivi de %(name)s est noté.") % {"name": merchant.name})
    return redirect(f"{_list_url(request, asked.filters)}#c{merchant.pk}")


def _list_url(request: HttpRequest, filters: Filters) -> str:
    page = request.GET.get("page", "")
    here = f"{filters.querystring()}{f'&page={page}' if page.isdecimal() and len(page) < 6 else ''}"
    return f"{reverse('chamber:index')}{f'?{here}' if here else ''}"
