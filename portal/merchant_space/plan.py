"""« Mon option »: the three options, what holds, and until when; subscribing, changing, stopping. The owner's alone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import tiers
from directory.entitlements import IN_ORDER, LATE, entitlement, is_free
from directory.enums import Tier
from home.models import PortalSettings
from portal.accounts.second_factor import asked_again
from portal.merchant_space import plan_words
from portal.merchant_space.access import Desk, owner_desk_or_404
from portal.merchant_space.screens import show
from shop import result_words
from shop.exceptions import GatewayError
from shop.models import PlanInvoice, StaysFree
from shop.payments import patience
from shop.payments.plans import changing, subscribing
from shop.payments.plans.brought import brought
from shop.payments.plans.subscribing import AlreadySubscribed, NothingToPay
from shop.payments.plans.sync import sync_subscription
from shop.payments.sessions import portal_url
from shop.plan_facts import subscription_of

INVOICES_SHOWN = 24
INVOICE_WORDS = {
    "paid": gettext_lazy("payée"),
    "open": gettext_lazy("à payer"),
    "void": gettext_lazy("annulée"),
    "uncollectible": gettext_lazy("impayée"),
}


@never_cache
@login_required
@require_safe
def plan(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    desk, now = owner_desk_or_404(request, merchant_slug), timezone.now()
    merchant = desk.merchant
    facts = tiers.facts_of(merchant)
    holds = entitlement(facts, now=now)
    stays_free = StaysFree.objects.filter(merchant=merchant).exists()
    subscription = subscription_of(merchant.pk)
    status = subscription.status if subscription else ""
    must_choose = plan_words.must_choose(facts, holds, now) and not stays_free
    found = brought(merchant, now=now)
    return show(
        request,
        desk,
        "merchant_plan.html",
        plan_notice=None,
        holds=holds,
        held=plan_words.TITLES[holds.tier],
        standing=plan_words.standing_words(holds, stays_free=stays_free),
        wanted=tiers.wanted(merchant),
        options=plan_words.options(holds),
        is_paying=status in IN_ORDER,
        is_late=status in LATE,
        subscription=subscription,
        was_customer=subscription is not None,
        may_choose=is_free(facts.free_until, now),
        is_free_now=facts.free_until is None,
        must_choose=must_choose,
        free_day=plan_words.day_words(facts.free_until),
        brought=result_words.sentences(found) if must_choose else (),
        brought_span=result_words.span(found.period),
        invoices=_invoices(desk),
        portal_numbers=PortalSettings.for_request(request),
    )


def _invoices(desk: Desk) -> list[PlanInvoice]:
    rows = list(PlanInvoice.objects.filter(merchant=desk.merchant)[:INVOICES_SHOWN])
    for row in rows:
        row.words = INVOICE_WORDS.get(row.status, row.status)  # type: ignore[attr-defined]
    return [row for row in rows if row.total_cents]


def _tier(request: HttpRequest, name: str = "option") -> Tier:
    """Raises Http404 for what is no option."""
    try:
        return Tier((request.POST if request.method == "POST" else request.GET).get(name, ""))
    except ValueError as error:
        raise Http404 from error


def _back(desk: Desk) -> HttpResponseRedirect:
    return redirect("merchant:plan", merchant_slug=desk.merchant.slug)


def _asking_stripe(request: HttpRequest, desk: Desk, act: Callable[[], Any]) -> Any:
    """What the act gives; None, with the sentence that says why, where Stripe or a rule refuses."""
    try:
        with patience.at_most(patience.WEB_SECONDS):
            return act()
    except AlreadySubscribed:
        messages.info(request, _("Vous êtes déjà abonné\u00a0: tout est à jour ci-dessous."))
    except NothingToPay:
        messages.info(request, _("Il n’y a rien à payer pour cette option."))
    except changing.NotSubscribed:
        messages.error(request, _("Il n’y a pas d’abonnement en règle à changer. Voyez ci-dessous."))
    except GatewayError:
        messages.error(
            request,
            _("Stripe ne répond pas pour l’instant. Rien n’a été facturé\u00a0: réessayez dans une minute."),
        )
    return None


@login_required
@require_POST
def plan_choose(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Another option, now, where nothing is to be paid for it. While one pays, its price changes instead."""
    desk, tier, now = owner_desk_or_404(request, merchant_slug), _tier(request), timezone.now()
    held = subscription_of(desk.merchant.pk)
    if held is not None and held.status in IN_ORDER | LATE:
        if held.status in IN_ORDER and tier != Tier.LISTING:
            return redirect(f"{reverse('merchant:plan_change', args=[desk.merchant.slug])}?option={tier}")
        messages.info(
            request, _("Vous avez un abonnement\u00a0: c’est lui qu’il faut régler ou arrêter, ci-dessous.")
        )
        return _back(desk)
    StaysFree.objects.filter(merchant=desk.merchant).delete()
    tiers.choose(desk.merchant, tier, by_id=desk.user_id, now=now)
    if desk.merchant.tier == tier:
        messages.success(request, _("C’est fait\u00a0: %s.") % plan_words.TITLES[tier])
    else:
        messages.info(request, _("C’est noté. Cette option commencera avec votre abonnement."))
    return _back(desk)


