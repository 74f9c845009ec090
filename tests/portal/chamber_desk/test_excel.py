"""Excel out and in: what was typed never computes, what comes back is told first, and no file harms."""

import datetime as dt
import io
import tracemalloc
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from directory import follow_up
from directory.models import FollowUp, Merchant, Note
from home.models import AuditEntry, PortalRole
from home.tenancy import portal_scope
from portal.chamber_desk import follow_up_import, spreadsheet_in
from portal.chamber_desk.columns import HEADINGS
from portal.chamber_desk.spreadsheet_in import NotThisFile
from tests.portal.chamber_desk.people import adviser_of, ago, invited, many, merchant
from tests.portal.conftest import make_staff
from tests.portal.towns import Town

EXCEL = "/admin/chambre/excel/"
IN = f"{EXCEL}rapporter/"
KEYS = {"required": "Clé", "known": frozenset({"Clé", "Prochain geste", "Date du geste", "Nouvelle note"})}


@pytest.fixture
def chamber(here: Town) -> Client:
    return adviser_of(here)


def exported(client: Client, **query: str) -> Any:
    answer = client.get(EXCEL, query)
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content)).active


def made(
    *lines: list[Any],
    headings: tuple[str, ...] = (
        "Clé",
        "Suivi par (courriel)",
        "Prochain geste",
        "Date du geste",
        "Nouvelle note",
    ),
) -> bytes:
    book = Workbook()
    for line in (headings, *lines):
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sent(client: Client, data: bytes, name: str = "suivi.xlsx") -> Any:
    return client.post(IN, {"file": SimpleUploadedFile(name, data)})


def confirmed(client: Client, answer: Any) -> Any:
    return client.post(f"{IN}noter/", {"changements": answer.context["sealed"]})


# ------------------------------------------------------------------------------------------------ out


def test_export_is_the_filtered_list_with_dates_as_dates(here: Town, chamber: Client) -> None:
    shop = merchant(here.site, "Chez Lise", email="lise@exemple.test")
    invited(here.site, shop, days=9)
    with portal_scope(here.site):
        follow_up.set_next_act(shop, "Relancer", on=dt.date(2026, 12, 1), by_id=here.owner.pk)
    sheet = exported(chamber, etape="stuck")
    heading, line = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert heading == [str(words) for words in HEADINGS]
    told = dict(zip(heading, line, strict=True))
    assert (told["Clé"], told["Commerce"], told["Étape"]) == (shop.pk, "Chez Lise", "Bloqué")
    assert told["Où"] == "à l’invitation sans réponse depuis 9 jours"
    assert told["Date du geste"] == dt.datetime(2026, 12, 1)
    assert isinstance(told["Depuis le"], dt.datetime)
    with portal_scope(here.site):
        entry = AuditEntry.objects.get(action="follow_up.exported")
    assert entry.after == {"rows": 1, "query": "etape=stuck"}


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_what_was_typed_is_text_whatever_it_begins_with(here: Town, chamber: Client, name: str) -> None:
    merchant(here.site, name)
    cells = [row[1] for row in exported(chamber, etape="unclaimed").iter_rows(min_row=2)]
    (cell,) = [cell for cell in cells if name.strip() in str(cell.value)]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


