"""Signing in, and the page that says who one is here and where one works."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import Membership
from home.models import PortalStaff
from portal.accounts.forms import SignInForm
from shop.enums import CheckoutStatus
from shop.models import Checkout
from shop.tokens import order_token

PAST_ORDERS = 20


def open_memberships(user_pk: int | None) -> QuerySet[Membership]:
    """The shops of this portal that the person may enter, by name; a suspended one has no door."""
    mine = Membership.objects.filter(user=user_pk, merchant__suspended_at=None)
    return mine.select_related("merchant").order_by("merchant__name", "pk")


class SignIn(LoginView):
    template_name = "portal/login.html"
    authentication_form = SignInForm

    def get_default_redirect_url(self) -> str:
        """A merchant lands in its shop, others on their account."""
        if Membership.objects.filter(user=self.request.user.pk).exists():
            return reverse("merchant:start")
        return reverse("account:home")

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    unpaid = (CheckoutStatus.OPEN, CheckoutStatus.EXPIRED, CheckoutStatus.CANCELED)
    checkouts = Checkout.objects.filter(user=request.user.pk).exclude(status__in=unpaid)
    context = {
        "memberships": open_memberships(request.user.pk),
        "roles": PortalStaff.objects.filter(user=request.user.pk),
        "can_enter_admin": request.user.has_perm("wagtailadmin.access_admin"),
        "past_orders": [
            {"checkout": row, "token": order_token(row), "orders": row.orders.all()}
            for row in checkouts.prefetch_related("orders")[:PAST_ORDERS]
        ],
    }
    return render(request, "portal/account.html", context)
