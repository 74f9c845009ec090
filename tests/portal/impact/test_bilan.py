"""/bilan/: what anybody reads of a published month, and its files."""

import csv
import io
import json
import re
from html import unescape

import pytest
import time_machine
from django.test import Client
from wagtail.models import Site

from home import pdf
from home.languages import ENGLISH, speaking
from home.models import PortalSettings
from home.tenancy import portal_scope
from portal.impact import reporting, sheet
from portal.impact.models import MerchantQuote
from portal.impact.shown import shown
from portal.impact.tables import Unit, tables
from tests.factories import SectorFactory
from tests.portal.impact import pdf_words
from tests.portal.impact.samples import AUGUST, CLOSED, NOTHING_WRITTEN, OCTOBER, SEPTEMBER, a_month, publish
from tests.portal.towns import Town

GRAPH = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
needs_pdf = pytest.mark.skipif(not pdf.can_print(), reason=pdf.why_not())


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.fixture
def published(levis: Site) -> Site:
    """Lévis, drawn, with September and October."""
    with portal_scope(levis):
        PortalSettings.objects.filter(site=levis).update(town_shape="levis")
        for slug in ("charny", "pintendre", "saint-romuald"):
            SectorFactory(name=slug.title(), slug=slug)
        publish(a_month(SEPTEMBER, less=100))
        publish(a_month(OCTOBER))
    return levis


def text_of(answer) -> str:
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def rows_of(answer, delimiter: str = ";") -> list[list[str]]:
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


# ------------------------------------------------------------------------------------------------------- what it shows


@needs_pdf
def test_page_sheet_and_paper_say_the_same_to_the_unit(published: Site, reader: Client) -> None:
    page, paper = text_of(reader.get("/bilan/")), reader.get("/bilan/2026-10/bilan.pdf").content
    printed, rows = pdf_words.words(paper), rows_of(reader.get("/bilan/2026-10/bilan.csv"))[1:]
    with portal_scope(published):
        made = tables(reporting.report(OCTOBER, now=CLOSED))
    told = iter(rows)
    for table in made:
        for line in table.lines:
            for head, entry in zip(table.heads[1:], line.entries, strict=True):
                assert entry.words in page
                assert entry.words in printed
                label = f"'{line.label}" if line.label.startswith("=") else line.label
                _period, *where, value, note = next(told)
                assert where == [table.title, label, head]
                assert value == sheet.value(entry)
                assert bool(note) == (entry.hidden is not None)
    assert next(told, None) is None


def test_charts_draw_the_figures_of_their_tables(published: Site) -> None:
    with portal_scope(published):
        report = reporting.report(OCTOBER, now=CLOSED)
        told = shown(report, PortalSettings.for_site(published))
    money = told.charts["argent"].columns
    assert [column.point.entry for column in money] == [line.entries[4] for line in told.tables["mois"].lines]
    tall = [column.box.height for column in money]
    assert tall[1] == 150
    assert tall[0] / tall[1] == pytest.approx((16_321_48 - 100) / 16_321_48)
    kinds = told.charts["genres"].rows
    assert [row.point.entry for row in kinds] == [
        line.entries[0] for line in told.tables["contacts"].lines[:4]
    ]
    assert max(row.box.width for row in kinds) == kinds[1].box.width == 272
    hidden = [row for row in told.charts["sources"].rows if row.point.entry.hidden]
    assert [(row.box, row.before) for row in hidden] == [(None, None)]
    areas = told.map.areas
    assert [(area.number, area.is_hidden, area.tone is None) for area in areas] == [
        (1, False, False), (2, True, True), (3, False, False),
    ]  # fmt: skip


def test_what_is_hidden_is_a_word_with_its_reason_and_never_a_nought(published: Site, reader: Client) -> None:
    page = text_of(reader.get("/bilan/"))
    cells = re.findall(r'<td role="cell" class="impact-hidden">(.*?)</td>', page)
    assert set(cells) == {"<\u00a05\u00a0commerces", "masqué"}
    assert page.count("Le chiffre parlerait de moins de cinq commerces.") == 1
    notes = [(row[4], row[5]) for row in rows_of(reader.get("/bilan/2026-10/bilan.csv")) if row[5]]
    assert ("", "<\u00a05\u00a0commerces. Le chiffre parlerait de moins de cinq commerces.") in notes
    assert {value for value, _note in notes} == {"", "Valeur"}


