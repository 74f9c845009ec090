"""« Ce que votre page a fait »: a merchant's own results, of the period it chooses. Amounts are the owner's alone.

Of other merchants nothing is read: no rank, no average, nothing from which one could be told.
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory import mail_refusals
from directory.enums import Tier
from directory.models import Membership, Merchant
from home.periods import Period, town_day
from portal.merchant_space.access import Desk, desk_or_404, owner_desk_or_404
from portal.merchant_space.screens import show
from portal.results import days, origins, stopping
from portal.results.breakdown import Breakdown, Good, Origin, breakdown
from portal.results.choices import choices, chosen, last_days
from shop import result_words
from shop.merchant_results import Result, here_since, result_of
from shop.results import Sales

ROWS_SHOWN = 20


@never_cache
@login_required
@require_safe
def results(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk, today = desk_or_404(request, merchant_slug), town_day(timezone.now())
    merchant = desk.merchant
    offered = choices(today, here_since(merchant))
    choice = chosen(request.GET.get("periode", ""), offered)
    found = result_of(merchant, choice.period, today=today)
    by_day = days.days_of(merchant, choice.period, today=today)
    return show(
        request,
        desk,
        "merchant_results.html",
        choices=offered,
        choice=choice,
        span=result_words.span(choice.period),
        sells=merchant.tier == Tier.TRANSACTIONAL or found.sales != Sales(),
        is_open=not choice.period.is_over_on(today),
        days=by_day,
        bars=days.bars(by_day),
        empty=empty_words(merchant, today) if found.is_empty else (),
        left_out=origins.left_out(),
        letter=_letter(desk),
        **told(desk, found),
        **_parts(breakdown(merchant, choice.period)),
    )


def told(desk: Desk, found: Result) -> dict[str, Any]:
    """The figures and their sentences; amounts for the owner."""
    return {
        "lines": result_words.lines(found, desk.merchant, with_money=desk.is_owner),
        "sentences": result_words.sentences(found, with_money=desk.is_owner),
        "beside": result_words.compared_to(found.period),
        "has_before": found.sales_before is not None or found.contacts_before is not None,
    }


def lately(desk: Desk) -> dict[str, Any]:
    """What the merchant's home tells: the last thirty days."""
    today = town_day(timezone.now())
    period = last_days(today)
    found = result_of(desk.merchant, period, today=today)
    empty = empty_words(desk.merchant, today) if found.is_empty else ()
    return {"span": result_words.span(period), "empty": empty, **told(desk, found)}


def empty_words(merchant: Merchant, today: dt.date) -> tuple[str, ...]:
    """Why there is nothing to tell yet, and what helps."""
    if not Merchant.objects.visible().filter(pk=merchant.pk).exists():
        return (_("Votre page n’est pas en ligne\u00a0: personne ne peut la voir, et rien ne se compte."),)
    here = (today - here_since(merchant)).days
    if not here:
        return (_("Votre page est à vous depuis aujourd’hui\u00a0: les premiers chiffres viendront demain."),)
    since = ngettext(
        "Votre page est à vous depuis un jour, et rien n’a été compté dans cette période.",
        "Votre page est à vous depuis %(count)s jours, et rien n’a été compté dans cette période.",
        here,
    ) % {"count": result_words.number(here)}
    helps = _(
        "Ce qui aide\u00a0: l’affiche dans la vitrine, une photo, et son adresse sur votre page Facebook."
    )
    return since, helps


def _parts(found: Breakdown) -> dict[str, Any]:
    best, good = found.best, found.best_good
    return {
        "sources": [_row(each) for each in found.sources],
        "pages": [_row(each, is_page=True) for each in found.pages[:ROWS_SHOWN]],
        "goods": [_good(each) for each in found.goods[:ROWS_SHOWN]],
        "goods_left": max(0, len(found.goods) - ROWS_SHOWN),
        "best": origins.sentence(best.source, best.title, best.seen) if best else "",
        "best_good": origins.of_product(good.title, good.seen) if good else "",
    }


def _row(origin: Origin, *, is_page: bool = False) -> dict[str, Any]:
    return {
        "label": origins.label(origin.source, origin.title, is_page=is_page),
        "url": origin.url,
        "seen": origin.seen,
        "contacts": origin.contacts,
        "orders": origin.orders,
    }


def _good(good: Good) -> dict[str, Any]:
    title = good.title or _("Un produit qui n’est plus là")
    return {"label": title, "seen": good.seen, "baskets": good.baskets, "sold": good.sold}


@never_cache
@login_required
@require_safe
def results_csv(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The period, a line a day."""
    desk, today = desk_or_404(request, merchant_slug), town_day(timezone.now())
    merchant = desk.merchant
    choice = chosen(request.GET.get("periode", ""), choices(today, here_since(merchant)))
    rows = days.days_of(merchant, choice.period, today=today)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{merchant.slug}-{_file_span(choice.period)}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    days.write_sheet(response, rows, with_money=desk.is_owner)
    return response


def _file_span(period: Period) -> str:
    return f"{period.first:%Y%m%d}-{period.last:%Y%m%d}"


@login_required
@require_POST
def results_letter(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The weekly letter to the person who is signed in: no more of it, or again."""
    desk = owner_desk_or_404(request, merchant_slug)
    place, now = _place(desk), timezone.now()
    if "reprendre" in request.POST:
        stopping.resume(place)
        messages.success(request, _("C’est noté\u00a0: la lettre du mardi vous arrivera de nouveau."))
    else:
        stopping.stop(place, now=now)
        messages.success(request, _("C’est noté\u00a0: vous ne recevrez plus la lettre du mardi."))
    return redirect("merchant:results", merchant_slug=desk.merchant.slug)


def _place(desk: Desk) -> Membership:
    row: Membership = Membership.objects.select_related("user").get(merchant=desk.merchant, user=desk.user_id)
    return row


def _letter(desk: Desk) -> dict[str, Any] | None:
    """How it stands with this owner's letter; None for whoever gets none."""
    if not desk.is_owner:
        return None
    place = _place(desk)
    return {
        "is_stopped": stopping.is_stopped(place),
        "is_refused": mail_refusals.is_refused(place.user.email),
        "email": place.user.email,
    }
