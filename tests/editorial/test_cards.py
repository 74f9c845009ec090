"""Cards in the frame of the Journal's own site: who may frame them, what they say, what never gets in."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from editorial import cards
from editorial.models import StoryPage
from home.links import seal
from home.models import PortalRole, PortalSettings
from home.tenancy import portal_scope
from portal import staffing
from tests.editorial.test_stories import make_story, merchant_block, visible_merchant
from tests.factories import ImageFactory, OpeningHoursFactory, UserFactory

LEVIS = {"headers": {"host": "localhost"}}
BELLECHASSE = {"headers": {"host": "bellechasse.localhost"}}
JOURNAL = "https://www.journal.example"
EVIL = '"><script>alert(1)</script>'


def frame_in(*sites: Site, origins: str = JOURNAL) -> None:
    PortalSettings.objects.filter(site__in=sites).update(embed_origins=origins)


def test_card_is_framed_by_the_sites_named_and_by_no_other(client: Client, in_levis) -> None:
    frame_in(in_levis, origins=f"{JOURNAL}\nhttps://presse.example:8443")
    story = make_story(in_levis, title="La nuit", lead_image=ImageFactory())
    answer = client.get(cards.story_path(story), **LEVIS)
    policy = answer["Content-Security-Policy"]
    assert f"frame-ancestors {JOURNAL} https://presse.example:8443;" in f"{policy};"
    assert "script-src 'self'" in policy
    assert not answer.has_header("X-Frame-Options")
    html = answer.content.decode()
    assert 'href="http://localhost/histoires/histoire/" target="_blank" rel="noopener">La nuit</a>' in html
    assert "<script" not in html


def test_card_is_kept_for_all_alike_and_follows_nobody(client: Client, in_levis) -> None:
    frame_in(in_levis)
    path = cards.story_path(make_story(in_levis))
    client.force_login(UserFactory())
    answer = client.get(path, **LEVIS)
    assert (answer["Cache-Control"], answer.cookies.output()) == ("public, max-age=60", "")
    assert "Cookie" not in answer.get("Vary", "")
    again = client.get(path, headers={"host": "localhost", "if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert f"frame-ancestors {JOURNAL}" in again["Content-Security-Policy"]
    assert not again.has_header("X-Frame-Options")
    StoryPage.objects.update(title="Autre chose")
    assert client.get(path, headers={"host": "localhost", "if-none-match": answer["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "origins", ["", "http://journal.example", "*", "https://*.example", "'self'; script-src *"]
)
def test_no_card_where_no_site_is_named(client: Client, in_levis, origins: str) -> None:
    frame_in(in_levis, origins=origins)
    answer = client.get(cards.story_path(make_story(in_levis)), **LEVIS)
    assert (answer.status_code, answer["X-Frame-Options"]) == (404, "DENY")
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_forged_links_lead_nowhere(client: Client, in_levis) -> None:
    frame_in(in_levis)
    story, shop = make_story(in_levis), visible_merchant()
    path = cards.story_path(story)
    assert client.get(path, **LEVIS).status_code == 200
    swapped = seal(cards.MERCHANT, story.pk, cards.EDITION), seal(cards.STORY, story.pk, cards.EDITION + 1)
    forged = [f"{path[:-2]}x/", path.replace(f"{story.pk}-", f"{story.pk + 1}-", 1), "/cartes/histoires/x/"]
    forged += [f"/cartes/histoires/{token}/" for token in swapped]
    forged += [cards.merchant_path(shop).replace("commerces", "histoires")]
    assert {address: client.get(address, **LEVIS).status_code for address in forged} == dict.fromkeys(
        forged, 404
    )


def test_cards_of_one_portal_are_nowhere_in_the_other(client: Client, levis, bellechasse) -> None:
    frame_in(levis, bellechasse)
    with portal_scope(levis):
        paths = [cards.story_path(make_story(levis)), cards.merchant_path(visible_merchant())]
    assert [client.get(path, **LEVIS).status_code for path in paths] == [200, 200]
    assert [client.get(path, **BELLECHASSE).status_code for path in paths] == [404, 404]


def test_what_is_taken_down_private_or_suspended_is_gone(client: Client, in_levis) -> None:
    frame_in(in_levis)
    down, private, shop = make_story(in_levis), make_story(in_levis, slug="privee"), visible_merchant()
    paths = [cards.story_path(down), cards.story_path(private), cards.merchant_path(shop)]
    assert [client.get(path, **LEVIS).status_code for path in paths] == [200, 200, 200]
    down.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    shop.suspended_at = timezone.now()
    shop.save()
    assert [client.get(path, **LEVIS).status_code for path in paths] == [404, 404, 404]


def test_titles_are_words_and_never_markup(client: Client, in_levis) -> None:
    frame_in(in_levis)
    story = make_story(in_levis, title=EVIL, deck=EVIL, kicker=EVIL)
    paid = make_story(in_levis, slug="payee", sponsored=True, sponsor=EVIL)
    shop = visible_merchant(name=EVIL, street_address=EVIL)
    for path in (cards.story_path(story), cards.story_path(paid), cards.merchant_path(shop)):
        html = client.get(path, **LEVIS).content.decode()
        assert ("<script" in html, "&quot;&gt;&lt;script" in html) == (False, True)


def test_card_says_who_paid_and_when_a_shop_is_open(client: Client, in_levis) -> None:
    frame_in(in_levis)
    paid = make_story(in_levis, sponsored=True, sponsor="Roy inc.")
    assert "Contenu commandité par Roy inc." in client.get(cards.story_path(paid), **LEVIS).content.decode()
    shop = visible_merchant(name="Boulangerie Roy")
    OpeningHoursFactory(merchant=shop)
    html = client.get(cards.merchant_path(shop), **LEVIS).content.decode()
    assert ("Boulangerie Roy" in html, "hours-status" in html) == (True, True)


@pytest.fixture
def editor(levis: Site) -> Client:
    user = UserFactory()
    with portal_scope(levis):
        staffing.grant(user, levis, PortalRole.EDITOR)
    client = Client()
    client.force_login(user)
    return client


def edit_screen(editor: Client, story: StoryPage) -> str:
    return editor.get(f"/admin/pages/{story.pk}/edit/", **LEVIS).content.decode()


def test_editor_copies_the_cards_of_a_story_and_of_its_merchants(
    editor: Client, client: Client, in_levis
) -> None:
    shop = visible_merchant(name=f"Roy {EVIL}")
    story = make_story(in_levis, merchant_block(shop), title="La nuit")
    story.save_revision().publish()
    assert "Aucun site n’est encore autorisé" in edit_screen(editor, story)
    frame_in(in_levis)
    html = edit_screen(editor, story)
    for path in (cards.story_path(story), cards.merchant_path(shop)):
        assert f"&lt;iframe src=&quot;http://localhost{path}&quot;" in html
    assert ("<iframe src" in html, EVIL in html) == (False, False)
    story.unpublish()
    assert "La carte sera prête quand l’histoire aura paru." in edit_screen(editor, story)


@pytest.mark.parametrize(
    ("posted", "is_kept"),
    [
        ("", True),
        (JOURNAL, True),
        ("http://journal.example", False),
        (f"{JOURNAL}/page", False),
        ("*", False),
    ],
)
def test_settings_take_origins_alone(levis: Site, posted: str, is_kept: Any) -> None:
    from django.core.exceptions import ValidationError

    settings = PortalSettings.for_site(levis)
    settings.embed_origins = posted
    if is_kept:
        settings.clean_fields(exclude=["partners"])
        return
    with pytest.raises(ValidationError, match="s’écrit comme") as refused:
        settings.clean_fields(exclude=["partners"])
    assert list(refused.value.message_dict) == ["embed_origins"]


def test_settings_show_the_sites_that_frame(levis: Site, client: Client) -> None:
    user = UserFactory()
    with portal_scope(levis):
        staffing.grant(user, levis, PortalRole.MANAGER)
    client.force_login(user)
    html = client.get(f"/admin/settings/home/portalsettings/{levis.pk}/", **LEVIS).content.decode()
    assert 'name="embed_origins"' in html
