"""A database of the bench's own, with a town in it: two shops to buy from, and one with a thousand products."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from wagtail.models import Site

from directory.models import Merchant
from home.models import PortalSettings
from home.tenancy import portal_scope
from shop.models import Variant
from shop.sandbox.server import Sandbox
from tests import database
from tests.factories import OpeningHoursFactory, ProductFactory, VariantFactory
from tests.shop.conftest import Stall, make_stall

UNITS = 1_000_000


@dataclass(frozen=True)
class Town:
    """``stalls``: two shops of one product each. ``shelf``: the variants of a third, all at one price."""

    sandbox: Sandbox
    stalls: tuple[Stall, Stall]
    shelf: list[Variant]


@contextmanager
def town(sandbox: Sandbox, *, products: int) -> Iterator[Town]:
    """In the portal of the tests' template, which is in scope; the database is removed afterwards."""
    kept = database.create("bench")
    try:
        with portal_scope(Site.objects.get(hostname="localhost")):
            PortalSettings.objects.update(commission_bps=500)
            yield _built(sandbox, products)
    finally:
        database.drop(kept)


def _built(sandbox: Sandbox, products: int) -> Town:
    stalls = (_stall(sandbox, "Fromagerie des Chutes"), _stall(sandbox, "Chandelles Lauzon"))
    many = _stall(sandbox, "Librairie du Fort")
    others = [_product(many.merchant, many.variant.price_cents) for _i in range(products - 1)]
    return Town(sandbox, stalls, [many.variant, *others])


def _stall(sandbox: Sandbox, name: str) -> Stall:
    stall = make_stall(name, price_cents=19_99, units=UNITS)
    for weekday in range(1, 6):
        OpeningHoursFactory(merchant=stall.merchant, weekday=weekday)
    sandbox.add_account(stall.account)
    return stall


def _product(merchant: Merchant, price_cents: int) -> Variant:
    return VariantFactory(product=ProductFactory(merchant=merchant), price_cents=price_cents, units=UNITS)
