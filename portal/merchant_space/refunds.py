"""A merchant gives money back for one of its orders: asked, shown to the cent, then done once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from home.money import cad
from portal.merchant_space.access import Desk, desk_context, order_or_404, refund_desk_or_404
from portal.merchant_space.forms import ConfirmForm, RefundForm
from shop.enums import OrderStatus, RefundSource
from shop.exceptions import ShopError
from shop.models import Order, Refund
from shop.payments import refunds
from shop.payments.locks import lock_order
from shop.pricing import RefundSplit

CONFIRM = "rembourser"


class MovedMeanwhile(ShopError):
    """Another refund was made since the merchant looked."""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_refund(request: HttpRequest, merchant_slug: str, number: str) -> HttpResponse:
    """The form, then what it would give back, then the refund. Each refusal is a sentence, nothing typed is lost."""
    desk = refund_desk_or_404(request, merchant_slug)
    order = order_or_404(desk.merchant, number)
    form = _form(request, order)
    if request.method != "POST" or not form.is_valid():
        return _show(request, desk, order, form)
    try:
        split = refunds.preview(order, form.wish())
        if request.POST.get("step") == CONFIRM and _saw(request, order, split):
            return _refund(request, desk, order, form)
    except refunds.CannotRefund as refusal:
        form.add_error(None, refusal.reason)
        return _show(request, desk, order, form)
    except MovedMeanwhile:
        order.refresh_from_db()
        messages.info(request, _("Un remboursement vient d’être fait\u00a0: voici où en est la commande."))
        return redirect("merchant:order", merchant_slug=desk.merchant.slug, number=order.number)
    return _show_preview(request, desk, order, form, split)


def _form(request: HttpRequest, order: Order) -> RefundForm:
    lines = list(order.lines.all())
    left_cents = refunds.left_cents(order)
    if request.method == "POST":
        return RefundForm(request.POST, lines=lines, left_cents=left_cents)
    initial: dict[str, Any] = {"restock": order.status != OrderStatus.FULFILLED}
    if "rupture" in request.GET:
        reason = _("Le commerce ne peut pas fournir cette commande.")
        initial = {"what": RefundForm.WHOLE, "reason": reason, "restock": False}
    return RefundForm(initial=initial, lines=lines, left_cents=left_cents)


def _saw(request: HttpRequest, order: Order, split: RefundSplit) -> bool:
    """Did the button say what would happen now? Raises MovedMeanwhile when a refund came in between."""
    seen = ConfirmForm(request.POST)
    if not seen.is_valid():
        return False
    if seen.cleaned_data["seen_refunded_cents"] != order.refunded_cents:
        raise MovedMeanwhile
    return bool(seen.cleaned_data["seen_amount_cents"] == split.parts.total_cents)


def _refund(request: HttpRequest, desk: Desk, order: Order, form: RefundForm) -> HttpResponse:
    refund = _request(request, desk, order, form)
    messages.success(
        request,
        _("%(amount)s remboursés de la commande %(number)s. La personne est avertie par courriel.")
        % {"amount": cad(refund.amount_cents), "number": order.number},
    )
    return redirect("merchant:order", merchant_slug=desk.merchant.slug, number=order.number)


@transaction.atomic
def _request(request: HttpRequest, desk: Desk, order: Order, form: RefundForm) -> Refund:
    """Under the order's lock, so that of two presses one is refused: what it saw is no longer so."""
    before = lock_order(order.pk)
    if before.refunded_cents != order.refunded_cents:
        raise MovedMeanwhile
    refund = refunds.request(
        before,
        form.wish(),
        source=RefundSource.MERCHANT,
        actor_id=request.user.pk,
        reason=form.cleaned_data["reason"],
        restock=form.cleaned_data["restock"],
        now=timezone.now(),
    )
    _trace(desk, order, refund)
    return refund


def _trace(desk: Desk, before: Order, refund: Refund) -> None:
    after = Order.objects.get(pk=before.pk)
    desk.note(
        "order.refund",
        before,
        before={"status": before.status, "refunded_cents": before.refunded_cents},
        after={
            "status": after.status,
            "refunded_cents": after.refunded_cents,
            "refund": refund.pk,
            "reason": refund.reason,
        },
    )


def _show(request: HttpRequest, desk: Desk, order: Order, form: RefundForm) -> HttpResponse:
    context = desk_context(request, desk, order=order, form=form, left_cents=form.left_cents)
    return render(request, "portal/merchant_refund.html", context, status=422 if form.errors else 200)


def _show_preview(
    request: HttpRequest, desk: Desk, order: Order, form: RefundForm, split: RefundSplit
) -> HttpResponse:
    titles = {line.pk: line for line in form.lines}
    context = desk_context(
        request,
        desk,
        order=order,
        answers=[(name, form[name].value()) for name in form.fields],
        reason=form.cleaned_data["reason"],
        restock=form.cleaned_data["restock"],
        parts=split.parts,
        units=[(back, titles[back.line_id]) for back in split.lines],
        seen=ConfirmForm(
            initial={
                "seen_amount_cents": split.parts.total_cents,
                "seen_refunded_cents": order.refunded_cents,
            }
        ),
    )
    return render(request, "portal/merchant_refund_preview.html", context)
