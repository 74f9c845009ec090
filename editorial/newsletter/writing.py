"""The letter for one reader: the parts that it wants, in its language, as a page for mail programs and as text."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from editorial.models import Mailing, NewsletterPage, Subscriber
from editorial.newsletter import colors, composing, links, subscribers
from editorial.newsletter.inlining import inlined
from editorial.newsletter.marks import Words, letter_mark, marked, naming
from home.addresses import address_of
from home.languages import FRENCH, current, in_language, speaking
from home.models import ConsentPurpose, PortalSettings
from shop.payments.sessions import portal_url

FOLDER = "editorial/newsletter/mail"
_LINE_BREAKS = re.compile(r"[ \t\r\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Written:
    """One mail, ready to leave."""

    to: str
    subject: str
    text: str
    html: str
    sender: str
    answers_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def for_subscriber(mailing: Mailing, subscriber: Subscriber | None, *, now: datetime) -> Written | None:
    """None where there is nothing in it for this reader."""
    if subscriber is None:
        return None
    words = mailing.words.get(subscriber.language) or mailing.words[FRENCH]
    with speaking(subscriber.language):
        portion = portion_for(subscriber, words)
        return None if composing.is_empty(portion) else _letter(portion, subscriber, mailing)


def _letter(portion: Words, subscriber: Subscriber, mailing: Mailing) -> Written:
    site = mailing.site
    ways = {name: links.link(name, subscriber, site) for name in (links.PREFERENCES, links.LEAVE)}
    leads = {
        "home": marked(portion["base"], in_language("/")),
        "web": web_link(mailing, portion["base"]),
        "preferences": ways[links.PREFERENCES],
        "leave": ways[links.LEAVE],
    }
    headers = {
        "Message-ID": f"<infolettre.{mailing.pk}.{subscriber.pk}@{site.hostname}>",
        "List-Id": f"<infolettre.{site.hostname}>",
        "List-Unsubscribe": f"<{leads['leave']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return written(portion, _naming(leads, mailing), site, to=subscriber.email, headers=headers)


def _naming(leads: dict[str, str], mailing: Mailing) -> dict[str, str]:
    """The links of its frame say which letter it is, as those of its words do."""
    if mailing.page is None or mailing.frozen_at is None:
        return leads
    letter = letter_mark(mailing.page, site_id=mailing.site_id, now=mailing.frozen_at)
    named: dict[str, str] = naming(leads, letter)
    return named


def web_link(mailing: Mailing, base: str) -> str:
    page = mailing.page
    path = address_of(page.url_path) if page and page.live else ""
    return marked(base, path) if path else ""


def portion_for(subscriber: Subscriber, words: Words) -> Words:
    """What this reader asked for. Who follows merchants, and nothing else, gets news of those alone."""
    standing = list(subscribers.standing(subscriber))
    follows = [row for row in standing if row.purpose == ConsentPurpose.MERCHANT_NEWS]
    followed = {str(row.merchant_id) for row in follows} if subscriber.wants_followed else set()
    own = [news for key, news in words["followed"].items() if key in followed]
    if not any(row.purpose == ConsentPurpose.NEWSLETTER for row in standing):
        return {**_frame(words), "followed": own, "is_short": True}
    wanted = {
        "lead": subscriber.wants_stories,
        "stories": subscriber.wants_stories,
        "products": subscriber.wants_products,
        "merchants": subscriber.wants_products,
        "campaign": subscriber.wants_campaigns,
    }
    return {**words, **{kind: [] for kind, is_wanted in wanted.items() if not is_wanted}, "followed": own}


def _frame(words: Words) -> Words:
    return {name: words[name] for name in ("base", "written_in", "day")} | {
        "subject": _("Du nouveau chez vos commerces"),
        "preheader": "",
    }


def draft(page: NewsletterPage, *, language: str, now: datetime, to: str = "", mark: str = "") -> Written:
    """The page as it is now, for somebody who works on it; ``mark`` stands before its subject.

    Its ways out lead to nobody's preferences.
    """
    site = composing.site_of(page)
    with speaking(language):
        words = {**composing.compose(page, now=now), "followed": []}
        words["subject"] = f"{mark} {words['subject']}".strip()
        return written(words, leads_of_nobody(site), site, to=to)


def leads_of_nobody(site: Site) -> dict[str, str]:
    base = portal_url(site)
    sign_up = base + reverse("newsletter:sign_up")
    return {"home": base + in_language("/"), "web": "", "preferences": sign_up, "leave": sign_up}


def written(
    words: Words, leads: dict[str, str], site: Site, *, to: str, headers: dict[str, str] | None = None
) -> Written:
    """In the language that is spoken."""
    portal = PortalSettings.for_site(site)
    return Written(
        to=to,
        subject=_one_line(words["subject"]),
        text=as_text(words, leads, portal),
        html=as_html(words, leads, portal),
        sender=formataddr((_one_line(portal.brand), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        answers_to=portal.contact_email,
        headers=headers or {},
    )


def _one_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", text).strip()


def _context(words: Words, leads: dict[str, str], portal: PortalSettings) -> dict[str, Any]:
    is_foreign = words["written_in"].partition("-")[0] != current().partition("-")[0]
    note = _("Cette lettre n’existe qu’en français\u00a0: en voici les mots d’origine.") if is_foreign else ""
    return {"words": words, "links": leads, "portal": portal, "is_short": words.get("is_short"), "note": note}


def as_html(words: Words, leads: dict[str, str], portal: PortalSettings) -> str:
    """Its styles stand in its tags; the few rules of the dark theme in its head."""
    palette = colors.palette(portal)
    context = _context(words, leads, portal)
    context["dark_css"] = render_to_string(f"{FOLDER}/letter_dark.css", palette)
    page = render_to_string(f"{FOLDER}/letter.html", context)
    return inlined(page, render_to_string(f"{FOLDER}/letter.css", palette))


def as_text(words: Words, leads: dict[str, str], portal: PortalSettings) -> str:
    text = render_to_string(f"{FOLDER}/letter.txt", _context(words, leads, portal))
    return _EMPTY_LINES.sub("\n\n", text).strip() + "\n"


def mail(letter: Written, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        letter.sender,
        [letter.to],
        connection=connection,
        reply_to=[letter.answers_to] if letter.answers_to else None,
        headers=letter.headers,
    )
    message.attach_alternative(letter.html, "text/html")
    return message
