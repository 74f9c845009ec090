"""What the Journal and a merchant wait for in a town of 5,000 merchants and 100,000 pictures, beside one of 500.

Time on the wall, the database's included, each told in bare pages of the same minute: a busy moment of the machine
does not look like growth.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from bench import bare
from bench.crowd import Crowd
from bench.figures import Figure

SMALL, LARGE = 500, 5000
MOST_GROWTH = 1.3
BATCH = 20


def addresses(crowd: Crowd) -> dict[str, tuple[Client, str]]:
    """What is asked for, by whom."""
    editor, owner = _signed_in(crowd.editor), _signed_in(crowd.owner)
    directory = crowd.directory.pk
    return {
        "Journal: home": (editor, "/admin/"),
        "Journal: pages of merchants": (editor, f"/admin/pages/{directory}/"),
        "Journal: merchants": (editor, "/admin/commerces/"),
        "Journal: pictures": (editor, "/admin/images/"),
        "Journal: picture chooser": (editor, "/admin/images/chooser/"),
        "Journal: page chooser": (editor, f"/admin/choose-page/{directory}/"),
        "Journal: merchant chooser": (editor, "/admin/merchant_chooser/"),
        "merchant: home": (owner, f"/mon-commerce/{crowd.first.slug}/"),
    }


def _signed_in(user: object) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def figures(crowd: Crowd, *, sizes: tuple[int, int] = (SMALL, LARGE), times: int) -> Iterator[Figure]:
    measured = []
    for size in sizes:
        crowd.grow_to(size)
        measured.append(_measured(crowd, times))
    small, large = measured
    for name, (pages, queries) in large.items():
        before, queries_before = small[name]
        yield Figure(f"{name}, {sizes[0]:,} merchants", before, "bare pages")
        yield Figure(f"{name}, {sizes[1]:,} merchants", pages, "bare pages")
        yield Figure(f"{name}, growth", pages / before, "times", at_most=MOST_GROWTH)
        yield Figure(f"{name}, queries", queries, "queries", at_most=queries_before)


def _measured(crowd: Crowd, times: int) -> dict[str, tuple[float, int]]:
    """Bare pages and queries for each address."""
    application = bare.application()
    found = {}
    for name, (client, address) in addresses(crowd).items():
        visit = partial(_visit, client, address)
        visit()
        asked = _queries(visit)
        bare_pages = partial(bare.visit, application, BATCH)
        ratios = [_seconds(visit) / (_seconds(bare_pages) / BATCH) for _time in range(times)]
        found[name] = (median(ratios), asked)
    return found


def _queries(act: Callable[[], object]) -> int:
    count = 0

    def counted(execute: Callable[..., Any], *about: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*about)

    with connection.execute_wrapper(counted):
        act()
    return count


def _visit(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
