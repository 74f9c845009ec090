"""The floors of the house, as contracts (.importlinter)."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter import cli

ROOT = Path(__file__).parents[2]


@pytest.fixture
def _loggers_kept() -> Iterator[None]:
    """The tool turns off every logger that it did not make itself, for the rest of the process."""
    yield
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.mark.usefixtures("_loggers_kept")
def test_imports_run_downward_only(monkeypatch, capsys) -> None:
    monkeypatch.chdir(ROOT)
    code = cli.lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True)
    assert code == os.EX_OK, capsys.readouterr().out
