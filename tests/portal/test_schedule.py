"""A page with an hour keeps to it, in its own portal, unless its merchant is suspended meanwhile."""

from datetime import timedelta

import time_machine
from django.utils import timezone
from wagtail.models import Page

from directory import suspension
from directory.models import MerchantPage
from editorial.models import StoryPage
from home.tenancy import portal_scope
from portal.staff_desk.schedule import keep_to_the_hours, publish_due
from tests.portal.towns import Town

NOW = timezone.now()


def give_an_hour(page: Page, town: Town, **fields: object) -> None:
    """A draft that staff approved, to go live in an hour."""
    with portal_scope(town.site):
        page.go_live_at = NOW + timedelta(hours=1)
        for name, value in fields.items():
            setattr(page, name, value)
        page.save_revision().publish()


def test_story_goes_live_at_its_hour_once(here: Town) -> None:
    give_an_hour(here.story, here, title="À l’heure dite")
    assert publish_due(NOW) == 0
    later = NOW + timedelta(hours=2)
    with time_machine.travel(later):
        assert (keep_to_the_hours(later), keep_to_the_hours(later)) == (1, 0)
        assert publish_due(later) == 0
    assert StoryPage.objects.get(pk=here.story.pk).title == "À l’heure dite"


def test_page_of_a_suspended_merchant_waits_until_it_opens_again(here: Town) -> None:
    with portal_scope(here.site):
        page = MerchantPage.objects.get(merchant=here.merchant)
    give_an_hour(page, here, intro="Demain")
    with portal_scope(here.site):
        suspension.suspend(here.merchant, reason="Vérification", actor_id=None, now=NOW)
    later = NOW + timedelta(hours=2)
    with time_machine.travel(later):
        assert publish_due(later) == 0
    with portal_scope(here.site):
        suspension.restore(here.merchant, actor_id=None, now=NOW + timedelta(minutes=30))
    with time_machine.travel(later):
        assert publish_due(later) == 1
    assert MerchantPage.objects.get(pk=page.pk).intro == "Demain"


def test_page_is_taken_down_at_its_hour(here: Town) -> None:
    Page.objects.filter(pk=here.story.pk).update(expire_at=NOW - timedelta(minutes=1))
    assert publish_due(NOW) == 1
    assert not Page.objects.get(pk=here.story.pk).live
