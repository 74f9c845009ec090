"""Staff prepare a merchant's page, hours and products with the merchant's own forms; everything goes into a proposal.

No consent is asked for this, for nothing of it is the merchant's before its owner says so.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import timetable
from directory.enums import ProposalStatus, Tier
from directory.models import Merchant, Proposal
from directory.page_changes import changes
from home.context_processors import frame_of
from home.tenancy import site_for
from portal import staffing
from portal.care import letters, proposals
from portal.care.approval import preview_context, products_of
from portal.care.proposals import MOST_PRODUCTS, Closed, NoOwner, NothingPrepared
from portal.merchant_space.form_fields import DeskForm, text
from portal.merchant_space.goods import likely_goods, tax_fields
from portal.merchant_space.hours_forms import WeekForm, initial_of
from portal.merchant_space.page_forms import CoverForm, PageForm, PersonForm, TextForm
from portal.merchant_space.product_forms import AddForm
from portal.staff_desk.files import merchant_or_404
from portal.staff_desk.rights import ALL_WHO_ENTER, for_roles
from shop.enums import MeasureUnit

Screen = Callable[..., HttpResponse]
form_view = require_http_methods(["GET", "HEAD", "POST"])


class SendForm(DeskForm):
    """To which owner, with which word."""

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = [(member.user_id, str(member.user)) for member in proposals.owners_of(merchant)]
        self.fields["owner"] = forms.TypedChoiceField(
            label=gettext_lazy("À qui"),
            choices=owners,
            coerce=int,
            error_messages={
                "required": gettext_lazy("Choisissez à qui l’envoyer."),
                "invalid_choice": gettext_lazy("Choisissez dans la liste."),
            },
        )
        self.fields["words"] = text(
            gettext_lazy("Un mot de vous"),
            longest=300,
            rows=3,
            help_text=gettext_lazy("Comme «\u00a0Voici ce dont nous avons parlé jeudi\u00a0»."),
            error_messages={"max_length": gettext_lazy("Plus court\u00a0: 300 caractères au plus.")},
        )


def _show(
    request: HttpRequest, template: str, merchant: Merchant, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**frame_of(request), "merchant": merchant, "back_url": _home(merchant), **more}
    return render(request, f"portal/{template}.html", context, status=status)


def _home(merchant: Merchant) -> str:
    return reverse("care_desk:preparation", args=[merchant.pk])


def _by(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _empty(merchant: Merchant, by_id: int) -> Proposal:
    """A proposal to come is not saved by looking at it."""
    return Proposal(site_id=merchant.site_id, merchant=merchant, prepared_by_id=by_id)


def _of(request: HttpRequest, merchant: Merchant) -> Proposal:
    row = proposals.open_of(merchant) or _empty(merchant, _by(request))
    row.merchant = merchant
    return row


# ---------------------------------------------------------------------------------------------------- where it stands


@never_cache
@require_safe
@for_roles(*ALL_WHO_ENTER)
def preparation(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    """What is prepared, where it stands, and the way to send it."""
    merchant = merchant_or_404(merchant_pk)
    return _overview(request, merchant, SendForm(merchant=merchant))


def _overview(request: HttpRequest, merchant: Merchant, form: SendForm) -> HttpResponse:
    row = _of(request, merchant)
    last = proposals.latest_of(merchant)
    return _show(
        request,
        "preparation",
        merchant,
        status=422 if form.errors else 200,
        row=row,
        parts=_page_parts(row),
        products=products_of(row),
        has_something=bool(row.page or row.products or row.week is not None),
        has_owner=bool(proposals.owners_of(merchant)),
        sells=merchant.tier == Tier.TRANSACTIONAL,
        is_overtaken=proposals.is_overtaken(row),
        is_expired=row.status == ProposalStatus.SENT and not proposals.waits(row, now=timezone.now()),
        approved=last if last and last.status == ProposalStatus.APPROVED and row.pk is None else None,
        form=form,
        back_url=reverse("merchant_file:file", args=[merchant.pk]),
    )


def _page_parts(row: Proposal) -> list[str]:
    """Names of the parts of the page that differ from the merchant's."""
    if not row.page:
        return []
    own = proposals.page_with(_empty(row.merchant, row.prepared_by_id))
    return [change.label for change in changes(own, proposals.page_with(row))]


