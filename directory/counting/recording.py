"""One act becomes one in the tally, or none."""

import datetime as dt

from django.http import HttpRequest

from directory.counting.left_out import is_left_out, is_of_the_house, is_reload
from directory.counting.sources import Origin, origin_of_act, origin_of_page
from directory.counting.tally import Key, tally
from directory.counting.tokens import Counted
from directory.enums import Act, Subject
from home.periods import town_day
from home.tenancy import current_site_id


def record(
    request: HttpRequest, act: Act, counted: Counted, *, site_id: int, now: dt.datetime, carried: str = ""
) -> bool:
    """Counts one act of who asks; False where it is left out. Whether they are of the house was asked before."""
    if act == Act.SEEN and is_reload(request):
        return False
    if is_left_out(request, f"{act} {counted}"):
        return False
    if act == Act.SEEN:
        origin = origin_of_page(request, site_id=site_id, now=now)
    else:
        origin = origin_of_act(request, site_id=site_id, now=now, carried=carried)
    tally.add(_key(act, counted, origin, site_id, now))
    return True


def record_of_person(
    request: HttpRequest, act: Act, counted: Counted, *, now: dt.datetime, carried: str = ""
) -> bool:
    """The same where the portal is in scope and the person is known: staff and the merchant's own are left out."""
    if is_of_the_house(request.user, counted.merchant_id):
        return False
    return record(request, act, counted, site_id=current_site_id(), now=now, carried=carried)


def record_basket(
    request: HttpRequest, product_id: int, merchant_id: int, *, now: dt.datetime, carried: str
) -> bool:
    """A product was put in a basket. ``carried``: the visit's credit or word, as the form brought it."""
    counted = Counted(Subject.PRODUCT, product_id, merchant_id)
    return record_of_person(request, Act.BASKET, counted, now=now, carried=carried)


def _key(act: Act, counted: Counted, origin: Origin, site_id: int, now: dt.datetime) -> Key:
    return Key(
        site_id=site_id,
        day=town_day(now),
        act=act.value,
        subject=counted.subject.value,
        subject_id=counted.subject_id,
        source=origin.source.value,
        source_id=origin.source_id,
        merchant_id=counted.merchant_id,
    )
