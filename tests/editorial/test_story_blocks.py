"""The blocks of a story, each full and empty, at the prices and hours of the moment."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.blocks import StreamBlockValidationError

from editorial.mentions import sync_mentions
from editorial.models import StoryPage
from editorial.told_blocks import minutes_text
from home.models import PortalSettings
from home.tenancy import portal_scope
from shop.enums import ProductStatus
from tests.editorial.test_stories import make_story, mentioned, story_html, visible_merchant
from tests.factories import ImageFactory, ProductPhotoFactory, VariantFactory, make_seller
from tests.factories.stories import SectionFactory, SeriesFactory, sign

RECIPE = {"title": "Tarte au sirop", "servings": "8 parts", "ingredients": ["Du sirop"], "steps": ["Cuire."]}
MOMENTS = [{"when": "1978", "title": "", "text": "Le four."}, {"when": "2026", "title": "", "text": "Lui."}]


def shelf(*products: Any, merchant: Any = None, title: str = "") -> tuple[str, Any]:
    return ("shelf_block", {"title": title, "products": list(products), "merchant": merchant})


def place(merchant: Any = None, **more: Any) -> tuple[str, Any]:
    nothing = {"title": "", "address": "", "latitude": None, "longitude": None, "directions": ""}
    return ("place_block", {**nothing, "merchant": merchant, **more})


def recipe(**more: Any) -> tuple[str, Any]:
    return ("recipe_block", {**RECIPE, "products": [], **more})


def test_shelf_keeps_the_order_chosen_and_leaves_out_what_is_withdrawn(client: Client, in_levis) -> None:
    first, second, gone = (VariantFactory(product__title=title).product for title in ("Miel", "Cire", "Fini"))
    gone.status = ProductStatus.DRAFT
    gone.save()
    make_story(in_levis, shelf(second, gone, first, title="Du rucher"))
    html = story_html(client)
    assert html.index("Du rucher") < html.index("Cire") < html.index("Miel")
    assert "Fini" not in html


def test_shelf_of_a_merchant_shows_what_it_sells_now_newest_first(client: Client, in_levis) -> None:
    seller = make_seller(name="Rucher Roy")
    for title in ("Miel", "Cire"):
        VariantFactory(product__merchant=seller, product__title=title, price_cents=9_25)
    make_story(in_levis, shelf(merchant=seller))
    html = story_html(client)
    assert html.index(">Cire<") < html.index(">Miel<")
    assert ("9,25\u00a0$" in html, "Passer chez Rucher Roy" in html) == (True, True)
    seller.suspended_at = timezone.now()
    seller.save()
    html = story_html(client)
    assert ("story-shelf" in html, "Rucher Roy" in html) == (False, False)


def test_empty_shelf_prints_nothing(client: Client, in_levis) -> None:
    make_story(in_levis, shelf(merchant=visible_merchant(), title="Rien"), shelf(title="Rien"))
    assert "story-shelf" not in story_html(client)


@pytest.mark.parametrize(("shape", "drawn"), [("levis", True), ("generic", False)])
def test_place_stands_on_the_towns_drawing_where_there_is_one(
    client: Client, in_levis, shape: str, drawn: bool
) -> None:
    PortalSettings.objects.filter(site=in_levis).update(town_shape=shape)
    merchant = visible_merchant(name="Quai Roy", latitude=46.73, longitude=-71.23)
    make_story(in_levis, place(merchant, directions="L’autobus s’arrête devant."))
    html = story_html(client)
    assert ("story-place-pin" in html) is drawn
    assert ("Quai Roy" in html, "L’autobus s’arrête devant." in html) == (True, True)
    assert "directions?to=46.730000,-71.230000" in html


def test_place_beside_the_sheet_or_hidden_has_no_pin(client: Client, in_levis) -> None:
    PortalSettings.objects.filter(site=in_levis).update(town_shape="levis")
    hidden = visible_merchant(name="Quai Roy", latitude=46.73, longitude=-71.23, removed_at=timezone.now())
    away = place(title="Le phare", address="Gaspé", latitude=49.0, longitude=-64.0)
    make_story(in_levis, place(hidden), away, place(title="La halte", address="12, rue Bord"))
    html = story_html(client)
    assert ("Quai Roy" in html, "story-place-pin" in html) == (False, False)
    assert ("Le phare" in html, "12, rue Bord" in html) == (True, True)


def test_timeline_tells_its_moments_in_order(client: Client, in_levis) -> None:
    make_story(in_levis, ("timeline_block", {"title": "Deux fours", "moments": MOMENTS}))
    html = story_html(client)
    assert html.index("Deux fours") < html.index("Le four.") < html.index("Lui.")
    make_story(in_levis, ("timeline_block", {"title": "", "moments": []}), slug="vide")
    assert "<h2></h2>" not in story_html(client, slug="vide")


def test_recipe_tells_times_and_what_one_can_buy_of_it(client: Client, in_levis) -> None:
    syrup = VariantFactory(product__title="Sirop", price_cents=12_50).product
    full = recipe(
        prep_minutes=20, cook_minutes=45, products=[syrup], intro="Vite.", image=ImageFactory(), alt="Doré"
    )
    make_story(in_levis, full)
    html = story_html(client)
    assert all(
        words in html for words in ("20\u00a0min", "1\u00a0h\u00a005", "PT65M", "12,50\u00a0$", 'alt="Doré"')
    )
    make_story(in_levis, recipe(), slug="nue")
    html = story_html(client, slug="nue")
    assert "Du sirop" in html
    assert ('<time datetime="PT' in html, "story-recipe-goods" in html) == (False, False)


@pytest.mark.parametrize(
    ("minutes", "words"), [(5, "5\u00a0min"), (120, "2\u00a0h"), (61, "1\u00a0h\u00a001")]
)
def test_minutes_are_said_as_people_do(minutes: int, words: str) -> None:
    assert minutes_text(minutes) == words


@pytest.mark.parametrize("url", ["", "https://roy.example/"])
def test_what_was_paid_for_says_so(client: Client, in_levis, url: str) -> None:
    from wagtail.rich_text import RichText

    value = {"sponsor": "Roy <inc.>", "text": RichText("<p>Du bon.</p>"), "url": url}
    make_story(in_levis, ("sponsored_block", value))
    html = story_html(client)
    assert "Contenu commandité par Roy &lt;inc.&gt;" in html
    assert ('rel="sponsored nofollow noopener"' in html) is bool(url)


@pytest.mark.parametrize("rows", [1, 3])
def test_blocks_of_every_kind_cost_the_same_queries(client: Client, in_levis, rows: int) -> None:
    blocks: list[tuple[str, Any]] = []
    for _n in range(rows):
        seller, product = make_seller(), VariantFactory().product
        ProductPhotoFactory(product=product)
        VariantFactory(product__merchant=seller)
        blocks += [shelf(product), shelf(merchant=seller), place(seller), recipe(products=[product])]
        blocks += [("timeline_block", {"title": "", "moments": MOMENTS})]
    make_story(in_levis, *blocks)
    story_html(client)
    with CaptureQueriesContext(connection) as counted:
        html = story_html(client)
    assert (html.count('class="story-shelf"'), html.count('class="story-recipe"')) == (2 * rows, rows)
    assert len(counted) == 14


def test_shelves_places_and_recipes_mention_their_merchants(in_levis) -> None:
    seller, on_map = make_seller(), visible_merchant()
    shelved, cooked = VariantFactory().product, VariantFactory().product
    story = make_story(
        in_levis, shelf(shelved), shelf(merchant=seller), place(on_map), recipe(products=[cooked])
    )
    sync_mentions(StoryPage.objects.get(pk=story.pk))
    assert mentioned(story) == {seller.pk, on_map.pk, shelved.merchant_id, cooked.merchant_id}


def test_no_block_takes_a_strangers_row(levis, bellechasse) -> None:
    """As the editor's form reads what a browser posts; our own is taken, which is the control."""
    with portal_scope(bellechasse):
        theirs = VariantFactory().product
    with portal_scope(levis):
        ours = VariantFactory().product
        assert faults_of_blocks(theirs) == ["place", "recipe", "shelf", "shelf of a merchant"]
        assert faults_of_blocks(ours) == []


