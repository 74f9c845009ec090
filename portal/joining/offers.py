"""The three options in plain words: what each brings, and what it costs in this portal, until when it costs nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.entitlements import is_free
from directory.enums import Tier
from directory.models import Merchant, Plan
from home.models import PortalSettings
from home.money import NO_BREAK_SPACE, cad
from home.tenancy import current_site


@dataclass(frozen=True, slots=True)
class Offer:
    """``price``: one line; ``benefits``: what the shop gets, a line each."""

    tier: Tier
    number: int
    title: Any
    price: str
    benefits: tuple[str, ...]


TITLES = {
    Tier.LISTING: gettext_lazy("Une page qui mène chez moi"),
    Tier.LINKED_SHOP: gettext_lazy("Une page qui mène à ma boutique en ligne"),
    Tier.TRANSACTIONAL: gettext_lazy("Je vends ici"),
}
BENEFITS = {
    Tier.LISTING: gettext_lazy(
        "Vos heures, votre téléphone, le chemin et votre site\n"
        "On vous trouve par le nom, le métier, le secteur, et quand vous êtes ouvert\n"
        "On compte pour vous les appels, les itinéraires et les visites envoyés à votre site"
    ),
    Tier.LINKED_SHOP: gettext_lazy(
        "Tout ce qui précède\n"
        "Un bouton vers votre boutique, que vous gardez telle quelle\n"
        "Vos photos, votre histoire, et les articles du Journal qui parlent de vous"
    ),
    Tier.TRANSACTIONAL: gettext_lazy(
        "Tout ce qui précède\n"
        "Vos produits en vente ici, en quelques minutes, avec un téléphone\n"
        "Cueillette, livraison ou envoi; l’argent va dans votre compte\n"
        "La Chambre vous aide à mettre les premiers produits"
    ),
}


def of(merchant: Merchant | None = None) -> list[Offer]:
    """The three, as this portal prices them today, in their order."""
    plans = {plan.tier: plan for plan in Plan.objects.all()}
    until = free_until(merchant)
    return [
        Offer(tier, number, TITLES[tier], _price(plans.get(tier), until), _benefits(tier, plans.get(tier)))
        for number, tier in enumerate(Tier, start=1)
    ]


def free_until(merchant: Merchant | None = None) -> date | None:
    """The last free day; None where nothing has an end."""
    own = merchant.free_until if merchant else None
    return own or PortalSettings.for_site(current_site()).free_until


def _benefits(tier: Tier, plan: Plan | None) -> tuple[str, ...]:
    words = plan.benefits if plan and plan.benefits.strip() else str(BENEFITS[tier])
    return tuple(line.strip() for line in words.splitlines() if line.strip())


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
