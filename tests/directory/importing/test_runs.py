"""A whole file into the portal: on trial as for good, twice as once, and never over anybody's own words."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from wagtail.models import Page, Site

from directory import timetable
from directory.enums import ImportStatus
from directory.importing import carrying, runs
from directory.importing.refusals import FileRefused
from directory.models import (
    Category,
    ImportRun,
    ImportSource,
    Merchant,
    MerchantOrigin,
    MerchantPage,
    OpeningHours,
)
from home.models import AuditEntry
from tests.directory.importing.conftest import NOW, Carry
from tests.directory.importing.samples import BOOKS, FOOD, ROWS, osm_file, shop, town_file

CHARNY = f"1160000002;Librairie Chez Léon;{BOOKS};3, avenue Bégin;Charny;Lévis;G6X 2B2;418 555-0102;;;;;"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "liste.csv"


def everything() -> list[Any]:
    """All that an import may write of merchants."""
    rows: tuple[Any, ...] = (Merchant, MerchantPage, OpeningHours, MerchantOrigin)
    return [list(model.objects.order_by("pk").values()) for model in rows]


def told(run: ImportRun) -> list[tuple[int, str, str, str]]:
    lines = run.lines.order_by("line", "pk")
    return [(line.line, line.finding, line.name, line.reason) for line in lines]


def found(run: ImportRun) -> list[tuple[int, str]]:
    return [(line, finding) for line, finding, _name, _reason in told(run) if finding != "note"]


def test_each_planted_fault_is_told_by_line(path: Path, carry: Carry) -> None:
    run = carry(town_file(path))
    assert run.status == ImportStatus.DONE
    assert found(run) == [
        (5, "duplicate"),
        (6, "refused"),
        (7, "refused"),
        (8, "refused"),
        *[(9, "warning")] * 7,
        (10, "refused"),
        (11, "refused"),
        (12, "refused"),
    ]
    assert run.counts == {"created": 4, "duplicate": 1, "refused": 6, "with_note": 3, "with_warning": 1}
    assert "la ligne 2" in next(reason for line, *_rest, reason in told(run) if line == 5)


def test_entries_become_live_pages_that_nobody_has_claimed(path: Path, carry: Carry, town: Site) -> None:
    carry(town_file(path))
    quay = Merchant.objects.get(name="Boulangerie du Quai inc.")
    assert (quay.neq, quay.city, quay.sector.name, quay.postal_code) == (
        "1160000001",
        "Lévis",
        "Lévis",
        "G6V 1A1",
    )
    assert (quay.phone.as_e164, quay.website_url) == ("+14185550101", "https://www.quai.example")
    assert timetable.week_facts(quay) == {**{day: ["09:00-17:30"] for day in "01234"}, "5": ["10:00-16:00"]}
    assert (quay.claimed_at, quay.tier) == (None, "listing")
    page = quay.pages.get()
    assert (page.live, page.title, page.get_parent().specific.numchild) == (True, quay.name, 4)
    assert Page.objects.get(pk=page.pk).specific == page
    assert [row.slug for row in Merchant.objects.filter(neq="1160000002").order_by("pk")] == [
        "librairie-chez-leon", "librairie-chez-leon-pintendre",
    ]  # fmt: skip
    garage = Merchant.objects.get(neq="1160000008")
    assert (garage.name, garage.website_url, garage.phone, garage.latitude) == (
        "Garage Roy et fils",
        "",
        "",
        None,
    )


def test_trial_tells_what_the_real_run_does_and_writes_nothing(path: Path, carry: Carry) -> None:
    before = everything()
    trial = carry(town_file(path), trial=True)
    assert trial.status == ImportStatus.CHECKED
    assert everything() == before
    real = carry(path)
    assert (told(real), real.counts, real.told) == (told(trial), trial.counts, trial.told)
    assert Merchant.objects.count() == 4


def test_trial_over_batches_tells_the_same_too(
    path: Path, carry: Carry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "BATCH", 3)
    trial, real = carry(town_file(path), trial=True), carry(path)
    assert (told(real), real.counts) == (told(trial), trial.counts)
    assert found(real)[0] == (5, "duplicate")  # of line 2, in the batch before


def test_a_second_run_changes_nothing(path: Path, carry: Carry) -> None:
    carry(town_file(path))
    before = everything()
    again = carry(path)
    assert everything() == before
    assert again.counts["unchanged"] == 4
    assert "created" not in again.counts


def test_the_same_list_in_other_clothes_changes_nothing(path: Path, tmp_path: Path, carry: Carry) -> None:
    rows = [ROWS[0].replace('"lun-ven 9h-17h30; sam 10h-16h"', "mar-sam 8 h à 18 h"), CHARNY]
    carry(town_file(path, rows))
    before = everything()
    again = carry(town_file(tmp_path / "b.csv", rows, encoding="cp1252", separator="|"))
    assert everything() == before
    assert again.counts["unchanged"] == 2


def test_a_newer_list_changes_only_what_nobody_wrote_since(path: Path, carry: Carry) -> None:
    carry(town_file(path))
    quay = Merchant.objects.get(neq="1160000001")
    Merchant.objects.filter(pk=quay.pk).update(email="corrige@quai.example")
    newer = (
        ROWS[0]
        .replace("555-0101", "555-0199")
        .replace("info@", "autre@")
        .replace("du Quai inc.", "du Vieux-Quai")
    )
    run = carry(town_file(path, [newer, *ROWS[1:]]))
    quay.refresh_from_db()
    assert (quay.phone.as_e164, quay.email, quay.name) == (
        "+14185550199", "corrige@quai.example", "Boulangerie du Vieux-Quai",
    )  # fmt: skip
    assert quay.pages.get().title == quay.name
    assert run.counts["updated"] == 1
    assert [(line, reason) for line, finding, _name, reason in told(run) if finding == "kept"] == [
        (2, "Changé à la main depuis\u00a0: courriel; gardé.")
    ]
    assert "updated" not in carry(path).counts


def test_hours_of_a_newer_list_take_the_place_of_its_own_alone(path: Path, carry: Carry) -> None:
    carry(town_file(path, ROWS[:1]))
    quay = Merchant.objects.get(neq="1160000001")
    newer = ROWS[0].replace("lun-ven 9h-17h30; sam 10h-16h", "lun 9h-12h")
    carry(town_file(path, [newer]))
    assert timetable.week_facts(quay) == {"0": ["09:00-12:00"]}
    timetable.state_week(quay, {})
    carry(town_file(path, [ROWS[0]]))
    assert timetable.week_facts(quay) == {}


def test_an_unreadable_cell_takes_nothing_away(path: Path, carry: Carry) -> None:
    carry(town_file(path, ROWS[:1]))
    carry(town_file(path, [ROWS[0].replace("418 555-0101 poste 2", "à venir")]))
    assert Merchant.objects.get(neq="1160000001").phone.as_e164 == "+14185550101"


def test_what_is_claimed_is_never_written_over(path: Path, carry: Carry) -> None:
    carry(town_file(path))
    Merchant.objects.filter(neq="1160000001").update(claimed_at=NOW)
    before = everything()
    run = carry(town_file(path, [ROWS[0].replace("555-0101", "555-0199"), *ROWS[1:]]))
    assert everything() == before
    assert run.counts["claimed"] == 1
    assert (2, "kept") in found(run)


def test_what_was_removed_stays_removed_whoever_names_it(
    path: Path, tmp_path: Path, carry: Carry, town: Site
) -> None:
    carry(town_file(path))
    Merchant.objects.filter(neq="1160000001").update(removed_at=NOW)
    again = carry(town_file(path, [ROWS[0].replace("12, rue", "14, rue"), *ROWS[1:]]))
    assert again.counts["removed"] == 1
    map_source = ImportSource.objects.create(site=town, name="OpenStreetMap")
    element = shop(1, name="Boulangerie du Quai", phone="+1 418 555 0101", **{"addr:city": "Lévis"})
    mapped = carry(osm_file(tmp_path / "a.json", element), of=map_source)
    assert mapped.counts == {"removed": 1}
    assert Merchant.objects.count() == 4
    assert Merchant.objects.get(neq="1160000001").removed_at == NOW


def test_another_source_finds_who_is_there_and_adds_what_is_missing(
    path: Path, tmp_path: Path, carry: Carry, town: Site
) -> None:
    carry(town_file(path))
    street = {"addr:housenumber": "3", "addr:street": "avenue Bégin", "addr:postcode": "G6X 2B2"}
    element = shop(
        1, name="Librairie Chez Leon", opening_hours="Mo-Fr 09:00-17:00", website="https://autre.example", **street
    )  # fmt: skip
    source = ImportSource.objects.create(site=town, name="OpenStreetMap")
    first = carry(osm_file(tmp_path / "a.json", element), of=source)
    before = everything()
    second = carry(tmp_path / "a.json", of=source)
    leon = Merchant.objects.get(neq="1160000002", sector__name="Charny")
    assert (first.counts, second.counts) == ({"linked": 1}, {"unchanged": 1})
    assert everything() == before
    assert leon.website_url == "https://leon.example"
    assert timetable.week_facts(leon) == {day: ["09:00-17:00"] for day in "01234"}


def test_who_is_gone_from_the_list_is_told_and_not_deleted(path: Path, carry: Carry) -> None:
    carry(town_file(path))
    run = carry(town_file(path, [*ROWS[1:3], *ROWS[4:]]))
    gone = [(line, name) for line, finding, name, _reason in told(run) if finding == "gone"]
    assert (gone, run.counts["gone"]) == ([(0, "Boulangerie du Quai inc.")], 1)
    assert Merchant.objects.count() == 4


class Cut(Exception):
    """The process dies."""


def test_an_interrupted_run_goes_on_where_it_stopped(
    path: Path, tmp_path: Path, source: ImportSource, carry: Carry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "BATCH", 3)
    whole = carry(town_file(path), trial=True)
    run = runs.receive(source, [path], by_id=None)
    assert runs.start(run, by_id=None)

    def cut(run: ImportRun) -> None:
        if run.rows_done == 3:
            raise Cut

    with pytest.raises(Cut):
        runs.carry(run, [path], say=cut, now=NOW)
    run.refresh_from_db()
    assert (run.status, run.rows_done, Merchant.objects.count()) == (ImportStatus.IMPORTING, 3, 3)
    assert runs.unfinished(source, runs.digest_of([path])) == run
    runs.carry(run, [path], now=NOW)
    run.refresh_from_db()
    assert (run.status, told(run), run.counts) == (ImportStatus.DONE, told(whole), whole.counts)
    assert Merchant.objects.count() == 4


def test_a_batch_that_fails_leaves_nothing_of_itself(
    path: Path, source: ImportSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any) -> None:
        raise Cut

    run = runs.receive(source, [town_file(path)], by_id=None)
    runs.start(run, by_id=None)
    monkeypatch.setattr(carrying, "keep_origins", fails)
    with pytest.raises(Cut):
        runs.carry(run, [path], now=NOW)
    run.refresh_from_db()
    assert (Merchant.objects.count(), MerchantPage.objects.count(), run.lines.count(), run.rows_done) == (
        0,
        0,
        0,
        0,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Téléphone;Adresse\n1;2\n", "le nom"),
        ("Nom;Adresse\n", "aucune ligne"),
        ("NEQ,COD_STAT_IMMAT\n1,IM\n", "Nom.csv"),
    ],
)
def test_a_damaged_file_is_refused_with_one_sentence(path: Path, carry: Carry, text: str, words: str) -> None:
    path.write_text(text)
    try:
        problem = carry(path).problem
    except FileRefused as refused:
        problem = refused.reason
    assert words in problem
    assert Merchant.objects.count() == 0


def test_too_many_lines_are_refused_before_any_is_written(
    path: Path, carry: Carry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "MOST_ROWS", 5)
    run = carry(town_file(path))
    assert (run.status, Merchant.objects.count()) == (ImportStatus.REFUSED, 0)
    assert "plus de 5 lignes" in run.problem


def test_columns_and_categories_said_once_hold_for_the_next_list(
    path: Path, source: ImportSource, carry: Carry
) -> None:
    food = Category.objects.get(name=FOOD)
    path.write_text("Raison;Lieu;Genre\nChose;Charny;Divers & autres\n")
    source.columns = {"raison": "name", "lieu": "sector", "genre": "category"}
    source.categories = {"divers autres": food.pk}
    source.save()
    assert carry(path).counts == {"created": 1}
    assert Merchant.objects.get().category == food


def test_the_kept_copy_is_out_of_reach_and_gone_afterwards(
    path: Path, source: ImportSource, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    run = runs.receive(source, [town_file(path)], by_id=None, keep=True)
    storage, name = storages["private"], str(run.file.name)
    assert storage.exists(name)
    assert not Path(storage.path(name)).is_relative_to(settings.MEDIA_ROOT)
    runs.start(run, by_id=None)
    with django_capture_on_commit_callbacks(execute=True):
        runs.carry(run, [path], now=NOW + timedelta(minutes=1))
    assert not storage.exists(name)
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["import.received", "import.started", "import.done"]


def test_one_run_of_a_portal_at_a_time(path: Path, source: ImportSource) -> None:
    run = runs.receive(source, [town_file(path)], by_id=None)
    runs.start(run, by_id=None)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [runs.LOCK, source.site_id])
        with pytest.raises(runs.Busy):
            runs.carry(run, [path], now=NOW)
        assert Merchant.objects.count() == 0
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [runs.LOCK, source.site_id])
        runs.carry(run, [path], now=NOW)
    finally:
        other.close()
    assert Merchant.objects.count() == 4