def test_parts_of_a_series_are_told_in_order_and_drafts_are_not(client: Client, in_levis) -> None:
    series = SeriesFactory(title="La nuit du pain")
    for part, live in ((2, True), (3, False), (1, True)):
        title = f"Partie {part}"
        make_story(in_levis, slug=f"p-{part}", title=title, series=series, series_part=part, live=live)
    html = story_html(client, slug="p-2").partition('class="story-series"')[2].partition("</nav>")[0]
    assert html.index("La nuit du pain") < html.index("Partie 1") < html.index('aria-current="page">Partie 2')
    assert "Partie 3" not in html
    make_story(in_levis, slug="seule", series=SeriesFactory(), series_part=1)
    assert (
        "<ol>"
        not in story_html(client, slug="seule").partition('class="story-series"')[2].partition("</nav>")[0]
    )


def test_feed_says_who_paid(client: Client, in_levis) -> None:
    make_story(
        in_levis, deck="Du bon.", sponsored=True, sponsor="Roy", section=SectionFactory(name="À table")
    )
    text = client.get("/histoires/rss/", headers={"host": "localhost"}).content.decode()
    assert "<description>Contenu commandité par Roy – Du bon.</description>" in text
    assert "<category>Contenu commandité</category><category>À table</category>" in text


def test_feed_shows_the_photo_with_its_length_and_names_who_wrote(client: Client, in_levis) -> None:
    story = sign(make_story(in_levis, lead_image=ImageFactory()), name="Ève Roy")
    text = client.get("/histoires/rss/", headers={"host": "localhost"}).content.decode()
    picture = story.lead_image.get_rendition("fill-1200x675|format-jpeg")
    [enclosure] = re.findall(r"<enclosure (.*?)/?>", text)
    assert set(re.findall(r'(\w+)="(.*?)"', enclosure)) == {
        ("url", f"http://localhost{picture.url}"),
        ("length", str(picture.file.size)),
        ("type", "image/jpeg"),
    }
    assert "Ève Roy</dc:creator>" in text
    assert "<language>fr-CA</language>" in text


