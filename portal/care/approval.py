"""/approbation/<lien>/: an owner sees what was prepared, exactly, and says yes or what to change. No sign-in is needed.

Programs that read mails follow links and press no buttons: looking changes nothing.
"""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from directory import timetable
from directory.enums import ProposalStatus, Weekday
from directory.hours import Span, status_at, wall_clock, week_of
from directory.merchant_window import special_days
from directory.models import Proposal
from directory.schedules import schedule_of
from home.models import CustomImage, PortalSettings
from portal.care import answers, letters, proposals
from portal.care.answers import LONGEST_ANSWER
from portal.care.proposals import Changed, NotWaiting
from portal.merchant_space.form_fields import DeskForm, text
from portal.merchant_space.goods import Goods
from shop.enums import MeasureUnit

APPROVE, REFUSE = "approuver", "changer"


class ChangesForm(DeskForm):
    """« Non, changez ceci »."""

    words = text(
        gettext_lazy("Qu’est-ce qu’il faut changer?"),
        longest=LONGEST_ANSWER,
        rows=4,
        required=True,
        help_text=gettext_lazy(
            "Comme «\u00a0On ferme à 18\u00a0h le jeudi\u00a0». La personne qui a préparé le lira."
        ),
        error_messages={
            "required": gettext_lazy("Écrivez ce qu’il faut changer, en quelques mots."),
            "max_length": gettext_lazy("Plus court\u00a0: 2\u00a0000 caractères au plus."),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: HttpRequest, token: str) -> HttpResponse:
    row = proposals.by_token(token)
    if row is None:
        return _over(request)
    if not proposals.waits(row, now=timezone.now()):
        return _answered(request, row) if row.answered_at else _over(request)
    answer = request.POST.get("reponse", "") if request.method == "POST" else ""
    if answer == APPROVE:
        return _approve(request, row)
    if answer == REFUSE:
        return _refuse(request, row)
    return _page(request, row, ChangesForm())


def _approve(request: HttpRequest, row: Proposal) -> HttpResponse:
    try:
        _do_approve(row)
    except Changed:
        return _page(request, row, ChangesForm(), status=409, is_overtaken=True)
    except NotWaiting:
        return redirect(request.path)  # the button was pressed twice: what was answered is told there
    return redirect(request.path)


@transaction.atomic
def _do_approve(row: Proposal) -> None:
    now = timezone.now()
    answers.approve(row, now=now)
    letters.tell_the_preparer(row, now=now)


def _refuse(request: HttpRequest, row: Proposal) -> HttpResponse:
    form = ChangesForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        _do_refuse(row, form.cleaned_data["words"])
    except NotWaiting:
        messages.info(request, _("Une réponse était déjà donnée."))
    return redirect(request.path)


@transaction.atomic
def _do_refuse(row: Proposal, words: str) -> None:
    now = timezone.now()
    answers.ask_changes(row, words, now=now)
    letters.tell_the_preparer(row, now=now)


# ------------------------------------------------------------------------------------------------------------ screens


def _page(
    request: HttpRequest, row: Proposal, form: ChangesForm, *, status: int = 200, is_overtaken: bool = False
) -> HttpResponse:
    overtaken = is_overtaken or proposals.is_overtaken(row)
    context = {
        **preview_context(request, row),
        "form": form,
        "is_overtaken": overtaken,
        "can_answer": True,
    }
    return _private(render(request, "portal/approval.html", context, status=status))


def preview_context(request: HttpRequest, row: Proposal) -> dict[str, Any]:
    """The merchant's page in the very template that shoppers get, with the hours and products that were prepared."""
    request.is_preview = True  # type: ignore[attr-defined]
    page = proposals.page_with(row)
    page.merchant = row.merchant
    return {
        **page.get_context(request),
        **_hours(row),
        "proposal": row,
        "prepared_week": _week(row),
        "prepared_products": products_of(row),
        "has_page": bool(row.page),
        **_person(request),
    }


def _hours(row: Proposal) -> dict[str, Any]:
    """What the page says of its hours, as it will with those that were prepared."""
    if row.week is None:
        return {}
    weekly = {day: tuple(spans) for day, spans in timetable.week_of_facts(row.week).items()}
    schedule, moment = replace(schedule_of(row.merchant), weekly=weekly), timezone.now()
    row.merchant.hours_status = status_at(schedule, moment)
    days = special_days(row.merchant, schedule, wall_clock(moment).date())
    return {"week": week_of(schedule, moment), "special_days": days}


def _week(row: Proposal) -> list[dict[str, Any]]:
    """The seven days as prepared; none where hours were not."""
    if row.week is None:
        return []
    stated: dict[int, list[Span]] = timetable.week_of_facts(row.week)
    return [{"label": day.label, "spans": stated.get(day.value, [])} for day in Weekday]


def products_of(row: Proposal) -> list[dict[str, Any]]:
    """Each with its picture, read together, and what it is for the taxes."""
    keys = [each["photo"] for each in row.products if each["photo"]]
    mine = CustomImage.objects.filter(merchant=row.merchant_id, site=row.site_id, pk__in=keys)
    known = {picture.pk: picture for picture in mine.prefetch_related("renditions")} if keys else {}
    return [
        {
            **each,
            "picture": known.get(each["photo"]),
            "goods_label": Goods(each["goods"]).label,
            "measure": _measure(each),
        }
        for each in row.products
    ]


def _measure(each: dict[str, Any]) -> str:
    """« 250 g », with the comma that French writes; "" for what is not measured."""
    if not each["net_quantity"]:
        return ""
    return f"{each['net_quantity']}\u00a0{MeasureUnit(each['net_unit']).label}".replace(".", ",")


def _answered(request: HttpRequest, row: Proposal) -> HttpResponse:
    """What was answered, and nothing of what was shown."""
    context = {
        "proposal": row,
        "is_approved": row.status == ProposalStatus.APPROVED,
        "outcome": row.outcome,
        "kept_back": [each for each in row.outcome.get("products", []) if each["missing"]],
        "on_sale": [each for each in row.outcome.get("products", []) if not each["missing"]],
        **_person(request),
    }
    return _private(render(request, "portal/approval_answered.html", context))


def _over(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "portal/approval_over.html", _person(request), status=404))


def _person(request: HttpRequest) -> dict[str, Any]:
    settings = PortalSettings.for_request(request)
    return {"person": {"name": settings.contact_name, "phone": settings.contact_phone}}


def _private(response: HttpResponse) -> HttpResponse:
    """The link stands in this page's address: it is told to nobody, and no search engine keeps the page."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
