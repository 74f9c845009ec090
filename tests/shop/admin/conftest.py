"""Two towns with books, each the other's stranger."""

import pytest

from home.models import PortalRole
from tests.portal.conftest import make_staff
from tests.portal.towns import Town
from tests.shop.admin.books import Books, keep_books


@pytest.fixture
def ours(here: Town, breaks_the_books) -> Books:
    """Written by hand: no invariant is asked of them."""
    return keep_books(here)


@pytest.fixture
def theirs(there: Town, breaks_the_books) -> Books:
    return keep_books(there)


@pytest.fixture
def journal(here: Town):
    """Signed in as an editor of this portal's Journal."""
    return here.signed_in(make_staff(here.site, PortalRole.EDITOR))
