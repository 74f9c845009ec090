"""A cheese shop, its owner, the Chamber's adviser and the Journal's editor; and the other town's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from portal.models import User
from tests.portal.conftest import make_staff
from tests.portal.towns import Town


@pytest.fixture
def odile(here: Town) -> User:
    """An adviser of the Chamber."""
    return make_staff(here.site, PortalRole.ADVISER)


@pytest.fixture
def chamber(here: Town, odile: User) -> Client:
    return here.signed_in(odile)


@pytest.fixture
def journal(here: Town) -> Client:
    return here.signed_in(make_staff(here.site, PortalRole.EDITOR))


@pytest.fixture
def owner(here: Town) -> Client:
    return here.signed_in(here.owner)


@pytest.fixture
def far_chamber(here: Town, there: Town) -> Client:
    """The other town's adviser, at this town's door."""
    return here.signed_in(make_staff(there.site, PortalRole.ADVISER))


@pytest.fixture
def acts(here: Town) -> Callable[[], list[str]]:
    """What the audit trail says was done, in order."""

    def told() -> list[str]:
        with portal_scope(here.site):
            return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))

    return told


def html_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())
