"""/mon-commerce/: a merchant's orders, today's first, one button each. A stranger's shop or order is 404."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.cards import dressed
from directory.enums import Tier
from directory.hours import wall_clock
from directory.models import Merchant
from directory.schedules import schedule_of
from home.models import PortalSettings
from portal.accounts.views import open_memberships
from portal.care.facts import facts_of
from portal.care.tasks import task_list
from portal.merchant_space import results, undo
from portal.merchant_space.access import Desk, desk_context, desk_or_404, order_or_404
from portal.merchant_space.agenda import by_day, open_orders
from portal.merchant_space.moves import next_move
from portal.still_true.asking import HOLIDAYS_ASKED_AHEAD, questions_to
from shop import handover, ledger
from shop.enums import Fulfillment, OrderStatus, ProductStatus
from shop.exceptions import ForbiddenMove
from shop.models import Order, Product
from shop.order_page import part_of

DONE_SHOWN = 20
LAST_DESK = "commerce"
"""The cookie that remembers which of several shops a person works in: the slug, and nothing else."""
ONE_YEAR = 365 * 24 * 3600
MOVES = (OrderStatus.READY, OrderStatus.FULFILLED)


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Someone with one shop goes straight to it; with several, to the one opened last, else the first by name."""
    slugs = [membership.merchant.slug for membership in open_memberships(request.user.pk)]
    if not slugs:
        return redirect("account:home")
    last = request.COOKIES.get(LAST_DESK, "")
    return redirect("merchant:home", merchant_slug=last if last in slugs else slugs[0])


