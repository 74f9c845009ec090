"""What a merchant's option is, in plain words: what each brings, what holds now and until when, what is asked of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import tiers
from directory.entitlements import Entitlement, Facts, Standing, entitlement
from directory.enums import Tier
from directory.models import Merchant, Plan
from home.dates import date_format
from home.money import cad
from shop.models import StaysFree

ASKED_FROM = timedelta(days=30)
"""So long before the free period ends the screens say that a choice is to be made."""

TITLES = {
    Tier.LISTING: gettext_lazy("Une page qui mène chez moi"),
    Tier.LINKED_SHOP: gettext_lazy("Une page qui mène à ma boutique en ligne"),
    Tier.TRANSACTIONAL: gettext_lazy("Je vends ici"),
}
BENEFITS: dict[Tier, tuple[Any, ...]] = {
    Tier.LISTING: (
        gettext_lazy("Vos heures, votre téléphone, le chemin, vos photos et votre histoire"),
        gettext_lazy("On vous trouve par le nom, le métier, le secteur, et quand vous êtes ouvert"),
        gettext_lazy("Un bouton vers votre site web"),
    ),
    Tier.LINKED_SHOP: (
        gettext_lazy("Tout ce qui précède"),
        gettext_lazy("Un bouton vers votre boutique en ligne, que vous gardez telle quelle"),
    ),
    Tier.TRANSACTIONAL: (
        gettext_lazy("Tout ce qui précède"),
        gettext_lazy("Vos produits en vente ici, dans un même panier que vos voisins"),
        gettext_lazy("Paiement par carte, cueillette, livraison et reçus\u00a0: tout est prêt"),
        gettext_lazy("La Chambre vous aide à mettre les premiers produits"),
    ),
}
"""What each brings, in the words of registration and of « Mon option » alike; a portal may write its own (Plan)."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the three, as its owner reads it."""

    tier: Tier
    title: str
    price: str
    benefits: tuple[str, ...]
    is_held: bool
    costs: bool


@dataclass(frozen=True, slots=True)
class PlanNotice:
    """What every screen of the merchant says of its option; ``verb`` leads the owner to it."""

    words: str
    verb: str
    is_urgent: bool = False


def options(holds: Entitlement) -> list[Option]:
    """The three, from the free one up, in the portal in scope."""
    plans = {Tier(plan.tier): plan for plan in Plan.objects.all()}
    return [_option(tier, plans.get(tier), holds) for tier in Tier]


def _option(tier: Tier, plan: Plan | None, holds: Entitlement) -> Option:
    cents = plan.monthly_price_cents if plan else 0
    return Option(
        tier=tier,
        title=str(TITLES[tier]),
        price=price_words(cents),
        benefits=benefits_of(tier, plan),
        is_held=tier == holds.tier,
        costs=cents > 0,
    )


def benefits_of(tier: Tier, plan: Plan | None) -> tuple[str, ...]:
    """A line each: the portal's own words, else ours."""
    own = [line.strip() for line in (plan.benefits if plan else "").splitlines() if line.strip()]
    return tuple(own or map(str, BENEFITS[tier]))


def price_words(cents: int) -> str:
    """« 39,00 $ par mois, plus les taxes »."""
    return _("%s par mois, plus les taxes") % cad(cents) if cents else _("Gratuit")


def standing_words(holds: Entitlement, *, stays_free: bool = False) -> str:
    """What holds now and until when, in a sentence or two."""
    day = day_words(holds.until) if holds.until else ""
    if holds.standing == Standing.FREE_PERIOD:
        return _free_words(day, stays_free=stays_free)
    if holds.is_ending:
        return (
            _("Payée jusqu’au %s. Ensuite votre page devient une fiche gratuite\u00a0: vous l’avez demandé.")
            % day
        )
    if holds.standing == Standing.GRACE:
        late = _("Votre dernier paiement n’a pas passé. Votre boutique reste ouverte pour l’instant.")
        again = _("Prochain essai\u00a0: %s.") % day
        return f"{late} {again}" if day else late
    sentences = {
        Standing.LISTING: _("Gratuite, sans fin."),
        Standing.FREE_OPTION: _("Cette option est gratuite dans ce portail."),
        Standing.TRIAL: _("Gratuite jusqu’au premier paiement, le %s.") % day,
        Standing.SUBSCRIBED: _("Payée jusqu’au %s, puis chaque mois.") % day,
        Standing.NOT_SUBSCRIBED: _("Cette option n’est pas payée\u00a0: votre page est une fiche gratuite."),
        Standing.UNPAID: _(
            "Le paiement n’a pas passé, malgré plusieurs essais\u00a0: votre page est une fiche gratuite."
        ),
        Standing.ENDED: _("L’abonnement a pris fin\u00a0: votre page est une fiche gratuite."),
    }
    return sentences[holds.standing]


def _free_words(day: str, *, stays_free: bool) -> str:
    if not day:
        return _("Tout est gratuit, sans date de fin pour l’instant.")
    if stays_free:
        return (
            _("Gratuite jusqu’au %s. Ensuite votre page sera une fiche gratuite, comme vous l’avez choisi.")
            % day
        )
    return (
        _(
            "Gratuite jusqu’au %s inclus. Sans choix de votre part, elle devient une fiche\u00a0: jamais une facture."
        )
        % day
    )


def notice_of(merchant: Merchant) -> PlanNotice | None:
    """None while nothing is to be done about its option. One query where nothing costs anything."""
    now = timezone.now()
    chosen = tiers.wanted(merchant)
    if chosen == Tier.LISTING or not tiers.prices().get(chosen):
        return None
    facts = tiers.facts_of(merchant)
    holds = entitlement(facts, now=now)
    if holds.is_in_grace:
        return PlanNotice(standing_words(holds), _("Changer de carte"), is_urgent=True)
    if StaysFree.objects.filter(merchant=merchant).exists():
        return None
    return _notice_of_choice(facts, holds, now)


def _notice_of_choice(facts: Facts, holds: Entitlement, now: datetime) -> PlanNotice | None:
    if holds.standing.is_fallen:
        words = _("%s Vos produits sont cachés, rien n’est perdu.") % standing_words(holds)
        return PlanNotice(words, _("Retrouver mon option"), is_urgent=True)
    if must_choose(facts, holds, now):
        words = _("C’est gratuit jusqu’au %s. Que voulez-vous garder ensuite?") % day_words(holds.until)
        return PlanNotice(words, _("Choisir"))
    return None


def must_choose(facts: Facts, holds: Entitlement, now: datetime) -> bool:
    """The free period ends within a month, and what holds is not paid for."""
    end = facts.free_until
    soon = end is not None and end - timezone.localdate(now) <= ASKED_FROM
    return holds.standing == Standing.FREE_PERIOD and soon


def day_words(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return date_format(day, "j F Y")
