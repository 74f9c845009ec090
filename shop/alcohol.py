"""Alcohol: who may sell its own, and when it may change hands.

Only producers, of what they make, under a permit that has not expired, registered for the QST, charging cards on
their own account. Ordered at any hour: it is the hand-over that the law keeps between 7 h and 23 h (QUEBEC.md).
"""

from datetime import date, datetime, time, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.folding import fold
from directory.hours import ZONE
from directory.models import Merchant
from shop.enums import Tax
from shop.models import AlcoholPermit, Shop

LEGAL_AGE = 18
SELLING_HOURS = (time(7), time(23))
"""Alcohol is handed over, at the counter or at the door, from the first to the second, in Québec's time."""

PRODUCER_PERMITS = (
    "production artisanale",
    "producteur artisanal de biere",
    "cooperative de producteurs artisans",
    "brasseur",
    "distillateur",
    "fabricant de vin",
    "fabricant de cidre",
)
"""Folded names of the permits that let a producer sell what it makes (RACJ); a bar's or a grocer's do not."""


def is_producers(kind: str) -> bool:
    """Whether a permit of this kind lets its holder sell what it makes."""
    words = " ".join(fold(kind).split())
    return words.removeprefix("permis de ").removeprefix("permis d'") in PRODUCER_PERMITS


def permits_on(merchant: Merchant, today: date) -> list[AlcoholPermit]:
    """The permits under which a merchant may sell its alcohol on a day; the last to expire first."""
    prefetch_related_objects([merchant], "alcohol_permits")
    valid = [p for p in merchant.alcohol_permits.all() if is_producers(p.kind) and p.expires_on >= today]
    return sorted(valid, key=lambda permit: permit.expires_on, reverse=True)


def has_qst_number(merchant: Merchant, today: date) -> bool:
    """Whether it is registered for the QST on a day, which whoever sells alcohol must be."""
    prefetch_related_objects([merchant], "tax_registrations")
    return any(
        row.tax == Tax.QST
        and row.effective_from <= today
        and (row.effective_until is None or row.effective_until > today)
        for row in merchant.tax_registrations.all()
    )


def what_is_missing(merchant: Merchant, shop: Shop, *, today: date) -> list[str]:
    """All that keeps a merchant from selling alcohol on a day, in French, for the merchant; empty for nothing.

    Asks the database for permits and registrations once per merchant in hand.
    """
    reasons = []
    if not permits_on(merchant, today):
        reasons.append(_permit_reason(merchant))
    if not has_qst_number(merchant, today):
        reasons.append(_("Inscrivez votre numéro de TVQ\u00a0: qui vend de l’alcool doit en avoir un."))
    if not shop.can_charge:
        reasons.append(
            _(
                "Activez les paiements par carte de votre compte Stripe\u00a0: l’alcool se paie directement à vous."
            )
        )
    return reasons


def _permit_reason(merchant: Merchant) -> str:
    """Why no permit lets it sell: none, only of another kind, or expired."""
    producers = [permit for permit in merchant.alcohol_permits.all() if is_producers(permit.kind)]
    if producers:
        return _("Votre permis d’alcool %(number)s est échu\u00a0: inscrivez le nouveau.") % {
            "number": max(producers, key=lambda permit: permit.expires_on).number
        }
    return _("Inscrivez votre permis de production (RACJ), son numéro et sa date d’échéance.")


def why_no_alcohol(merchant: Merchant, shop: Shop, *, today: date) -> str:
    """The first thing that keeps a merchant from selling alcohol on a day; "" when it may."""
    return next(iter(what_is_missing(merchant, shop, today=today)), "")


def may_be_handed_over(moment: datetime) -> bool:
    """Whether alcohol may change hands at this moment."""
    opens, closes = SELLING_HOURS
    return opens <= timezone.localtime(moment, ZONE).time() < closes


def first_hand_over(moment: datetime) -> datetime:
    """This moment, or the next seven in the morning when alcohol may not change hands at it."""
    if may_be_handed_over(moment):
        return moment
    local = timezone.localtime(moment, ZONE)
    day = local.date() + timedelta(days=int(local.time() >= SELLING_HOURS[1]))
    return datetime.combine(day, SELLING_HOURS[0], ZONE)
