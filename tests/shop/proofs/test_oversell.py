"""Five hundred buyers at once for ten units, on real server processes; and without the lock, which must fail."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections
from django.utils import timezone

from home.models import PortalSettings
from shop import carts
from shop.enums import LineState
from shop.invariants import breaches
from shop.models import Checkout, LineItem, Variant
from shop.payments.expiry import expire_overdue
from shop.payments.reconcile import reconcile
from shop.sandbox.server import ControlError, Sandbox
from tests.shop import served
from tests.shop.conftest import Stall, make_stall, open_session, place
from tests.shop.proofs.buyers import Buyer, all_press, queue_up

BUYERS, UNITS = 500, 10
READERS = 10
"""So many of those who got nothing read the page that they are sent to; the others, what it will say."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def open_stalls(sandbox: Sandbox, *names: str) -> list[Stall]:
    """Ten units each."""
    stalls = [make_stall(name, price_cents=19_99, units=UNITS) for name in names]
    for stall in stalls:
        sandbox.add_account(stall.account)
    return stalls


@pytest.fixture(autouse=True)
def _no_deadlock(transactional_db) -> Iterator[None]:
    before = deadlocks()
    yield
    assert deadlocks() == before


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def winners_of(buyers: Sequence[Buyer], sandbox: Sandbox) -> list[Buyer]:
    return [buyer for buyer in buyers if buyer.location.startswith(sandbox.url)]


def pay(buyer: Buyer, sandbox: Sandbox, port: int) -> None:
    """On the hosted page, and back."""
    paid = sandbox.pay(urlsplit(buyer.location).path.rsplit("/", 1)[1])
    buyer.get(port, urlsplit(paid["success_url"]).path)


def check(
    buyers: Sequence[Buyer], stalls: Sequence[Stall], sandbox: Sandbox, port: int, *, sold: int = UNITS
) -> None:
    """So many of the buyers bought, all others were told, no request failed, and the books add up."""
    winners = winners_of(buyers, sandbox)
    losers = [buyer for buyer in buyers if buyer not in winners]
    assert (len(winners), {buyer.location for buyer in losers}) == (sold, {"/panier/"})
    for winner in winners:
        pay(winner, sandbox, port)
    assert all("est épuisé" in buyer.told or "panier a changé" in buyer.told for buyer in losers)
    assert all("est épuisé" in buyer.get(port, "/panier/") for buyer in losers[:: len(losers) // READERS])
    assert {status for buyer in buyers for status in buyer.statuses} <= {200, 302, 303}
    check_books(stalls)


def check_books(stalls: Sequence[Stall]) -> None:
    variants = [stall.variant for stall in stalls]
    states = LineItem.objects.filter(variant__in=variants).values_list("variant", "state")
    assert Counter(states) - released(variants) == {(one.pk, LineState.SOLD): UNITS for one in variants}
    assert Checkout.objects.filter(orders__lines__variant=variants[0], status="paid").count() == UNITS
    assert [stall.left() for stall in stalls] == [0] * len(stalls)
    report = reconcile(now=timezone.now())
    assert (report.checkouts_synced, report.unknown_sessions, report.failures) == (0, [], [])
    assert breaches() == []


def released(variants: Sequence[Variant]) -> Counter[tuple[int, str]]:
    """One at most: that of who held the last unit, and did not pay in time."""
    return Counter({(one.pk, str(LineState.RELEASED)): 1 for one in variants})


def test_five_hundred_buyers_get_the_ten_units_there_are(
    portal: PortalSettings, sandbox: Sandbox, subtests: pytest.Subtests
) -> None:
    with served.town(sandbox, workers=2) as port:
        for shape in (one_product, three_merchants_in_opposite_orders, the_last_one_expires):
            with subtests.test(shape.__name__):
                shape(portal, sandbox, port)


def one_product(portal: PortalSettings, sandbox: Sandbox, port: int) -> None:
    stalls = open_stalls(sandbox, "Chandelles Lauzon")
    buyers = queue_up(BUYERS, stalls)
    all_press(buyers, port)
    check(buyers, stalls, sandbox, port)


def three_merchants_in_opposite_orders(portal: PortalSettings, sandbox: Sandbox, port: int) -> None:
    stalls = open_stalls(sandbox, "Fromagerie des Chutes", "Savons du Quai", "Librairie du Fort")
    buyers = queue_up(BUYERS, stalls, stalls[::-1])
    all_press(buyers, port)
    check(buyers, stalls, sandbox, port)


def the_last_one_expires(portal: PortalSettings, sandbox: Sandbox, port: int) -> None:
    """Two workers let it go while its shopper pays: either that one has it, or one of those who press meanwhile."""
    (stall,) = open_stalls(sandbox, "Poterie du Ruisseau")
    buyers = queue_up(BUYERS, [stall])
    session_id = hold_the_last_unit(stall, portal)
    with ThreadPoolExecutor(3) as pool:
        for _worker in range(2):
            pool.submit(in_a_thread, expire_overdue)
        paying = pool.submit(pay_if_possible, sandbox, session_id)
        all_press(buyers, port)
    expire_overdue(now=timezone.now())
    check(buyers, [stall], sandbox, port, sold=UNITS - paying.result())


def hold_the_last_unit(stall: Stall, portal: PortalSettings) -> str:
    cart = carts.create()
    carts.add(cart, stall.variant, 1)
    checkout = place(cart, portal)
    session = open_session(checkout)
    Checkout.objects.filter(pk=checkout.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    return str(session.session_id)


def in_a_thread(job) -> None:
    try:
        job(now=timezone.now())
    finally:
        connections.close_all()


def pay_if_possible(sandbox: Sandbox, session_id: str) -> bool:
    with suppress(ControlError):
        sandbox.pay(session_id)
        return True
    return False


def test_without_the_condition_more_is_sold_than_there_is(
    portal: PortalSettings, sandbox: Sandbox, breaks_the_books
) -> None:
    stalls = open_stalls(sandbox, "Chandelles Lauzon")
    with served.town(sandbox, workers=2, stock="tests.shop.served.stock_without_its_condition") as port:
        buyers = queue_up(60, stalls)
        all_press(buyers, port)
        assert len(winners_of(buyers, sandbox)) > UNITS
        with pytest.raises(AssertionError):
            check(buyers, stalls, sandbox, port)
    assert "I2" in {breach.name for breach in breaches()}