def faults_of_blocks(product: Any) -> list[str]:
    """Which of the blocks are refused with this product or its merchant."""
    shop, goods = product.merchant_id, [product.pk]
    chosen = {
        "shelf": ("shelf_block", {"title": "", "products": goods, "merchant": None}),
        "shelf of a merchant": ("shelf_block", {"title": "", "products": [], "merchant": shop}),
        "place": place(shop),
        "recipe": recipe(intro="", products=goods),
    }
    return sorted(name for name, (kind, value) in chosen.items() if is_refused(kind, value))


def is_refused(kind: str, posted: dict[str, Any]) -> bool:
    block = StoryPage.body.field.stream_block.child_blocks[kind]
    value = dict(posted)
    value["merchant"] = chosen_row(block, "merchant", posted.get("merchant"))
    value["products"] = [chosen_row(block, "products", key) for key in posted.get("products", ())]
    try:
        block.clean(
            block.normalize({name: kept for name, kept in value.items() if name in block.child_blocks})
        )
    except (ValidationError, StreamBlockValidationError):
        return True
    return False


def chosen_row(block: Any, name: str, key: int | None) -> Any:
    """What the chooser of that name makes of a key that a browser posts."""
    if key is None:
        return None
    child = block.child_blocks[name]
    return getattr(child, "child_block", child).value_from_form(str(key))
