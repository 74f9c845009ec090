"""The queries of queries.toml: at least 95 of a hundred find what people mean among the first three."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory
from wagtail.models import Site

from directory.models import Merchant
from directory.open_now import is_open_condition, opens_on_condition
from home.tenancy import portal_scope
from portal.search_page.results import results_context
from portal.search_page.suggesting import suggestions_for
from tests.directory.searching import town

QUERIES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("queries.toml").read_text("utf-8"))
SUNDAY = dt.date(2026, 11, 29)
AT_LEAST = 0.95


@pytest.fixture(scope="module")
def levis(kept_rows: None, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demo's town, made once for this module."""
    site = Site.objects.select_related("root_page").get(hostname="localhost")
    with (
        pytest.MonkeyPatch.context() as patch,
        portal_scope(site),
        time_machine.travel(town.MOMENT, tick=False),
    ):
        patch.setattr("django.conf.settings.MEDIA_ROOT", tmp_path_factory.mktemp("pictures"))
        town.build(site)
    return site


@pytest.fixture(autouse=True)
def _on_a_monday(levis: Site) -> Iterator[None]:
    with portal_scope(levis), time_machine.travel(town.MOMENT, tick=False):
        yield


def ask(q: str) -> dict[str, Any]:
    return results_context(RequestFactory().get("/recherche/", {"q": q}))


def first_three(q: str) -> dict[str, list[Any]]:
    return {group.kind: group.rows[:3] for group in ask(q)["groups"]}


def is_meant(q: str, meant: list[str]) -> bool:
    shown = first_three(q)
    kind, _, value = meant[0].partition(":")
    merchants = shown.get("merchant", [])
    if kind in {"sector", "category"}:
        return bool(merchants) and all(getattr(row, kind).slug == value for row in merchants)
    if kind == "open":
        keys = [row.pk for row in merchants]
        opens = {
            "dimanche": opens_on_condition(SUNDAY, town.MOMENT),
            "maintenant": is_open_condition(town.MOMENT),
        }
        return len(keys) == 3 == Merchant.objects.filter(opens[value], pk__in=keys).count()
    return any(str(row).replace("\u00a0", " ") in meant for rows in shown.values() for row in rows)


def test_what_people_mean_is_among_the_first_three(record_property) -> None:
    missed = [q for q, meant in QUERIES.items() if not is_meant(q, meant)]
    record_property("search: queries that find what is meant", len(QUERIES) - len(missed))
    assert len(QUERIES) >= 120
    shown = {q: [str(row) for rows in first_three(q).values() for row in rows] for q in missed}
    assert len(QUERIES) - len(missed) >= AT_LEAST * len(QUERIES), shown


def test_mistyped_word_is_put_right_and_said() -> None:
    asked = ask("l’epicrie fine")["asked"]
    assert (asked.shown, asked.typed) == ("l’épicerie fine", "l’epicrie fine")
    assert ask("boulangerie")["asked"].shown == ""


def test_what_has_some_of_the_words_is_said_to() -> None:
    context = ask("savon trottinette")
    assert context["is_loose"]
    assert any("avon" in str(row) for group in context["groups"] for row in group.rows)


def test_suggestions_end_the_word_and_name_the_things() -> None:
    offered = suggestions_for("fromag")
    assert {"fromage", "fromagerie"} <= {one.title for one in offered if not one.kind}
    assert ("Fromagerie du Rang Croche", "/commerces/fromagerie-du-rang-croche/") in {
        (one.title, one.url) for one in offered
    }
    assert "Le cercle du jeudi soir" in {one.title for one in suggestions_for("cercle du jeu")}
    assert [one.title for one in suggestions_for("boulangrie")] == ["boulangerie"]
