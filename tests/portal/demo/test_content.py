"""The words of the towns: enough of them, well set, and believable."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date

import phonenumbers
import pytest

from portal.demo.pictures.motifs import MOTIFS
from portal.demo.pictures.scenes import SCENES, Scene
from portal.demo.pictures.still_life import StillLife
from portal.demo.plans import MerchantPlan, TownPlan
from portal.demo.reading import TOWNS, kinds, read_town

TODAY = date(2026, 11, 22)
PREFIXES = {  # QUEBEC.md, places
    "Lévis": {"G6V", "G6W"},
    "Pintendre": {"G6C"},
    "Saint-Joseph-de-la-Pointe-De Lévy": {"G6V"},
    "Saint-Romuald": {"G6W"},
    "Charny": {"G6X"},
    "Saint-Jean-Chrysostome": {"G6Z"},
    "Sainte-Hélène-de-Breakeyville": {"G6Y"},
    "Saint-Nicolas": {"G7A"},
    "Saint-Rédempteur": {"G6K"},
    "Saint-Étienne-de-Lauzon": {"G6J"},
}
MIDDLES = {"Lévis": (46.810, -71.178), "Saint-Romuald": (46.757, -71.235), "Saint-Nicolas": (46.700, -71.391)}


@pytest.fixture(scope="module")
def levis() -> TownPlan:
    return read_town("levis", seed=1, today=TODAY)


@pytest.fixture(scope="module")
def bellechasse() -> TownPlan:
    return read_town("bellechasse", seed=1, today=TODAY)


@pytest.fixture(scope="module", params=TOWNS)
def town(request: pytest.FixtureRequest) -> TownPlan:
    return request.getfixturevalue(request.param)


def words_of(thing: object) -> Iterator[str]:
    """Every string a person reads, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        yield from (found for value in thing.values() for found in words_of(value))
    elif isinstance(thing, (tuple, list)):
        yield from (found for value in thing for found in words_of(value))
    elif is_dataclass(thing) and "Portrait" not in type(thing).__name__:
        yield from (found for each in fields(thing) for found in words_of(getattr(thing, each.name)))


def prose_of(town: TownPlan) -> list[str]:
    return [text for text in words_of(town) if " " in text or "\u00a0" in text]


def test_levis_is_as_large_as_promised(levis: TownPlan) -> None:
    tiers = Counter(plan.tier for plan in levis.merchants)
    products = [item for plan in levis.sellers if plan.shop for item in plan.shop.products]
    assert len(levis.merchants) == 120
    assert tiers == {"transactional": 12, "linked_shop": 42, "listing": 66}
    assert len(products) >= 80
    assert all(item.picture for item in products)
    assert len(levis.stories) == 12
    assert len([story for story in levis.stories if story.sponsor]) == 1


def test_bellechasse_is_as_large_as_promised(bellechasse: TownPlan) -> None:
    assert len(bellechasse.merchants) == 15
    assert len(bellechasse.stories) == 3
    assert {plan.sector for plan in bellechasse.merchants} == {sector.slug for sector in bellechasse.sectors}


def test_towns_share_neither_hues_nor_words_for_shops(levis: TownPlan, bellechasse: TownPlan) -> None:
    for name in ("color_ink", "color_accent", "color_paper", "journal_name"):
        assert levis.settings[name] != bellechasse.settings[name]
    assert not {row.name for row in levis.categories} & {row.name for row in bellechasse.categories}
    assert not {row.color for row in levis.sectors} & {row.color for row in bellechasse.sectors}
    assert not {plan.phone for plan in levis.merchants} & {plan.phone for plan in bellechasse.merchants}


