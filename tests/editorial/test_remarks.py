"""What the newsroom's second reader says: each thing once, to the editor alone, and nothing of another portal."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data

from editorial import content_checks
from editorial.models import CampaignIndexPage, CampaignPage, FrontMerchant, FrontStory, StoryPage
from editorial.remarks import KINDS, is_silent, remarks_on
from home.models import HomePage, PortalRole
from home.tenancy import portal_scope
from portal import staffing
from tests.factories import UserFactory, make_page

GOOD = {"lead_credit": "Anne Roy", "deck": "Une nuit."}


def story_of(town: Any, **fields: Any) -> StoryPage:
    """The town's story, in which there is nothing to look at again but what is asked for."""
    story = StoryPage.objects.get(pk=town.story.pk)
    for name, value in {**GOOD, **fields}.items():
        setattr(story, name, value)
    return story


def codes(page: Page) -> list[str]:
    return [remark.kind.code for remark in remarks_on(page)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"title": "A" * 90}, []),
        ({"title": "A" * 91}, ["titre-long"]),
        ({"deck": "  "}, ["chapeau-vide"]),
        ({"lead_image": None}, ["sans-photo"]),
        ({"lead_alt": "IMG_2041.jpg"}, ["photo-sans-mots"]),
        ({"lead_credit": ""}, ["photo-sans-credit"]),
        ({"body": [("text_block", "<p>Seul.</p>")]}, ["sans-commerce"]),
    ],
)
def test_story_is_read_again(here, fields: dict[str, Any], expected: list[str]) -> None:
    with portal_scope(here.site):
        assert codes(story_of(here, **fields)) == expected


def test_story_says_who_signs(here) -> None:
    with portal_scope(here.site):
        here.story.story_authors.all().delete()
        assert codes(story_of(here)) == ["sans-signature"]


def test_pictures_of_the_text_are_asked_for_their_words(here) -> None:
    picture = {"image": here.picture.pk, "alt": "DSC 12", "credit": "", "caption": ""}
    body = [
        {"type": "merchant_block", "value": {"merchant": here.merchant.pk}},
        {"type": "gallery_block", "value": {"pictures": [picture, {**picture, "alt": "Une meule"}]}},
    ]
    with portal_scope(here.site):
        story = story_of(here)
        story.body = body
        assert [remark.words for remark in remarks_on(story)] == [
            "Une photo du texte ne dit pas ce qu’elle montre."
        ]


@pytest.mark.parametrize("words", ["", None, "  ", "photo 3", "cave_2.JPG", "facade.webp"])
def test_name_of_a_file_tells_nothing(words: str | None) -> None:
    assert is_silent(words)
    assert not is_silent("La cave, à quatre heures du matin")


def test_what_nobody_sees_is_named_once(here) -> None:
    with portal_scope(here.site):
        here.merchant.pages.get().unpublish()
        said = [remark.words for remark in remarks_on(story_of(here))]
    assert said == [
        f"On ne voit pas «\u00a0{here.merchant.name}\u00a0» en ce moment.",
        f"On ne peut pas avoir «\u00a0{here.variant.product.title}\u00a0» en ce moment.",
    ]


def test_link_to_a_page_that_is_not_published_is_dead(here) -> None:
    with portal_scope(here.site):
        about = here.site.root_page.get_children().get(slug="a-propos")
        linked = story_of(here)
        linked.body = [
            *linked.body.raw_data,
            {"type": "text_block", "value": f'<p><a linktype="page" id="{about.pk}">là</a></p>'},
        ]
        assert codes(linked) == []
        about.unpublish()
        assert codes(linked) == ["lien-mort"]


def test_stranger_is_never_named(here, there) -> None:
    there.merchant.pages.get().unpublish()
    with portal_scope(here.site):
        story = story_of(here)
        story.body = [
            *story.body.raw_data,
            {"type": "merchant_block", "value": {"merchant": there.merchant.pk}},
        ]
        assert remarks_on(story) == []


def test_campaign_is_read_again(here) -> None:
    with portal_scope(here.site):
        index = make_page(CampaignIndexPage, here.site.root_page, title="Campagnes", slug="campagnes")
        day = dt.date(2020, 12, 1)
        campaign = make_page(
            CampaignPage, index, title="Le Noël des gens d’ici et de ceux de là-bas", slug="noel",
            begins_on=day, ends_on=day,
        )  # fmt: skip
        assert codes(campaign) == [
            "titre-long",
            "chapeau-vide",
            "sans-photo",
            "jours-passes",
            "campagne-vide",
        ]


