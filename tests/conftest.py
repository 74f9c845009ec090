"""What every test may ask for. A plain test gets no database, no portal and no network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import DjangoDbBlocker
from wagtail.models import Site

from home.tenancy import portal_scope
from tests import database
from tests.factories import make_portal


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A migrated PostgreSQL database for this worker, copied from a template."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        request.config.stash[DATABASE] = database.create(worker)
    yield
    with django_db_blocker.unblock():
        database.drop(request.config.stash[DATABASE])


DATABASE = pytest.StashKey[str]()
COMMITTED = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def _clean_database_for_tests_that_commit(request: pytest.FixtureRequest) -> None:
    """Tests that commit begin with the database as migrations leave it.

    Django's flush, after each of them, takes away what migrations put there too: the root page, the tax rates.
    """
    if not commits(request):
        return
    request.getfixturevalue("django_db_setup")
    if request.config.stash.get(COMMITTED, False):
        with request.getfixturevalue("django_db_blocker").unblock():
            database.renew(request.config.stash[DATABASE])
    request.config.stash[COMMITTED] = True


def commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(request.fixturenames)
    return bool(asked) or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()
    Site.clear_site_root_paths_cache()


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings) -> Path:
    """Uploaded files of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def levis(db) -> Site:
    """The portal Achetons Lévis, at http://localhost, with its front page. No scope is open."""
    return make_portal(hostname="localhost", brand="Achetons Lévis", is_default=True)


@pytest.fixture
def bellechasse(db, levis: Site) -> Site:
    """The other portal, at http://bellechasse.localhost: the stranger of every tenancy test."""
    return make_portal(hostname="bellechasse.localhost", brand="Achetons Bellechasse")


@pytest.fixture
def in_levis(levis: Site) -> Iterator[Site]:
    """The portal Achetons Lévis, in scope for the whole test."""
    with portal_scope(levis):
        yield levis
