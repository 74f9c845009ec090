"""Towns that take long to make, kept from one test to the next in a transaction that is never committed.

A town is made just before the transaction of the first test that asks for it (``here``, or ``here`` and ``there``)
opens, and is taken back before the first test that does not: no test meets a town that it did not ask for. What a
test writes is rolled back with the test; rows and files of the town are handed to each test as they were made.
"""

import copy
import shutil
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction
from django.test import override_settings
from wagtail.models import Site

from tests.factories import make_portal
from tests.portal.towns import Town, make_town

NAMES = ("here", "there")
"""In the order in which they are made; ``there`` is not kept without ``here``."""


def make_here() -> Town:
    levis = Site.objects.select_related("root_page").get(hostname="localhost")
    return make_town(levis, "canarilevis")


def make_bellechasse() -> Site:
    return make_portal(hostname="bellechasse.localhost", brand="Achetons Bellechasse")


def make_there() -> Town:
    return make_town(make_bellechasse(), "canaribellechasse")


MAKERS: dict[str, Callable[[], Town]] = {"here": make_here, "there": make_there}


@dataclass(frozen=True)
class Kept:
    town: Town
    files: Path
    undo: ExitStack


class KeptTowns:
    """``unblocked``: opens the database to what is no test."""

    def __init__(self, directory: Path, unblocked: Callable[[], AbstractContextManager[None]]) -> None:
        self._directory, self._unblocked = directory, unblocked
        self._kept: dict[str, Kept] = {}
        self._made = 0

    def arrange(self, asked: Collection[str]) -> None:
        """Those asked for are there. No transaction of a test is open."""
        with self._unblocked():
            for name in NAMES:
                if name not in asked:
                    return
                if name not in self._kept:
                    self._kept[name] = self._make(name)

    def let_go(self, asked: Collection[str] = ()) -> None:
        """Those that nobody asks for are gone, and whatever was made after them."""
        wanted = [name for number, name in enumerate(NAMES) if set(NAMES[: number + 1]) <= set(asked)]
        with self._unblocked():
            for name in [name for name in reversed(self._kept) if name not in wanted]:
                kept = self._kept.pop(name)
                kept.undo.close()
                shutil.rmtree(kept.files, ignore_errors=True)

    def hand_over(self, name: str, media: Path) -> Town | None:
        """A copy of the town for one test, with its files; None where it is not kept."""
        if name not in self._kept:
            return None
        shutil.copytree(self._kept[name].files, media, dirs_exist_ok=True)
        return copy.deepcopy(self._kept[name].town)

    def _make(self, name: str) -> Kept:
        self._made += 1
        files, undo = self._directory / f"{name}{self._made}", ExitStack()
        files.mkdir()
        undo.enter_context(transaction.atomic())
        undo.callback(transaction.set_rollback, True)
        try:
            with override_settings(MEDIA_ROOT=files):
                return Kept(MAKERS[name](), files, undo)
        except BaseException:
            undo.close()
            raise


def on(site: Site, town: Town) -> Town:
    """The same town, told of by the Site that the test holds."""
    return replace(town, site=site)
