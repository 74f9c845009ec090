"""Every block that an editor may pick shows itself, with what is of the portal, and says what it is."""

import pytest
from django.test import Client
from django.urls import reverse

from editorial.blocks import StoryStream
from editorial.models import CampaignPage, StoryPage
from home.models import PortalRole
from home.tenancy import portal_scope
from portal import staffing
from tests.factories import UserFactory


def blocks_of(model: type) -> dict[str, object]:
    return dict(model._meta.get_field("body").stream_block.child_blocks)


def test_blocks_to_pick_are_many() -> None:
    assert set(blocks_of(StoryPage)) == set(StoryStream.base_blocks)
    assert len(blocks_of(CampaignPage)) >= 10


@pytest.fixture
def editor(here) -> Client:
    person = UserFactory(email="journal@levis.test")
    with portal_scope(here.site):
        staffing.grant(person, here.site, PortalRole.EDITOR)
    return here.signed_in(person)


@pytest.mark.parametrize("model", [StoryPage, CampaignPage])
def test_each_block_shows_itself_and_says_what_it_is(here, there, editor, model: type) -> None:
    for name, block in blocks_of(model).items():
        assert block.is_previewable, name
        assert block.get_description(), name
        answer = editor.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
        shown = answer.content.decode()
        assert answer.status_code == 200, name
        assert there.canary not in shown, name
        assert "Rien à montrer encore" not in shown, name


def test_live_blocks_show_themselves_with_rows_of_here(here, editor) -> None:
    block = blocks_of(StoryPage)["merchant_block"]
    shown = editor.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert here.merchant.name in shown.content.decode()


def test_block_says_so_where_the_town_has_nothing_yet(levis) -> None:
    person = UserFactory(email="journal@levis.test")
    with portal_scope(levis):
        staffing.grant(person, levis, PortalRole.EDITOR)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    for model, name in ((StoryPage, "product_block"), (CampaignPage, "product_shelf")):
        block = blocks_of(model)[name]
        answer = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
        assert "Rien à montrer encore" in answer.content.decode()
