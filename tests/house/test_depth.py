"""What a run leaves to another day is a third of what only reads, and each is met within three days."""

from tests import depth
from tests.shop.proofs import test_kill_points as kill_points

POINTS = (
    "after nothing, before SQL SELECT 1",
    "after SQL SELECT 1, before SQL SELECT 2",
    "after SQL SELECT 2, before HTTP GET /v1/payouts",
    "after HTTP GET /v1/payouts, before SQL SAVEPOINT",
    "after SQL SAVEPOINT, before SQL INSERT INTO shop_order",
    "after SQL INSERT INTO shop_order, before COMMIT",
    "after COMMIT, before HTTP POST /v1/refunds",
    "after HTTP POST /v1/refunds, before MAIL",
    "after MAIL, before the end",
)
AFTER_A_WRITE = {1, 6, 7, 8, 9}


def test_each_day_meets_a_third_and_three_days_meet_all() -> None:
    days = [set(depth.in_turn(range(10), day=day, whole=False)) for day in (739_943, 739_944, 739_945)]
    assert set().union(*days) == set(range(10))
    assert sum(map(len, days)) == 10
    assert list(depth.in_turn(range(10), day=1, whole=True)) == list(range(10))


def test_a_death_after_a_write_is_died_every_day() -> None:
    died = set(kill_points.fatal_points(POINTS))
    assert died >= AFTER_A_WRITE
    assert died <= set(range(1, 10))
