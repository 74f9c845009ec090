"""Whether the books add up, asked after every test and every step of a storm: so often that it is asked at once."""

from weakref import WeakSet

import psycopg
from django.db import connection

from shop.bookkeeping import BOOKKEEPING
from shop.invariants import INVARIANTS, Breach, breaches

_asked_once: WeakSet[psycopg.Connection] = WeakSet()
_know_the_question: WeakSet[psycopg.Connection] = WeakSet()


def broken() -> list[Breach]:
    """What `shop.invariants.breaches` says, which plans two dozen queries each time, mostly to say nothing."""
    connection.ensure_connection()
    if connection.connection in _asked_once:
        return breaches() if broken_names() else []
    _asked_once.add(connection.connection)  # a test that commits leaves its connection after one question
    return breaches()


def broken_names() -> set[str]:
    """The invariants whose very queries find a row, by one statement that a connection plans once."""
    with connection.cursor() as cursor:
        if connection.connection not in _know_the_question:
            cursor.execute(f"PREPARE books_add_up AS {_question()}")
            _know_the_question.add(connection.connection)
        cursor.execute("EXECUTE books_add_up")
        return {name for (name,) in cursor.fetchall()}


def _question() -> str:
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS ({query})"
        for name, (_promise, query) in {**INVARIANTS, **BOOKKEEPING}.items()
    )