@never_cache
@login_required
@require_safe
def home(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk, now = desk_or_404(request, merchant_slug), timezone.now()
    if desk.left_at:
        return redirect("merchant:leaving", merchant_slug=merchant_slug)
    merchant = dressed([desk.merchant], moment=now, days_ahead=HOLIDAYS_ASKED_AHEAD)[0]
    waiting = [_with_move(order) for order in open_orders(merchant)]
    to_prepare = [order for order in waiting if order.status == OrderStatus.PAID]
    ready = [order for order in waiting if order.status == OrderStatus.READY]
    at_counter = [order for order in ready if order.fulfillment == Fulfillment.PICKUP]
    on_the_way = [order for order in ready if order.fulfillment != Fulfillment.PICKUP]
    done = Order.objects.filter(
        merchant=merchant, status__in=(OrderStatus.FULFILLED, OrderStatus.REFUNDED), paid_at__isnull=False
    ).select_related("checkout")
    context = desk_context(
        request,
        replace(desk, merchant=merchant),
        count_to_prepare=len(to_prepare),
        days_to_prepare=by_day(to_prepare, now=now),
        count_ready=len(at_counter),
        days_ready=by_day(at_counter, now=now),
        count_on_the_way=len(on_the_way),
        days_on_the_way=by_day(on_the_way, now=now),
        orders_done=done[:DONE_SHOWN],
        sells=merchant.tier == Tier.TRANSACTIONAL,
        goods=_goods(merchant),
        today=_today(merchant),
        asked=questions_to(merchant, now),
        lately=results.lately(desk),
        tasks=task_list(facts_of(merchant, PortalSettings.for_request(request)), is_owner=desk.is_owner),
        undo=undo.offered(request, desk),
    )
    response = render(request, "portal/merchant_home.html", context)
    if request.COOKIES.get(LAST_DESK) != merchant.slug:
        response.set_cookie(
            LAST_DESK, merchant.slug, max_age=ONE_YEAR, path=reverse("merchant:start"), httponly=True,
            secure=request.is_secure(), samesite="Lax",
        )  # fmt: skip
    return response


def _goods(merchant: Merchant) -> dict[str, int]:
    """How many of its products shoppers see, and how many it alone sees."""
    shown = Count("pk", filter=Q(status=ProductStatus.PUBLISHED))
    counted = Product.objects.filter(merchant=merchant).aggregate(shown=shown, all=Count("pk"))
    return {"shown": counted["shown"], "not_shown": counted["all"] - counted["shown"]}


def _today(merchant: Merchant) -> dict[str, Any]:
    """How this day stands: what is left of its spans, and whether it was closed for this day alone."""
    now = wall_clock(timezone.now())
    date, schedule = now.date(), schedule_of(merchant)
    spans = schedule.spans_on(date)
    return {
        "date": date,
        "spans_left": [span for span in spans if span.on(date)[1] > now],
        "is_away": schedule.is_away(date),
        "is_closed_specially": date in schedule.special and not spans,
    }


def _with_move(order: Order) -> Order:
    order.next_move = next_move(order)  # type: ignore[attr-defined]
    return order


@never_cache
@login_required
@require_safe
def order(request: HttpRequest, merchant_slug: str, number: str) -> HttpResponse:
    desk = desk_or_404(request, merchant_slug)
    return _order_page(request, desk, order_or_404(desk.merchant, number))


def _order_page(request: HttpRequest, desk: Desk, row: Order, **more: Any) -> HttpResponse:
    context = desk_context(
        request,
        desk,
        order=row,
        part=part_of(row, now=timezone.now()),
        next_move=next_move(row),
        disputes=list(row.checkout.disputes.order_by("pk")),
        lost_cents=ledger.lost_cents(row),
        can_take_back=row.status == OrderStatus.READY,
        can_refund=desk.helping_under is None and row.refunded_cents < row.total_cents,
        **more,
    )
    return render(request, "portal/merchant_order.html", context, status=422 if more else 200)


@never_cache
@login_required
@require_POST
def order_move(request: HttpRequest, merchant_slug: str, number: str) -> HttpResponse:
    """Ready, then handed over. Pressing twice does it once; a move that no longer holds says where the order stands."""
    desk = desk_or_404(request, merchant_slug)
    row = order_or_404(desk.merchant, number)
    to = request.POST.get("to", "")
    if to not in MOVES:
        raise Http404
    try:
        if _move(request, desk, row, OrderStatus(to)):
            messages.success(request, _("La commande %(number)s est %(status)s.") % _named(row))
    except handover.AgeNotChecked:
        problem = _("Cochez la case quand vous avez vu une pièce d’identité\u00a0: la loi le demande.")
        return _order_page(request, desk, row, age_problem=problem)
    except ForbiddenMove:
        messages.error(request, _("La commande %(number)s est déjà %(status)s.") % _named(row))
    return redirect("merchant:home", merchant_slug=desk.merchant.slug)


@login_required
@require_POST
def order_undo(request: HttpRequest, merchant_slug: str, number: str) -> HttpResponse:
    """« Ready » was pressed by mistake: it is to be prepared again."""
    desk = desk_or_404(request, merchant_slug)
    row = order_or_404(desk.merchant, number)
    try:
        if _take_back(desk, row):
            messages.success(
                request, _("La commande %(number)s est de nouveau à préparer.") % {"number": row.number}
            )
    except ForbiddenMove:
        row.refresh_from_db(fields=["status"])
        messages.error(request, _("La commande %(number)s est déjà %(status)s.") % _named(row))
    return redirect("merchant:order", merchant_slug=desk.merchant.slug, number=row.number)


def _named(row: Order) -> dict[str, str]:
    return {"number": row.number, "status": row.get_status_display()}


@transaction.atomic
def _move(request: HttpRequest, desk: Desk, row: Order, to: OrderStatus) -> bool:
    """The move, its event and its trace, or none of them. False when the order already stands there."""
    before, cause, now = row.status, f"merchant {request.user.pk}", timezone.now()
    if to is OrderStatus.READY:
        moved = handover.mark_ready(row, cause=cause, now=now)
    else:
        age_checked_by = request.user.pk if request.POST.get("age") else None
        moved = handover.mark_fulfilled(row, cause=cause, now=now, age_checked_by=age_checked_by)
    if moved:
        checked = {"adult_checked": True} if to is OrderStatus.FULFILLED and row.adult_required else {}
        _trace(desk, row, before, **checked)
    return moved


@transaction.atomic
def _take_back(desk: Desk, row: Order) -> bool:
    before = row.status
    taken = handover.mark_not_ready(row, cause=f"merchant {desk.user_id}", now=timezone.now())
    if taken:
        _trace(desk, row, before)
    return taken


def _trace(desk: Desk, row: Order, before: str, **after: bool) -> None:
    desk.note(f"order.{row.status}", row, before={"status": before}, after={"status": row.status, **after})
