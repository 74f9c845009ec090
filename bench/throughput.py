"""Checkouts per second over HTTP, with 8 and with 32 shoppers, spread over the shelf and all on one product.

Beside them: how many bare conditional stock updates a second the same PostgreSQL does for as many clients.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import psycopg
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from bench.figures import Figure
from bench.guest import Guest
from bench.purchase import to_the_button
from bench.town import Town
from shop.models import Cart, CartItem, Variant
from tests.shop import served
from tests.shop.conftest import Stall
from tests.shop.proofs.buyers import Buyer, copy_of

FEW, MANY = 8, 32
WORKERS, THREADS = 2, 4
"""As docs/operate.md runs them: eight shoppers keep every thread busy, of thirty-two the others wait at the door."""

LEAST_RATIO = 1.0
UPDATE = "UPDATE shop_variant SET on_hand = on_hand - 1 WHERE id = %s AND on_hand >= 1"


def figures(town: Town, *, checkouts: int, seconds: float) -> Iterator[Figure]:
    """``checkouts`` are placed for each figure; bare updates run so many seconds."""
    shapes = (("spread over the shelf", town.shelf), ("all on one product", town.shelf[:1]))
    with served.town(town.sandbox, workers=WORKERS, threads=THREADS) as port:
        _serve(_queue(town.shelf, min(checkouts, 2 * MANY)), MANY, port)  # both processes are warm
        for name, shelf in shapes:
            few, many = (_checkouts_a_second(town, shelf, who, checkouts, port) for who in (FEW, MANY))
            yield Figure(f"checkouts, {name}, {FEW} shoppers", few, "a second")
            yield Figure(f"checkouts, {name}, {MANY} shoppers", many, "a second")
            yield Figure(f"checkouts, {name}, {MANY} to {FEW}", many / few, "times", at_least=LEAST_RATIO)
    for name, shelf in shapes:
        for clients in (FEW, MANY):
            rate = _updates_a_second(shelf, clients, seconds)
            yield Figure(f"bare stock updates, {name}, {clients} clients", rate, "a second")


def _checkouts_a_second(town: Town, shelf: list[Variant], shoppers: int, checkouts: int, port: int) -> float:
    """Everybody presses, hears, and the next one comes."""
    queue = _queue(shelf, checkouts)
    start = time.perf_counter()
    _serve(queue, shoppers, port)
    rate = checkouts / (time.perf_counter() - start)
    assert all(buyer.location.startswith(town.sandbox.url) for buyer in queue), queue[0]
    return rate


def _serve(queue: list[Buyer], shoppers: int, port: int) -> None:
    with ThreadPoolExecutor(shoppers) as pool:
        list(pool.map(lambda buyer: buyer.hear(buyer.press(port)), queue))


def _queue(shelf: list[Variant], number: int) -> list[Buyer]:
    """Each with one unit of the next product of the shelf; all cost the same."""
    stall = Stall(shelf[0].product.merchant, shelf[0])
    review = to_the_button(Guest(WSGIHandler()), (stall,))
    cart, total_cents = Cart.objects.latest("pk"), int(review.hidden["accepted_total_cents"])
    queue = [Buyer(copy_of(cart), total_cents) for _buyer in range(number)]
    for buyer, variant in zip(queue, islice(cycle(shelf), number), strict=True):
        CartItem.objects.filter(cart=buyer.cart).update(variant=variant)
    return queue


def _updates_a_second(shelf: list[Variant], clients: int, seconds: float) -> float:
    """Each client in a connection and a transaction of its own, as fast as it can."""
    gate, keys = threading.Barrier(clients), [variant.pk for variant in shelf]

    def run(number: int) -> int:
        first = number % len(keys)
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
            gate.wait()
            return _update(own, cycle(keys[first:] + keys[:first]), until=time.perf_counter() + seconds)

    with ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(run, range(clients))) / seconds


def _update(own: psycopg.Connection, keys: Iterator[int], *, until: float) -> int:
    done = 0
    while time.perf_counter() < until:
        with own.transaction():
            own.execute(UPDATE, [next(keys)])
        done += 1
    return done
