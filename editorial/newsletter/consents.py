"""What a subscriber says yes to, in words, and the record of it (Law 25, CASL)."""

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from editorial.models import Subscriber, Subscription
from home.models import Consent, ConsentPurpose, PortalSettings
from home.tenancy import current_site, unjoined

VERSION = "2026-11"
"""Of the words below: another wording is another version."""

SECTIONS = {
    "histoires": "wants_stories",
    "produits": "wants_products",
    "dossiers": "wants_campaigns",
    "suivis": "wants_followed",
}
"""The parts of the letter that one may do without, by their word in forms."""


def words(purpose: str, merchant_name: str = "") -> str:
    """What is shown beside the button that confirms, and kept with the consent."""
    told = {"brand": PortalSettings.for_site(current_site()).brand, "merchant": merchant_name}
    if purpose == ConsentPurpose.MERCHANT_OWN:
        return (
            _(
                "J’accepte que %(brand)s donne mon adresse de courriel à %(merchant)s, qui pourra m’écrire lui-même "
                "pour donner de ses nouvelles. Je peux reprendre cet accord en tout temps, ici et auprès du commerce."
            )
            % told
        )
    if purpose == ConsentPurpose.MERCHANT_NEWS:
        return (
            _(
                "J’accepte de recevoir par courriel, de %(brand)s, du nouveau de %(merchant)s\u00a0: produits, "
                "histoires, horaires. Une fois par semaine au plus. Je peux me désabonner en tout temps."
            )
            % told
        )
    return (
        _(
            "J’accepte de recevoir par courriel l’infolettre de %(brand)s\u00a0: histoires, produits et dossiers de la "
            "semaine. Une fois par semaine au plus, sauf exception. Je peux me désabonner en tout temps."
        )
        % told
    )


def how(subscription: Subscription) -> str:
    """By which form it was asked, and when; the confirmation is the consent's own time."""
    return f"{subscription.asked_where or '?'} {subscription.asked_at:%Y-%m-%d %H:%M %Z}, lien confirmé"


def record(subscription: Subscription, subscriber: Subscriber) -> Consent:
    """The consent of the mailbox's person, given now."""
    merchant = subscription.merchant
    row: Consent = Consent.objects.create(
        site_id=subscriber.site_id,
        email=subscriber.email,
        purpose=subscription.purpose,
        version=VERSION,
        words=words(subscription.purpose, merchant.name if merchant else ""),
        how=how(subscription),
    )
    return row


def withdraw(rows: QuerySet[Consent], *, now: datetime) -> int:
    """Taken back, once."""
    keys = list(rows.values_list("pk", flat=True))
    standing = unjoined(Consent).filter(pk__in=keys, withdrawn_at=None)
    return standing.update(withdrawn_at=Greatest("given_at", now))
