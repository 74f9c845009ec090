"""Wagtail's own commands run without a portal in scope."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import ReferenceIndex

from editorial.models import StoryPage
from home.tenancy import portal_scope
from tests.editorial.test_stories import (
    make_story,
    mentioned,
    merchant_block,
    product_block,
    visible_merchant,
)
from tests.factories import VariantFactory, make_seller


@pytest.fixture
def story(levis) -> StoryPage:
    with portal_scope(levis):
        product = VariantFactory(product__merchant=make_seller()).product
        return make_story(levis, merchant_block(visible_merchant()), product_block(product))


def test_references_can_be_rebuilt(story) -> None:
    ReferenceIndex.objects.all().delete()
    call_command("rebuild_references_index", stdout=StringIO())
    kinds = {row.to_content_type.model for row in ReferenceIndex.get_references_for_object(story)}
    assert {"merchant", "product"} <= kinds


def test_search_index_can_be_rebuilt(story) -> None:
    call_command("update_index", stdout=StringIO())


def test_scheduled_story_is_published_and_its_mentions_noted(story, levis) -> None:
    with portal_scope(levis):
        other = visible_merchant()
        page = StoryPage.objects.get(pk=story.pk)
        page.save_revision().publish()
        before = mentioned(page)
        page.body = [merchant_block(other)]
        page.go_live_at = timezone.now() + dt.timedelta(hours=1)
        page.save_revision().publish()
        assert mentioned(page) == before
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        call_command("publish_scheduled", stdout=StringIO())
    with portal_scope(levis):
        assert mentioned(page) == {other.pk}
