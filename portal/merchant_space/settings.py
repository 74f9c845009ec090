"""How to reach a shop, and how its goods reach people: one job a screen, live at once.

Each change stands in the audit trail.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.merchant_space import undo
from portal.merchant_space.access import Desk, desk_or_404
from portal.merchant_space.hours import form_view
from portal.merchant_space.screens import Job, plain, selling_desk_or_404, shop_of, show, show_form
from portal.merchant_space.settings_forms import (
    FEED_FIELDS,
    PICKUP_FIELDS,
    RETURNS_FIELDS,
    ContactForm,
    FeedForm,
    PickupForm,
    RateForm,
    ReturnsForm,
    ZoneForm,
)
from portal.merchant_space.undo import Undo
from shop.models import DeliveryZone, ShippingRate, Shop

SAVE = gettext_lazy("Enregistrer")
HOME = ("home", gettext_lazy("Accueil"))
REMISE = ("remise", gettext_lazy("Cueillette et livraison"))

CONTACT = Job(gettext_lazy("Mes coordonnées"), SAVE, *HOME)
PICKUP = Job(gettext_lazy("La cueillette"), SAVE, *REMISE)
RETURNS = Job(gettext_lazy("Retours et annulations"), SAVE, *REMISE)
FEED_TITLE = gettext_lazy("Mes produits ailleurs sur le web")


@never_cache
@login_required
@form_view
def contact(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Phone, email, web site, shop: never through the Journal."""
    desk = desk_or_404(request, merchant_slug)
    form = ContactForm(_data(request), merchant=desk.merchant)
    if form.is_bound and form.is_valid():
        _write(request, desk, desk.merchant, form.cleaned_data, "merchant.contact")
        return redirect("merchant:home", merchant_slug=desk.merchant.slug)
    return show_form(request, desk, form, CONTACT, address=desk.merchant)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@transaction.atomic
def _write(
    request: HttpRequest,
    desk: Desk,
    row: models.Model,
    values: dict[str, Any],
    action: str,
    *,
    quiet: bool = False,
) -> None:
    """What differs of a merchant, a shop, a zone or a rate; with its trace."""
    after = {name: value for name, value in values.items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in after}
    for name, value in after.items():
        setattr(row, name, value)
    if after:
        row.save(update_fields=list(after))
        desk.note(action, row, before=plain(before), after=plain(after))
    if not quiet:
        messages.success(request, _("C’est enregistré\u00a0: c’est déjà en place."))


