"""A product's sizes and colours, and how many of each are left."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.merchant_space import undo
from portal.merchant_space.access import Desk
from portal.merchant_space.hours import form_view
from portal.merchant_space.product_forms import CountForm, VariantForm, variant_values
from portal.merchant_space.products import (
    back_to,
    change_all,
    data_of,
    offered,
    product_or_404,
    said,
    write_variant,
)
from portal.merchant_space.screens import plain, selling_desk_or_404, show_form
from portal.merchant_space.undo import Undo
from shop import catalogue, stock
from shop.exceptions import StockMoved
from shop.models import Product, Variant


@login_required
@require_POST
def stock_count(request: HttpRequest, merchant_slug: str, variant_pk: int) -> HttpResponse:
    """One more, one less, or so many. Of two presses on one screen the second changes nothing."""
    desk = selling_desk_or_404(request, merchant_slug)
    variant = _variant_or_404(desk, variant_pk)
    form = CountForm(request.POST)
    wanted = form.wanted() if form.is_valid() else None
    if wanted is None:
        messages.error(request, _("Écrivez combien il en reste, en chiffres, comme 12."))
    else:
        _count(request, desk, variant, wanted, seen=form.cleaned_data["seen"])
    return redirect("merchant:product", merchant_slug=desk.merchant.slug, product_pk=variant.product_id)


def _count(request: HttpRequest, desk: Desk, variant: Variant, units: int, *, seen: int) -> None:
    try:
        with transaction.atomic():
            if stock.count(variant, units, seen=seen, reason=_("compté par le commerce"), now=timezone.now()):
                desk.note("stock.count", variant, before={"on_hand": seen}, after={"on_hand": units})
                words = _("Il en reste %(units)s à vendre.") % {"units": units}
                undo.offer(
                    request, desk, Undo("stock", words, {"pk": variant.pk, "seen": units, "units": seen})
                )
    except StockMoved as moved:
        words = _(
            "Le nombre a changé entre-temps\u00a0: il en reste %(left)s. Comptez de nouveau, puis corrigez."
        )
        messages.warning(request, words % {"left": moved.left})


def _variant_or_404(desk: Desk, pk: int, product_pk: int | None = None) -> Variant:
    rows = Variant.objects.filter(product__merchant=desk.merchant, pk=pk).select_related("product")
    found: Variant | None = rows.first()
    if found is None or product_pk not in (None, found.product_id):
        raise Http404
    return found


@never_cache
@login_required
@form_view
def variant(
    request: HttpRequest, merchant_slug: str, product_pk: int, variant_pk: int | None = None
) -> HttpResponse:
    """One more size or colour, or one it has."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = product_or_404(desk, product_pk)
    known = _variant_or_404(desk, variant_pk, product_pk) if variant_pk else None
    others = [other for other in offered(row) if known is None or other.pk != known.pk]
    initial = variant_values(known) if known else _next_values(others)
    form = VariantForm(data_of(request), others=others, variant=known, initial=initial)
    job = back_to(row, known.title or _("Ce format") if known else _("Une taille ou une couleur de plus"))
    if form.is_bound and form.is_valid():
        problems = change_all(desk, row, lambda: _keep_variant(desk, row, form, known, others))
        return said(request, desk, row, form, job, problems)
    return show_form(request, desk, form, job, retire=known if known and known.is_active and others else None)


def _next_values(others: list[Variant]) -> dict[str, Any]:
    """As the last one: sizes of one thing are much alike."""
    if not others:
        return {"units": 1}
    return {**variant_values(others[-1]), "title": "", "units": 1}


def _keep_variant(
    desk: Desk, row: Product, form: VariantForm, known: Variant | None, others: list[Variant]
) -> None:
    cleaned = form.cleaned_data
    if unnamed := next((other for other in others if not other.title), None):
        write_variant(desk, unnamed, {"title": cleaned["first_title"]}, unnamed.price_cents)
    if known is not None:
        write_variant(desk, known, form.values(), cleaned["price"])
        return
    made = catalogue.add_stocked_variant(
        row, price_cents=cleaned["price"], units=cleaned["units"], actor_id=desk.user_id, now=timezone.now(),
        sort_order=row.variants.count(), **form.values(),
    )  # fmt: skip
    facts = {**form.values(), "price_cents": cleaned["price"], "units": cleaned["units"]}
    desk.note("variant.add", made, after=plain(facts))


@login_required
@require_POST
def variant_offer(request: HttpRequest, merchant_slug: str, product_pk: int, variant_pk: int) -> HttpResponse:
    """No longer offered, or offered again. What was sold of it stays sold."""
    desk = selling_desk_or_404(request, merchant_slug)
    row, known = product_or_404(desk, product_pk), _variant_or_404(desk, variant_pk, product_pk)
    is_wanted = request.POST.get("to") == "offert"
    problems = change_all(desk, row, lambda: offer_variant(desk, known, is_wanted=is_wanted))
    for problem in problems:
        messages.error(request, problem)
    if not problems and not is_wanted:
        words = _("«\u00a0%s\u00a0» n’est plus offert.") % (known.title or row.title)
        undo.offer(request, desk, Undo("variant", words, {"pk": known.pk}))
    return redirect("merchant:product", merchant_slug=desk.merchant.slug, product_pk=row.pk)


def offer_variant(desk: Desk, known: Variant, *, is_wanted: bool) -> bool:
    before, after = catalogue.change(known, is_active=is_wanted)
    if after:
        desk.note("variant.offer", known, before=before, after=after)
    return bool(after)
