"""/admin/equipe/: who works for the portal. For its managers and the operator, who alone sees Wagtail’s users."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory import invitations
from directory.models import Invitation
from home import audit
from home.models import PortalRole, PortalStaff
from home.roles import roles_of
from home.tenancy import current_site
from portal import staffing
from portal.accounts.forms import dress
from portal.accounts.second_factor import asked_again
from portal.merchant_space.team import GUEST_EMAIL, answer_letter, send
from portal.models import User


class InviteStaffForm(forms.Form):
    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Rôle"),
        choices=PortalRole.choices,
        error_messages={"required": gettext_lazy("Choisissez un rôle.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["email"], GUEST_EMAIL)


def manages(user: Any) -> bool:
    """Managers of the portal in scope, and the operator."""
    return bool(user.is_superuser or PortalRole.MANAGER in roles_of(user))


def manager_or_404(request: HttpRequest) -> User:
    """Raises Http404: for others this desk does not exist. Wagtail has asked them to sign in before."""
    if not manages(request.user):
        raise Http404
    return cast(User, request.user)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def index(request: HttpRequest) -> HttpResponse:
    by = manager_or_404(request)
    form = InviteStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invite(request, form, by):
        return redirect("staff_team:index")
    people = PortalStaff.objects.select_related("user").order_by("user__last_name", "user__email", "role")
    context = {
        "form": form,
        "people": people,
        "letters": invitations.waiting(timezone.now()).filter(merchant=None).select_related("invited_by"),
        **_head(_("Équipe")),
    }
    return render(request, "portal/admin/team.html", context, status=422 if form.errors else 200)


def _head(title: str) -> dict[str, Any]:
    trail = [{"url": reverse("wagtailadmin_home"), "label": _("Accueil")}]
    team = {"url": reverse("staff_team:index"), "label": _("Équipe")}
    return {"page_title": title, "header_icon": "group", "trail": [*trail, team]}


def _invite(request: HttpRequest, form: InviteStaffForm, by: User) -> bool:
    """False when the form now says what stands in the way."""
    try:
        row, secret = invitations.invite(
            current_site(), form.cleaned_data["email"], form.cleaned_data["role"], by=by, now=timezone.now()
        )
    except invitations.AlreadyThere:
        form.add_error("email", _("Cette personne a déjà ce rôle."))
        return False
    except invitations.AlreadyInvited:
        form.add_error("email", _("Une invitation l’attend déjà. Renvoyez-la plus bas, au besoin."))
        return False
    send(request, row, secret)
    return True


@require_POST
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    manager_or_404(request)
    rows = Invitation.objects.select_related("site", "invited_by")
    answer_letter(request, get_object_or_404(rows, merchant=None, pk=pk))
    return redirect("staff_team:index")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, then takes the role away. Nobody takes away their own: somebody must be left to give it back."""
    by = manager_or_404(request)
    row: PortalStaff = get_object_or_404(PortalStaff.objects.select_related("user", "site"), pk=pk)
    own = row.user_id == by.pk
    if request.method != "POST" or own:
        context = {"row": row, "own": own, **_head(_("Retirer un rôle"))}
        return render(request, "portal/admin/team_withdraw.html", context, status=422 if own else 200)
    _withdraw(row, by)
    told = {"name": row.user, "role": row.get_role_display()}
    messages.success(request, _("%(name)s n’a plus le rôle «\u00a0%(role)s\u00a0».") % told)
    return redirect("staff_team:index")


@transaction.atomic
def _withdraw(row: PortalStaff, by: User) -> None:
    if staffing.withdraw(row.user, row.site, PortalRole(row.role)):
        audit.note("staff.withdraw", row, actor_id=by.pk, before={"user": row.user_id, "role": row.role})


urlpatterns = [
    path("", index, name="index"),
    path("invitation/<int:pk>/", letter, name="letter"),
    path("retirer/<int:pk>/", withdraw, name="withdraw"),
]