@login_required
@require_POST
@asked_again
def plan_subscribe(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """On to Stripe's page; the same one for a second click."""
    desk, tier = owner_desk_or_404(request, merchant_slug), _tier(request)
    address = _asking_stripe(
        request,
        desk,
        lambda: subscribing.subscribe(desk.merchant, tier, by_id=desk.user_id, now=timezone.now()),
    )
    return HttpResponseRedirect(address) if address else _back(desk)


@never_cache
@login_required
@require_safe
def plan_return(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Back from Stripe: what happened there is brought in, and shown."""
    desk = owner_desk_or_404(request, merchant_slug)
    _asking_stripe(request, desk, lambda: sync_subscription(desk.merchant.pk, now=timezone.now()))
    row = subscription_of(desk.merchant.pk)
    if row is not None and row.status in IN_ORDER:
        messages.success(request, _("Merci! Votre abonnement est en place."))
    return _back(desk)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@asked_again
def plan_change(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """What another option would cost from the next payment on; then the change itself."""
    desk, tier = owner_desk_or_404(request, merchant_slug), _tier(request)
    if tier == Tier.LISTING:
        raise Http404
    if request.method == "POST":
        act = lambda: changing.change(desk.merchant, tier, by_id=desk.user_id, now=timezone.now())  # noqa: E731
        _asking_stripe(request, desk, act)
        desk.merchant.refresh_from_db(fields=["tier", "chosen_tier"])
        if desk.merchant.tier == tier:
            messages.success(request, _("C’est fait\u00a0: %s.") % plan_words.TITLES[tier])
        return _back(desk)
    change = _asking_stripe(request, desk, lambda: changing.change_to(desk.merchant, tier))
    if change is None:
        return _back(desk)
    words: dict[str, Any] = {
        "title": plan_words.TITLES[tier],
        "day": plan_words.day_words(change.next_payment),
    }
    return show(request, desk, "merchant_plan_change.html", change=change, **words)


@login_required
@require_POST
@asked_again
def plan_end(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Stop at the end of what is paid; with « continuer », go on after all."""
    desk, now = owner_desk_or_404(request, merchant_slug), timezone.now()
    act = changing.go_on if "continuer" in request.POST else changing.end
    _asking_stripe(request, desk, lambda: act(desk.merchant, by_id=desk.user_id, now=now))
    return _back(desk)


@login_required
@require_POST
def plan_stay_free(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """After the free period a listing: it is not asked again."""
    desk = owner_desk_or_404(request, merchant_slug)
    changing.stay_free(desk.merchant, by_id=desk.user_id, now=timezone.now())
    messages.success(request, _("C’est noté\u00a0: rien ne sera facturé, et on ne vous le demandera plus."))
    return _back(desk)


@login_required
@require_POST
@asked_again
def plan_card(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """On to Stripe's page for the card and the invoices, made anew each time."""
    desk = owner_desk_or_404(request, merchant_slug)
    back = portal_url(desk.merchant.site) + reverse("merchant:plan_return", args=[desk.merchant.slug])
    address = _asking_stripe(request, desk, lambda: changing.portal_address(desk.merchant, return_url=back))
    return HttpResponseRedirect(address) if address else _back(desk)
