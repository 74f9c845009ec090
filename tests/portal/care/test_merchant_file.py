"""The adviser's file of a merchant: what the Chamber writes is its own, and papers are told by what is in them."""

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from directory import follow_up
from directory.documents import MOST_BYTES
from directory.models import FollowUp, MerchantDocument, Note
from home.models import AuditEntry
from home.tenancy import portal_scope
from portal.models import User
from portal.privacy import retention
from shop.files import private_storage
from tests.factories import ProductFactory
from tests.portal.care.conftest import html_of
from tests.portal.merchant_space.conftest import photo
from tests.portal.towns import Town

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CANARY = "zqnotezq"


def word(*extra: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *extra):
            archive.writestr(name, "<x/>")
    return written.getvalue()


def plain_archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "rien")
    return written.getvalue()


def upload(content: bytes, name: str = "bail.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


class File:
    def __init__(self, client: Client, town: Town) -> None:
        self.client, self.town = client, town
        self.address = f"/admin/dossiers/{town.merchant.pk}/"

    def post(self, path: str, **answers: Any) -> Any:
        return self.client.post(f"/admin/accompagnement/{self.town.merchant.pk}/{path}", answers)

    def keep(
        self, content: bytes = PDF, name: str = "bail.pdf", title: str = "Bail 2026"
    ) -> MerchantDocument:
        assert self.post("document/", file=upload(content, name), title=title).status_code == 302
        with portal_scope(self.town.site):
            return MerchantDocument.objects.latest("pk")


@pytest.fixture
def file(chamber: Client, here: Town) -> File:
    return File(chamber, here)


# ------------------------------------------------------------------------------------------------------------- reading


def test_file_tells_facts_and_what_is_left(file: File, here: Town) -> None:
    with portal_scope(here.site):
        here.merchant.opening_hours.all().delete()
    page = html_of(file.client.get(file.address))
    for words in ("Vend ici", "pas encore dites", "1 en vente", "Dernier changement", "aucune connexion",
                  "Dire vos heures", "Préparer à sa place", "Les notes de la Chambre"):  # fmt: skip
        assert words in page, words


def test_file_never_tells_of_money(file: File, here: Town, bought_here: Any) -> None:
    page = html_of(file.client.get(file.address))
    for words in (
        bought_here.order.number,
        "40,00",
        "Versement",
        "versement dû",
        here.merchant.shop.stripe_account_id,
    ):
        assert words not in page, words


def test_journal_reads_the_file_without_the_chambers_own(file: File, journal: Client, here: Town) -> None:
    file.post("note/", words=CANARY)
    file.post("geste/", words=f"Appeler {CANARY}", on="")
    file.keep(title=f"Bail {CANARY}")
    page = html_of(journal.get(file.address))
    assert CANARY not in page
    assert "Il lui reste" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_file_costs_the_same_for_any_number_of_rows(
    file: File, here: Town, odile: User, rows: int, django_assert_num_queries
) -> None:
    with portal_scope(here.site):
        for number in range(rows):
            follow_up.note(here.merchant, f"Note {number}", by_id=odile.pk)
            ProductFactory(merchant=here.merchant, slug=f"p{number}")
    for _n in range(rows):
        file.keep()
    file.client.get(file.address)
    with django_assert_num_queries(FILE_QUERIES):
        file.client.get(file.address)


FILE_QUERIES = 39


# ------------------------------------------------------------------------------------------------------------- writing


def test_notes_acts_and_adviser_are_kept(file: File, here: Town, odile: User) -> None:
    day = timezone.localdate() + timedelta(days=2)
    file.post("note/", words="Préfère le téléphone")
    file.post("geste/", words="L’appeler", on=day.isoformat())
    file.post("suivi/", adviser=odile.pk)
    with portal_scope(here.site):
        row = FollowUp.objects.get()
        assert (row.next_act, row.next_act_on, row.adviser) == ("L’appeler", day, odile)
        assert Note.objects.get().written_by == odile
    assert "Préfère le téléphone" in html_of(file.client.get(file.address))
    file.post("geste/fait/")
    with portal_scope(here.site):
        assert FollowUp.objects.get().next_act == ""


@pytest.mark.parametrize(
    ("path", "answers", "said"),
    [
        ("note/", {"words": " "}, "Écrivez la note"),
        ("note/", {"words": "x" * 4001}, "4\u00a0000 caractères"),
        ("geste/", {"words": "", "on": "2030-01-01"}, "Écrivez ce qui vient ensuite"),
        ("geste/", {"words": "Appeler", "on": "2020-01-01"}, "Choisissez un jour à venir"),
        ("geste/", {"words": "Appeler", "on": "demain"}, "Cette date ne se lit pas"),
        ("suivi/", {"adviser": "999999"}, "Choisissez dans la liste"),
        ("document/", {"title": "Bail"}, "Choisissez un fichier"),
    ],
)
def test_wrong_answers_are_said_and_kept(file: File, path: str, answers: dict[str, str], said: str) -> None:
    answer = file.post(path, **answers)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_owner_of_the_other_town_is_no_adviser_here(file: File, there: Town) -> None:
    assert file.post("suivi/", adviser=there.owner.pk).status_code == 422


def test_nobody_but_the_chamber_writes_or_reads_papers(
    file: File, here: Town, owner: Client, journal: Client, far_chamber: Client
) -> None:
    row = file.keep()
    for client in (owner, journal, far_chamber):
        stranger = File(client, here)
        for path in ("note/", "geste/", "geste/fait/", "suivi/", "document/"):
            assert stranger.post(path, words="x", adviser="").status_code == 404, path
        assert client.get(f"/admin/accompagnement/documents/{row.pk}/").status_code == 404
        assert client.post(f"/admin/accompagnement/documents/{row.pk}/retirer/").status_code == 404
    with portal_scope(here.site):
        assert (Note.objects.count(), MerchantDocument.objects.count()) == (0, 1)


def test_merchant_never_meets_the_chambers_words(file: File, here: Town, owner: Client) -> None:
    """Every screen of the merchant's, and all that it may take along."""
    file.post("note/", words=CANARY)
    file.post("geste/", words=f"Appeler {CANARY}", on="")
    file.keep(title=f"Bail {CANARY}")
    desk = f"/mon-commerce/{here.merchant.slug}/"
    screens = [
        "",
        "activite/",
        "aide/",
        "equipe/",
        "page/",
        "heures/",
        "coordonnees/",
        "produits/",
        "versements/",
    ]
    for address in [*(desk + screen for screen in screens), "/compte/", "/compte/mes-renseignements/"]:
        page = owner.get(address)
        assert CANARY not in page.content.decode(), address
        assert "note au dossier" not in page.content.decode(), address
    for address in ("/compte/mes-renseignements/json/", "/compte/mes-renseignements/csv/"):
        taken = owner.get(address)
        body = b"".join(taken.streaming_content) if taken.streaming else taken.content
        assert CANARY.encode() not in body


# -------------------------------------------------------------------------------------------------------------- papers


def test_paper_is_kept_in_private_and_handed_over_as_a_download(file: File, here: Town, media: Path) -> None:
    row = file.keep(title='Bail "2026" <b>')
    assert row.file.storage == private_storage()
    assert not Path(row.file.path).is_relative_to(Path(django_settings.MEDIA_ROOT))
    assert here.visitor().get(f"/media/{row.file.name}").status_code == 404
    answer = file.client.get(f"/admin/accompagnement/documents/{row.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="bail-2026-b.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private, no-store" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    with portal_scope(here.site):
        assert AuditEntry.objects.filter(action="merchant_document.read").count() == 1


def test_a_photo_loses_what_the_camera_wrote(file: File) -> None:
    row = file.keep(photo("bail.heic", "PNG").read(), name="bail.heic")
    assert row.file.name.endswith(".jpg")
    assert Path(row.file.path).read_bytes()[:3] == b"\xff\xd8\xff"


def test_word_document_is_kept_as_it_came(file: File) -> None:
    assert file.keep(word(), name="contrat.docx").file.name.endswith(".docx")


ATTACKS = {
    "nothing": (b"", "vide.pdf", "vide"),
    "a page": (b"<script>alert(1)</script>", "bail.pdf", "Envoyez un PDF"),
    "a drawing with a script": (b'<svg onload="x()"/>', "plan.svg", "Envoyez un PDF"),
    "a program": (b"MZ\x90\x00" + bytes(200), "bail.pdf", "Envoyez un PDF"),
    "a cut off pdf": (PDF[:20], "bail.pdf", "abîmé"),
    "any archive": (b"PK\x03\x04" + bytes(60), "bail.docx", "abîmé"),
    "an archive without a text": (plain_archive(), "bail.docx", "Envoyez un PDF"),
    "a text with macros": (word("word/vbaProject.bin"), "bail.docx", "macros"),
    "a picture that is none": (b"\xff\xd8\xff" + bytes(100), "photo.jpg", "Ce fichier n’est pas une photo"),
    "too much": (b"%PDF-" + bytes(MOST_BYTES), "bail.pdf", "10\u00a0Mo"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_refused_in_words_and_leaves_nothing(file: File, here: Town, attack: str) -> None:
    content, name, said = ATTACKS[attack]
    answer = file.post("document/", file=upload(content, name), title="Bail")
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with portal_scope(here.site):
        assert not MerchantDocument.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "a\\..\\b.pdf", "é" * 150 + ".pdf", "x.pdf\x00.exe", ".pdf"]
)
def test_no_name_leads_out_of_its_folder(file: File, here: Town, name: str) -> None:
    row = file.keep(name=name, title="")
    assert row.file.name.startswith(f"dossiers/{here.site.pk}/{here.merchant.pk}/")
    assert row.title


def test_paper_goes_with_its_file_and_leaves_a_trace(
    file: File, here: Town, django_capture_on_commit_callbacks
) -> None:
    row = file.keep()
    with django_capture_on_commit_callbacks(execute=True):
        file.client.post(f"/admin/accompagnement/documents/{row.pk}/retirer/")
    assert not Path(row.file.path).exists()
    with portal_scope(here.site):
        assert not MerchantDocument.objects.exists()
        gone = AuditEntry.objects.get(action="merchant_document.removed")
    assert (gone.before["title"], gone.before["size"]) == ("Bail 2026", len(PDF))
    assert len(gone.before["sha256"]) == 64


def test_papers_and_notes_are_forgotten_after_three_years(
    file: File, here: Town, django_capture_on_commit_callbacks
) -> None:
    row = file.keep()
    file.post("note/", words="Ancienne")
    later = timezone.now() + timedelta(days=3 * 366)
    with django_capture_on_commit_callbacks(execute=True):
        retention.apply(later - timedelta(days=30))
        assert Path(row.file.path).exists()
        retention.apply(later)
    assert not Path(row.file.path).exists()
    with portal_scope(here.site):
        assert (Note.objects.count(), MerchantDocument.objects.count()) == (0, 0)


def test_day_of_the_next_act_that_passed_stands_out(file: File, here: Town, odile: User) -> None:
    with portal_scope(here.site):
        follow_up.set_next_act(here.merchant, "L’appeler", on=date(2026, 1, 5), by_id=odile.pk)
    assert 'class="staff-alert"' in html_of(file.client.get(file.address))
