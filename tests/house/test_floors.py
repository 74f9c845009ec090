"""The floors of the house, as contracts (.importlinter)."""

import os
from pathlib import Path

from importlinter import cli

ROOT = Path(__file__).parents[2]


def test_imports_run_downward_only(monkeypatch, capsys) -> None:
    monkeypatch.chdir(ROOT)
    code = cli.lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True)
    assert code == os.EX_OK, capsys.readouterr().out
