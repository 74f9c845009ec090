"""An editor gives a story its English, beside the French, within the portal's walls; readers get it once published."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import OverridableSegment, StringSegment, Translation

from editorial.models import StoryMerchant
from home.models import PortalRole, PortalSettings
from home.tenancy import portal_scope
from portal import staffing
from tests.factories import UserFactory
from tests.portal.towns import Town

FORM = "application/x-www-form-urlencoded"


def staff(town: Town, role: PortalRole = PortalRole.EDITOR) -> Client:
    user = UserFactory(email=f"{role}@{town.host}.test")
    with portal_scope(town.site):
        staffing.grant(user, town.site, role)
    return town.signed_in(user)


def english() -> Locale:
    return Locale.objects.get(language_code="en")


def begin(client: Client, page: Page) -> Any:
    return client.post(
        reverse("wagtail_localize:submit_page_translation", args=[page.pk]), {"locales": [english().pk]}
    )


def say(client: Client, page: Page, field: str, words: str) -> int:
    """What typing beside one French sentence sends; returns the answer's status."""
    translation = Translation.objects.get(source__object_id=page.translation_key)
    segment = StringSegment.objects.get(source=translation.source, context__path=field)
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    return client.put(address, urlencode({"value": words}), content_type=FORM).status_code


@pytest.fixture
def journal(here: Town) -> Client:
    PortalSettings.objects.filter(site=here.site).update(offers_english=True)
    return staff(here)


@pytest.fixture
def publish(django_capture_on_commit_callbacks: Any) -> Callable[[Client, Page], int]:
    """The button « publish »; returns the answer's status. What follows a commit follows it."""

    def press(client: Client, twin: Page) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("wagtailadmin_pages:edit", args=[twin.pk]), {"action": "publish"})
        return answer.status_code

    return press


def test_story_is_translated_beside_its_french_and_published(
    here: Town, journal: Client, publish: Callable[[Client, Page], int]
) -> None:
    story, address = here.story, f"/histoires/{here.story.slug}/"
    editing = journal.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    assert reverse("wagtail_localize:submit_page_translation", args=[story.pk]) in editing
    begun = begin(journal, story)
    twin = story.get_translation(english())
    assert begun["Location"] == reverse("wagtailadmin_pages:edit", args=[twin.pk])
    assert story.title in journal.get(begun["Location"]).content.decode()
    assert not StringSegment.objects.filter(context__path="slug").exists()
    assert not OverridableSegment.objects.filter(context__path="lead_image").exists()
    assert say(journal, story, "title", "The unicorn keeps shop") == 201
    assert "The unicorn keeps shop" not in here.visitor().get(f"/en{address}").content.decode()
    assert publish(journal, twin) == 302
    with portal_scope(here.site):
        assert list(StoryMerchant.objects.values_list("page", flat=True)) == [story.pk]
    assert "The unicorn keeps shop" in here.visitor().get(f"/en{address}").content.decode()
    assert "The unicorn keeps shop" not in here.visitor().get(address).content.decode()


def test_strangers_neither_begin_nor_write_nor_publish(
    here: Town, there: Town, journal: Client, publish: Callable[[Client, Page], int]
) -> None:
    begin(journal, here.story)
    twin = here.story.get_translation(english())
    root = here.site.root_page
    for stranger in (staff(there), here.signed_in(UserFactory()), staff(here, PortalRole.ADVISER)):
        assert begin(stranger, root).status_code in {302, 404}
        assert say(stranger, here.story, "title", "Stolen") in {302, 403, 404}
        assert publish(stranger, twin) in {302, 403, 404}
    twin.refresh_from_db()
    assert (twin.live, twin.title) == (False, here.story.title)
    assert not Translation.objects.exclude(source__object_id=here.story.translation_key).exists()


def test_english_root_takes_the_rights_of_its_portal_alone(here: Town, there: Town, journal: Client) -> None:
    staff(there)
    begin(journal, here.story)
    root = here.site.root_page.get_translation(english())
    assert set(root.group_permissions.values_list("group__name", flat=True)) == {
        staffing.group_name(here.site.pk, PortalRole.EDITOR)
    }


def test_what_lacks_english_is_listed_and_leaves_the_list(
    here: Town, journal: Client, publish: Callable[[Client, Page], int]
) -> None:
    shown = journal.get("/admin/sans-anglais/").content.decode()
    assert "1 histoire sans anglais" in shown
    assert "1 commerce sans anglais" in shown
    assert here.story.title in shown
    assert "1 histoire sans anglais" in journal.get("/admin/").content.decode()
    begin(journal, here.story)
    assert "commencé" in journal.get("/admin/sans-anglais/").content.decode()
    say(journal, here.story, "title", "The unicorn keeps shop")
    publish(journal, here.story.get_translation(english()))
    shown = journal.get("/admin/sans-anglais/").content.decode()
    assert "commerce sans anglais" in shown
    assert here.story.title not in shown


def test_portal_without_english_is_asked_for_none_on_the_home(here: Town) -> None:
    client = staff(here)
    assert "histoire sans anglais" not in client.get("/admin/").content.decode()
    assert "pas encore offert en anglais" in client.get("/admin/sans-anglais/").content.decode()


def test_manager_opens_english_in_the_settings_and_an_editor_does_not(here: Town) -> None:
    address = reverse("wagtailsettings:edit", args=["home", "portalsettings", here.site.pk])
    form = staff(here, PortalRole.MANAGER).get(address)
    assert 'name="offers_english"' in form.content.decode()
    assert "Sans anglais" in form.content.decode()
    assert staff(here).get(address).status_code == 404


def test_pictures_are_told_to_the_editor_of_their_own_portal_alone(
    here: Town, there: Town, journal: Client
) -> None:
    """The page where one translates asks for each picture it shows."""
    mine, theirs = (
        reverse("wagtailadmin_api:images:detail", args=[town.picture.pk]) for town in (here, there)
    )
    assert journal.get(mine).json()["id"] == here.picture.pk
    assert journal.get(theirs).status_code == 404
    assert here.signed_in(UserFactory()).get(mine).status_code in {302, 403, 404}
