"""A Chamber adviser at a merchant's desk: under which consent, as the session remembers it and the rows confirm."""

from django.http import HttpRequest
from django.utils import timezone

from directory.models import HelpConsent
from home.models import PortalRole, PortalStaff

SESSION_KEY = "helping_under"


def consent_in_use(request: HttpRequest) -> HelpConsent | None:
    """The consent that this session works under; None once it was ended, ran out, or the adviser is none any more."""
    pk = request.session.get(SESSION_KEY)
    if pk is None:
        return None
    rows = HelpConsent.objects.select_related("merchant__category", "merchant__sector")
    consent: HelpConsent | None = rows.filter(pk=pk, merchant__suspended_at=None).first()
    if consent is None or not consent.holds(timezone.now()):
        return None
    still_adviser = PortalStaff.objects.filter(user=request.user.pk, role=PortalRole.ADVISER).exists()
    return consent if still_adviser else None


def begin(request: HttpRequest, consent: HelpConsent) -> None:
    """From here on this session sits at that merchant's desk, and at no other's."""
    request.session[SESSION_KEY] = consent.pk


def leave(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
