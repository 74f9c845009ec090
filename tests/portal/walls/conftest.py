"""Two houses, made once for all tests here: every question is taken back, so that the next finds them as they were."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from django.test.utils import setup_test_environment  # noqa: F401 - pytest-django has called it
from wagtail.models import Site

from portal.csp import public_directives
from shop.sandbox.server import Sandbox
from tests.factories import UserFactory, make_portal
from tests.portal.walls.asking import Actor, Matrix
from tests.portal.walls.changes import Ledger
from tests.portal.walls.world import build


@pytest.fixture(scope="session")
def houses_media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def media(houses_media: Path, settings: Any) -> Path:
    """The files of the two houses, for every test of them."""
    settings.MEDIA_ROOT = houses_media
    return houses_media


@pytest.fixture(autouse=True)
def _money_adds_up() -> None:
    """Asked once of both houses, when they are made."""


@pytest.fixture(scope="module")
def matrix(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, houses_media: Path
) -> Iterator[Matrix]:
    """Lévis and Bellechasse, in a transaction that is never committed."""
    with Sandbox() as sandbox, django_db_blocker.unblock(), override_settings(
        MEDIA_ROOT=houses_media,
        STRIPE_API_BASE=sandbox.url,
        STRIPE_WEBHOOK_SECRETS=[sandbox.webhook_secret],
        SECOND_FACTOR_REQUIRED=False,
        CONTENT_SECURITY_POLICY={"DIRECTIVES": public_directives(form_origins=[sandbox.url])},
    ), transaction.atomic():  # fmt: skip
        cache.clear()
        yield make_matrix(sandbox)
        transaction.set_rollback(True)


def make_matrix(sandbox: Sandbox) -> Matrix:
    ledger = Ledger()
    ledger.claim("nobody")
    levis = Site.objects.select_related("root_page").get(hostname="localhost")
    here = build(levis, "levis", sandbox, ledger.claim)
    stranger = make_portal(hostname="bellechasse.localhost", brand="Achetons Bellechasse")
    there = build(stranger, "bellechasse", sandbox, ledger.claim)
    mail.outbox.clear()
    return Matrix(here, there, ledger)


@pytest.fixture(scope="module")
def operator(matrix: Matrix) -> Actor:
    client = matrix.here.client()
    client.force_login(UserFactory(is_superuser=True, email="operateur@exemple.test"))
    return Actor("operator", matrix.here, is_operator=True, client=client)


@pytest.fixture(autouse=True)
def _as_they_were(matrix: Matrix) -> Iterator[None]:
    """What a test writes is taken back with it, leaks that it looked for too."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    matrix.leaks.clear()
    matrix.statuses.clear()
    matrix.asked = 0
