"""The page that says who one is here, what one bought and where one works."""

from functools import reduce
from operator import or_
from typing import cast

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.models import Membership
from home import audit
from home.languages import ENGLISH, FRENCH
from home.models import PortalRole, PortalStaff
from home.roles import roles_of
from portal.models import User
from shop.enums import CheckoutStatus
from shop.models import Checkout
from shop.tokens import order_token

PAST_ORDERS = 20


def open_memberships(user_pk: int | None) -> QuerySet[Membership]:
    """The shops of this portal that the person may enter, by name; a suspended one has no door."""
    mine = Membership.objects.filter(user=user_pk, merchant__suspended_at=None)
    return mine.select_related("merchant").order_by("merchant__name", "pk")


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    unpaid = (CheckoutStatus.OPEN, CheckoutStatus.EXPIRED, CheckoutStatus.CANCELED)
    checkouts = Checkout.objects.filter(_bought_by(request.user.pk)).exclude(status__in=unpaid)
    context = {
        "memberships": open_memberships(request.user.pk),
        "roles": PortalStaff.objects.filter(user=request.user.pk),
        "is_city": roles_of(request.user) == {PortalRole.CITY},
        "can_enter_admin": request.user.has_perm("wagtailadmin.access_admin"),
        "past_orders": [
            {"checkout": row, "token": order_token(row), "orders": row.orders.all()}
            for row in checkouts.prefetch_related("orders")[:PAST_ORDERS]
        ],
    }
    return render(request, "portal/account.html", context)


def _bought_by(user_pk: int | None) -> Q:
    """Signed in, or as a guest who left an email that this person has proved since."""
    proved = EmailAddress.objects.filter(user=user_pk, verified=True).values_list("email", flat=True)
    as_guest = [Q(user=None, contact_email__iexact=email) for email in proved]
    return reduce(or_, as_guest, Q(user=user_pk))


@never_cache
@login_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """In which language the person is written to from now on; its pages follow their addresses."""
    noted = {
        FRENCH: _("C’est noté\u00a0: nous vous écrirons en français."),
        ENGLISH: _("C’est noté\u00a0: nous vous écrirons en anglais."),
    }
    chosen = request.POST.get("language", "")
    if chosen in noted:
        cast(User, request.user).write_in(chosen)
        messages.success(request, noted[chosen])
    else:
        messages.error(request, _("Choisissez le français ou l’anglais."))
    return redirect("account:home")


@never_cache
@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Everywhere else; this device stays signed in."""
    user = cast(User, request.user)
    user.end_sessions()
    update_session_auth_hash(request, user)
    audit.note("user.end_sessions", user, actor_id=user.pk)
    messages.success(request, _("Vos autres appareils sont déconnectés."))
    return redirect("mfa_index")
