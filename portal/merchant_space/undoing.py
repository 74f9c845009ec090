"""Taking the last act back. Each kind says how; what there was before comes from the session, never from a form."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from directory import timetable
from home.models import CustomImage
from portal.merchant_space import own_site_taking, products, settings, undo, variants
from portal.merchant_space.access import Desk, desk_or_404
from portal.merchant_space.hours import today_in_town
from portal.merchant_space.screens import address
from shop import catalogue, stock
from shop.enums import ProductStatus
from shop.exceptions import ShopError
from shop.models import Product, ProductPhoto, Variant

Facts = Mapping[str, Any]


@login_required
@require_POST
def take_back(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """What this person did last at this desk is as it was before; once."""
    desk = desk_or_404(request, merchant_slug)
    last = undo.take(request, desk)
    if last is None:
        messages.info(request, _("Il n’y a plus rien à annuler."))
        return redirect("merchant:home", merchant_slug=desk.merchant.slug)
    act, screen = KINDS[last.kind]
    try:
        with transaction.atomic():
            taken = act(desk, last.facts)
    except ShopError:
        taken = False
    if taken:
        messages.success(request, _("C’est annulé\u00a0: c’est de nouveau comme avant."))
    else:
        messages.warning(
            request, _("Ça n’a pas pu être annulé\u00a0: d’autres changements sont venus depuis.")
        )
    return redirect(screen(desk, last.facts))


def _week(desk: Desk, facts: Facts) -> bool:
    before = timetable.week_facts(desk.merchant)
    stated = timetable.state_week(desk.merchant, timetable.week_of_facts(facts))
    if stated:
        desk.note("hours.week", desk.merchant, before=before, after=dict(facts))
    return stated


def _date(desk: Desk, facts: Facts) -> bool:
    before = timetable.date_facts(desk.merchant, dt.date.fromisoformat(facts["date"]))
    stated = timetable.restate_date(desk.merchant, facts)
    if stated:
        desk.note("hours.date", desk.merchant, before=before, after=dict(facts))
    return stated


def _vacation(desk: Desk, facts: Facts) -> bool:
    before = timetable.vacation_facts(desk.merchant)
    if facts["from"] is None:
        changed = timetable.come_back(desk.merchant)
    else:
        days = (dt.date.fromisoformat(facts[name]) for name in ("from", "until"))
        changed = timetable.leave(desk.merchant, *days, note=facts["note"])
    if changed:
        desk.note("vacation.undo", desk.merchant, before=before, after=dict(facts))
    return changed


def _status(desk: Desk, facts: Facts) -> bool:
    row = products.product_or_404(desk, facts["pk"])
    if facts["status"] != ProductStatus.PUBLISHED or not catalogue.publish(row, today=today_in_town()):
        return False
    desk.note("product.publish", row, after={"status": row.status})
    return True


def _stock(desk: Desk, facts: Facts) -> bool:
    row = Variant.objects.filter(product__merchant=desk.merchant).get(pk=facts["pk"])
    counted = stock.count(
        row, facts["units"], seen=facts["seen"], reason=_("correction annulée"), now=timezone.now()
    )
    if counted:
        desk.note("stock.count", row, before={"on_hand": facts["seen"]}, after={"on_hand": facts["units"]})
    return counted


def _variant(desk: Desk, facts: Facts) -> bool:
    row = (
        Variant.objects.filter(product__merchant=desk.merchant).select_related("product").get(pk=facts["pk"])
    )
    return variants.offer_variant(desk, row, is_wanted=True)


def _photo(desk: Desk, facts: Facts) -> bool:
    row = Product.objects.get(pk=facts["product"], merchant=desk.merchant)
    image = CustomImage.objects.filter(pk=facts["image"]).first()
    if image is None or row.photos.filter(image=image).exists():
        return False
    photo = ProductPhoto.objects.create(
        product=row, image=image, alt=facts["alt"], sort_order=facts["sort_order"]
    )
    catalogue.touch(row.pk)
    desk.note("photo.add", row, after={"photo": photo.pk, "alt": photo.alt})
    return True


def _screen(name: str, *keys: str) -> Callable[[Desk, Facts], str]:
    return lambda desk, facts: address(desk, name, *(facts[key] for key in keys))


def _product_of_variant(desk: Desk, facts: Facts) -> str:
    row = Variant.objects.filter(product__merchant=desk.merchant).get(pk=facts["pk"])
    return address(desk, "product", row.product_id)


KINDS: Mapping[str, tuple[Callable[[Desk, Facts], bool], Callable[[Desk, Facts], str]]] = {
    "week": (_week, _screen("hours")),
    "date": (_date, _screen("hours_dates")),
    "vacation": (_vacation, _screen("vacation")),
    "status": (_status, _screen("product", "pk")),
    "stock": (_stock, _product_of_variant),
    "variant": (_variant, _product_of_variant),
    "photo": (_photo, _screen("product_photos", "product")),
    "zone": (settings.restore_zone, _screen("zones")),
    "rate": (settings.restore_rate, _screen("rates")),
    "own_site": (own_site_taking.give_back, _screen("own_site")),
}
"""How each kind of act is taken back, and where one sees that it was."""
