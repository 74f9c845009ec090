"""A visitor with a mark on everything a browser says goes through the whole portal: no cookie is set, and no table
of the database holds any of the marks afterwards."""

import re
from collections import deque
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from directory.counting.sources import CREDIT
from directory.models import CountedBatch, DailyCount, Merchant
from editorial.credit import token_of
from home.tenancy import portal_scope
from tests.directory.counting.visiting import CALLS, LEAVING, SEEN, Visitor, counted
from tests.factories import CategoryFactory
from tests.portal.towns import Town

MARK = "marque7f3a9c"
ADDRESS = "203.0.113.177"
BROWSER = f"Mozilla/5.0 (X11; Linux x86_64; {MARK}) Gecko/20100101 Firefox/145.0"
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
NOT_READ = "sortie|vu|static|media|compte|inscription|mon-commerce|admin|demo|favoris|en"
OURS = re.compile(rf"^/(?!(?:{NOT_READ})/)[^?]*$")


@pytest.fixture
def town(here: Town) -> Town:
    with portal_scope(here.site):
        Merchant.objects.filter(pk=here.merchant.pk).update(
            website_url="https://boutique.exemple.test/", latitude=46.8, longitude=-71.2
        )
    return here


class Crawler(Visitor):
    """Follows every link of the portal; asks for each page's image, calls its numbers and goes out by its doors."""

    def __init__(self, town: Town) -> None:
        super().__init__(town, **{"user-agent": BROWSER})
        self.client.defaults["REMOTE_ADDR"] = ADDRESS
        self.seen: set[str] = set()
        self.cookies: set[str] = set()
        self.images = self.calls = self.doors = 0

    def crawl(self, *first: str) -> None:
        waiting = deque(first)
        while waiting:
            path = waiting.popleft()
            if path not in self.seen:
                self.seen.add(path)
                waiting += self._read(path)

    def _read(self, path: str) -> list[str]:
        answer = self._ask(path, "https://ailleurs.exemple.test/?q=" + MARK)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            return []
        page, at = answer.content.decode(), f"http://{self.town.host}{path}?utm_source={MARK}"
        for address in set(SEEN.findall(page)):
            self.images += self._ask(address, at).status_code == 200
        for address in set(CALLS.findall(page)):
            self.calls += self._ask(address, at).status_code == 200
        for address, _act in set(LEAVING.findall(page)):
            self.doors += self._ask(f"{address}?par=/{MARK}/&visite={MARK}", at).status_code == 302
        links = (unescape(link) for link in LINK.findall(page))
        return [link for link in links if OURS.match(link)]

    def _ask(self, address: str, referer: str) -> Any:
        answer = self.client.get(address, headers={"referer": referer, "x-came-from": f"/{MARK}/"})
        self.cookies |= set(answer.cookies)
        return answer


def tables_with(*marks: str) -> dict[str, int]:
    """How many rows of each table hold one of the marks in any column, whatever its type."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*) FROM {name} row WHERE row::text ILIKE ANY(%s)",
                [[f"%{mark}%" for mark in marks]],
            )
            found[table] = cursor.fetchone()[0]
    return {table: rows for table, rows in found.items() if rows}


@pytest.mark.slow
def test_a_visit_sets_no_cookie_and_leaves_no_mark_in_any_table(town: Town) -> None:
    with portal_scope(town.site):
        credit = token_of(town.story, now=timezone.now())
    crawler = Crawler(town)
    crawler.crawl("/", "/recherche/", "/tournee/", "/robots.txt", "/sitemap.xml", "/en/", "/confidentialite/")
    crawler._ask(f"/commerces/{town.merchant.slug}/?{CREDIT}={credit}", MARK)

    assert crawler.cookies == set()
    assert min(crawler.images, crawler.calls, crawler.doors) > 1
    assert len(crawler.seen) > 10
    assert sum(counted(town).values()) > 10
    assert tables_with(MARK, ADDRESS, "203.0.113") == {}


def test_a_mark_would_be_found(here: Town) -> None:
    with portal_scope(here.site):
        CategoryFactory(name=f"Catégorie {MARK.upper()}")

    assert tables_with(MARK) == {"directory_category": 1}


def test_a_basket_is_the_first_thing_that_sets_a_cookie_and_its_count_names_nobody(town: Town) -> None:
    crawler = Crawler(town)
    crawler.crawl(f"/commerces/{town.merchant.slug}/")
    assert crawler.cookies == set()
    answer = crawler.client.post("/panier/ajouter/", {"variant": town.variant.pk, "quantity": 1})

    assert answer.cookies
    assert ("basket", "product", town.variant.product_id, "outside", 0) in counted(town)
    assert tables_with(MARK, ADDRESS) == {}


def test_no_column_could_hold_a_visitor() -> None:
    """A day is the finest moment; the rest is kinds, keys of the portal's own rows, and how many times."""
    columns = {field.column: field.get_internal_type() for field in DailyCount._meta.concrete_fields}

    assert columns == {
        "id": "BigAutoField",
        "site_id": "ForeignKey",
        "day": "DateField",
        "act": "CharField",
        "source": "CharField",
        "source_id": "BigIntegerField",
        "subject": "CharField",
        "subject_id": "BigIntegerField",
        "merchant_id": "ForeignKey",
        "times": "PositiveIntegerField",
    }
    assert [field.column for field in CountedBatch._meta.concrete_fields] == ["key", "written_at"]
