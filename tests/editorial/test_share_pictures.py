"""Pictures of stories that are passed on: made at the write, shown by the head of the page, gone with the story."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import PageViewRestriction, Site

from editorial import share_pictures
from editorial.models import StoryPage, StoryShare
from home.models import PortalSettings
from home.share_drawing import FLYER, SIZE, Sheet, draw, set_headline
from home.tenancy import portal_scope
from portal.staff_desk.schedule import publish_due
from tests.editorial.test_stories import make_story, story_html
from tests.factories import ImageFactory

LEVIS = {"headers": {"host": "localhost"}}
SHEET = Sheet(
    "Achetons Lévis", "Le Journal", "À table", "", "Le pain se lève", "#16324f", "#c8102e", "#f4f5f2", "levis"
)


def publish(story: StoryPage) -> StoryPage:
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


def test_publishing_makes_the_picture_that_the_page_names(client: Client, in_levis, media: Path) -> None:
    story = publish(make_story(in_levis, title="La nuit", lead_image=ImageFactory()))
    file = story.shared_as.file
    assert file.startswith(f"portail-{in_levis.pk}/partage/{story.pk}-")
    with Image.open(media / file) as picture:
        assert (picture.size, picture.format) == ((1200, 630), "JPEG")
    html = story_html(client)
    assert f'<meta property="og:image" content="http://localhost/media/{file}">' in html
    assert '<meta name="twitter:card" content="summary_large_image">' in html
    assert '<meta property="og:image:alt" content="La nuit">' in html
    answer = client.get(f"/media/{file}", **LEVIS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content) == (media / file).read_bytes()
    answer.close()


def test_new_headline_makes_a_new_picture_and_the_old_one_goes(
    in_levis, media: Path, django_capture_on_commit_callbacks
) -> None:
    story = publish(make_story(in_levis, title="La nuit"))
    before = story.shared_as.file
    with django_capture_on_commit_callbacks(execute=True):
        story.title = "Le jour"
        story = publish(story)
    assert (story.shared_as.file == before, (media / before).exists()) == (False, False)
    with django_capture_on_commit_callbacks(execute=True):
        assert publish(story).shared_as.file == story.shared_as.file
    assert (media / story.shared_as.file).exists()
    assert StoryShare.objects.count() == 1


def test_picture_goes_with_the_story(in_levis, media: Path, django_capture_on_commit_callbacks) -> None:
    story = publish(make_story(in_levis))
    file = media / story.shared_as.file
    with django_capture_on_commit_callbacks(execute=True):
        story.unpublish()
    assert (StoryShare.objects.exists(), file.exists()) == (False, False)


def test_drafts_and_private_stories_have_none(in_levis) -> None:
    private = make_story(in_levis, slug="privee")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    for story in (private, make_story(in_levis, slug="brouillon", live=False)):
        assert not share_pictures.make(story, now=timezone.now())
    assert share_pictures.make_missing(timezone.now()) == 0
    assert not StoryShare.objects.exists()


def test_worker_makes_what_is_missing_once_and_anew_when_the_portal_changes_its_look(in_levis: Site) -> None:
    story, now = make_story(in_levis), timezone.now()
    assert [share_pictures.make_missing(now) for _turn in range(2)] == [1, 0]
    before = StoryShare.objects.get().file
    PortalSettings.objects.filter(site=in_levis).update(color_accent="#004400")
    assert [share_pictures.make_missing(now) for _turn in range(2)] == [1, 0]
    assert StoryShare.objects.get(page=story).file != before


def test_portals_are_drawn_each_in_its_own_colours(levis: Site, bellechasse: Site) -> None:
    for site in (levis, bellechasse):
        with portal_scope(site):
            make_story(site)
    assert share_pictures.make_missing(timezone.now()) == 2
    for site in (levis, bellechasse):
        with portal_scope(site):
            assert StoryShare.objects.get().file.startswith(f"portail-{site.pk}/")


def test_photo_that_is_gone_leaves_the_headline(in_levis) -> None:
    photo = ImageFactory()
    story = make_story(in_levis, lead_image=photo)
    default_storage.delete(photo.file.name)
    assert share_pictures.make(story, now=timezone.now())


def test_disk_that_is_full_keeps_nobody_from_publishing(
    client: Client, in_levis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object) -> str:
        raise OSError("No space left on device")

    story = make_story(in_levis, title="La nuit", live=False)
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", refuse)
        story.save_revision().publish()
    assert "La nuit" in story_html(client)
    assert share_pictures.make_missing(timezone.now()) == 1


def test_what_was_paid_for_stands_on_yellow(in_levis) -> None:
    paid = make_story(in_levis, sponsored=True, sponsor="Roy inc.", kicker="Portrait")
    sheet = share_pictures.sheet_of(paid, PortalSettings.for_site(in_levis))
    assert sheet.mark == "Contenu commandité par Roy inc."
    assert has_color(draw(sheet), FLYER)
    assert not has_color(draw(SHEET), FLYER)


def test_story_that_waits_for_its_hour_is_published_by_the_worker_with_its_picture(
    client: Client, in_levis
) -> None:
    now = timezone.now()
    story = make_story(in_levis, title="Demain", live=False)
    story.go_live_at = now + dt.timedelta(hours=1)
    story.save_revision(approved_go_live_at=story.go_live_at)
    assert (publish_due(now), StoryShare.objects.exists()) == (0, False)
    assert client.get("/histoires/histoire/", **LEVIS).status_code == 404
    with time_machine.travel(story.go_live_at, tick=False):
        assert publish_due(timezone.now()) == 1
        assert "Demain" in story_html(client)
    assert StoryShare.objects.get().page_id == story.pk


@pytest.mark.parametrize(
    "words", ["Pain", "Le fromage qui couine " * 8, "Anticonstitutionnellement" * 4, "", "«\u00a0»"]
)
def test_headline_fits_its_place_whatever_it_says(words: str) -> None:
    size, lines = set_headline(words, 650, 380)
    assert 44 <= size <= 132
    assert len(lines) <= 6
    assert draw(Sheet(**{**vars(SHEET), "headline": words})).size == SIZE


def has_color(picture: Image.Image, color: str) -> bool:
    wanted = tuple(int(color[n : n + 2], 16) for n in (1, 3, 5))
    return any(found == wanted for _count, found in picture.getcolors(maxcolors=1 << 24) or [])
