"""Invitations on paper for merchants without an email: a page each, whose code leads to « c'est mon commerce ».

Nothing secret is in one, and nothing is kept but that they were printed: whoever scans the code still proves that the
shop is theirs (``directory.claims``).
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from directory.models import Merchant
from home import audit, pdf
from home.exceptions import CannotPrint
from home.languages import FRENCH, speaking
from home.models import PortalSettings
from home.tenancy import current_site, current_site_id
from portal.chamber_desk.identity import sender_of
from portal.chamber_desk.pipeline import WHO, asked_by
from portal.chamber_desk.stages import Stage
from portal.joining import papers
from portal.staff_desk.rights import for_roles
from shop.payments.sessions import portal_url

MOST_AT_ONCE = 40
STYLE = "claim_letter"


@require_GET
@for_roles(*WHO)
def letters(request: HttpRequest) -> HttpResponse:
    """Of the list as it is filtered, in its order: those nobody has claimed, with a street and without an email."""
    settings = PortalSettings.for_site(current_site())
    sender = sender_of(settings)
    if sender.lacks():
        messages.error(
            request, " ".join([_("Rien n’est imprimé\u00a0: une lettre dit qui écrit."), *sender.lacks()])
        )
        return redirect("chamber:index")
    found = _merchants(request)
    if not found:
        messages.info(request, _("Aucun de ces commerces n’a une adresse de rue, et pas de courriel."))
        return redirect("chamber:index")
    about = PortalSettings.objects.get(site=current_site_id())
    audit.note("follow_up.printed", about, actor_id=request.user.pk, after={"letters": len(found)})
    return _as_pdf(_page(found, settings, sender.chamber))


def _merchants(request: HttpRequest) -> list[Merchant]:
    rows = asked_by(request).shown.filter(stage=Stage.UNCLAIMED, email="", merchant__isnull=False)
    keys = list(rows.exclude(merchant__street_address="").values_list("pk", flat=True)[:MOST_AT_ONCE])
    by_key = Merchant.objects.select_related("site").in_bulk(keys)
    return [by_key[key] for key in keys if key in by_key]


@speaking(FRENCH)
def _page(found: list[Merchant], settings: PortalSettings, chamber: str) -> str:
    """In French, whatever whoever prints it reads."""
    addresses = [portal_url(shop.site) + reverse("joining:claim", args=[shop.slug]) for shop in found]
    lines: list[dict[str, Any]] = [
        {"merchant": shop, "address": papers.in_parts(address.split("://")[-1]), "qr": papers.qr_svg(address)}
        for shop, address in zip(found, addresses, strict=True)
    ]
    context = {"lines": lines, "portal": settings, "chamber": chamber, "style": papers.style(STYLE, settings)}
    return render_to_string("portal/documents/chamber_letters.html", context)


def _as_pdf(html: str) -> HttpResponse:
    """A page to print by the browser where PDF files cannot be made."""
    try:
        answer = HttpResponse(pdf.pdf_of(html), content_type="application/pdf")
    except CannotPrint:
        return HttpResponse(html)
    answer["Content-Disposition"] = 'attachment; filename="lettres.pdf"'
    return answer
