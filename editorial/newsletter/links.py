"""The sealed links of the letter: each opens one act on one address, without an account.

``preferences`` closes when the address changes; ``leave`` never does, so that the unsubscribe link of any letter works
for as long as the row is there (sixty days are the law's least: CASL, s. 11).
"""

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import Site

from editorial.models import Subscriber
from home import links
from shop.payments.sessions import portal_url

CONFIRM = "newsletter_confirm"
PREFERENCES = "newsletter_preferences"
LEAVE = "newsletter_leave"
ADDRESS = "newsletter_address"
EVERY_VERSION = 0
VERSIONS = {CONFIRM: "ask_version", PREFERENCES: "link_version", ADDRESS: "address_version"}
NAMES = {
    CONFIRM: "newsletter:confirm",
    PREFERENCES: "newsletter:preferences",
    LEAVE: "newsletter:leave",
    ADDRESS: "newsletter:new_address",
}


def token(purpose: str, subscriber: Subscriber) -> str:
    version = getattr(subscriber, VERSIONS[purpose]) if purpose in VERSIONS else EVERY_VERSION
    return links.seal(purpose, subscriber.pk, version)


def link(purpose: str, subscriber: Subscriber, site: Site) -> str:
    """Absolute, in the language that is spoken."""
    return portal_url(site) + reverse(NAMES[purpose], args=[token(purpose, subscriber)])


def holder(purpose: str, sealed: str) -> Subscriber | None:
    """Whom the link opens, in the portal in scope; None for a forged, foreign, closed or forgotten one."""
    said = links.unseal(purpose, sealed)
    if said is None:
        return None
    rows: QuerySet[Subscriber] = Subscriber.objects.filter(pk=said.pk)
    expected = {VERSIONS[purpose]: said.version} if purpose in VERSIONS else {}
    return rows.filter(**expected).first()
