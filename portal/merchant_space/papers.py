"""What a shop prints: one order's packing slip, the day's pick-up list, a receipt."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.merchant_space.access import desk_context, desk_or_404, order_or_404
from portal.merchant_space.agenda import by_day, day_label, open_orders
from shop import contracts
from shop.views.receipts import page_response


@never_cache
@login_required
@require_safe
def packing_slip(request: HttpRequest, merchant_slug: str, number: str) -> HttpResponse:
    """Big, black and white: who, when, and what to put in the bag, less what was refunded."""
    desk = desk_or_404(request, merchant_slug)
    order = order_or_404(desk.merchant, number)
    lines = [line for line in order.lines.all() if line.units_left]
    context = desk_context(request, desk, order=order, lines=lines)
    return render(request, "portal/merchant_packing_slip.html", context)


@never_cache
@login_required
@require_safe
def pick_list(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """All orders due on a day (``?jour=2026-11-23``, else today), and what is late, by the time they are due."""
    desk = desk_or_404(request, merchant_slug)
    now = timezone.now()
    today = timezone.localdate(now)
    day = _day(request, today)
    days = by_day(open_orders(desk.merchant), now=now)
    shown = [one for one in days if one.on == day or (day == today and one.on < today)]
    others = [one for one in days if one not in shown]
    context = desk_context(request, desk, days=shown, others=others, day=day, label=day_label(day, now=now))
    return render(request, "portal/merchant_pick_list.html", context)


def _day(request: HttpRequest, today: date) -> date:
    try:
        return parse_date(request.GET.get("jour", "")) or today
    except ValueError:
        return today


@never_cache
@login_required
@require_safe
def receipt(request: HttpRequest, merchant_slug: str, number: str) -> HttpResponse:
    """The copy that the shopper got, for the shop's own books."""
    merchant = desk_or_404(request, merchant_slug).merchant
    copy = contracts.copy_of(order_or_404(merchant, number), now=timezone.now())
    if copy is None:
        raise Http404
    return page_response(copy)
