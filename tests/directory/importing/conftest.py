"""Achetons Lévis with its ten sectors and fourteen categories, and files that a test writes itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from wagtail.models import Site

from directory.importing import runs, trades
from directory.models import Category, ImportRun, ImportSource, Sector
from home.models import PortalSettings
from home.tenancy import portal_scope
from tests.directory.importing.town import SECTORS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

Carry = Callable[..., ImportRun]


@pytest.fixture
def town(levis: Site) -> Iterator[Site]:
    with portal_scope(levis):
        settings = PortalSettings.for_site(levis)
        settings.town_name = "Lévis"
        settings.save()
        Sector.objects.bulk_create(
            Sector(site=levis, name=name, slug=f"secteur-{number}", latitude=latitude, longitude=longitude)
            for number, (name, latitude, longitude) in enumerate(SECTORS)
        )
        Category.objects.bulk_create(
            Category(site=levis, name=name, slug=f"categorie-{number}")
            for number, name in enumerate(trades.WORDS)
        )
        yield levis


@pytest.fixture
def source(town: Site) -> ImportSource:
    made: ImportSource = ImportSource.objects.create(site=town, name="Répertoire de la Ville")
    return made


@pytest.fixture
def carry(source: ImportSource) -> Carry:
    """Reads a file through; for good, unless on trial."""

    def carry(path: Path, *, trial: bool = False, of: ImportSource | None = None) -> ImportRun:
        run = runs.receive(of or source, [path], by_id=None)
        assert runs.check(run) if trial else runs.start(run, by_id=None)
        runs.carry(run, [path], now=NOW)
        run.refresh_from_db()
        return run

    return carry
