"""For a Journal that sends with its own tool: the letter as a file, and its addresses as a sheet.

The tool replaces ``{{desabonnement}}`` and ``{{preferences}}`` in the file by the columns of these names in the sheet,
so that leaving stays one act, on the portal, whoever sends.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from directory import mail_refusals
from editorial.models import NewsletterPage, Subscriber
from editorial.newsletter import composing, links, subscribers, writing
from home.languages import current, speaking
from home.models import ConsentPurpose, PortalSettings
from home.tenancy import current_site

COLUMNS = (
    "courriel",
    "langue",
    "histoires",
    "produits",
    "campagnes",
    "confirme_le",
    "preferences",
    "desabonnement",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would compute is text."""


def letter_file(page: NewsletterPage, *, now: datetime) -> bytes:
    site = composing.site_of(page)
    leads = writing.leads_of_nobody(site) | {
        "preferences": "{{preferences}}",
        "leave": "{{desabonnement}}",
    }
    words = {**composing.compose(page, now=now), "followed": []}
    with speaking(current()):
        return writing.as_html(words, leads, PortalSettings.for_site(site)).encode()


def addresses_file(*, now: datetime) -> tuple[bytes, int]:
    """The sheet of who confirmed the letter and may be written to, with how many they are."""
    rows = list(_rows(now))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode(), len(rows)


def _rows(now: datetime) -> Iterator[list[str]]:
    site = current_site()
    found = subscribers.may_be_written_to(subscribers.subscribed(ConsentPurpose.NEWSLETTER), now=now)
    people: list[Subscriber] = list(found.order_by("email").prefetch_related("subscriptions"))
    refused = mail_refusals.refused_among(row.email for row in people)
    for row in people:
        if row.email in refused:
            continue
        since = next(s.confirmed_at for s in row.subscriptions.all() if s.stands and not s.merchant_id)
        ways = [links.link(way, row, site) for way in (links.PREFERENCES, links.LEAVE)]
        wants = [_yes(row.wants_stories), _yes(row.wants_products), _yes(row.wants_campaigns)]
        yield [row.email, row.language, *wants, since.date().isoformat() if since else "", *ways]


def _yes(value: bool) -> str:  # noqa: FBT001 - a cell's value
    return "oui" if value else "non"


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
