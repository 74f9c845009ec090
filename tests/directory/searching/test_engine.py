"""A search engine beside PostgreSQL: it names what answers, and the table has the last word.

Tried against ``stand_in``, over HTTP, with the client that a real cluster is spoken to with.
"""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.models.deletion import Collector
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.models import Site

from directory.enums import SearchKind
from directory.models import IndexedEntry, Merchant, SearchEntry, SearchStale
from directory.search import in_order, matching
from directory.searching import engine
from directory.searching.asking import asked_of
from directory.searching.finding import best, keys_for
from directory.searching.refreshing import keep_fresh, refresh_all
from home.tenancy import portal_scope
from portal.settings.environment import search_settings
from tests.directory.searching.stand_in import Spoiled, StandIn
from tests.factories import MerchantFactory, make_merchant_page
from tests.portal.towns import Town

ALIAS = "essai_directory_searchentry"


@pytest.fixture
def opensearch(settings: Any) -> Iterator[StandIn]:
    with StandIn() as stand_in:
        settings.SEARCH_ENGINE = search_settings(f"{stand_in.url}?index=essai_")
        cache.delete(engine.SILENT)
        yield stand_in
        backend = engine.engine()
        assert backend is not None
        backend.es.close()
        cache.delete(engine.SILENT)


@pytest.fixture
def cobbler(in_levis: Site, opensearch: StandIn) -> Merchant:
    """A merchant of the portal, in a table and an index that are whole."""
    merchant = MerchantFactory(name="Cordonnerie Bottine", keywords="talons")
    make_merchant_page(merchant)
    call_command("rebuild_search", stdout=io.StringIO())
    opensearch.asked.clear()
    return merchant


def found(q: str) -> list[str]:
    asked = asked_of(q)
    return [merchant.name for merchant in in_order(matching(Merchant.objects.visible(), asked), asked)]


def name_of(merchant: Merchant) -> str:
    return f"{SearchKind.MERCHANT}-{merchant.pk}"


def test_index_is_made_of_plain_words_and_stemmed_as_french(cobbler: Merchant, opensearch: StandIn) -> None:
    (name,) = opensearch.aliases[ALIAS]
    analysis = opensearch.made_with[name]["settings"]["analysis"]
    assert analysis["filter"]["snowball_french"] == {"type": "stemmer", "language": "french"}
    assert analysis["analyzer"]["default"]["filter"] == ["lowercase", "snowball_french"]
    document = opensearch.documents(ALIAS)[name_of(cobbler)]
    assert (document["site_id_filter"], document["kind_filter"]) == (cobbler.site_id, SearchKind.MERCHANT)
    assert "cordonnerie bottine" in document.values()


def test_engine_is_asked_once_for_this_portal_and_what_it_names_is_found(
    cobbler: Merchant, opensearch: StandIn
) -> None:
    asked = asked_of("bottines talon")
    assert (
        list(keys_for(SearchKind.MERCHANT, asked))
        == list(keys_for(SearchKind.MERCHANT, asked))
        == [cobbler.pk]
    )
    (body,) = opensearch.searches()
    assert f'{{"term": {{"site_id_filter": {cobbler.site_id}}}}}' in str(body).replace("'", '"')
    opensearch.documents(ALIAS).clear()
    assert found("bottine") == []


def test_any_word_will_do_where_not_all_are_there(cobbler: Merchant) -> None:
    visible = {str(SearchKind.MERCHANT): Merchant.objects.visible()}
    asked = asked_of("bottine introuvable")
    assert best(asked, visible, most=6) == {}
    assert best(asked, visible, most=6, loosely=True)[SearchKind.MERCHANT].keys == [cobbler.pk]


def test_nothing_of_another_portal_and_nothing_hidden_is_shown_whatever_the_index_says(
    here: Town, there: Town, opensearch: StandIn
) -> None:
    call_command("rebuild_search", stdout=io.StringIO())
    with portal_scope(there.site):
        theirs = set(Merchant.objects.values_list("pk", flat=True))
    with portal_scope(here.site):
        ours = set(Merchant.objects.visible().values_list("pk", flat=True))
        hidden = Merchant.objects.visible().first()
        opensearch.hits = [f"merchant-{key}" for key in ours | theirs]
        visible = {str(SearchKind.MERCHANT): Merchant.objects.visible()}
        assert set(best(asked_of("rien"), visible, most=60)[SearchKind.MERCHANT].keys) == ours
        assert set(matching(Merchant.objects.visible(), "rien").values_list("pk", flat=True)) == ours
        Merchant.objects.filter(pk=hidden.pk).update(suspended_at=timezone.now())
        shown = best(asked_of("rien"), visible, most=60).get(SearchKind.MERCHANT)
        assert hidden.pk not in (shown.keys if shown else [])


