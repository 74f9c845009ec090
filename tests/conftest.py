"""What every test may ask for. A plain test gets no database, no portal and no network."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.db import transaction
from django.test import TransactionTestCase
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from pytest_django import DjangoDbBlocker
from wagtail.models import Site

from directory.counting import hosts
from directory.counting.flood import flood
from directory.counting.tally import tally
from home.tenancy import portal_scope
from portal.csp import public_directives
from shop.sandbox.server import Sandbox
from tests import browser, database, depth, renditions, turns
from tests.portal.kept import KeptTowns, make_bellechasse, on
from tests.portal.towns import Town, make_town


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What was imported stays, and the garbage collector need not look at half of Wagtail again and again.

    It took a third of the run.
    """
    gc.disable()
    collected = yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    return collected


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow ones first, on each worker some: one that is left with them at the end keeps everybody waiting."""
    items[:] = turns.dealt(items, workers=getattr(config, "workerinput", {}).get("workercount", 1))


def pytest_report_header() -> str:
    return depth.told()


def pytest_xdist_auto_num_workers() -> int:
    """``-n auto``: one more than there are cores, for a test often waits: for PostgreSQL, a browser, the sandbox.

    A third less time on two cores. Raises nothing where the cores cannot be counted: two workers then.
    """
    return (os.cpu_count() or 1) + 1


# ------------------------------------------------------------------------------------------------------------- database

DATABASE = pytest.StashKey[database.Database]()
COMMITTED = pytest.StashKey[bool]()
TOWNS = pytest.StashKey[KeptTowns]()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """A migrated PostgreSQL database for this worker, copied from a template.

    A test that commits leaves it as it is: whoever asks for the database next gets a new copy, which costs a tenth of
    Django's flush, and holds what migrations put there: the root page, the tax rates.
    """
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: None)
        with django_db_blocker.unblock():
            request.config.stash[DATABASE] = database.create(worker)
        towns = KeptTowns(tmp_path_factory.mktemp("towns"), django_db_blocker.unblock)
        request.config.stash[TOWNS] = towns
        yield
        towns.let_go()
        with django_db_blocker.unblock():
            database.drop(request.config.stash[DATABASE])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if towns := item.config.stash.get(TOWNS, None):
        towns.let_go(() if commits(item) else item.fixturenames)
    if not asks_for_database(item):
        return
    if item.config.stash.get(COMMITTED, False):
        database.renew(item.config.stash[DATABASE])
    item.config.stash[COMMITTED] = commits(item)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> None:
    """Just before the transaction of a test opens."""
    if fixturedef.argname == "_django_db_helper" and not commits(request.node):
        request.config.stash[TOWNS].arrange(request.node.fixturenames)


def asks_for_database(item: pytest.Item) -> bool:
    """Also one whose own fixtures open the database for a whole module: it must not meet what another committed."""
    asked = {"_django_db_helper", "django_db_setup"} & set(item.fixturenames)
    return bool(asked) or item.get_closest_marker("django_db") is not None


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(item.fixturenames)
    return bool(asked) or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture(scope="module")
def kept_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What another fixture of this scope writes is there in each test of the module, as it was left.

    For what takes long to arrange. Not beside tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


# ------------------------------------------------------------------------------------------------------- for every test


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()
    Site.clear_site_root_paths_cache()
    hosts.forget()
    flood.renew()
    tally.renew()


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings) -> Path:
    """Uploaded files of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="session", autouse=True)
def _scaled_once() -> Iterator[None]:
    with renditions.scaled_once():
        yield


@pytest.fixture
def levis(db) -> Site:
    """The portal Achetons Lévis, at http://localhost, with its front page. No scope is open."""
    return Site.objects.select_related("root_page").get(hostname="localhost")


@pytest.fixture
def bellechasse(request: pytest.FixtureRequest, db, levis: Site) -> Site:
    """The other portal, at http://bellechasse.localhost: the stranger of every tenancy test."""
    if "there" in request.fixturenames and Site.objects.filter(hostname="bellechasse.localhost").exists():
        return Site.objects.select_related("root_page").get(hostname="bellechasse.localhost")
    return make_bellechasse()


@pytest.fixture
def here(request: pytest.FixtureRequest, levis: Site, media: Path) -> Town:
    """A whole town in Lévis: a merchant, its owner and product, a story."""
    kept = request.config.stash[TOWNS].hand_over("here", media)
    return on(levis, kept) if kept else make_town(levis, "canarilevis")


