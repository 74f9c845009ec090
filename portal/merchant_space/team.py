"""« Mon équipe »: who works in the merchant. The owners' alone; for anybody else it does not exist."""

import logging
from dataclasses import replace
from smtplib import SMTPException
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from directory import invitations, memberships
from directory.enums import MembershipRole
from directory.models import Invitation, Membership
from home.tenancy import current_site
from portal.accounts import joining
from portal.accounts.forms import EMAIL, dress
from portal.accounts.second_factor import asked_again
from portal.merchant_space.access import Desk, desk_context, owner_desk_or_404
from portal.models import User

log = logging.getLogger(__name__)


GUEST_EMAIL = replace(
    EMAIL,
    label=gettext_lazy("Son courriel"),
    missing=gettext_lazy("Écrivez son courriel, comme marie@exemple.ca."),
    autocomplete="off",
)


class InviteForm(forms.Form):
    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Son rôle"),
        choices=[
            (MembershipRole.HELPER, gettext_lazy("Aide\u00a0: les commandes, les produits, la page")),
            (MembershipRole.OWNER, gettext_lazy("Propriétaire\u00a0: tout, l’argent et l’équipe aussi")),
        ],
        initial=MembershipRole.HELPER,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez son rôle.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["email"], GUEST_EMAIL)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def team(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk = owner_desk_or_404(request, merchant_slug)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invite(request, desk, form):
        return redirect("merchant:team", merchant_slug=desk.merchant.slug)
    rows = Membership.objects.filter(merchant=desk.merchant).select_related("user")
    context = desk_context(
        request,
        desk,
        form=form,
        people=rows.order_by("-role", "user__email"),
        letters=invitations.waiting(timezone.now()).filter(merchant=desk.merchant),
    )
    return render(request, "portal/merchant_team.html", context, status=422 if form.errors else 200)


def _invite(request: HttpRequest, desk: Desk, form: InviteForm) -> bool:
    """False when the form now says what stands in the way."""
    try:
        row, secret = invitations.invite(
            current_site(), form.cleaned_data["email"], form.cleaned_data["role"],
            merchant=desk.merchant, by=request.user, now=timezone.now(),
        )  # fmt: skip
    except invitations.AlreadyThere:
        form.add_error("email", _("Cette personne est déjà dans votre équipe."))
        return False
    except invitations.AlreadyInvited:
        form.add_error("email", _("Une invitation l’attend déjà. Renvoyez-la plus bas, au besoin."))
        return False
    send(request, row, secret)
    return True


def send(request: HttpRequest, row: Invitation, secret: str) -> None:
    """The letter leaves, or the page says that it has not and what to do."""
    try:
        joining.post(row, secret)
    except (SMTPException, OSError):
        log.exception("An invitation did not leave")
        messages.error(request, _("L’invitation est prête, mais le courriel n’est pas parti. Renvoyez-la."))
        return
    messages.success(
        request, _("C’est envoyé à %(email)s. L’invitation vaut deux semaines.") % {"email": row.email}
    )


@login_required
@require_POST
def invitation_move(request: HttpRequest, merchant_slug: str, pk: int) -> HttpResponse:
    """Sent again, or taken back; one that was answered meanwhile says so."""
    desk = owner_desk_or_404(request, merchant_slug)
    row: Invitation = get_object_or_404(
        Invitation.objects.select_related("site", "merchant", "invited_by"), merchant=desk.merchant, pk=pk
    )
    answer_letter(request, row)
    return redirect("merchant:team", merchant_slug=desk.merchant.slug)


def answer_letter(request: HttpRequest, row: Invitation) -> None:
    """What the two buttons beside a letter do, for merchants and for staff."""
    by, now = cast(User, request.user), timezone.now()
    if "renvoyer" in request.POST and (secret := invitations.renew(row, by=by, now=now)):
        send(request, row, secret)
    elif "retirer" in request.POST and invitations.revoke(row, by=by, now=now):
        messages.success(request, _("L’invitation à %(email)s est retirée.") % {"email": row.email})
    else:
        messages.error(request, _("Cette invitation n’attend plus de réponse."))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def member(request: HttpRequest, merchant_slug: str, pk: int) -> HttpResponse:
    """One person: another role, or out. The page itself is what asks whether one is sure."""
    desk = owner_desk_or_404(request, merchant_slug)
    row: Membership = get_object_or_404(
        Membership.objects.select_related("user"), merchant=desk.merchant, pk=pk
    )
    if request.method != "POST":
        return render(request, "portal/merchant_member.html", desk_context(request, desk, row=row))
    try:
        _change(request, row)
    except memberships.LastOwner:
        messages.error(request, _("Un commerce garde toujours un propriétaire. Nommez-en un autre d’abord."))
    if row.user_id == request.user.pk:
        return redirect("account:home")
    return redirect("merchant:team", merchant_slug=desk.merchant.slug)


def _change(request: HttpRequest, row: Membership) -> None:
    by, name = cast(User, request.user), {"name": str(row.user)}
    if "retirer" in request.POST:
        if memberships.remove(row, by=by):
            messages.success(request, _("%(name)s ne fait plus partie de l’équipe.") % name)
        return
    role = request.POST.get("role", "")
    if role in MembershipRole.values and memberships.set_role(row, MembershipRole(role), by=by):
        messages.success(request, _("Le rôle de %(name)s est changé.") % name)