FAULTS = {
    "a straight apostrophe": re.compile(r"'"),
    "an ordinary space before : or $ or %": re.compile(r" [:$%](?=[\s<.,;]|$)"),
    "a missing space before :": re.compile(r"[a-zà-ÿ]:(?=\s)"),
    "a space before ; or ! or ?": re.compile(r"[\s\u00a0][;!?]"),
    "no no-break space inside « »": re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"),
    "an ordinary space in an hour": re.compile(r"\d h\b|\dh\d| h \d\d\b"),
    "three dots": re.compile(r"\.\.\."),
    "two spaces": re.compile(r"  "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_words_are_set_as_french_is(town: TownPlan, fault: str) -> None:
    assert [text for text in prose_of(town) if FAULTS[fault].search(text)] == []


def test_story_is_a_story(town: TownPlan) -> None:
    for story in town.stories:
        told = [said for said in story.body if said.kind in ("text", "heading", "quote")]
        count = sum(len(re.sub(r"<[^>]+>", "", f"{said.words} {said.extra}").split()) for said in told)
        assert 350 <= count <= 700, f"{story.slug}: {count} words"
        assert {"quote", "merchant", "product", "heading"} <= {said.kind for said in story.body} | {"product"}
        assert len(story.deck) <= 300
        assert len(story.kicker) <= 60


def test_story_points_at_what_is_there(town: TownPlan) -> None:
    shelves = {
        f"{plan.slug}/{item.slug}" for plan in town.sellers if plan.shop for item in plan.shop.products
    }
    for story in town.stories:
        pointed = {
            kind: {said.words for said in story.body if said.kind == kind} for kind in ("merchant", "product")
        }
        assert pointed["merchant"] <= {plan.slug for plan in town.merchants}
        assert pointed["product"] <= shelves


def test_two_stories_show_every_kind_of_block(levis: TownPlan) -> None:
    kinds_of = {story.slug: {said.kind for said in story.body} for story in levis.stories}
    new = {"shelf", "place", "recipe", "quote", "heading", "text"}
    assert new | {"timeline"} <= kinds_of["le-pain-se-leve-avant-nous"]
    assert new | {"gallery", "sponsored"} <= kinds_of["le-fromage-qui-couine"]


def test_newsroom_keeps_whoever_signs_and_a_series_of_five(town: TownPlan, levis: TownPlan) -> None:
    signed = {story.byline.partition(", pour")[0] for story in town.stories}
    assert signed == {author.name for author in town.newsroom.authors}
    assert {story.section for story in town.stories} <= {name for name, _intro in town.newsroom.sections}
    parts = sorted((story.part, -story.days_ago) for story in levis.stories if story.series)
    assert [part for part, _when in parts] == [1, 2, 3, 4, 5]
    assert parts == sorted(parts, key=lambda part: part[1])


def test_postal_code_agrees_with_the_sector(levis: TownPlan) -> None:
    names = {sector.slug: sector.name for sector in levis.sectors}
    assert set(names.values()) == set(PREFIXES)
    for plan in levis.merchants:
        assert plan.postal_code[:3] in PREFIXES[names[plan.sector]], plan.name
        assert plan.city == "Lévis"


def test_shops_stand_on_the_south_shore(levis: TownPlan) -> None:
    names = {sector.slug: sector.name for sector in levis.sectors}
    for plan in levis.merchants:
        if names[plan.sector] in MIDDLES:
            latitude, longitude = MIDDLES[names[plan.sector]]
            assert latitude - 0.03 < plan.latitude < latitude
            assert abs(plan.longitude - longitude) < 0.03


def test_nobody_is_twice_or_real(town: TownPlan) -> None:
    for name in ("slug", "name", "phone", "legal_name"):
        twice = [
            value
            for value, count in Counter(getattr(plan, name) for plan in town.merchants).items()
            if count > 1
        ]
        assert twice == [], name
    for plan in town.merchants:
        assert phonenumbers.is_valid_number(phonenumbers.parse(plan.phone))
        assert plan.phone[5:10] == "55501"
        for address in filter(None, (plan.website_url, plan.shop_url)):
            assert address.removesuffix("/").endswith(".example")


def test_no_two_names_differ_by_their_trade_alone(town: TownPlan) -> None:
    """« Fleuriste Marguerite » and « Salon Marguerite »: one of them is a machine's."""
    ends = Counter(plan.name.split()[-1] for plan in town.merchants)
    assert [word for word, count in ends.items() if count > 2] == []


def test_every_kind_of_hours_is_there(levis: TownPlan) -> None:
    spans = {plan.slug: plan.weekly for plan in levis.merchants}
    assert any(span.closes < span.opens for each in spans.values() for span in each), "past midnight"
    assert any(span.closes == span.opens for each in spans.values() for span in each), "round the clock"
    twice_a_day = [
        each for each in spans.values() if max(Counter(span.weekday for span in each).values()) == 2
    ]
    assert len(twice_a_day) > 5, "closed for lunch"
    assert len([each for each in spans.values() if 0 not in {span.weekday for span in each}]) > 40, (
        "closed on Monday"
    )
    reasons = {day.reason for plan in levis.merchants for day in plan.special}
    assert {"Fête nationale", "Noël", "Congé annuel"} <= reasons


def test_tax_numbers_have_their_shape(town: TownPlan) -> None:
    for plan in town.sellers:
        assert plan.shop is not None
        assert re.fullmatch(r"(\d{9} RT\d{4})?", plan.shop.gst_number)
        assert re.fullmatch(r"(\d{10} TQ\d{4})?", plan.shop.qst_number)


def shop_named(town: TownPlan, slug: str) -> MerchantPlan:
    return town.merchant(slug)


def test_special_shops_are_what_the_contract_says(levis: TownPlan) -> None:
    vineyard, books, cheese = (
        shop_named(levis, slug).shop
        for slug in ("vignoble-des-trois-marees", "librairie-la-virgule-bleue", "fromagerie-du-rang-croche")
    )
    assert vineyard is not None
    assert books is not None
    assert cheese is not None
    assert (bool(vineyard.gst_number), bool(vineyard.qst_number)) == (False, True)
    assert len([item for item in vineyard.products if item.is_alcohol]) == 5
    assert {item.tax_class for item in cheese.products} == {"zero_rated"}
    assert len([item for item in books.products if item.tax_class == "gst_only"]) == 8
    assert all(bool(item.isbn) == (item.tax_class == "gst_only") for item in books.products)


def test_isbn_ends_in_its_check_digit(levis: TownPlan) -> None:
    numbers = [item.isbn for plan in levis.sellers if plan.shop for item in plan.shop.products if item.isbn]
    for number in numbers:
        digits = [int(sign) for sign in number if sign.isdigit()]
        assert sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0, number


def test_every_drawing_is_known_to_the_press(town: TownPlan) -> None:
    drawings = [
        item.picture.drawing
        for plan in town.sellers
        if plan.shop
        for item in plan.shop.products
        if item.picture
    ]
    assert {each.motif for each in drawings if isinstance(each, StillLife)} <= set(MOTIFS)
    assert {
        story.lead.drawing.name for story in town.stories if isinstance(story.lead.drawing, Scene)
    } <= set(SCENES)
    assert {ware for kind in kinds().values() for ware in kind["wares"]} <= set(MOTIFS)
    assert len(
        {story.lead.drawing.name for story in town.stories if isinstance(story.lead.drawing, Scene)}
    ) == len(town.stories)


def test_same_seed_is_the_same_town() -> None:
    first, again = (read_town("levis", seed=7, today=TODAY, merchants=300) for _ in range(2))
    assert first == again
    assert len(first.merchants) + len(first.fillers) == 300


def test_another_seed_moves_the_shops_but_keeps_their_words(levis: TownPlan) -> None:
    other = read_town("levis", seed=2, today=TODAY)
    assert [plan.name for plan in other.merchants] == [plan.name for plan in levis.merchants]
    assert [plan.postal_code for plan in other.merchants] != [plan.postal_code for plan in levis.merchants]


def test_ten_thousand_have_each_a_name_and_a_trade_of_their_own() -> None:
    town = read_town("levis", seed=1, today=TODAY, merchants=10_000)
    names = {plan.slug for plan in (*town.merchants, *town.fillers)}
    categories = {row.slug for row in town.categories}
    assert len(names) == 10_000
    assert {plan.category for plan in town.fillers} <= categories
    garages = [plan for plan in town.fillers if plan.name.startswith("Garage")]
    assert {plan.category for plan in garages} == {"autos"}


def test_more_than_the_words_allow_is_refused() -> None:
    with pytest.raises(ValueError, match="not 98880"):
        read_town("levis", seed=1, today=TODAY, merchants=99_000)


def test_privacy_page_tells_of_the_law_and_leaves_the_person_to_the_settings(town: TownPlan) -> None:
    privacy = next(page for page in town.pages if page.slug == "confidentialite")
    text = " ".join(said.words for said in privacy.body)
    assert town.settings["privacy_officer"]
    assert "Loi 25" in text
    assert not [said for page in town.pages for said in page.body if "{" in said.words]
