"""Two whole towns. Each is the other's stranger."""

from collections.abc import Iterator

import pytest
from wagtail.models import Site

from home.models import PortalRole
from home.tenancy import portal_scope
from portal import staffing
from portal.models import User
from shop.sandbox.server import Sandbox
from tests.books import broken
from tests.factories import UserFactory
from tests.portal.towns import Purchase, Town, make_purchase


@pytest.fixture(autouse=True)
def _money_adds_up(request: pytest.FixtureRequest) -> Iterator[None]:
    uses_database = "db" in request.fixturenames
    if uses_database:
        request.getfixturevalue("db")
    yield
    if uses_database:
        assert broken() == []


@pytest.fixture
def bought_here(here: Town, sandbox: Sandbox) -> Purchase:
    return make_purchase(here, sandbox)


@pytest.fixture
def bought_there(there: Town, sandbox: Sandbox) -> Purchase:
    return make_purchase(there, sandbox)


def make_staff(site: Site, role: PortalRole) -> User:
    """Staff of a portal, with the rights that its role gives."""
    user = UserFactory(email=f"{role}@{site.hostname}.test")
    with portal_scope(site):
        staffing.grant(user, site, role)
    return user
