"""An owner lets the Chamber's advisers work in the merchant's screens for a while; either side ends it.

Whoever gives it owns the merchant; what it opens never holds payouts, refunds, plan or people (portal.merchant_space).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from directory.models import HelpConsent, Merchant
from home import audit
from home.tenancy import unjoined

LASTS = timedelta(days=30)

WORDS = _(
    "J’accepte que les conseillères et conseillers de la Chambre de commerce travaillent dans les écrans de mon "
    "commerce pendant 30 jours\u00a0: produits, horaires, photos, textes et commandes. Jamais mes versements, mes "
    "remboursements, mon forfait ni mon équipe. Chaque geste est noté à leur nom, et je peux arrêter quand je veux."
)


def standing(merchant: Merchant, *, now: datetime) -> HelpConsent | None:
    """The consent that holds at that moment."""
    row: HelpConsent | None = merchant.help_consents.filter(ended_at=None, expires_at__gt=now).first()
    return row


@transaction.atomic
def give(merchant: Merchant, *, by_id: int, words: str, now: datetime) -> HelpConsent:
    """30 days from now, with the words that were shown. One that holds is kept as it is; one that ran out is closed."""
    Merchant.objects.select_for_update().get(pk=merchant.pk)
    if held := standing(merchant, now=now):
        return held
    unjoined(HelpConsent).filter(merchant=merchant, ended_at=None).update(ended_at=now)
    consent = HelpConsent.objects.create(
        merchant=merchant, given_by_id=by_id, words=words, expires_at=now + LASTS
    )
    audit.note(
        "help.consented",
        consent,
        actor_id=by_id,
        merchant_id=merchant.pk,
        after={"until": consent.expires_at.isoformat()},
    )
    return consent


@transaction.atomic
def end(consent: HelpConsent, *, by_id: int, for_merchant: bool, now: datetime) -> bool:
    """Nobody works under it any more. False when it had ended. ``for_merchant``: an adviser ends it, not its owner."""
    rows = unjoined(HelpConsent).filter(pk=consent.pk, ended_at=None)
    ended = rows.update(ended_at=now, ended_by_id=by_id)
    if ended:
        audit.note(
            "help.ended",
            consent,
            actor_id=by_id,
            merchant_id=consent.merchant_id,
            on_behalf_of_id=consent.merchant_id if for_merchant else None,
        )
    return bool(ended)
