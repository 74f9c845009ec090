"""The three options in plain words: what each brings, and what it costs in this portal, until when it costs nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.entitlements import is_free
from directory.enums import Tier
from directory.models import Merchant, Plan
from home.dates import date_format
from home.models import PortalSettings
from home.money import NO_BREAK_SPACE, cad
from home.tenancy import current_site
from portal.merchant_space.plan_words import TITLES, benefits_of


@dataclass(frozen=True, slots=True)
class Offer:
    """``price``: one line; ``benefits``: what the shop gets, a line each."""

    tier: Tier
    number: int
    title: Any
    price: str
    benefits: tuple[str, ...]


def of(merchant: Merchant | None = None) -> list[Offer]:
    """The three, as this portal prices them today, in their order."""
    plans = {plan.tier: plan for plan in Plan.objects.all()}
    until = free_until(merchant)
    return [
        Offer(
            tier,
            number,
            str(TITLES[tier]),
            _price(plans.get(tier), until),
            benefits_of(tier, plans.get(tier)),
        )
        for number, tier in enumerate(Tier, start=1)
    ]


def free_until(merchant: Merchant | None = None) -> date | None:
    """The last free day; None where nothing has an end."""
    own = merchant.free_until if merchant else None
    return own or PortalSettings.for_site(current_site()).free_until


def _price(plan: Plan | None, until: date | None) -> str:
    """« gratuit jusqu’au 30 avril 2027, puis 39 $ par mois plus taxes, seulement si vous le choisissez »."""
    if plan is None or not plan.monthly_price_cents:
        return _("gratuit, sans fin") if plan is None or plan.tier == Tier.LISTING else _("gratuit")
    told = {"price": price_words(plan.monthly_price_cents)}
    if until is None:
        return (
            _(
                "gratuit pour l’instant; ce sera %(price)s par mois plus taxes, seulement si vous le choisissez"
            )
            % told
        )
    if not is_free(until, timezone.now()):
        return (
            _("%(price)s par mois plus taxes, si vous le choisissez; vous arrêtez quand vous voulez") % told
        )
    day = date_format(until, "j F Y")
    return _(
        "gratuit jusqu’au %(day)s, puis %(price)s par mois plus taxes, seulement si vous le choisissez"
    ) % {**told, "day": day}


def price_words(cents: int) -> str:
    """« 39 $ », « 39,50 $ »."""
    return cad(cents) if cents % 100 else f"{cents // 100}{NO_BREAK_SPACE}$"