SPOILED: dict[str, Spoiled] = {
    "unwell": (503, "application/json", '{"error": "no master"}'),
    "somebody's login page": (200, "text/html", "<h1>Bonjour</h1>"),
    "text": (200, "text/plain", "Bonjour"),
    "nothing": (200, "application/json", ""),
    "no hits": (200, "application/json", "{}"),
    "a list": (200, "application/json", "[]"),
    "broken": (200, "application/json", '{"hits": '),
    "names of nothing": (
        200,
        "application/json",
        '{"timed_out": false, "_shards": {"failed": 0}, "hits": {"hits": [{"_id": "x"}]}}',
    ),
    "a key past every key": (
        200,
        "application/json",
        '{"timed_out": false, "_shards": {"failed": 0}, "hits": {"hits": [{"_id": "merchant-99999999999999999999"}]}}',
    ),
    "a part": (
        200,
        "application/json",
        '{"timed_out": true, "_shards": {"failed": 0}, "hits": {"hits": []}}',
    ),
}


@pytest.mark.parametrize("how", SPOILED)
def test_postgresql_finds_where_the_engine_answers_nonsense(
    cobbler: Merchant, opensearch: StandIn, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    opensearch.spoiled = SPOILED[how]
    with caplog.at_level(logging.WARNING, "directory.searching.engine"):
        assert found("bottine") == [cobbler.name]
        assert found("talon") == [cobbler.name]
    assert len(opensearch.asked) == 1
    (record,) = [record for record in caplog.records if record.name == "directory.searching.engine"]
    assert "PostgreSQL finds meanwhile" in record.getMessage()


def test_index_that_was_never_built_is_no_reason_to_find_nothing(
    in_levis: Site, opensearch: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    merchant = MerchantFactory(name="Cordonnerie Bottine")
    make_merchant_page(merchant)
    keep_fresh(timezone.now())
    assert found("bottine") == [merchant.name]
    assert not opensearch.indexes
    assert "manage.py rebuild_search makes one" in caplog.text
    assert SearchStale.objects.exists()
    call_command("rebuild_search", stdout=io.StringIO())
    assert not SearchStale.objects.exists()
    assert name_of(merchant) in opensearch.documents(ALIAS)


def test_worker_sends_what_changed_and_takes_away_what_is_gone(
    cobbler: Merchant, opensearch: StandIn
) -> None:
    Merchant.objects.filter(pk=cobbler.pk).update(name="Zibeline")
    keep_fresh(timezone.now())
    assert "zibeline" in opensearch.documents(ALIAS)[name_of(cobbler)].values()
    assert found("zibeline") == ["Zibeline"]
    Merchant.objects.filter(pk=cobbler.pk).update(suspended_at=timezone.now())
    keep_fresh(timezone.now())
    assert name_of(cobbler) not in opensearch.documents(ALIAS)
    assert not SearchStale.objects.exists()
    asked = len(opensearch.asked)
    keep_fresh(timezone.now())
    assert len(opensearch.asked) == asked


def test_what_changed_while_the_engine_was_down_is_sent_after_it(
    cobbler: Merchant, opensearch: StandIn
) -> None:
    opensearch.spoiled = SPOILED["unwell"]
    Merchant.objects.filter(pk=cobbler.pk).update(name="Zibeline")
    keep_fresh(timezone.now())
    assert found("zibeline") == ["Zibeline"]
    assert SearchStale.objects.filter(is_told=True).exists()
    assert not SearchStale.objects.filter(is_told=False).exists()
    opensearch.spoiled = None
    keep_fresh(timezone.now())
    assert SearchStale.objects.exists()  # it is silent still
    cache.delete(engine.SILENT)
    keep_fresh(timezone.now())
    assert not SearchStale.objects.exists()
    assert "zibeline" in opensearch.documents(ALIAS)[name_of(cobbler)].values()


def test_marks_for_an_engine_that_is_no_more_are_done_with(
    cobbler: Merchant, opensearch: StandIn, settings: Any
) -> None:
    address = settings.SEARCH_ENGINE
    Merchant.objects.filter(pk=cobbler.pk).update(name="Zibeline")
    refresh_all()
    assert SearchStale.objects.filter(is_told=True).exists()
    settings.SEARCH_ENGINE = None
    keep_fresh(timezone.now())
    assert not SearchStale.objects.exists()
    settings.SEARCH_ENGINE = address


def test_rebuild_takes_the_place_of_the_old_index_and_one_that_fails_leaves_it(
    cobbler: Merchant, opensearch: StandIn
) -> None:
    (old,) = opensearch.aliases[ALIAS]
    call_command("rebuild_search", stdout=io.StringIO())
    (new,) = opensearch.aliases[ALIAS]
    assert new != old
    assert list(opensearch.indexes) == [new]
    opensearch.refuses_documents = True
    with pytest.raises(CommandError, match="Run this again"):
        call_command("rebuild_search", stdout=io.StringIO())
    assert (opensearch.aliases, list(opensearch.indexes)) == ({ALIAS: {new}}, [new])
    assert found("bottine") == [cobbler.name]


def test_wagtails_own_search_knows_nothing_of_entries(in_levis: Site) -> None:
    assert not post_save.has_listeners(SearchEntry)
    assert not post_save.has_listeners(IndexedEntry)
    assert not post_delete.has_listeners(SearchEntry)
    assert Collector("default").can_fast_delete(SearchEntry.objects.all())
    make_merchant_page(MerchantFactory())
    refresh_all()
    assert SearchEntry.objects.exists()
    assert not IndexedEntry.get_indexed_objects().exists()
