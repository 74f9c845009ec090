"""Two windows press the same heart at once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from home.tenancy import portal_scope
from portal.favourites import keeping
from portal.favourites.models import Favourite, Holder
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_windows_keep_it_once(here: Town) -> None:
    with portal_scope(here.site):
        holder = Holder.objects.create(site=here.site)
    together, wrong = threading.Barrier(2, timeout=20), []

    def press() -> None:
        try:
            with portal_scope(here.site):
                together.wait()
                keeping.keep(holder, here.merchant, now=timezone.now())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            wrong.append(error)
        finally:
            connection.close()

    windows = [threading.Thread(target=press) for _window in range(2)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert wrong == []
    with portal_scope(here.site):
        assert Favourite.objects.count() == 1
