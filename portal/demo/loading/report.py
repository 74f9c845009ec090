"""What the demo's impact report rests on: public money, a local share and two quotes, all invented and saying so."""

import datetime as dt

from wagtail.models import Site

from directory.models import MerchantPage
from home.page_lists import in_french
from home.periods import Period
from portal.impact import closing
from portal.impact.models import LocalMultiplier, MerchantQuote, PublicMoney

PUBLIC_CENTS = {"levis": 24_000_00, "bellechasse": 6_000_00}
"""For the twelve months that begin with the demo's first."""
SOURCE = "Exemple de la démonstration\u00a0: une résolution inventée du conseil municipal."
SHARE_BPS = 4_500
STUDY = "Exemple de la démonstration\u00a0: un chiffre inventé, à remplacer par une vraie étude."
QUOTES = {
    "librairie-la-virgule-bleue": (
        "Une dame est arrivée avec le journal plié à la bonne page. Elle est repartie avec quatre livres."
    ),
    "fromagerie-du-rang-croche": (
        "Avant, on me cherchait au mauvais bout du rang. Depuis que ma page est là, on me trouve."
    ),
}
CONSENT = "Exemple de la démonstration"


def write_down(site: Site, town: str, *, today: dt.date) -> None:
    """In the portal in scope. Twice is normal."""
    first = Period.month_of(today - dt.timedelta(days=89)).first
    last = Period.month_of(first + dt.timedelta(days=340)).last
    facts = {"first_day": first, "last_day": last, "source": SOURCE}
    if not PublicMoney.objects.exists():
        PublicMoney.objects.create(site=site, amount_cents=PUBLIC_CENTS[town], **facts)
    if not LocalMultiplier.objects.exists():
        LocalMultiplier.objects.create(site=site, share_bps=SHARE_BPS, source=STUDY, dated=first)
    if not MerchantQuote.objects.exists():
        MerchantQuote.objects.bulk_create(_quotes(site, today))


def _quotes(site: Site, today: dt.date) -> list[MerchantQuote]:
    told = MerchantPage.objects.filter(in_french(), merchant__site=site, merchant__slug__in=QUOTES)
    pages = told.select_related("merchant")
    return [
        MerchantQuote(
            site=site,
            merchant=page.merchant,
            words=QUOTES[page.merchant.slug],
            said_by=f"{page.owner_name}, {page.owner_role}",
            consent=CONSENT,
            consented_on=today,
            sort_order=list(QUOTES).index(page.merchant.slug),
        )
        for page in pages
    ]


def publish_months(*, now: dt.datetime) -> int:
    """Of the portal in scope: those that would have been published by now; how many were not yet."""
    return closing.close_months(now=now)
