"""The database stops, and is killed, while people buy: each unit is sold once, paid once, and told of once."""

import os
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from home.models import PortalSettings
from portal import embedded_postgres as postgres
from shop import outbox, worker
from shop.models import Checkout, OutboxMessage
from shop.payments.reconcile import Report, reconcile
from shop.sandbox.server import Sandbox
from shop.sandbox.store import Query
from tests.books import broken
from tests.shop import served
from tests.shop.conftest import Stall
from tests.shop.proofs.buyers import Buyer, queue_up

BUYERS = 8
TRIES = 500
"""Enough for any restart; a server that is not there refuses at once."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def server() -> Iterator[Path]:
    """A database server of this test's own, with a copy of the tests' database, which Django and its children use.

    Not under pytest's directory: each run that begins closes it to others, and PostgreSQL is another user than root.
    """
    with tempfile.TemporaryDirectory() as home, serving(Path(home) / "postgres") as running:
        yield running


@contextmanager
def serving(home: Path) -> Iterator[Path]:
    postgres.start(home, durable=False)
    try:
        copy_database(psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=name()), home)
        with pytest.MonkeyPatch.context() as patch:
            point_at(home, patch)
            yield home
            connection.close()
    finally:
        postgres.stop(home)


def point_at(home: Path, patch: pytest.MonkeyPatch) -> None:
    connection.close()
    there = {"NAME": postgres.DATABASE, "USER": postgres.SUPERUSER, "PASSWORD": "", "HOST": "", "PORT": ""}
    options = {**connection.settings_dict.get("OPTIONS", {}), "host": str(postgres._socket_directory(home))}
    for key, value in {**there, "OPTIONS": options}.items():
        patch.setitem(connection.settings_dict, key, value)
    patch.setenv("DATABASE_URL", postgres.database_url(home))


def name() -> str:
    return str(connection.settings_dict["NAME"])


def copy_database(source: str, home: Path) -> None:
    dump = subprocess.run([postgres._program("pg_dump"), "--dbname", source], capture_output=True, check=True)
    into = [
        postgres._program("psql"),
        "--dbname",
        postgres.database_url(home),
        "--set",
        "ON_ERROR_STOP=1",
        "-q1",
    ]
    subprocess.run(into, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)


def stop_and_start(home: Path) -> None:
    postgres.stop(home)
    postgres.start(home, durable=False)


def kill_and_start(home: Path) -> None:
    psutil.Process(int(postgres._pid_file_lines(home)[0])).kill()
    postgres.start(home, durable=False)


def test_a_database_that_restarts_under_load_sells_each_thing_once(
    server: Path, portal: PortalSettings, sandbox: Sandbox, cheese: Stall
) -> None:
    with served.town(sandbox, workers=2) as port:
        buyers = queue_up(BUYERS, [cheese])
        connection.close()
        progress = threading.Semaphore(0)
        with ThreadPoolExecutor(BUYERS) as pool:
            purchases = [pool.submit(buy, buyer, sandbox, port, progress) for buyer in buyers]
            for restart in (stop_and_start, kill_and_start):
                assert progress.acquire(timeout=120)
                assert not all(purchase.done() for purchase in purchases), "there is no load"
                restart(server)
            assert [purchase.result(timeout=120) for purchase in purchases] == ["bought"] * BUYERS
    work_until_done()
    assert reconcile(now=timezone.now()) == Report()
    assert Checkout.objects.filter(status="paid").count() == Checkout.objects.count() == BUYERS
    assert cheese.left() == 10 - BUYERS
    paid = Counter(c["metadata"]["checkout"] for c in made(sandbox, "charge") if "checkout" in c["metadata"])
    assert (len(paid), set(paid.values())) == (BUYERS, {1})
    assert len(made(sandbox, "transfer")) == BUYERS
    told = Counter(letter.to[0] for letter in mail.outbox)
    assert set(told.values()) == {BUYERS}
    assert cheese.merchant.email in told
    assert len(told) == 2
    assert broken() == []


def buy(buyer: Buyer, sandbox: Sandbox, port: int, progress: threading.Semaphore) -> str:
    """Whoever sees an error page, or none, presses again, until the order is on the screen."""
    for _time in range(TRIES):
        with suppress(HTTPException, OSError):
            buyer.hear(buyer.press(port))
            if buyer.location.startswith(sandbox.url):
                break
    progress.release()
    paid = sandbox.pay(urlsplit(buyer.location).path.rsplit("/", 1)[1])
    for _time in range(TRIES):
        with suppress(HTTPException, OSError):
            buyer.get(port, urlsplit(paid["success_url"]).path)
            if buyer.statuses[-1] == 302:
                return "bought"
    return "gave up"


def work_until_done() -> None:
    """The worker's rounds: after the restart its effects are delivered, each one once."""
    connection.close()
    for _round in range(12):
        worker.run_due_jobs()
        outbox.hurry(now=timezone.now())
        if not OutboxMessage.objects.filter(sent_at=None).exists():
            return
    pytest.fail("the outbox is never empty")


def made(sandbox: Sandbox, kind: str) -> list[dict]:
    return sandbox.world.store.find(Query(kind, None))
