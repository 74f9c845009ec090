"""A load that a power cut interrupts."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from editorial.models import StoryPage
from home.page_lists import in_french
from portal.demo.loading import stories, studio
from portal.models import User
from tests.portal.demo.loads import draw_nothing, fingerprint, load


@pytest.mark.django_db
def test_load_cut_short_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.STRIPE_API_BASE = ""
    monkeypatch.setattr(studio, "draw_all", draw_nothing)
    with monkeypatch.context() as patch:
        patch.setattr(stories, "sync_mentions", fails_at_the(at=3))
        with pytest.raises(ConnectionError):
            load()
    load()
    before = fingerprint()
    french = StoryPage.objects.filter(in_french())
    assert (french.count(), StoryPage.objects.exclude(in_french()).count()) == (15, 3)
    load()
    assert fingerprint() == before


def fails_at_the(*, at: int) -> Callable[[StoryPage], set[int]]:
    calls = iter(range(1, at + 1))

    def fail(page: StoryPage) -> set[int]:
        if next(calls) == at:
            raise ConnectionError("the machine went dark")
        return set()

    return fail


@pytest.mark.django_db
def test_town_that_is_no_demo_gets_no_account_with_a_public_password(settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")
    assert not User.objects.exists()
