"""Letters about coming in, and the sealed links they carry. None holds a secret: a link is sealed when it leaves."""

from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from directory import registrations
from directory.enums import RegistrationStatus
from directory.models import Registration
from home import links
from home.models import PortalSettings
from shop.letters import Letter, post_later
from shop.payments.sessions import portal_url


def link(registration: Registration) -> str:
    """The absolute address that opens this registration, until it is taken up, taken back or runs out."""
    token = links.seal(registrations.LINK, registration.pk, registration.link_version)
    return portal_url(registration.site) + reverse("joining:link", args=[token])


def send_invitation(registration: Registration, *, now: datetime) -> bool:
    """The Chamber's letter, in the transaction of the act. False when it went already, or there is no address."""
    if not registration.email:
        return False
    return post_later(
        "join_invitation",
        registration.pk,
        to=registration.email,
        site_id=registration.site_id,
        key=f"registration:{registration.pk}:{registration.link_version}",
        now=now,
    )


def invitation(pk: int) -> Letter | None:
    """Writer « join_invitation »: None once it was taken up or taken back."""
    row = Registration.objects.select_related("site", "merchant", "invited_by").get(pk=pk)
    if row.status != RegistrationStatus.INVITED or row.expires_at is None:
        return None
    settings = PortalSettings.for_site(row.site)
    told = {
        "portal": settings.brand,
        "town": settings.town_name or settings.brand,
        "name": row.answers.get("name") or _("votre commerce"),
        "who": row.invited_by,
        "day": date_format(localtime(row.expires_at), "j F Y"),
    }
    return Letter(
        _("%(name)s a sa place dans %(portal)s") % told,
        (
            _(
                "%(who)s, de la Chambre de commerce, vous invite dans %(portal)s, le portail des commerces d’ici."
            )
            % told,
            _(
                "Ce qu’on sait déjà est écrit pour vous\u00a0: il reste à dire si c’est exact. Comptez cinq minutes."
            )
            if row.merchant_id
            else _("Une question à la fois, sans mot de passe. Comptez cinq minutes."),
            _("Le lien est pour vous seul; il vaut jusqu’au %(day)s.") % told,
        ),
        _("Voir ma page"),
        link(row),
    )