# ------------------------------------------------------------------------------------------------------------ the parts


def _part(form_class: type[PageForm], part: str, title: Any) -> Screen:
    @never_cache
    @form_view
    @for_roles(*ALL_WHO_ENTER)
    def view(request: HttpRequest, merchant_pk: int) -> HttpResponse:
        merchant = merchant_or_404(merchant_pk)
        copy = proposals.page_with(_of(request, merchant))
        posted = (request.POST, _renamed(request)) if request.method == "POST" else ()
        shelf = staffing.collection_of(site_for(request)) if request.FILES else None
        form = form_class(*posted, copy=copy, shelf=shelf)
        if form.is_valid():
            form.apply()
            return _kept(
                request, merchant, lambda row: proposals.keep_page(row, form.copy, by_id=_by(request))
            )
        status = 422 if form.is_bound else 200
        return _show(
            request, "preparation_part", merchant, status=status, form=form, copy=copy, part=part, title=title
        )

    return view


def _renamed(request: HttpRequest) -> Any:
    """A photo's address is made of its file's name: nobody guesses this one before it is approved."""
    for file in request.FILES.values():
        if hasattr(file, "name"):
            file.name = f"{secrets.token_hex(10)}.{str(file.name).rpartition('.')[2][:5]}"
    return request.FILES


@transaction.atomic
def _write(request: HttpRequest, merchant: Merchant, act: Callable[[Proposal], object]) -> None:
    act(proposals.begin(merchant, by_id=_by(request)))


def _kept(request: HttpRequest, merchant: Merchant, act: Callable[[Proposal], object]) -> HttpResponse:
    try:
        _write(request, merchant, act)
    except Closed:
        messages.error(request, CLOSED)
    else:
        messages.success(request, _("C’est gardé. Personne d’autre ne le voit."))
    return redirect(_home(merchant))


CLOSED = gettext_lazy("Le commerce vient de répondre\u00a0: voici où ça en est.")

page_text = _part(TextForm, "text", gettext_lazy("Les textes"))
page_cover = _part(CoverForm, "cover", gettext_lazy("La photo principale"))
page_person = _part(PersonForm, "person", gettext_lazy("La personne"))


