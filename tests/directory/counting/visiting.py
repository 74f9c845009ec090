"""Somebody with a telephone who reads the portal's pages, and what was counted of it."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from directory.counting.tally import tally
from directory.models import DailyCount
from home.tenancy import portal_scope
from tests.directory.counting.test_left_out import PHONE
from tests.portal.towns import Town

SEEN = re.compile(r"/vu/seen\.[\w.-]+\.gif(?:\?p=[\w-]+)?")
CALLS = re.compile(r'data-call="(/vu/call\.[\w.-]+\.gif)"')
LEAVING = re.compile(r'href="(/sortie/(\w+)\.[\w.-]+/)[^"]*"')


class Visitor:
    """Without an account, or with that of ``user``. Every request names the browser and where it is."""

    def __init__(self, town: Town, user: Any = None, **headers: str) -> None:
        self.town, self.client = town, Client(headers={"host": town.host, "user-agent": PHONE, **headers})
        if user is not None:
            self.client.force_login(user)

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.content.decode())

    def image_of(self, path: str) -> str:
        found = SEEN.search(self.page(path))
        assert found, f"{path} is not counted"
        return found[0]

    def get(self, address: str, *, of: str = "", **headers: str) -> Any:
        """``of``: the page on which it stands, which the browser names as its Referer."""
        if of:
            headers["referer"] = f"http://{self.town.host}{of}"
        return self.client.get(address, headers=headers)

    def sees(self, path: str, **headers: str) -> Any:
        """The page, and its image as the browser asks for it."""
        return self.get(self.image_of(path), of=path, **headers)

    def way_out(self, path: str, act: str) -> str:
        found = {act: address for address, act in LEAVING.findall(self.page(path))}
        return str(found[act])


def counted(town: Town) -> dict[tuple[Any, ...], int]:
    """What has been counted in that town: by act, subject and source."""
    tally.write()
    with portal_scope(town.site):
        rows = DailyCount.objects.values_list("act", "subject", "subject_id", "source", "source_id", "times")
        return {tuple(row): times for *row, times in rows}


Sees = Callable[[str], Any]
