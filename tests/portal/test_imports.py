"""« Importer une liste » and the public's word on the pages that came of one: for the direction and the Chamber."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from directory.models import Category, ImportRun, ImportSource, Merchant, PageReport, Sector
from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from portal.privacy import retention
from portal.privacy.erasure import erase
from portal.privacy.holdings import holdings_of
from portal.staff_desk.imports import carry_on
from shop.models import OutboxMessage
from tests.directory.importing.samples import FOOD, HEADINGS, ROWS, register
from tests.factories import MerchantFactory, make_merchant_page
from tests.portal.people import person
from tests.portal.test_staff_desk import staff
from tests.portal.towns import Town

LISTS = "/admin/imports/"


@pytest.fixture
def chamber(here: Town) -> Client:
    with portal_scope(here.site):
        for number, name in enumerate(("Lévis", "Charny", "Pintendre")):
            Sector.objects.create(site=here.site, name=name, slug=f"s{number}")
        Category.objects.create(site=here.site, name=FOOD, slug="bouffe")
    return staff(here, PortalRole.ADVISER)


def a_file(*rows: str, name: str = "liste.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([HEADINGS, *rows]).encode())


def hand_over(client: Client, *files: SimpleUploadedFile, source: str = "Ville") -> Any:
    return client.post(LISTS, {"source": source, "upload": list(files)})


def the_run() -> ImportRun:
    return ImportRun.objects.select_related("source").get()


def work() -> int:
    return carry_on(timezone.now())


def test_a_list_comes_in_from_file_to_pages(chamber: Client, here: Town) -> None:
    with portal_scope(here.site):
        before = Merchant.objects.count()
        answer = hand_over(chamber, a_file(*ROWS))
        run = the_run()
        assert answer["Location"] == f"{LISTS}{run.pk}/colonnes/"
        page = chamber.get(answer["Location"]).content.decode()
        assert "Boulangerie du Quai inc." in page
        assert "Divers &amp; autres (2)" in page
        mapping = {f"column_{number}": field for number, field in enumerate(COLUMNS)}
        label = next(name for name in ("category_0", "category_1", "category_2") if name in page)
        chamber.post(answer["Location"], {**mapping, label: ""})
        assert work() == 1
        trial = chamber.get(f"{LISTS}{run.pk}/")
        assert "Rien n’est encore inscrit" in trial.content.decode()
        assert Merchant.objects.count() == before
        chamber.post(f"{LISTS}{run.pk}/importer/")
        under_way = chamber.get(f"{LISTS}{run.pk}/")
        assert (under_way["Refresh"], "<progress" in under_way.content.decode()) == ("5", True)
        assert (work(), work()) == (1, 0)
        done = chamber.get(f"{LISTS}{run.pk}/").content.decode()
        assert f"{Merchant.objects.count() - before} fiche" in done
        assert "Le nom manque." in done
        public = here.visitor().get("/commerces/boulangerie-du-quai-inc/").content.decode()
        assert "Fiche importée (source\u00a0: Ville)" in public
        run.refresh_from_db()
        assert (run.status, run.file.name) == ("done", "")
        started = AuditEntry.objects.filter(action="import.started")
        assert [*started.values_list("actor__email", flat=True)] == [f"adviser@{here.host}.test"]


COLUMNS = (
    "neq", "name", "category", "street_address", "sector", "city", "postal_code", "phone", "email", "website_url",
    "hours", "latitude", "longitude",
)  # fmt: skip


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Choisissez le fichier"),
        ([SimpleUploadedFile("a.csv", b"")], "vide"),
        ([SimpleUploadedFile("a.pdf", b"%PDF-1.7")], "PDF"),
        ([SimpleUploadedFile("a.csv", b"Bonjour\nla visite\n")], "colonnes lisibles"),
    ],
)
def test_what_is_no_list_is_said_beside_the_field(
    chamber: Client, here: Town, files: list[Any], words: str
) -> None:
    answer = hand_over(chamber, *files)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with portal_scope(here.site):
        assert not ImportRun.objects.exists()
        assert not ImportSource.objects.exists()


def test_too_heavy_a_file_is_refused(chamber: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.staff_desk.import_forms.MOST_BYTES", 100)
    assert "Trop lourd" in hand_over(chamber, a_file(*ROWS)).content.decode()


def test_columns_that_make_no_list_are_refused_beside_them(chamber: Client, here: Town) -> None:
    hand_over(chamber, a_file(*ROWS))
    with portal_scope(here.site):
        run = the_run()
    where = f"{LISTS}{run.pk}/colonnes/"
    answer = chamber.post(where, {"column_1": "phone", "column_7": "phone"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Deux colonnes ne peuvent pas donner la même chose" in text
    assert "Dites quelle colonne donne le nom" in text
    with portal_scope(here.site):
        run.refresh_from_db()
        assert (run.status, run.source.columns) == ("received", {})


def test_the_three_tables_of_the_register_come_together(chamber: Client, here: Town, tmp_path: Path) -> None:
    folder = register(tmp_path / "req")
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in folder.iterdir()]
    answer = hand_over(chamber, *files, source="Registre")
    assert "Vélo des Rives inc." in chamber.get(answer["Location"]).content.decode()
    chamber.post(answer["Location"], {})
    with portal_scope(here.site):
        assert work() == 1
        run = the_run()
        assert (run.status, run.rows_total) == ("checked", 6)


def test_report_is_a_file_in_which_nothing_computes(chamber: Client, here: Town) -> None:
    hand_over(chamber, a_file(*ROWS, f"1160000020;=1+1;{FOOD};;Charny;;;;;;;;"))
    with portal_scope(here.site):
        run = the_run()
        chamber.post(f"{LISTS}{run.pk}/colonnes/", {f"column_{n}": field for n, field in enumerate(COLUMNS)})
        work()
    answer = chamber.get(f"{LISTS}{run.pk}/rapport.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("Ligne;")
    assert any(line.startswith("13;;refusée;'=1+1;") for line in lines)


def test_dropping_a_list_forgets_its_file(
    chamber: Client, here: Town, django_capture_on_commit_callbacks: Any
) -> None:
    hand_over(chamber, a_file(*ROWS))
    with portal_scope(here.site):
        run = the_run()
        storage, name = run.file.storage, str(run.file.name)
        with django_capture_on_commit_callbacks(execute=True):
            chamber.post(f"{LISTS}{run.pk}/abandonner/")
        run.refresh_from_db()
    assert (run.status, storage.exists(name)) == ("dropped", False)


def test_an_unforeseen_error_stops_the_run_with_a_sentence(
    chamber: Client, here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(chamber, a_file(*ROWS))
    with portal_scope(here.site):
        run = the_run()
        chamber.post(f"{LISTS}{run.pk}/colonnes/", {f"column_{n}": field for n, field in enumerate(COLUMNS)})
        monkeypatch.setattr("directory.importing.carrying.portal_state", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work()
        run.refresh_from_db()
        assert run.status == "refused"
        assert work() == 0
    assert "n’était pas prévue" in chamber.get(f"{LISTS}{run.pk}/").content.decode()


@pytest.mark.parametrize("role", [PortalRole.EDITOR, PortalRole.CITY])
def test_others_of_the_staff_have_no_such_desk(here: Town, role: PortalRole) -> None:
    client = staff(here, role)
    assert {client.get(path).status_code for path in (LISTS, "/admin/signalements/")} == {404}


# ------------------------------------------------------------------------------------------------ the public's word


@pytest.fixture
def unclaimed(here: Town) -> Any:
    with portal_scope(here.site):
        made: Any = MerchantFactory(name="Café Libre", slug="cafe-libre")
        make_merchant_page(made)
        return made


def tell(here: Town, **said: str) -> Any:
    return here.visitor().post("/signaler/cafe-libre/", said)


def test_a_page_that_nobody_claimed_says_so(here: Town, unclaimed: Merchant) -> None:
    text = here.visitor().get("/commerces/cafe-libre/").content.decode()
    assert "Est-ce votre commerce?" in text
    assert "/inscription/commerce/cafe-libre/" in text
    with portal_scope(here.site):
        Merchant.objects.filter(pk=unclaimed.pk).update(claimed_at=timezone.now())
    assert "Est-ce votre commerce?" not in here.visitor().get("/commerces/cafe-libre/").content.decode()
    assert here.visitor().get("/signaler/cafe-libre/").status_code == 404


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Choisissez l’une des deux"),
        ({"kind": "error"}, "Dites ce qui est faux"),
        ({"kind": "removal", "words": "Gardé"}, "Écrivez votre courriel"),
        ({"kind": "error", "words": "x" * 1501}, "Plus court"),
    ],
)
def test_an_incomplete_word_is_asked_for_again(
    here: Town, unclaimed: Merchant, said: dict[str, str], words: str
) -> None:
    answer = tell(here, **said)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert said.get("words", "") in answer.content.decode()


def test_who_asks_is_removed_for_good_and_told(here: Town, unclaimed: Merchant, chamber: Client) -> None:
    assert tell(here, kind="removal", email="marie@libre.test").status_code == 302
    with portal_scope(here.site):
        report = PageReport.objects.get()
    assert "marie@libre.test" in chamber.get("/admin/signalements/").content.decode()
    assert "Signalements sur des fiches" in chamber.get("/admin/").content.decode()
    for _twice in range(2):
        chamber.post(f"/admin/signalements/{report.pk}/repondre/", {"acte": "retirer"})
    with portal_scope(here.site):
        unclaimed.refresh_from_db()
        report.refresh_from_db()
        letters = OutboxMessage.objects.filter(recipient="marie@libre.test").count()
        removals = AuditEntry.objects.filter(action="merchant.removed").count()
    assert (unclaimed.removed_at is not None, report.outcome, letters, removals) == (True, "removed", 1, 1)
    assert here.visitor().get("/commerces/cafe-libre/").status_code == 404


def test_what_was_claimed_meanwhile_is_not_removed(here: Town, unclaimed: Merchant, chamber: Client) -> None:
    tell(here, kind="removal", email="marie@libre.test")
    with portal_scope(here.site):
        Merchant.objects.filter(pk=unclaimed.pk).update(claimed_at=timezone.now())
        report = PageReport.objects.get()
    chamber.post(f"/admin/signalements/{report.pk}/repondre/", {"acte": "retirer"})
    with portal_scope(here.site):
        unclaimed.refresh_from_db()
        assert (unclaimed.removed_at, PageReport.objects.get().answered_at) == (None, None)
    chamber.post(f"/admin/signalements/{report.pk}/repondre/", {"acte": "classer"})
    with portal_scope(here.site):
        assert PageReport.objects.get().outcome == "settled"


def test_who_said_it_may_take_it_along_and_have_it_forgotten(here: Town, unclaimed: Merchant) -> None:
    marie = person("marie@libre.test")
    tell(here, kind="error", words="Le téléphone a changé.", sender="Marie", email="Marie@libre.test")
    tell(here, kind="error", words="Autre chose.", sender="Odette", email="odette@libre.test")
    with portal_scope(here.site):
        (held,) = holdings_of(marie)["signalements"]
        assert (held["texte"], held["fiche"]) == ("Le téléphone a changé.", "Café Libre")
        erase(marie, now=timezone.now())
        assert set(PageReport.objects.values_list("sender", "email")) == {
            ("", ""),
            ("Odette", "odette@libre.test"),
        }
        PageReport.objects.filter(sender="Odette").update(
            outcome="settled", answered_at=timezone.now() - timedelta(days=366)
        )
    retention.apply(timezone.now())
    with portal_scope(here.site):
        assert set(PageReport.objects.values_list("sender", "email")) == {("", "")}