def test_headline_leads_the_page_its_description_and_its_graph(published: Site, reader: Client) -> None:
    page = text_of(reader.get("/bilan/"))
    sentence = "En octobre 2026, 11 commerces d’ici ont reçu 16\u00a0321\u00a0$ de leurs ventes en ligne."
    assert f"<h1>{sentence}</h1>" in page
    plain = sentence.replace("\u00a0", " ")
    assert f'<meta name="description" content="{plain}' in page
    assert '<link rel="canonical" href="http://localhost/bilan/">' in page
    assert "noindex" not in page
    assert "<script src" not in page
    assert '<script type="module"' not in page
    nodes = json.loads(GRAPH.findall(page)[0])["@graph"]
    (dataset,) = [node for node in nodes if node["@type"] == "Dataset"]
    assert dataset["temporalCoverage"] == "2026-10-01/2026-10-31"
    assert dataset["distribution"][0]["encodingFormat"] == "text/csv"
    told = {each["name"]: each["value"] for each in dataset["variableMeasured"]}
    assert told["Argent reçu par les commerces"] == 16_321.48
    assert told["Commandes payées"] == 231


def test_a_published_month_says_since_when_and_leads_to_the_others(published: Site, reader: Client) -> None:
    page = text_of(reader.get("/bilan/2026-09/"))
    assert "Publié le 4 novembre 2026, ne change plus." in page
    assert '<a href="/bilan/2026-09/" aria-current="page">septembre 2026</a>' in page
    assert '<a href="/bilan/2026-10/">octobre 2026</a>' in page
    assert '<a href="/bilan/">Bilan</a>' in text_of(reader.get("/"))


def test_what_somebody_wrote_down_is_shown_with_its_source(published: Site, reader: Client) -> None:
    page = text_of(reader.get("/bilan/"))
    assert "Ville, résolution d’exemple." in page
    assert ">0,13\u00a0$<" in page  # 2 083,33 ÷ 16 321,48 = 0,1276…
    assert "45\u00a0% de l’argent reçu. Source, du 1er mai 2024\u00a0: Étude d’exemple, page 12" in page
    assert 'href="https://etude.example/12"' in page


# ------------------------------------------------------------------------------------------------------- empty states


def test_a_new_town_says_when_its_first_month_will_appear(levis: Site, reader: Client) -> None:
    with time_machine.travel("2026-11-23T12:00:00-05:00", tick=False):
        page = text_of(reader.get("/bilan/"))
    assert "<h1>Le premier mois n’est pas encore fini.</h1>" in page
    assert "Le premier bilan paraît le 3 décembre 2026." in page
    assert reader.get("/bilan/2026-10/").status_code == 404


def test_nothing_written_down_is_said_and_nothing_is_worked_out(levis: Site, reader: Client) -> None:
    with portal_scope(levis):
        publish(a_month(), NOTHING_WRITTEN)
    page = text_of(reader.get("/bilan/"))
    assert "Aucune somme n’est inscrite pour cette période." in page
    assert "Aucune étude n’est inscrite." in page
    assert "Ce qu’ils en disent" not in page
    assert "Par secteur" not in page


# ------------------------------------------------------------------------------------------------------------- quotes


def test_two_quotes_at_most_and_none_of_a_merchant_that_is_gone(here: Town, reader: Client) -> None:
    with portal_scope(here.site):
        publish(a_month())
        for number in range(3):
            MerchantQuote.objects.create(
                site=here.site, merchant=here.merchant, words=f"Parole {number}", said_by="Jo Roy, libraire",
                consent="courriel", consented_on="2026-10-01", sort_order=number,
            )  # fmt: skip
    page = text_of(reader.get("/bilan/"))
    assert re.findall(r"«\u00a0(Parole \d)\u00a0»", page) == ["Parole 0", "Parole 1"]
    assert "courriel" not in page
    here.merchant.suspended_at = CLOSED
    here.merchant.save()
    assert "Parole" not in text_of(reader.get("/bilan/"))


# ------------------------------------------------------------------------------------------------------ who, and where


@pytest.mark.parametrize("name", ["2026-11", "2026-13", "2026-1", "zut", "2026-10-01", "９９９９-10"])
@pytest.mark.parametrize("file", ["", "bilan.csv", "bilan.pdf"])
def test_no_other_month_exists(published: Site, reader: Client, name: str, file: str) -> None:
    assert reader.get(f"/bilan/{name}/{file}").status_code == 404