def test_front_page_tells_of_choices_that_are_gone(here) -> None:
    with portal_scope(here.site):
        home = HomePage.objects.get(pk=here.site.root_page_id)
        FrontMerchant.objects.create(page=home, merchant=here.merchant)
        FrontStory.objects.create(page=home, story=here.story)
        assert codes(home) == []
        here.merchant.pages.get().unpublish()
        StoryPage.objects.get(pk=here.story.pk).unpublish()
        assert codes(HomePage.objects.get(pk=home.pk)) == ["commerce-cache", "lien-mort"]


def test_every_kind_of_remark_is_a_check_of_wagtails_editor(rf) -> None:
    item = content_checks.EditorsChecks(in_editor=True)
    rules = {rule["id"]: rule for rule in item.get_axe_custom_rules(None)}
    said = item.get_axe_messages(rf.get("/"))
    for kind in KINDS:
        assert rules[kind.code]["selector"] == f'[data-remark="{kind.code}"]'
        assert kind.code in item.get_axe_run_only(None)
        assert said[kind.code] == {"error_name": kind.title, "help_text": kind.why}


@pytest.fixture
def editor(here) -> Any:
    person = UserFactory(email="journal@levis.test")
    with portal_scope(here.site):
        staffing.grant(person, here.site, PortalRole.EDITOR)
    return here.signed_in(person)


def form_of(story: StoryPage, **fields: Any) -> dict[str, Any]:
    return nested_form_data(
        {
            "title": story.title, "slug": story.slug, "deck": "", "kicker": "", "published_on": "2026-11-20",
            "lead_image": "", "lead_alt": "", "lead_caption": "", "lead_credit": "", "section": "", "series": "",
            "series_part": "", "tags": "", "sponsor": "", "seo_title": "", "search_description": "",
            "body": {"count": 0}, "story_authors": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}, **fields,
        }
    )  # fmt: skip


def test_remarks_stand_in_the_preview_panel_and_nowhere_else(here, editor) -> None:
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[here.story.pk])
    assert editor.post(address, form_of(here.story)).json()["is_valid"]
    shown = editor.get(f"{address}?in_preview_panel=true&mode=").content.decode()
    assert 'data-remark="sans-photo"' in shown
    assert "checker-axe-configuration" in shown
    public = editor.get(f"/histoires/{here.story.slug}/").content.decode()
    assert "data-remark" not in public
    assert "wagtail-userbar" not in public


def test_editor_is_told_after_publishing(here, editor) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[here.story.pk])
    answer = editor.post(address, {**form_of(here.story), "action-publish": "1"}, follow=True)
    assert "À revoir quand vous pourrez" in answer.content.decode()
    with portal_scope(here.site):
        assert StoryPage.objects.get(pk=here.story.pk).lead_image is None


def test_live_blocks_show_in_the_preview_what_visitors_will_see(here, editor) -> None:
    """A form's rows are bare: they are read again as cards before they are shown."""
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[here.story.pk])
    shelf = {
        "body-count": 2,
        "body-0-deleted": "", "body-0-order": 0, "body-0-type": "merchant_block", "body-0-id": "",
        "body-0-value-merchant": here.merchant.pk,
        "body-1-deleted": "", "body-1-order": 1, "body-1-type": "shelf_block", "body-1-id": "",
        "body-1-value-title": "Dans le camion", "body-1-value-merchant": "",
        "body-1-value-products-count": 1, "body-1-value-products-0-deleted": "",
        "body-1-value-products-0-order": 0, "body-1-value-products-0-id": "",
        "body-1-value-products-0-value": here.variant.product_id,
    }  # fmt: skip
    assert editor.post(address, {**form_of(here.story), **shelf}).json()["is_valid"]
    shown = editor.get(f"{address}?in_preview_panel=true&mode=").content.decode()
    assert f">{here.merchant.name}</a>" in shown
    assert "20,00\u00a0$" in shown


def test_draft_waits_for_its_product_and_a_published_story_does_not(here, editor) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[here.story.pk])
    shelf = {
        "body-count": 1,
        "body-0-deleted": "", "body-0-order": 0, "body-0-type": "shelf_block", "body-0-id": "",
        "body-0-value-title": "À venir", "body-0-value-merchant": "", "body-0-value-products-count": 0,
    }  # fmt: skip
    form = {**form_of(here.story), **shelf}
    assert editor.post(address, form).status_code == 302
    refused = editor.post(address, {**form, "action-publish": "1"})
    assert refused.status_code == 200
    assert "Choisissez des produits un" in refused.content.decode()  # its script’s words are escaped
