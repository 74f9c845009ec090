"""The public pages of who signs, of sections, series and tags; what stands around a story."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from editorial.around import around
from editorial.mentions import sync_mentions
from editorial.models import StoryPage, StoryTag
from home.tenancy import portal_scope
from tests.editorial.test_stories import make_story, merchant_block, story_html, visible_merchant
from tests.factories import AuthorFactory, ImageFactory, SectionFactory, SectorFactory, SeriesFactory, sign

LEVIS = {"headers": {"host": "localhost"}}
BELLECHASSE = {"headers": {"host": "bellechasse.localhost"}}
DAY = dt.date(2026, 11, 1)


def tagged(story: StoryPage, *names: str) -> StoryPage:
    story.tags.add(*names)
    story.save()
    return story


def kept_under(site: Site) -> list[str]:
    """A story with all of it; the addresses under which it is found."""
    story = make_story(
        site,
        title="La nuit",
        section=SectionFactory(slug="a-table", name="À table"),
        series=SeriesFactory(slug="la-nuit", title="La nuit du pain", planned_parts=5),
        series_part=3,
    )
    sign(story, AuthorFactory(slug="eve-roy", name="Ève Roy", role="journaliste", bio="Elle écrit."))
    tagged(story, "Temps des sucres")
    return [
        "/histoires/auteurs/eve-roy/",
        "/histoires/rubriques/a-table/",
        "/histoires/series/la-nuit/",
        "/histoires/mots-cles/temps-des-sucres/",
    ]


def test_story_is_found_under_all_that_keeps_it(client: Client, in_levis) -> None:
    addresses = kept_under(in_levis)
    html = story_html(client)
    for address in addresses:
        assert f'href="{address}"' in html
        page = client.get(address, **LEVIS)
        assert (page.status_code, 'href="/histoires/histoire/"' in page.content.decode()) == (200, True)


def test_pages_of_one_portal_are_nowhere_in_the_other(client: Client, levis, bellechasse) -> None:
    with portal_scope(levis):
        addresses = kept_under(levis)
    assert {client.get(address, **LEVIS).status_code for address in addresses} == {200}
    assert {client.get(address, **BELLECHASSE).status_code for address in addresses} == {404}


def test_page_without_stories_says_so_and_is_not_indexed(client: Client, in_levis) -> None:
    AuthorFactory(slug="eve-roy", name="Ève Roy")
    SectionFactory(slug="vide")
    SeriesFactory(slug="vide")
    StoryTag.objects.create(name="Vide", slug="vide")
    make_story(in_levis, slug="brouillon", title="Un brouillon", live=False)
    for kind in ("auteurs/eve-roy", "rubriques/vide", "series/vide", "mots-cles/vide"):
        html = client.get(f"/histoires/{kind}/", **LEVIS).content.decode()
        assert ("empty-state" in html, "noindex" in html, "Un brouillon" in html) == (True, True, False)
    assert "/histoires/rubriques/vide/" not in client.get("/histoires/", **LEVIS).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_queries_for_any_number_of_stories(client: Client, in_levis, rows: int) -> None:
    author, section, series = AuthorFactory(slug="a"), SectionFactory(slug="a"), SeriesFactory(slug="a")
    for n in range(rows):
        story = make_story(
            in_levis,
            slug=f"h-{n}",
            section=section,
            series=series,
            series_part=n + 1,
            lead_image=ImageFactory(),
        )
        tagged(sign(story, author), "a")
    counts = []
    for kind in ("auteurs", "rubriques", "series", "mots-cles"):
        client.get(f"/histoires/{kind}/a/", **LEVIS)
        with CaptureQueriesContext(connection) as counted:
            client.get(f"/histoires/{kind}/a/", **LEVIS)
        counts.append(len(counted))
    assert counts == [6, 6, 6, 6]


def test_series_tells_its_parts_in_order_with_their_place(client: Client, in_levis) -> None:
    series = SeriesFactory(slug="pain", planned_parts=5)
    for part in (2, 1):
        make_story(in_levis, slug=f"p-{part}", title=f"Partie {part}", series=series, series_part=part)
    html = client.get("/histoires/series/pain/", **LEVIS).content.decode().partition("<main")[2]
    assert html.index("1re de 5") < html.index("Partie 1") < html.index("2e de 5") < html.index("Partie 2")


def test_part_of_a_series_leads_to_the_one_before_and_the_one_after(client: Client, in_levis) -> None:
    series = SeriesFactory(title="La nuit du pain", planned_parts=5)
    for part in range(1, 6):
        make_story(in_levis, slug=f"p-{part}", series=series, series_part=part, live=part != 4)
    html = story_html(client, slug="p-3")
    assert "3e de 5" in html
    assert 'rel="prev" href="/histoires/p-2/"' in html
    assert 'rel="next" href="/histoires/p-5/"' in html
    assert 'rel="prev"' not in story_html(client, slug="p-1")


def test_nearest_stories_share_merchants_then_tags_then_a_part_of_town(in_levis) -> None:
    sector = SectorFactory()
    roy, neighbour = visible_merchant(sector=sector), visible_merchant(sector=sector)
    here = tagged(make_story(in_levis, merchant_block(roy)), "pain")
    same = make_story(in_levis, merchant_block(roy), slug="meme-commerce", published_on=DAY)
    tag = tagged(make_story(in_levis, slug="meme-mot", published_on=DAY), "pain", "nuit")
    near = make_story(in_levis, merchant_block(neighbour), slug="meme-secteur", published_on=DAY)
    make_story(in_levis, slug="recente", published_on=DAY + dt.timedelta(days=9))
    make_story(in_levis, merchant_block(roy), slug="brouillon", live=False)
    for story in StoryPage.objects.all():
        sync_mentions(story)
    with CaptureQueriesContext(connection) as counted:
        found = around(here)
    assert found.related == [same, tag, near]
    assert [tag.name for tag in found.tags] == ["pain"]
    assert len(counted) == 1


def test_parts_of_its_series_are_not_told_twice(in_levis) -> None:
    series = SeriesFactory()
    parts = [make_story(in_levis, slug=f"p-{n}", series=series, series_part=n) for n in (1, 2)]
    other = make_story(in_levis, slug="autre")
    found = around(parts[0])
    assert found.place is not None
    assert (found.place.parts, found.related) == (parts, [other])


def test_sitemap_names_the_pages_that_have_something_to_read(client: Client, in_levis) -> None:
    addresses = kept_under(in_levis)[:3]
    SectionFactory(slug="vide")
    kinds = ("signatures", "rubriques", "series")
    lists = [client.get(f"/sitemap-{kind}.xml", **LEVIS).content.decode() for kind in kinds]
    assert [
        f"<loc>http://localhost{address}</loc>" in text
        for address, text in zip(addresses, lists, strict=True)
    ] == [True, True, True]
    assert not [text for text in lists if "/vide/" in text]
    index = client.get("/sitemap.xml", **LEVIS).content.decode()
    assert [kind for kind in kinds if f"/sitemap-{kind}.xml" not in index] == []
