"""Deposits of containers, as they stand on a day."""

from datetime import date

import pytest

from shop.deposits import deposits_on, unit_deposit_cents
from shop.enums import Container
from shop.models import DepositRate, Variant

pytestmark = pytest.mark.django_db


def test_wine_glass_bears_a_deposit_from_march_2027() -> None:
    before, after = deposits_on(date(2027, 2, 28)), deposits_on(date(2027, 3, 1))
    assert before == {Container.SMALL: 10, Container.GLASS_LARGE: 25}
    assert after == {**before, Container.WINE: 25}


def test_newest_rate_in_effect_holds() -> None:
    DepositRate.objects.create(
        container=Container.SMALL, deposit_cents=20, effective_from=date(2028, 1, 1), source="test"
    )
    assert deposits_on(date(2027, 12, 31))[Container.SMALL] == 10
    assert deposits_on(date(2028, 1, 1))[Container.SMALL] == 20
    assert deposits_on(date(2000, 1, 1)) == {}


@pytest.mark.parametrize(
    ("container", "count", "cents"),
    [(Container.SMALL, 4, 40), (Container.GLASS_LARGE, 1, 25), (Container.WINE, 1, 0), ("", 0, 0)],
)
def test_unit_bears_the_deposit_of_each_of_its_containers(container: str, count: int, cents: int) -> None:
    rates = deposits_on(date(2026, 11, 22))
    assert unit_deposit_cents(Variant(container=container, container_count=count), rates) == cents
