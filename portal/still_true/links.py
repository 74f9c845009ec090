"""The link of the weekly letter: it opens the one page on which its addressee says « c’est encore vrai ».

It names the place somebody has in a merchant, and the day it was sealed: it closes by itself, and with the place.
"""

import datetime as dt

from django.urls import reverse

from directory.hours import wall_clock
from directory.models import Membership
from home import links
from shop.payments.sessions import portal_url

PURPOSE = "still_true"
LASTS = dt.timedelta(days=60)


def link(membership: Membership, now: dt.datetime) -> str:
    """Absolute."""
    token = token_of(membership, now)
    return portal_url(membership.merchant.site) + reverse("still_true:answer", args=[token])


def token_of(membership: Membership, now: dt.datetime) -> str:
    return links.seal(PURPOSE, membership.pk, wall_clock(now).date().toordinal())


def by_token(token: str, now: dt.datetime) -> Membership | None:
    """Whose link it is; None for a forged, foreign or old one, for somebody who left, for a merchant that is closed."""
    said = links.unseal(PURPOSE, token)
    if said is None or not 0 <= wall_clock(now).date().toordinal() - said.version <= LASTS.days:
        return None
    rows = Membership.objects.filter(user__is_active=True, merchant__claimed_at__isnull=False)
    shown = rows.filter(merchant__suspended_at=None, merchant__removed_at=None)
    found: Membership | None = shown.select_related("merchant__site", "user").filter(pk=said.pk).first()
    return found
