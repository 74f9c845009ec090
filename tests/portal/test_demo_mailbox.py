"""The demo's mails: a page where DEMO=1, nothing anywhere else."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from wagtail.models import Site

ADDRESSES = ("/demo/courriels/", "/demo/courriels/1/", "/demo/courriels/1/html/")


@pytest.fixture
def box(levis: Site, settings, tmp_path: Path) -> Path:
    settings.DEMO, settings.EMAIL_FILE_PATH = True, tmp_path / "mail"
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


@pytest.fixture
def reader() -> Client:
    return Client(headers={"host": "localhost"})


def put(
    box: Path, key: int, subject: str = "Merci", *, html: str = "<p>Bonjour</p>", host: str = "localhost"
) -> None:
    message = EmailMessage()
    message["Message-ID"] = f"<mail.{key}@{host}>"
    message["Subject"], message["To"] = subject, "marie@exemple.test"
    message.set_content("Bonjour, c’est prêt.")
    if html:
        message.add_alternative(html, subtype="html")
    (box / f"{key}.eml").write_bytes(message.as_bytes())


def test_newest_mail_comes_first(box: Path, reader: Client) -> None:
    put(box, 9, "Ancien")
    put(box, 10, "Nouveau")
    html = reader.get("/demo/courriels/").content.decode()
    assert html.index("Nouveau") < html.index("Ancien")


def test_another_towns_mail_is_not_there(box: Path, reader: Client) -> None:
    put(box, 1, "Pour Bellechasse", host="bellechasse.localhost")
    assert "Pour Bellechasse" not in reader.get("/demo/courriels/").content.decode()
    assert reader.get("/demo/courriels/1/").status_code == 404


def test_mail_is_read_as_text_and_as_set(box: Path, reader: Client) -> None:
    put(box, 1, "Votre commande est prête")
    html = reader.get("/demo/courriels/1/").content.decode()
    assert "Votre commande est prête" in html
    assert "Bonjour, c’est prêt." in html
    set_version = reader.get("/demo/courriels/1/html/")
    assert "<p>Bonjour</p>" in set_version.content.decode()


def test_mail_that_is_set_runs_nothing(box: Path, reader: Client) -> None:
    put(box, 1, html="<script>alert(1)</script>")
    policy = reader.get("/demo/courriels/1/html/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_subject_is_text_and_never_markup(box: Path, reader: Client) -> None:
    put(box, 1, "<script>alert(1)</script>")
    for address in ADDRESSES[:2]:
        assert "<script>alert" not in reader.get(address).content.decode()


def test_empty_box_says_so(box: Path, reader: Client) -> None:
    assert "Pas encore de courriel" in reader.get("/demo/courriels/").content.decode()


@pytest.mark.parametrize("key", ["2", "0", "9" * 40, "../1", "a"])
def test_unknown_mail_is_not_found(box: Path, reader: Client, key: str) -> None:
    put(box, 1)
    assert reader.get(f"/demo/courriels/{key}/").status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_outside_a_demo_there_is_no_such_address(box: Path, reader: Client, settings, address: str) -> None:
    put(box, 1)
    settings.DEMO = False
    assert reader.get(address).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_mails_that_are_no_files_are_not_shown(box: Path, reader: Client, settings, address: str) -> None:
    settings.EMAIL_FILE_PATH = None
    assert reader.get(address).status_code == 404