def test_another_portal_knows_nothing_of_it(published: Site, bellechasse: Site) -> None:
    stranger = Client(headers={"host": bellechasse.hostname})
    assert "16\u00a0321" not in text_of(stranger.get("/bilan/"))
    for path in ("/bilan/2026-10/", "/bilan/2026-10/bilan.csv", "/bilan/2026-10/bilan.pdf"):
        assert stranger.get(path).status_code == 404


def test_search_engines_are_told_of_each_month(published: Site, reader: Client) -> None:
    assert "/sitemap-bilans.xml" in text_of(reader.get("/sitemap.xml"))
    listed = re.findall(r"<loc>(.*?)</loc>", text_of(reader.get("/sitemap-bilans.xml")))
    assert listed == ["http://localhost/bilan/2026-10/", "http://localhost/bilan/2026-09/"]


def test_it_asks_the_database_as_little_for_a_year_as_for_a_month(
    published: Site, reader: Client, django_assert_max_num_queries
) -> None:
    reader.get("/bilan/")
    with django_assert_max_num_queries(15) as few:
        reader.get("/bilan/")
    with portal_scope(published):
        SectorFactory.create_batch(5)
        publish(a_month(AUGUST, sectors=8))
    with django_assert_max_num_queries(15) as many:
        reader.get("/bilan/2026-08/")
    assert len(many) == len(few)


# -------------------------------------------------------------------------------------------------------------- files


@needs_pdf
def test_paper_is_tagged_small_and_in_its_language(published: Site, reader: Client) -> None:
    answer = reader.get("/bilan/2026-10/bilan.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert len(answer.content) < 500_000
    known = pdf_words.objects(answer.content)
    (catalog,) = [body for body in known.values() if b"/Type /Catalog" in body]
    assert b"/Lang (fr-CA)" in catalog
    assert b"/MarkInfo <</Marked true>>" in catalog
    assert b"/StructTreeRoot" in catalog
    assert b"/DisplayDocTitle true" in catalog
    assert any(b"pdfuaid" in pdf_words.stream(body) for body in known.values())
    figures = [body for body in known.values() if b"/S /Figure" in body]
    assert len(figures) == 5
    assert all(b"/Alt" in body for body in figures)


@needs_pdf
def test_paper_of_a_month_is_made_once_for_each_language(
    published: Site, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr("portal.impact.document.pdf.pdf_of", lambda html: made.append(html) or b"%PDF-")
    for _again in range(3):
        assert reader.get("/bilan/2026-10/bilan.pdf").content == b"%PDF-"
    assert len(made) == 1
    PortalSettings.objects.filter(site=published).update(offers_english=True)
    reader.get("/en/bilan/2026-10/bilan.pdf")
    reader.get("/en/bilan/2026-10/bilan.pdf")
    assert len(made) == 2
    assert '<html lang="en-CA">' in made[1]


@needs_pdf
def test_while_one_is_made_another_is_asked_to_come_back(published: Site, reader: Client) -> None:
    from django.core.cache import cache

    cache.add(f"impact-pdf-{published.pk}-made", 1)
    answer = reader.get("/bilan/2026-10/bilan.pdf")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_sheet_in_english_has_commas_and_points(published: Site, reader: Client) -> None:
    PortalSettings.objects.filter(site=published).update(offers_english=True)
    rows = rows_of(reader.get("/en/bilan/2026-10/bilan.csv"), ",")
    assert len(rows[0]) == 6
    assert "16321.48" in {row[4] for row in rows}
    french = rows_of(reader.get("/bilan/2026-10/bilan.csv"))
    assert "16321,48" in {row[4] for row in french}
    assert next(row[2] for row in french if "Alimentation" in row[2]) == "'=Alimentation"


def test_every_unit_is_written_in_both_languages(published: Site) -> None:
    with portal_scope(published):
        entries = [
            entry
            for table in tables(reporting.report(OCTOBER, now=CLOSED))
            for line in table.lines
            for entry in line.entries
        ]
    assert {entry.unit for entry in entries} == set(Unit)
    with speaking(ENGLISH):
        said = {entry.words for entry in entries}
    assert {"$16,321.48", "3,482", "118"} <= said