@never_cache
@login_required
@require_safe
def remise(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """How goods reach people: pick-up, delivery, mail, returns, each a screen of its own."""
    desk = selling_desk_or_404(request, merchant_slug)
    shop = shop_of(desk)
    context: dict[str, Any] = {
        "shop": shop,
        "zone_count": shop.delivery_zones.filter(is_active=True).count(),
        "rate_count": shop.shipping_rates.count(),
    }
    return show(request, desk, "merchant_remise.html", **context)


@never_cache
@login_required
@form_view
def pickup(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk = selling_desk_or_404(request, merchant_slug)
    shop = shop_of(desk)
    form = PickupForm(_data(request), shop=shop)
    return _shop_screen(request, desk, shop, form, PICKUP, PICKUP_FIELDS, "shop.pickup")


@never_cache
@login_required
@form_view
def returns(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk = selling_desk_or_404(request, merchant_slug)
    shop = shop_of(desk)
    form = ReturnsForm(_data(request), shop=shop)
    return _shop_screen(request, desk, shop, form, RETURNS, RETURNS_FIELDS, "shop.returns")


@never_cache
@login_required
@form_view
def feed(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Whether shopping engines may read its products; and the address at which they do."""
    desk = selling_desk_or_404(request, merchant_slug)
    shop = shop_of(desk)
    address = request.build_absolute_uri(reverse("shop:merchant_feed", args=[desk.merchant.slug]))
    lead = _("À donner à un moteur de magasinage, comme adresse du flux\u00a0: %(address)s")
    job = Job(FEED_TITLE, SAVE, *REMISE, lead=lead % {"address": address} if shop.is_in_feeds else "")
    return _shop_screen(
        request, desk, shop, FeedForm(_data(request), shop=shop), job, FEED_FIELDS, "shop.feed"
    )


def _shop_screen(
    request: HttpRequest, desk: Desk, shop: Shop, form: Any, job: Job, names: Iterable[str], action: str
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        _write(request, desk, shop, {name: form.cleaned_data[name] for name in names}, action)
        return redirect("merchant:remise", merchant_slug=desk.merchant.slug)
    return show_form(request, desk, form, job)


@never_cache
@login_required
@require_safe
def zones(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk = selling_desk_or_404(request, merchant_slug)
    return show(
        request, desk, "merchant_zones.html", zones=shop_of(desk).delivery_zones.filter(is_active=True)
    )


@never_cache
@login_required
@form_view
def zone(request: HttpRequest, merchant_slug: str, zone_pk: int | None = None) -> HttpResponse:
    """A new zone, or one of the shop's own."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = _zone_or_404(desk, zone_pk) if zone_pk else None
    form = ZoneForm(_data(request), zone=row)
    if form.is_bound and form.is_valid():
        _keep(request, desk, row, form.values(), DeliveryZone, "zone")
        return redirect("merchant:zones", merchant_slug=desk.merchant.slug)
    title = _("Où je livre") if row else _("Livrer à un endroit de plus")
    job = Job(title, SAVE, "zones", _("Ma livraison"))
    return show_form(request, desk, form, job)


def _keep(request: HttpRequest, desk: Desk, row: Any, values: dict[str, Any], model: Any, noun: str) -> None:
    if row is not None:
        _write(request, desk, row, values, f"{noun}.change")
        return
    with transaction.atomic():
        shop = shop_of(desk)
        if not model.objects.filter(shop=shop, **values).exists():  # else it was sent twice
            desk.note(f"{noun}.add", model.objects.create(shop=shop, **values), after=plain(values))
    messages.success(request, _("C’est ajouté\u00a0: c’est déjà en place."))


def _zone_or_404(desk: Desk, pk: int) -> DeliveryZone:
    found: DeliveryZone = get_object_or_404(
        DeliveryZone.objects.filter(shop__merchant=desk.merchant, is_active=True), pk=pk
    )
    return found


@login_required
@require_POST
def zone_remove(request: HttpRequest, merchant_slug: str, zone_pk: int) -> HttpResponse:
    """No more delivery there; it can be taken back."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = _zone_or_404(desk, zone_pk)
    _write(request, desk, row, {"is_active": False}, "zone.remove", quiet=True)
    undo.offer(
        request, desk, Undo("zone", _("Vous ne livrez plus à «\u00a0%s\u00a0».") % row.name, {"pk": row.pk})
    )
    return redirect("merchant:zones", merchant_slug=desk.merchant.slug)


@never_cache
@login_required
@require_safe
def rates(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk = selling_desk_or_404(request, merchant_slug)
    return show(request, desk, "merchant_rates.html", rates=shop_of(desk).shipping_rates.all())


@never_cache
@login_required
@form_view
def rate(request: HttpRequest, merchant_slug: str, rate_pk: int | None = None) -> HttpResponse:
    """A new line of the shipping table, or one of the shop's own."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = _rate_or_404(desk, rate_pk) if rate_pk else None
    form = RateForm(_data(request), shop=shop_of(desk), rate=row)
    if form.is_bound and form.is_valid():
        _keep(request, desk, row, form.cleaned_data, ShippingRate, "rate")
        return redirect("merchant:rates", merchant_slug=desk.merchant.slug)
    job = Job(
        _("Tarif d’envoi") if row else _("Un tarif d’envoi de plus"), SAVE, "rates", _("Envoi par la poste")
    )
    return show_form(request, desk, form, job)


def _rate_or_404(desk: Desk, pk: int) -> ShippingRate:
    found: ShippingRate = get_object_or_404(ShippingRate.objects.filter(shop__merchant=desk.merchant), pk=pk)
    return found


@login_required
@require_POST
def rate_remove(request: HttpRequest, merchant_slug: str, rate_pk: int) -> HttpResponse:
    """One line less; it can be taken back."""
    desk = selling_desk_or_404(request, merchant_slug)
    row = _rate_or_404(desk, rate_pk)
    facts = {
        name: getattr(row, name) for name in ("region", "fee_cents", "from_items_cents", "promised_days")
    }
    with transaction.atomic():
        desk.note("rate.remove", row, before=facts)
        row.delete()
    undo.offer(request, desk, Undo("rate", _("Ce tarif d’envoi est retiré."), facts))
    return redirect("merchant:rates", merchant_slug=desk.merchant.slug)


def restore_zone(desk: Desk, facts: Mapping[str, Any]) -> bool:
    row = DeliveryZone.objects.filter(shop__merchant=desk.merchant, pk=facts["pk"], is_active=False).first()
    if row is None:
        return False
    row.is_active = True
    row.save(update_fields=["is_active"])
    desk.note("zone.restore", row, after={"is_active": True})
    return True


def restore_rate(desk: Desk, facts: Mapping[str, Any]) -> bool:
    key = {name: facts[name] for name in ("region", "from_items_cents")}
    others = {name: facts[name] for name in ("fee_cents", "promised_days")}
    row, made = ShippingRate.objects.get_or_create(shop=shop_of(desk), **key, defaults=others)
    if made:
        desk.note("rate.restore", row, after=dict(facts))
    return bool(made)
