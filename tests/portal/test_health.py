"""The operator's probes."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client


@pytest.fixture
def operator() -> Client:
    return Client(headers={"host": "localhost"})


def test_healthz_answers_without_a_database(operator: Client) -> None:
    answer = operator.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


def test_readyz_says_that_all_is_well(operator: Client, db, media) -> None:
    media.mkdir()
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "migrations": "ok", "media": "ok"})


def test_readyz_says_what_is_wrong(operator: Client, db, media) -> None:
    assert not media.exists()
    answer = operator.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "migrations": "ok", "media": "FileNotFoundError"}


def test_readyz_without_a_database_still_answers(operator: Client, media) -> None:
    media.mkdir()
    answer = operator.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["media"] == "ok"


def test_readyz_counts_migrations_that_wait(
    operator: Client, db, media, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.migrations.executor import MigrationExecutor

    media.mkdir()
    monkeypatch.setattr(
        MigrationExecutor, "migration_plan", lambda self, targets: [("a", False), ("b", False)]
    )
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "2 waiting")


def test_probe_tells_nothing_of_the_installation(operator: Client, db, media) -> None:
    body = operator.get("/readyz").content.decode()
    assert str(default_storage.location) not in body
    assert "postgres" not in body


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_are_only_read(operator: Client, db, address: str) -> None:
    assert operator.post(address).status_code == 405
