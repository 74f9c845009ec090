"""The money desk « À régler »: what needs a hand in the portal, and the act beside it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.admin import acts, allowed_words, matter_words, matters
from shop.admin.columns import record_url
from shop.admin.events import events_of_the_portal
from shop.admin.forms import AnswerForm, NoteForm, RefundForm
from shop.admin.pages import DESK, View, for_staff, page
from shop.admin.rights import may_look, may_move
from shop.enums import DISPUTE_IS_OVER
from shop.models import BooksCheck, Checkout, Debt, Dispute, Order, OutboxMessage, Refund, Transfer
from shop.payments.disputes import evidence_for
from shop.payments.refunds import left_cents


@require_GET
@for_staff(may_look)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = matters.sections(now=now)
    checks = list(BooksCheck.objects.exclude(finished_at=None).order_by("kind"))
    return page(
        request,
        "desk",
        DESK,
        sections=found,
        in_all=matters.in_all(found),
        may_move=may_move(request.user),
        checks=checks,
        # They name rows of every portal.
        findings=[row for row in checks if row.findings] if request.user.is_superuser else [],
    )


def _button(model: type[Model], act: Callable[..., str], may: Callable[[Any], bool]) -> View:
    """An act that asks for nothing: done, or not, with a sentence that says so."""

    @require_POST
    @for_staff(may)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(model, pk=pk)
        _do(request, lambda: act(row, actor=request.user, now=timezone.now()))
        return redirect("money_desk:index")

    return view


def _do(request: HttpRequest, act: Callable[[], str]) -> None:
    try:
        messages.success(request, act())
    except acts.Refused as refusal:
        messages.warning(request, refusal.reason)


retry_effect = _button(OutboxMessage, acts.retry_effect, may_look)
ask_stripe = _button(Checkout, acts.ask_stripe, may_look)
send_transfer = _button(Transfer, acts.send_transfer, may_move)
refund_again = _button(Refund, acts.refund_again, may_move)


@require_POST
@for_staff(may_look)
def retry_event(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(events_of_the_portal(), pk=pk)
    _do(request, lambda: acts.retry_event(row, actor=request.user, now=timezone.now()))
    return redirect("money_desk:index")


def _note_page(model: type[Model], act: Callable[..., str], title: Any, tell: Callable[[Any], str]) -> View:
    """An act that asks for a note."""

    @require_http_methods(["GET", "POST"])
    @for_staff(may_move)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        row: Any = get_object_or_404(model, pk=pk)
        form = NoteForm(request.POST if request.method == "POST" else None, label_suffix="")
        if form.is_valid():
            note = form.cleaned_data["note"]
            _do(request, lambda: act(row, note=note, actor=request.user, now=timezone.now()))
            return redirect("money_desk:index")
        return page(
            request, "note", title, form=form, what=tell(row), record=record_url(row), status=_status(form)
        )

    return view


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _tell_debt(row: Debt) -> str:
    return matter_words.of_debt(row, timezone.now()).what


def _tell_refund(row: Refund) -> str:
    return matter_words.of_refund(row, timezone.now()).what


settle = _note_page(Debt, acts.settle_debt, gettext_lazy("Régler une dette à la main"), _tell_debt)
close_refund = _note_page(Refund, acts.close_refund, gettext_lazy("Rendu autrement"), _tell_refund)


@require_http_methods(["GET", "POST"])
@for_staff(may_move)
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, show the parts, then do: the second post carries what the first one showed."""
    order: Order = get_object_or_404(Order.objects.select_related("merchant", "checkout"), pk=pk)
    posted = request.POST if request.method == "POST" else None
    form = RefundForm(posted, order=order, initial={"seen": order.refunds.count()}, label_suffix="")
    shown = None
    if form.is_valid():
        try:
            if "confirm" in request.POST:
                return _refunded(request, order, form)
            shown = acts.preview(order, form.wish, restock=form.cleaned_data["restock"], now=timezone.now())
        except acts.Refused as refusal:
            form.add_error(None, refusal.reason)
    return page(
        request,
        "refund",
        _("Rembourser la commande %(number)s") % {"number": order.number},
        form=form,
        order=order,
        left_cents=left_cents(order),
        shown=shown,
        record=record_url(order),
        status=_status(form),
    )


def _refunded(request: HttpRequest, order: Order, form: RefundForm) -> HttpResponse:
    data = form.cleaned_data
    made = acts.refund(
        order,
        form.wish,
        reason=data["reason"],
        restock=data["restock"],
        seen=data["seen"],
        actor=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Le remboursement est demandé à Stripe."))
    return redirect(record_url(made))


@require_http_methods(["GET", "POST"])
@for_staff(may_move)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    row: Dispute = get_object_or_404(Dispute.objects.select_related("checkout"), pk=pk)
    if row.status in DISPUTE_IS_OVER or row.evidence or row.checkout.account:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        text = form.cleaned_data["text"]
        _do(request, lambda: acts.answer(row, text=text, actor=request.user, now=timezone.now()))
        return redirect("money_desk:index")
    return page(
        request,
        "answer",
        _("Répondre à une contestation"),
        form=form,
        dispute=row,
        matter=matter_words.of_dispute(row, timezone.now()),
        evidence=[(EVIDENCE_WORDS.get(name, name), text) for name, text in evidence_for(row).items()],
        record=record_url(row),
        status=_status(form),
    )


EVIDENCE_WORDS = {
    "customer_name": gettext_lazy("Clientèle"),
    "customer_email_address": gettext_lazy("Courriel"),
    "product_description": gettext_lazy("Ce qui a été vendu"),
    "refund_policy_disclosure": gettext_lazy("Politique de retour montrée à l’achat"),
    "shipping_address": gettext_lazy("Adresse de livraison"),
    "service_date": gettext_lazy("Remis le"),
    "uncategorized_text": gettext_lazy("Le récit de la vente"),
}

VIEWS: dict[str, tuple[str, View]] = {
    "index": ("", index),
    "retry_effect": ("envois/<int:pk>/", retry_effect),
    "retry_event": ("messages/<int:pk>/", retry_event),
    "ask_stripe": ("passages/<int:pk>/", ask_stripe),
    "send_transfer": ("virements/<int:pk>/", send_transfer),
    "settle": ("dettes/<int:pk>/", settle),
    "refund_again": ("remboursements/<int:pk>/encore/", refund_again),
    "close_refund": ("remboursements/<int:pk>/rendu/", close_refund),
    "refund": ("commandes/<int:pk>/", refund),
    "answer": ("contestations/<int:pk>/", answer),
    "words": ("mots/", allowed_words.words),
    "forbid_word": ("mots/<int:pk>/", allowed_words.forbid_word),
}


def urls() -> list[URLPattern]:
    return [path(route, view, name=name) for name, (route, view) in VIEWS.items()]