def test_export_is_bounded_and_asks_as_many_questions_for_any_number(
    here: Town, chamber: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr("portal.chamber_desk.spreadsheet_out.MOST_ROWS", 30)
    many(here.site, 40)
    chamber.get(EXCEL)
    with django_assert_num_queries(10):
        assert exported(chamber).max_row == 31


def test_no_amount_and_no_stranger_is_in_the_file(
    here: Town, there: Town, chamber: Client, bought_here: Any
) -> None:
    text = str([[cell.value for cell in row] for row in exported(chamber).iter_rows()])
    assert there.canary not in text
    assert "40" not in text.replace(str(here.merchant.pk), "")


# ------------------------------------------------------------------------------------------------ and in again


def test_exported_file_brought_back_untouched_changes_nothing(here: Town, chamber: Client) -> None:
    mine = int(chamber.session["_auth_user_id"])
    with portal_scope(here.site):
        follow_up.assign(here.merchant, mine, by_id=mine)
        follow_up.set_next_act(here.merchant, "=SOMME, à revoir", on=dt.date(2026, 12, 1), by_id=mine)
    answer = sent(chamber, chamber.get(EXCEL).content)
    report = answer.context["report"]
    assert (report.changes, report.unchanged, report.wrong) == ([], 1, [])


def test_changes_are_told_first_and_written_when_confirmed(here: Town, chamber: Client) -> None:
    mine = make_staff(here.site, PortalRole.CITY).email and f"adviser@{here.host}.test"
    key = here.merchant.pk
    answer = sent(chamber, made([key, mine.upper(), "Photos", dt.date(2026, 12, 1), "Vue au marché"]))
    html = answer.content.decode()
    assert "1 commerce changera." in html
    assert "Vue au marché" in html
    with portal_scope(here.site):
        assert not FollowUp.objects.exists()
    assert confirmed(chamber, answer).url == "/admin/chambre/"
    with portal_scope(here.site):
        kept = FollowUp.objects.select_related("adviser").get()
        assert (kept.adviser.email, kept.next_act, kept.next_act_on) == (mine, "Photos", dt.date(2026, 12, 1))
        assert Note.objects.get().words == "Vue au marché"
        assert AuditEntry.objects.get(action="follow_up.imported").after == {"merchants": 1}


def test_column_that_is_not_there_changes_nothing_and_an_empty_cell_empties(
    here: Town, chamber: Client
) -> None:
    mine = int(chamber.session["_auth_user_id"])
    with portal_scope(here.site):
        follow_up.assign(here.merchant, mine, by_id=mine)
        follow_up.set_next_act(here.merchant, "Photos", on=dt.date(2026, 12, 1), by_id=mine)
    data = made([float(here.merchant.pk), None], headings=("Clé", "Prochain geste"))
    confirmed(chamber, sent(chamber, data))
    with portal_scope(here.site):
        kept = FollowUp.objects.get()
    assert (kept.adviser_id, kept.next_act, kept.next_act_on) == (mine, "", None)


def test_each_refused_line_says_why(here: Town, there: Town, chamber: Client) -> None:
    key, city = here.merchant.pk, make_staff(here.site, PortalRole.CITY).email
    data = made(
        [key, None, "Photos", "2026-12-01", None],
        [key, None, "Encore", None, None],
        ["abc", None, "Photos", None, None],
        [None, None, "Photos", None, None],
        [there.merchant.pk, None, "Photos", None, None],
        [999999, None, None, None, None],
        *([merchant(here.site, f"Commerce {n}").pk, *told] for n, told in enumerate([
            [city, None, None, None],
            [None, "x" * 161, None, None],
            [None, "Photos", "demain", None],
            [None, "Photos", dt.date(1900, 1, 1), None],
            [None, None, dt.date(2026, 12, 1), None],
            [None, "=1+1", None, None],
            [None, None, None, "x" * 4001],
        ])),
    )  # fmt: skip
    report = sent(chamber, data).context["report"]
    assert [change.name for change in report.changes] == [here.merchant.name]
    assert report.wrong == [
        (3, "Ce commerce est déjà sur une autre ligne."),
        (4, "La clé manque, ou n’en est pas une\u00a0: gardez celle de l’export."),
        (5, "La clé manque, ou n’en est pas une\u00a0: gardez celle de l’export."),
        (6, f"Aucun commerce de ce portail n’a la clé {there.merchant.pk}."),
        (7, "Aucun commerce de ce portail n’a la clé 999999."),
        (8, f"«\u00a0{city}\u00a0» n’est le courriel de personne à la Chambre."),
        (9, "«\u00a0Prochain geste\u00a0»\u00a0: 160 caractères au plus."),
        (10, "La date du geste ne se lit pas\u00a0: écrivez-la comme 2026-11-30."),
        (11, "La date du geste ne se lit pas\u00a0: écrivez-la comme 2026-11-30."),
        (12, "Une date sans geste\u00a0: écrivez aussi ce qu’il y aura à faire."),
        (13, "«\u00a0Prochain geste\u00a0» est une formule\u00a0: écrivez-y la valeur."),
        (14, "«\u00a0Nouvelle note\u00a0»\u00a0: 4000 caractères au plus."),
    ]


def test_confirmation_is_of_one_person_one_portal_and_a_while(
    here: Town, there: Town, chamber: Client, time_machine: Any
) -> None:
    answer = sent(chamber, made([here.merchant.pk, None, "Photos", None, None]))
    sealed = answer.context["sealed"]
    other = here.signed_in(make_staff(here.site, PortalRole.MANAGER))
    for client, text in ((other, sealed), (adviser_of(there), sealed), (chamber, sealed[:-3]), (chamber, "")):
        assert client.post(f"{IN}noter/", {"changements": text}).url == IN
    time_machine.move_to(ago(0) + dt.timedelta(hours=3))
    assert chamber.post(f"{IN}noter/", {"changements": sealed}).url in {IN, "/compte/connexion/"}
    for site in (here.site, there.site):
        with portal_scope(site):
            assert not FollowUp.objects.exists()


def test_two_thousand_lines_are_read_in_a_few_questions(
    here: Town, chamber: Client, django_assert_max_num_queries
) -> None:
    many(here.site, 2000)
    with portal_scope(here.site):
        keys = list(Merchant.objects.values_list("pk", flat=True))
    data = made(*([key, None, f"Geste {key}", None, None] for key in keys))
    with django_assert_max_num_queries(20):
        answer = sent(chamber, data)
    assert len(answer.context["report"].changes) == 2001
    assert len(answer.context["sealed"]) < follow_up_import.MOST_SEALED


# ------------------------------------------------------------------------------------------------ files that harm


def part(name: str, content: bytes, base: bytes | None = None) -> bytes:
    """A workbook with one of its parts written over, or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or made())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    """Thirty megabytes of nothing in thirty kilobytes."""
    return part("xl/worksheets/sheet1.xml", b" " * 30_000_000)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
BAD_FILES: dict[str, tuple[Any, str]] = {
    "text": (lambda: b"Cl\xc3\xa9;Nom\n1;a", "Ce n’est pas un fichier Excel"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 500, "Ce n’est pas un fichier Excel"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 500, "ancien .xls"),
    "a cut workbook": (lambda: made([1])[:-300], "abîmé"),
    "a ZIP of something else": (lambda: _zip({"a.txt": b"a"}), "Ce n’est pas un fichier Excel"),
    "macros": (lambda: part("xl/vbaProject.bin", b"x"), "macros"),
    "a bomb": (bomb, "beaucoup trop de choses"),
    "a thousand parts": (lambda: _zip({f"xl/{n}.xml": b"" for n in range(300)} | {"xl/workbook.xml": b""}),
                         "beaucoup trop de choses"),
    "entities": (lambda: part("xl/workbook.xml", LAUGHS), "abîmé"),
    "no XML": (lambda: part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "abîmé"),
    "no sheet": (lambda: part("xl/workbook.xml", b"<workbook/>"), "abîmé"),
    "too big": (lambda: b"PK" + b"0" * (spreadsheet_in.MOST_BYTES + 10), "trop gros"),
    "no key": (lambda: made([1], headings=("Nom",)), "«\u00a0Clé\u00a0» manque"),
    "an empty sheet": (lambda: made(headings=()), "«\u00a0Clé\u00a0» manque"),
    "a column twice": (lambda: made(headings=("Clé", "Clé")), "deux fois"),
    "too many lines": (lambda: made(*([n] for n in range(5001))), "5\u00a0000 lignes"),
    "an empty file": (lambda: b"", "vide"),
}  # fmt: skip


def _zip(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_file_is_refused_with_the_sentence_that_helps(here: Town, chamber: Client, kind: str) -> None:
    make, sentence = BAD_FILES[kind]
    answer = sent(chamber, make())
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["file"])


def test_no_file_at_all_is_said_beside_the_field(here: Town, chamber: Client) -> None:
    answer = chamber.post(IN, {})
    assert answer.status_code == 422
    assert "Choisissez le fichier à rapporter." in answer.content.decode()


def test_bomb_and_far_away_cells_cost_no_memory() -> None:
    """What is refused is not unpacked; a cell at the end of the sheet does not fill what lies before it."""
    row = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>loin</t></is></c></row>'
    head = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Cl\xc3\xa9</t></is></c></row>'
    xml = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s%s</sheetData></worksheet>'
    far = part("xl/worksheets/sheet1.xml", xml % (head, row))
    packed = bomb()
    tracemalloc.start()
    with pytest.raises(NotThisFile):
        spreadsheet_in.lines(io.BytesIO(packed), **KEYS)  # type: ignore[arg-type]
    assert spreadsheet_in.lines(io.BytesIO(far), **KEYS) == []  # type: ignore[arg-type]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000


def test_million_character_cell_is_one_refused_line() -> None:
    xml = made([1, None, "Photos", None, None])
    big = part("xl/worksheets/sheet1.xml", _sheet("x" * 1_000_000), base=xml)
    (line,) = spreadsheet_in.lines(io.BytesIO(big), **KEYS)  # type: ignore[arg-type]
    assert len(line.cells["Prochain geste"]) == spreadsheet_in.LONGEST_CELL + 1


def _sheet(text: str) -> bytes:
    def cell(place: str, value: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'

    heading = f'<row r="1">{cell("A1", "Clé")}{cell("B1", "Prochain geste")}</row>'
    rows = f'{heading}<row r="2">{cell("A2", "1")}{cell("B2", text)}</row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()