@pytest.fixture
def there(request: pytest.FixtureRequest, bellechasse: Site, media: Path) -> Town:
    """The same in Bellechasse. Each of the two is the other's stranger."""
    kept = request.config.stash[TOWNS].hand_over("there", media)
    return on(bellechasse, kept) if kept else make_town(bellechasse, "canaribellechasse")


@pytest.fixture
def in_levis(levis: Site) -> Iterator[Site]:
    """The portal Achetons Lévis, in scope for the whole test."""
    with portal_scope(levis):
        yield levis


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the proofs counted, in one line each."""
    passed = terminalreporter.stats.get("passed", [])
    counted = Counter()
    for name, number in (each for report in passed for each in report.user_properties):
        counted[name] += number
    for name, number in counted.items():
        terminalreporter.write_line(f"{name}: {number}")


# ------------------------------------------------------------------------------------------------------------- payments


@pytest.fixture
def sandbox(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A payment sandbox of this test alone, on a port of its own; the project talks to it over real HTTP.

    Its events wait until somebody says where they go: `sandbox.webhook_url = live_server.url + "/stripe/webhook/"`.
    """
    # No proxy is between us and ourselves; to ask the environment for one takes a fifth of a request.
    monkeypatch.setattr(requests.sessions, "get_environ_proxies", lambda *_asked, **_how: {})
    with Sandbox() as running:
        settings.STRIPE_API_BASE = running.url
        settings.STRIPE_WEBHOOK_SECRETS = [running.webhook_secret]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": public_directives(form_origins=[running.url])}
        yield running


# -------------------------------------------------------------------------------------------------------------- browser


BROWSER_PATIENCE_MS = 30_000
"""A server's first answer imports half of Wagtail, and two cores may have other things to do."""

expect.set_options(timeout=BROWSER_PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as environment:
        # Playwright's own event loop runs in this thread, and Django takes it for one of ours.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(
            executable_path=browser.executable(playwright), args=browser.launch_flags()
        )
        yield launched
        launched.close()


@pytest.fixture
def town(levis: Site, live_server) -> Site:
    """Achetons Lévis behind a live server: `live_server.url` is its address."""
    levis.port = urlsplit(live_server.url).port or 80
    levis.save()
    return levis


@pytest.fixture
def page(chromium: Browser, town: Site, live_server) -> Iterator[Page]:
    """A phone's browser on Achetons Lévis. What its console complains about, and a broken picture, fail the test."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale="fr-CA",
        timezone_id="America/Toronto",
        viewport={"width": 390, "height": 844},
    )
    context.set_default_timeout(BROWSER_PATIENCE_MS)
    opened, complaints = context.new_page(), []
    opened.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)) if is_ours(error) else None)
    opened.on(
        "response", lambda answer: complaints.append(answer.url) if is_broken(answer, live_server) else None
    )
    yield opened
    context.close()
    assert complaints == []


def is_complaint(message: ConsoleMessage) -> bool:
    """A refusal of the Content-Security-Policy is one; an address that is not there is told by `is_broken`."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def is_ours(error: PlaywrightError) -> bool:
    """Not the view transition that `assert_accessible` cuts short, by turning motion off while it is under way.

    base.css asks for transitions where motion is welcome only; Chromium tells of it when that is taken back.
    """
    return "ViewTransition opt-in disabled" not in str(error)


def is_broken(answer: Response, live_server) -> bool:
    """A picture, script or style of ours that a page asks for and does not get."""
    ours = answer.url.startswith(live_server.url)
    return ours and answer.status >= 400 and answer.request.resource_type != "document"


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Call it with a page: axe finds nothing wrong with it, in light nor in dark."""

    def check(opened: Page) -> None:
        opened.emulate_media(color_scheme="light", reduced_motion="reduce")
        results = Axe().run(opened)
        assert results.violations_count == 0, f"light: {results.generate_report()}"
        opened.emulate_media(color_scheme="dark", reduced_motion="reduce")
        results = AxeResults(opened.evaluate(AXE_ON_COLOURS))
        assert results.violations_count == 0, f"dark: {results.generate_report()}"

    return check


AXE_ON_COLOURS = """axe.run({
    resultTypes: ["violations"], runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]},
})"""
"""Of a page that axe has looked at, what another colour scheme can change: by name, for the tag has AAA rules too."""
