"""Who paid is always said: no form, no rule and no row lets the mark be left out."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from wagtail.models import Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from editorial.models import StoryPage
from home.models import PortalRole
from home.tenancy import portal_scope
from portal import staffing
from tests.editorial.test_stories import make_story
from tests.factories import UserFactory

LEVIS = {"headers": {"host": "localhost"}}


@pytest.fixture
def editor(levis: Site) -> Client:
    user = UserFactory()
    with portal_scope(levis):
        staffing.grant(user, levis, PortalRole.EDITOR)
    client = Client()
    client.force_login(user)
    return client


def posted(body: list[Any] | None = None, **fields: str) -> dict[str, Any]:
    """What the editor's form sends of a story."""
    empty = ("kicker", "deck", "lead_image", "lead_alt", "lead_caption", "lead_credit", "section", "series")
    words = dict.fromkeys((*empty, "series_part", "tags", "sponsor", "seo_title", "search_description"), "")
    return nested_form_data(
        {
            **words,
            "title": "La nuit",
            "slug": "histoire",
            "published_on": "2026-11-20",
            "story_authors": inline_formset([]),
            "comments": inline_formset([]),
            "body": streamfield(body or []),
            "action-publish": "oui",
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("fields", "beside"),
    [({"sponsored": "on"}, "sponsor"), ({"sponsor": "Roy inc."}, "sponsored")],
)
def test_form_refuses_half_a_mark_beside_the_field_and_keeps_what_was_typed(
    editor: Client, in_levis, fields: dict[str, str], beside: str
) -> None:
    story = make_story(in_levis, title="Avant")
    answer = editor.post(f"/admin/pages/{story.pk}/edit/", posted(**fields), **LEVIS)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (200, [beside])
    assert form["title"].value() == "La nuit"
    assert StoryPage.objects.get(pk=story.pk).title == "Avant"


def test_form_takes_a_whole_mark_and_the_page_says_it(editor: Client, client: Client, in_levis) -> None:
    story = make_story(in_levis)
    fields = posted(sponsored="on", sponsor="Roy inc.")
    assert editor.post(f"/admin/pages/{story.pk}/edit/", fields, **LEVIS).status_code == 302
    html = client.get("/histoires/histoire/", **LEVIS).content.decode()
    assert html.count("Contenu commandité par Roy inc.") == 2  # above the headline, and after the last line
    listed = client.get("/histoires/", **LEVIS).content.decode()
    assert "Contenu commandité" in listed


def test_paid_passage_needs_the_name_of_who_paid(editor: Client, in_levis) -> None:
    story = make_story(in_levis)
    passage = {"sponsor": "", "text": rich_text("<p>Du bon.</p>", features=["bold"]), "url": ""}
    answer = editor.post(f"/admin/pages/{story.pk}/edit/", posted([("sponsored_block", passage)]), **LEVIS)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["body"])


@pytest.mark.parametrize("fields", [{"sponsored": True}, {"sponsor": "Roy inc."}])
def test_no_row_is_half_marked(in_levis, fields: dict[str, Any]) -> None:
    story = make_story(in_levis)
    for name, value in fields.items():
        setattr(story, name, value)
    with pytest.raises(ValidationError):
        story.clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        StoryPage.objects.filter(pk=story.pk).update(**fields)
