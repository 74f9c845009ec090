"""Plain letters: a mail that is a few sentences and perhaps one button, to one address, sent through the outbox.

For whatever is not about one order's money: asking for a consent, telling where a request stands. Nothing secret goes
in one, for its text waits in a row.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from home.models import PortalSettings
from shop import outbox
from shop.models import OutboxMessage

KIND = "mail.letter"
LANGUAGE = "fr-ca"
_LINE_BREAKS = re.compile(r"[ \t\r\n]+")
"""A subject is one line; its no-break spaces stay."""


@dataclass(frozen=True, slots=True)
class Letter:
    """``button_url`` is absolute; without one there is no button."""

    subject: str
    paragraphs: tuple[str, ...]
    button_label: str = ""
    button_url: str = ""


def post(letter: Letter, *, to: Iterable[str], site_id: int, key: str, now: datetime) -> int:
    """One row for each address, in the transaction of the act; returns how many are new. A key posts once."""
    addresses = sorted({address.strip().lower() for address in to if address.strip()})
    return sum(
        outbox.put(
            site_id=site_id,
            key=f"{KIND}:{key}:{address}"[:120],
            kind=KIND,
            now=now,
            recipient=address,
            payload=asdict(letter),
        )
        for address in addresses
    )


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the letter as text and as a page, from the portal, answered by its person."""
    portal = PortalSettings.objects.select_related("site").get(site=message.site_id)
    context = {"letter": message.payload, "portal": portal}
    with translation.override(LANGUAGE):
        text = render_to_string("shop/mail/letter.txt", context)
        html = render_to_string("shop/mail/letter.html", context)
    mail = EmailMultiAlternatives(
        _LINE_BREAKS.sub(" ", message.payload["subject"]).strip(),
        text,
        settings.DEFAULT_FROM_EMAIL,
        [message.recipient],
        reply_to=[portal.contact_email] if portal.contact_email else None,
        headers={"Message-ID": f"<letter.{message.pk}@{portal.site.hostname}>"},
    )
    mail.attach_alternative(html, "text/html")
    mail.send()
