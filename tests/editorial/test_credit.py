"""From a story to an order: its links carry a mark for one visit, and nothing else of the portal takes any notice."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import Page

from directory.counting.credit import LETTER_LASTS, VISIT, Credit, sign_credit
from directory.enums import Source
from directory.hours import ZONE
from directory.models import Merchant
from directory.searching.refreshing import refresh_all
from editorial.credit import SOURCES, credited, token_of
from home.models import PortalSettings
from home.templatetags.language_tags import languages
from home.tenancy import portal_scope
from shop.models import CartItem, Order
from tests.editorial.test_campaigns import make_campaign
from tests.editorial.test_stories import make_story, visible_merchant
from tests.factories import MembershipFactory, VariantFactory, make_seller
from tests.portal.people import proved
from tests.portal.towns import Town, place

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 7, tzinfo=ZONE)
LEVIS = {"headers": {"host": "localhost"}}
ROOT = Path(__file__).parents[2]
TOKEN = "s1-tkabc.signature"


@pytest.fixture(autouse=True)
def _monday_noon() -> Iterator[Any]:
    with time_machine.travel(MONDAY_NOON, tick=False) as clock:
        yield clock


# ------------------------------------------------------------------------------------------------------------ the links


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ('<a href="/commerces/roy/">', f'<a href="/commerces/roy/?de={TOKEN}">'),
        (
            '<a class="x" href="/en/boutique/roy/miel/">',
            f'<a class="x" href="/en/boutique/roy/miel/?de={TOKEN}">',
        ),
        ('<a href="/boutique/?q=miel#b">', f'<a href="/boutique/?q=miel&amp;de={TOKEN}#b">'),
        ('<a href="http://localhost/boutique/">', f'<a href="http://localhost/boutique/?de={TOKEN}">'),
        ('<a href="/sortie/site.abc/">', f'<a href="/sortie/site.abc/?de={TOKEN}">'),
        (
            '<form class="g" action="/cadeaux/" method="get">',
            f'<form class="g" action="/cadeaux/" method="get"><input type="hidden" name="de" value="{TOKEN}">',
        ),
    ],
)
def test_link_into_the_portal_is_marked(html: str, marked: str) -> None:
    assert credited(html, TOKEN, host="localhost") == marked


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://ailleurs.test/boutique/">',
        '<a href="/politique/">',
        '<a href="tel:+14185550123">',
        '<use href="/static/icons/sprite.svg#route">',
        '<img src="/boutique/x.jpg">',
        '<form action="/boutique/" method="post">',
    ],
)
def test_link_to_anywhere_else_is_not(html: str) -> None:
    assert credited(html, TOKEN, host="localhost") == html


@pytest.mark.parametrize(
    ("asked", "kept"), [(f"?de={TOKEN}&v=une", ""), ("?q=pain&de=histoires", "?q=pain&de=histoires")]
)
def test_language_switch_takes_no_mark_along_and_keeps_what_was_searched(asked: str, kept: str) -> None:
    request = RequestFactory().get(f"/recherche/{asked}")
    shown = languages({"request": request, "portal": PortalSettings(offers_english=True)})
    assert [each["url"] for each in shown] == ["", f"/en/recherche/{kept}"]


def test_readers_of_the_same_minutes_carry_the_same_mark(in_levis) -> None:
    page = make_story(in_levis)
    assert token_of(page, now=MONDAY_NOON) == token_of(page, now=MONDAY_NOON + dt.timedelta(minutes=2))
    assert token_of(page, now=MONDAY_NOON) != token_of(page, now=MONDAY_NOON + dt.timedelta(minutes=10))
    assert token_of(Page(), now=MONDAY_NOON) == ""


def blocks_about(variant: Any, merchant: Any) -> list[tuple[str, Any]]:
    products, places = [variant.product], {"title": "", "address": "", "directions": ""}
    point = {"latitude": None, "longitude": None, "merchant": merchant, **places}
    recipe = {"title": "Tarte", "servings": "8 parts", "ingredients": ["Du sirop"], "steps": ["Cuire."]}
    return [
        ("text_block", '<p><a href="/boutique/">La boutique</a></p>'),
        ("merchant_block", {"merchant": merchant}),
        ("product_block", {"product": variant.product}),
        ("shelf_block", {"title": "", "products": products, "merchant": None}),
        ("place_block", point),
        ("recipe_block", {**recipe, "products": products}),
    ]


def test_every_block_of_a_story_leads_from_it_and_its_page_names_no_mark(client: Client, in_levis) -> None:
    variant, merchant = VariantFactory(), visible_merchant()
    page = make_story(in_levis, *blocks_about(variant, merchant))
    token = token_of(page, now=MONDAY_NOON)
    html = client.get("/histoires/histoire/", **LEVIS).content.decode()
    product = f"/boutique/{variant.product.merchant.slug}/{variant.product.slug}/"
    for path, times in ((product, 3), (f"/commerces/{merchant.slug}/", 2), ("/boutique/", 1)):
        assert html.count(f'href="{path}?de={token}"') == times, path
        assert path == "/boutique/" or f'href="{path}"' not in html
    assert "de=" not in html.partition("<body")[0]
    for feed in ("/histoires/rss/", "/sitemap.xml"):
        assert "de=s" not in client.get(feed, **LEVIS).content.decode()


def test_campaign_marks_its_shelves_its_stories_and_its_gifts(client: Client, in_levis) -> None:
    make_story(in_levis)
    shelves = [
        ("product_shelf", {"title": "Sous le sapin", "products": [VariantFactory().product], "size": "4"}),
        ("merchant_shelf", {"title": "À voir", "merchants": [visible_merchant()], "size": "4"}),
        ("story_shelf", {"title": "À lire", "stories": []}),
        ("gift_finder", {"title": "Une idée", "words": ""}),
    ]
    page = make_campaign(in_levis, body=shelves)
    html = client.get("/campagnes/noel/", **LEVIS).content.decode()
    mark = f"de={token_of(page, now=MONDAY_NOON)}"
    for path in ("/boutique/[^/]+/[^/]+/", "/commerces/[^/]+/", "/histoires/histoire/"):
        assert re.search(rf'href="{path}\?{mark}"', html), path
    assert f'name="de" value="{mark.removeprefix("de=")}"' in html


def answers(client: Client, address: str) -> str:
    """Without what is drawn anew for each answer, and without the names of picture files."""
    cache.clear()
    html = client.get(address, **LEVIS).content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value|nonce|src|srcset)="[^"]*"', "", html)


def test_no_answer_depends_on_the_marks_and_none_takes_them_along(client: Client, in_levis) -> None:
    variant, merchant = VariantFactory(), visible_merchant()
    page = make_story(in_levis, *blocks_about(variant, merchant))
    make_campaign(in_levis, slug="noel", body=[])
    product = f"/boutique/{variant.product.merchant.slug}/{variant.product.slug}/"
    places = ("/", f"/commerces/{merchant.slug}/", "/commerces/", product, "/cadeaux/", "/en/boutique/")
    for address in (*places, "/histoires/histoire/", "/campagnes/noel/"):
        mark = f"?de={token_of(page, now=MONDAY_NOON)}&v=affiche"
        assert answers(client, address) == answers(client, address + mark), address


# ----------------------------------------------------------------------------------------------------------- the visit


def token(source: Source, page_id: int, site: Any, *, ago: dt.timedelta = dt.timedelta(0)) -> str:
    return sign_credit(source, page_id, site_id=site.pk, now=timezone.now() - ago)


def add(client: Client, variant: Any, *, page: str = "", **carried: str) -> tuple[str, int]:
    """What the line is credited to, once added from a page of this address."""
    address = f"/boutique/{variant.product.merchant.slug}/{variant.product.slug}/"
    said = (
        {"referer": f"http://localhost{address}{page}"} if not page.startswith("http") else {"referer": page}
    )
    posted = {"variant": variant.pk, "quantity": 1, **carried}
    assert client.post("/panier/ajouter/", posted, headers={"host": "localhost", **said}).status_code == 302
    item = CartItem.objects.latest("pk")
    return item.credit_source, item.credit_id


def test_what_is_added_from_a_marked_page_is_credited_without_a_script(client: Client, in_levis) -> None:
    mark = token(Source.STORY, 7, in_levis, ago=dt.timedelta(hours=1))
    assert add(client, VariantFactory(), page=f"?de={mark}") == ("story", 7)
    item = CartItem.objects.get()
    assert item.credited_at == timezone.now() - dt.timedelta(hours=1)
    assert set(client.cookies) == {"panier", "panier_n", "messages"}
    assert add(client, VariantFactory(), page="?v=affiche") == ("flyer", 0)
    assert add(client, VariantFactory(), page="?v=infolettre") == ("newsletter", 0)


def test_what_the_tab_carried_is_credited_and_the_page_itself_says_more(client: Client, in_levis) -> None:
    story, campaign = (token(source, 7, in_levis) for source in (Source.STORY, Source.CAMPAIGN))
    assert add(client, VariantFactory(), de=story) == ("story", 7)
    assert add(client, VariantFactory(), v="affiche") == ("flyer", 0)
    assert add(client, VariantFactory(), page=f"?de={campaign}", de=story) == ("campaign", 7)


def test_letter_is_credited_when_it_is_read(client: Client, in_levis) -> None:
    mark = token(Source.NEWSLETTER, 9, in_levis, ago=dt.timedelta(days=3))
    assert add(client, VariantFactory(), page=f"?v=infolettre&de={mark}") == ("newsletter", 9)
    assert CartItem.objects.get().credited_at == timezone.now()
    old = token(Source.NEWSLETTER, 9, in_levis, ago=LETTER_LASTS + VISIT)
    assert add(client, VariantFactory(), page=f"?v=infolettre&de={old}") == ("newsletter", 0)


def test_no_other_mark_is_believed(client: Client, in_levis, bellechasse) -> None:
    good = token(Source.STORY, 7, in_levis)
    marks = {
        "forged": f"{good[:-1]}{'A' if good[-1] != 'A' else 'B'}",
        "of another page": good.replace("s7-", "s8-", 1),
        "of another portal": token(Source.STORY, 7, bellechasse),
        "of another visit": token(Source.STORY, 7, in_levis, ago=VISIT + dt.timedelta(minutes=1)),
        "of the future": token(Source.STORY, 7, in_levis, ago=-dt.timedelta(hours=1)),
        "long": good * 40,
        "not ours": "<script>\x00é",
    }
    for what, mark in marks.items():
        assert add(client, VariantFactory(), de=mark) == ("", 0), what
        assert add(client, VariantFactory(), page=f"?de={mark}") == ("", 0), what
    assert add(client, VariantFactory(), page=f"https://ailleurs.test/?de={good}") == ("", 0)
    assert add(client, VariantFactory(), page=f"?de[]={good}&v=recherche") == ("", 0)
    assert add(
        client, VariantFactory(), page="?" + "&".join(f"a{n}=1" for n in range(40)) + f"&de={good}"
    ) == ("", 0)
    assert add(client, VariantFactory(), page="http://[", v="une") == ("", 0)


def test_own_people_of_a_merchant_credit_nothing_of_theirs(client: Client, in_levis) -> None:
    variant = VariantFactory(product__merchant=make_seller())
    client.force_login(proved(MembershipFactory(merchant=variant.product.merchant).user))
    mark = token(Source.STORY, 7, in_levis)
    assert add(client, variant, de=mark) == ("", 0)
    assert add(client, VariantFactory(), de=mark) == ("story", 7)


# ------------------------------------------------------------------------------------------------- what never reads it

READERS = {
    "directory/counting/credit.py",
    "directory/counting/figures.py",
    "directory/counting/sources.py",
    "directory/models/counts.py",
    "editorial/brought.py",
    "editorial/credit.py",
    "editorial/newsletter/marks.py",
    "portal/demo/loading/contacts.py",
    "portal/demo/loading/purchases.py",
    "portal/privacy/holdings.py",
    "portal/results/breakdown.py",
    "shop/admin/orders.py",
    "shop/carts.py",
    "shop/credit.py",
    "shop/models/carts.py",
    "shop/models/orders.py",
    "shop/placing.py",
    "shop/results.py",
    "shop/views/cart.py",
}
"""Who may know what led to an act. What sorts, shows, prices or judges merchants is not among them."""


def test_nothing_that_ranks_or_prices_reads_credit() -> None:
    words = re.compile(
        r"credit_(source|id)(\b|_)|credited_at|_(by|of)_credit\b|\b(read|sign)_credit\b|\bcredit_of_act\b"
    )
    floors = ("directory", "editorial", "home", "portal", "shop")
    code = [
        path for floor in floors for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts
    ]
    found = {str(path.relative_to(ROOT)) for path in code if words.search(path.read_text())}
    assert sorted(found - READERS) == []


RANKED = ("/", "/commerces/", "/boutique/", "/recherche/?q=produit")


def seen_after(town: Town, credit: Credit | None) -> list[str]:
    """What the lists, the search, the front page and the price of each plan say once an order was placed."""
    with transaction.atomic():
        place(town, credit=credit)
        refresh_all()
        said = [answers(town.visitor(), address) for address in RANKED]
        prices = [str(row) for row in PortalSettings.objects.order_by("pk").values()]
        prices += [
            str(row) for row in Merchant.objects.order_by("pk").values("tier", "chosen_tier", "free_until")
        ]
        transaction.set_rollback(True)
    return said + prices


def test_order_that_a_story_led_to_moves_no_merchant_and_no_price(here: Town) -> None:
    with portal_scope(here.site):
        for _other in range(3):
            VariantFactory(product__merchant=make_seller(), product__title="Produit d’à côté")
        credit = Credit(Source.STORY, here.story.pk, timezone.now())
        assert seen_after(here, credit) == seen_after(here, None)


def test_credited_order_names_a_page_of_its_own_portal(here: Town, there: Town) -> None:
    for town in (here, there):
        with portal_scope(town.site):
            place(town, credit=Credit(Source.STORY, town.story.pk, timezone.now()))
            assert misplaced() == []
    with portal_scope(here.site):
        wrong = place(here, credit=Credit(Source.CAMPAIGN, there.story.pk, timezone.now()))
        assert misplaced() == list(wrong.orders.all())


def misplaced() -> list[Order]:
    """Orders that are credited to a page of another portal, or of another kind than they say."""
    credited_orders = Order.objects.exclude(credit_id=0).select_related("site__root_page").order_by("pk")
    return [order for order in credited_orders if not is_placed(order)]


def is_placed(order: Order) -> bool:
    """What was deleted since is nowhere, and says nothing."""
    page = Page.objects.filter(pk=order.credit_id).first()
    if page is None:
        return True
    is_here = page.path.startswith(order.site.root_page.path)
    return is_here and SOURCES.get(page.specific_class) == order.credit_source
