"""What leaves a story or a campaign towards merchants and products says where it came from.

The mark stands in links alone: never in a page's own address, its structured data, a feed or what is shared.
"""

import re
from datetime import UTC, datetime, timedelta

from wagtail.models import Page

from directory.counting.credit import sign_credit
from directory.counting.sources import CREDIT
from directory.enums import Source
from editorial.models import CampaignPage, NewsletterPage, StoryPage
from home.tenancy import current_site_id

SOURCES: dict[type[Page], Source] = {
    StoryPage: Source.STORY,
    CampaignPage: Source.CAMPAIGN,
    NewsletterPage: Source.NEWSLETTER,
}
"""What a page of each kind is credited as."""

MADE_EACH = timedelta(minutes=10)
"""All who read a page within so long carry the same mark: it tells no reader from another."""

PLACES = "boutique|cadeaux|commerces|histoires|sortie"
"""Where something can be done: a merchant, a product, the shop, gifts, a way out to a merchant; or a story read."""

LINK = re.compile(
    rf"""(?P<before><a\b[^>]*?\shref=")
         (?:https?://(?P<host>[^/"]+))?(?P<path>(?:/en)?/(?:{PLACES})/[^"?\#]*)
         (?P<query>\?[^"\#]*)?(?P<place>\#[^"]*)?(?=")""",
    re.VERBOSE,
)
FORM = re.compile(rf'<form\b[^>]*?\saction="(?:/en)?/(?:{PLACES})/"[^>]*?\smethod="get"[^>]*>')


def token_of(page: Page, *, now: datetime) -> str:
    """What ``?de=`` says on the links of that page; "" for one that is not kept yet, or is never credited."""
    source = SOURCES.get(type(page))
    if source is None or page.pk is None:
        return ""
    made = datetime.fromtimestamp(now.timestamp() // MADE_EACH.seconds * MADE_EACH.seconds, UTC)
    return sign_credit(source, page.pk, site_id=current_site_id(), now=made)


def credited(html: str, token: str, *, host: str) -> str:
    """The same HTML, its links and forms that lead into the portal at ``host`` marked; as it is without a token."""
    if not token:
        return html

    def marked(found: re.Match[str]) -> str:
        if found["host"] not in (None, host):
            return found[0]
        at = found.end("query") if found["query"] else found.end("path")
        joint = "&amp;" if found["query"] else "?"
        cut = at - found.start()
        return f"{found[0][:cut]}{joint}{CREDIT}={token}{found[0][cut:]}"

    html = LINK.sub(marked, html)
    return FORM.sub(lambda found: f'{found[0]}<input type="hidden" name="{CREDIT}" value="{token}">', html)
