"""« Première vente! »: each adviser of the portal is written to once for each merchant. Never an amount.

The worker looks a few times an hour; the letter's key is the merchant's, so that it leaves once whoever looks.
"""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from directory import follow_up
from directory.models import Merchant
from home.tenancy import portal_scope
from shop import letters
from shop.enums import OrderStatus
from shop.letters import Letter
from shop.models import Order
from shop.payments.sessions import portal_url

SECONDS_BETWEEN = 120
TOLD_FOR = timedelta(days=3)
"""An older first sale is no news any more: a portal that starts late does not write about its whole past."""
SOLD = (OrderStatus.PAID, OrderStatus.READY, OrderStatus.FULFILLED)


def tell_of_first_sales(now: datetime) -> int:
    """A worker's job: how many letters are new."""
    if not cache.add("chamber_desk.first_sales", 1, SECONDS_BETWEEN):
        return 0
    return sum(_tell_in(site, now) for site in Site.objects.select_related("root_page").order_by("pk"))


def _tell_in(site: Site, now: datetime) -> int:
    with portal_scope(site):
        addresses = [str(staff.user.email) for staff in follow_up.advisers()]
        return sum(tell(merchant, addresses, now=now) for merchant in sold_first(now)) if addresses else 0


def sold_first(now: datetime) -> list[Merchant]:
    """Merchants of the portal in scope whose first paid order is of these days."""
    lately = Order.objects.filter(status__in=SOLD, paid_at__gt=now - TOLD_FOR).values("merchant")
    merchants = Merchant.objects.filter(pk__in=lately, orders__status__in=SOLD)
    rows = merchants.annotate(first=Min("orders__paid_at")).filter(first__gt=now - TOLD_FOR)
    return list(rows.select_related("site").order_by("first", "pk"))


@transaction.atomic
def tell(merchant: Merchant, addresses: list[str], *, now: datetime) -> int:
    """How many of these addresses are told for the first time."""
    with translation.override(letters.LANGUAGE):
        letter = _letter(merchant)
    key = f"first_sale:{merchant.pk}"
    return letters.post(letter, to=addresses, site_id=merchant.site_id, key=key, now=now)


def _letter(merchant: Merchant) -> Letter:
    told = {"name": merchant.name}
    news = _("%(name)s vient de faire sa première vente dans le portail.") % told
    bravo = _("Un mot de vous, aujourd’hui, vaut beaucoup.")
    phone = (
        _("Son numéro\u00a0: %(phone)s.") % {"phone": merchant.phone.as_national} if merchant.phone else ""
    )
    return Letter(
        _("Première vente pour %(name)s!") % told,
        (news, f"{bravo} {phone}".strip()),
        _("Voir son dossier"),
        portal_url(merchant.site) + reverse("merchant_file:file", args=[merchant.pk]),
    )
