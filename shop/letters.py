"""Plain letters: a mail that is a few sentences and perhaps one button, to one address, sent through the outbox.

For whatever is not about one order's money: asking for a consent, telling where a request stands. Nothing secret goes
in one, for its text waits in a row. A letter that carries a sealed link, or that should not be sent any more once its
matter is settled, is written at the moment it leaves (``post_later``): the row then holds a key alone.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from home.languages import FRENCH, current, speaking
from home.models import PortalSettings
from shop import outbox
from shop.models import OutboxMessage
from shop.readers import by_language, language_of

KIND = "mail.letter"
WRITTEN_LATER = "mail.letter_written_later"
LANGUAGE = FRENCH
"""Of letters to the portal's own staff."""
_LINE_BREAKS = re.compile(r"[ \t\r\n]+")
"""A subject is one line; its no-break spaces stay."""


@dataclass(frozen=True, slots=True)
class Letter:
    """``button_url`` is absolute; without one there is no button.

    ``refusal_url``, absolute: where the addressee says « no more of these », in one act and without signing in. Every
    letter that nobody asked for carries one, with the portal's postal address (CASL, s. 6 and 11).

    ``figures``: lines of a table below the paragraphs: a name, a figure, and what is said of it, or "". Their
    ``figures_title`` says of when they are.

    ``reason``: why its addressee gets it, and ``refusal_label``: what the link refuses, where these are not the usual.

    ``language``: of its words, which are written already, and so of what stands around them: the one in use.
    """

    subject: str
    paragraphs: tuple[str, ...]
    button_label: str = ""
    button_url: str = ""
    refusal_url: str = ""
    figures: tuple[tuple[str, str, str], ...] = ()
    figures_title: str = ""
    reason: str = ""
    refusal_label: str = ""
    language: str = field(default_factory=current)


Writer = Callable[[int], Letter | None]
"""Writes the letter about the row of that primary key, its portal in scope; None: it need not be sent any more."""


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


def post_to_each(
    write: Callable[[], Letter], *, to: Iterable[str], site_id: int, key: str, now: datetime
) -> int:
    """As ``post``, of a letter that is written in the language of each of its readers."""
    told = 0
    for language, addresses in by_language(to, site_id).items():
        with speaking(language):
            told += post(write(), to=addresses, site_id=site_id, key=key, now=now)
    return told


def post_later(writer: str, pk: int, *, to: str, site_id: int, key: str, now: datetime) -> bool:
    """As ``post``, to one address, of the letter that ``settings.LETTER_WRITERS[writer]`` will write about row ``pk``.

    Raises KeyError for a writer that is not listed there.
    """
    if writer not in settings.LETTER_WRITERS:
        raise KeyError(writer)
    address = to.strip().lower()
    return outbox.put(
        site_id=site_id,
        key=f"{WRITTEN_LATER}:{key}:{address}"[:120],
        kind=WRITTEN_LATER,
        now=now,
        recipient=address,
        payload={"writer": writer, "pk": pk},
    )


def write_and_send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the letter as its writer writes it now, or nothing where its matter is settled.

    In the language of the person whose account has the address, unless the writer knows better.
    """
    writer: Writer = import_string(settings.LETTER_WRITERS[message.payload["writer"]])
    with speaking(language_of(message.recipient, message.site_id)):
        letter = writer(message.payload["pk"])
    if letter is not None:
        _send(asdict(letter), message)


def send(message: OutboxMessage, now: datetime) -> None:
    """Outbox handler: the letter as it was put."""
    _send(message.payload, message)


def _send(letter: dict[str, Any], message: OutboxMessage) -> None:
    """As text and as a page, from the portal, answered by its person."""
    portal = PortalSettings.objects.select_related("site").get(site=message.site_id)
    context = {"letter": letter, "portal": portal}
    with speaking(letter.get("language", FRENCH)):
        text = render_to_string("shop/mail/letter.txt", context)
        html = render_to_string("shop/mail/letter.html", context)
    mail = EmailMultiAlternatives(
        _LINE_BREAKS.sub(" ", letter["subject"]).strip(),
        text,
        settings.DEFAULT_FROM_EMAIL,
        [message.recipient],
        reply_to=[portal.contact_email] if portal.contact_email else None,
        headers=_headers(letter, message, portal),
    )
    mail.attach_alternative(html, "text/html")
    mail.send()


def _headers(letter: dict[str, Any], message: OutboxMessage, portal: PortalSettings) -> dict[str, str]:
    """With the button that mail programs show for « no more of these » (RFC 8058)."""
    headers = {"Message-ID": f"<letter.{message.pk}@{portal.site.hostname}>"}
    if refusal := letter.get("refusal_url"):
        headers |= {
            "List-Unsubscribe": f"<{refusal}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return headers
