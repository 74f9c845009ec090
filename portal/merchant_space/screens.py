"""How a merchant's screen is shown: one job, one button, the way back, and what can be taken back."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from directory.enums import Tier
from home.audit import Facts
from portal.merchant_space import undo
from portal.merchant_space.access import Desk, desk_context, desk_or_404
from shop.models import Shop


@dataclass(frozen=True, slots=True)
class Job:
    """What a form's screen says. ``back``: the URL name it returns to, with ``back_args`` behind the shop's."""

    title: Any
    verb: Any
    back: str
    back_label: Any
    lead: Any = ""
    back_args: tuple[Any, ...] = ()

    def back_url(self, desk: Desk) -> str:
        return address(desk, self.back, *self.back_args)


def address(desk: Desk, name: str, *args: Any) -> str:
    return reverse(f"merchant:{name}", args=[desk.merchant.slug, *args])


def selling_desk_or_404(request: HttpRequest, slug: str) -> Desk:
    """For what only a merchant that sells here has: products, pick-up, delivery."""
    desk = desk_or_404(request, slug)
    if desk.merchant.tier != Tier.TRANSACTIONAL:
        raise Http404
    return desk


def shop_of(desk: Desk) -> Shop:
    """The merchant's shop in the portal's; made with its first settings."""
    shop, _made = Shop.objects.get_or_create(
        merchant=desk.merchant, defaults={"site_id": desk.merchant.site_id}
    )
    shop.merchant = desk.merchant
    return shop


def show(request: HttpRequest, desk: Desk, template: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context = desk_context(request, desk, undo=undo.offered(request, desk), **more)
    return render(request, f"portal/{template}", context, status=status)


def show_form(request: HttpRequest, desk: Desk, form: forms.Form, job: Job, **more: Any) -> HttpResponse:
    """A form's screen; 422 with its errors beside the fields, values kept."""
    status = 422 if form.errors else 200
    more = {"form": form, "job": job, "back_url": job.back_url(desk), **more}
    return show(request, desk, "merchant_form.html", status=status, **more)


def plain(facts: Facts) -> Facts:
    """As the audit keeps it: whatever is no plain value, as text."""
    return {
        name: value if isinstance(value, str | int | list | None) else str(value)
        for name, value in facts.items()
    }
