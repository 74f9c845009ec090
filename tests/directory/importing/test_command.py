"""import_directory FILE [--portal HOST] [--dry-run]."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Site

from directory.importing import carrying, runs
from directory.models import ImportRun, ImportSource, Merchant
from home.tenancy import portal_scope
from tests.directory.importing.samples import town_file


def run_command(*words: str) -> str:
    out = io.StringIO()
    call_command("import_directory", *words, stdout=out)
    return out.getvalue()


def test_dry_run_reads_like_the_real_one_and_writes_nothing(tmp_path: Path, town: Site) -> None:
    path = str(town_file(tmp_path / "liste.csv"))
    trial = run_command(path, "--portal", town.hostname, "--dry-run")
    assert Merchant.objects.count() == 0
    real = run_command(path)
    assert trial.replace("Essai à blanc : rien n’est inscrit.\n", "") == real
    assert "ligne 6, «\u00a0\u00a0», refusée\u00a0: Le nom manque." in real
    assert "4 fiches créées" in real
    assert Merchant.objects.count() == 4
    assert ImportSource.objects.get().name == "Répertoire de la Ville"


def test_an_interrupted_command_goes_on(tmp_path: Path, town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "BATCH", 3)
    path = town_file(tmp_path / "liste.csv")

    def cut(run: ImportRun) -> None:
        raise KeyboardInterrupt

    source = ImportSource.objects.create(site=town, name="Répertoire de la Ville")
    run = runs.receive(source, [path], by_id=None)
    runs.start(run, by_id=None)
    with pytest.raises(KeyboardInterrupt):
        runs.carry(run, [path], say=cut, now=run.created_at)
    told = run_command(str(path))
    assert "On reprend après 3 lignes." in told
    assert "6 lignes sur 11" in told
    assert (Merchant.objects.count(), ImportRun.objects.count()) == (4, 1)


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "vide"), (b"%PDF-1.7", "PDF"), (b"Nom;Telephone\nA;1\n", "l’adresse")]
)
def test_a_file_that_cannot_be_used_is_said_in_one_sentence(
    tmp_path: Path, town: Site, content: bytes, words: str
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        run_command(str(path))


def test_a_portal_or_a_file_that_is_not_there_is_named(tmp_path: Path, town: Site) -> None:
    with pytest.raises(CommandError, match=r"ailleurs\.test"):
        run_command(str(town_file(tmp_path / "a.csv")), "--portal", "ailleurs.test")
    with pytest.raises(CommandError, match="Aucun fichier"):
        run_command(str(tmp_path / "rien.csv"))


def test_another_portal_sees_nothing_of_it(tmp_path: Path, town: Site, bellechasse: Site) -> None:
    run_command(str(town_file(tmp_path / "liste.csv")))
    with portal_scope(bellechasse):
        assert (Merchant.objects.count(), ImportRun.objects.count()) == (0, 0)