@never_cache
@form_view
@for_roles(*ALL_WHO_ENTER)
def week(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    merchant = merchant_or_404(merchant_pk)
    form = (
        WeekForm(request.POST) if request.method == "POST" else WeekForm(initial=_week_of(request, merchant))
    )
    if form.is_bound and form.is_valid():
        stated = form.week()
        return _kept(request, merchant, lambda row: proposals.keep_week(row, stated, by_id=_by(request)))
    status = 422 if form.errors else 200
    return _show(request, "preparation_week", merchant, status=status, form=form)


def _week_of(request: HttpRequest, merchant: Merchant) -> dict[str, Any]:
    prepared = _of(request, merchant).week
    facts: Any = timetable.week_facts(merchant) if prepared is None else prepared
    values: dict[str, Any] = {}
    for day, spans in timetable.week_of_facts(facts).items():
        values |= initial_of(f"d{day}_", spans[:2])
    return values


@never_cache
@form_view
@for_roles(*ALL_WHO_ENTER)
def product_add(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    merchant = merchant_or_404(merchant_pk)
    if len(_of(request, merchant).products) >= MOST_PRODUCTS:
        messages.error(request, _("Vingt produits à la fois, c’est assez\u00a0: envoyez d’abord ceux-ci."))
        return redirect(_home(merchant))
    if request.method != "POST":
        return _show(
            request,
            "preparation_product",
            merchant,
            form=AddForm(merchant=merchant, initial=_first(merchant)),
        )
    form = AddForm(request.POST, _renamed(request), merchant=merchant)
    if form.is_valid():
        values = _values_of(form)
        return _kept(request, merchant, lambda row: proposals.add_product(row, values, by_id=_by(request)))
    return _show(request, "preparation_product", merchant, status=422, form=form)


def _first(merchant: Merchant) -> dict[str, Any]:
    goods = likely_goods(merchant)
    is_food = tax_fields(goods)["is_food"]
    measure = {"net_quantity": "1", "net_unit": MeasureUnit.PIECE} if is_food else {}
    return {"units": 1, "goods": goods, **measure}


def _values_of(form: AddForm) -> dict[str, Any]:
    """As a proposal keeps it: plain values."""
    cleaned = form.cleaned_data
    quantity = cleaned["net_quantity"]
    return {
        "title": cleaned["title"],
        "description": cleaned["description"],
        "price_cents": cleaned["price"],
        "units": cleaned["units"],
        "goods": cleaned["goods"],
        "net_quantity": f"{quantity.normalize():f}" if quantity else "",
        "net_unit": cleaned["net_unit"],
        "photo": form.picture.pk if form.picture else None,
    }


@require_POST
@for_roles(*ALL_WHO_ENTER)
def product_remove(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    merchant = merchant_or_404(merchant_pk)
    row, token = proposals.open_of(merchant), request.POST.get("produit", "")[:40]
    if row is None:
        raise Http404
    try:
        if proposals.remove_product(row, token, by_id=_by(request)):
            messages.success(request, _("Le produit est retiré de la proposition."))
    except Closed:
        messages.error(request, CLOSED)
    return redirect(_home(merchant))


# ------------------------------------------------------------------------------------------------------ seen and sent


@never_cache
@require_safe
@for_roles(*ALL_WHO_ENTER)
def preview(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    """What the owner will see, without its buttons."""
    merchant = merchant_or_404(merchant_pk)
    row = proposals.open_of(merchant)
    if row is None:
        return redirect(_home(merchant))
    row.merchant = merchant
    context = {**frame_of(request), **preview_context(request, row), "back_url": _home(merchant)}
    return render(request, "portal/approval.html", context)


@require_POST
@for_roles(*ALL_WHO_ENTER)
def send(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    merchant = merchant_or_404(merchant_pk)
    row, form = proposals.open_of(merchant), SendForm(request.POST, merchant=merchant)
    if row is None:
        raise Http404
    if not form.is_valid():
        return _overview(request, merchant, form)
    try:
        sent = _send(row, form, by_id=_by(request))
    except Closed:
        messages.error(request, CLOSED)
    except (NothingPrepared, NoOwner):
        messages.error(request, _("Il n’y a encore rien à envoyer, ou plus personne à qui l’envoyer."))
    else:
        messages.success(request, _("C’est parti à %(who)s.") % {"who": sent.sent_to})
    return redirect(_home(merchant))


@transaction.atomic
def _send(row: Proposal, form: SendForm, *, by_id: int) -> Proposal:
    """Sent, with its letter, or neither."""
    now, cleaned = timezone.now(), form.cleaned_data
    sent = proposals.send(row, cleaned["owner"], words=cleaned["words"], by_id=by_id, now=now)
    letters.send_proposal(sent, now=now)
    return sent


@require_POST
@for_roles(*ALL_WHO_ENTER)
def withdraw(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    merchant = merchant_or_404(merchant_pk)
    row = proposals.open_of(merchant)
    if row is not None and proposals.withdraw(row, by_id=_by(request)):
        messages.success(request, _("La proposition est retirée, et son lien ne vaut plus."))
    return redirect("merchant_file:file", merchant_pk=merchant.pk)


def urls() -> list[URLPattern]:
    base = "<int:merchant_pk>/preparation/"
    return [
        path(base, preparation, name="preparation"),
        path(f"{base}textes/", page_text, name="preparation_text"),
        path(f"{base}photo/", page_cover, name="preparation_cover"),
        path(f"{base}personne/", page_person, name="preparation_person"),
        path(f"{base}heures/", week, name="preparation_week"),
        path(f"{base}produit/", product_add, name="preparation_product"),
        path(f"{base}produit/retirer/", product_remove, name="preparation_product_remove"),
        path(f"{base}apercu/", preview, name="preparation_preview"),
        path(f"{base}envoyer/", send, name="preparation_send"),
        path(f"{base}retirer/", withdraw, name="preparation_withdraw"),
    ]
