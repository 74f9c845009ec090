"""Where the owner opens the account that receives the shop's money: to Stripe and back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.second_factor import asked_again
from portal.merchant_space.access import Desk, owner_desk_or_404
from shop.exceptions import GatewayError
from shop.payments import onboarding, patience
from shop.payments.sessions import portal_url


def _payouts(desk: Desk) -> HttpResponseRedirect:
    return redirect("merchant:payouts", merchant_slug=desk.merchant.slug)


def _say_stripe_is_away(request: HttpRequest) -> None:
    messages.error(
        request, _("Stripe ne répond pas pour l’instant. Rien n’est perdu\u00a0: réessayez dans une minute.")
    )


@login_required
@require_POST
@asked_again
def payout_account(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """On to Stripe's own pages. The account is made once, whatever is clicked twice."""
    desk = owner_desk_or_404(request, merchant_slug)
    base, slug = portal_url(desk.merchant.site), [desk.merchant.slug]
    try:
        with patience.at_most(patience.WEB_SECONDS):
            address = onboarding.begin(
                desk.merchant,
                email=request.user.email,  # type: ignore[union-attr]
                return_url=base + reverse("merchant:payout_account_return", args=slug),
                refresh_url=base + reverse("merchant:payouts", args=slug),
            )
    except GatewayError:
        _say_stripe_is_away(request)
        return _payouts(desk)
    desk.note("payout.account_asked", desk.merchant)
    return HttpResponseRedirect(address)


@never_cache
@login_required
@require_safe
def payout_account_return(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Back from Stripe: what the account may do now is asked for, and said."""
    desk = owner_desk_or_404(request, merchant_slug)
    try:
        with patience.at_most(patience.WEB_SECONDS):
            shop = onboarding.come_back(desk.merchant)
    except GatewayError:
        _say_stripe_is_away(request)
        return _payouts(desk)
    if shop is not None and (shop.can_be_paid or shop.can_charge):
        messages.success(request, _("C’est fait\u00a0: votre boutique peut recevoir de l’argent."))
    else:
        messages.info(request, _("Stripe n’a pas encore tout ce qu’il lui faut. Reprenez quand vous voulez."))
    return _payouts(desk)
