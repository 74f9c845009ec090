"""The hashed requirements are what pyproject.toml asks for, and name no place to fetch them from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def named(requirement: str) -> str:
    return re.split(r"[\[<>=~!; ]", requirement)[0].lower().replace("_", "-")


def pinned(name: str) -> dict[str, str]:
    """Package → version of a requirements file."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    for pin in re.split(r"\n(?=[a-z])", text)[1:]:
        assert "--hash=sha256:" in pin, pin
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_direct_dependencies_are_pinned() -> None:
    assert {named(one) for one in PROJECT["dependencies"]} <= set(pinned("requirements.txt"))
    assert {named(one) for one in PROJECT["optional-dependencies"]["dev"]} <= set(
        pinned("requirements-dev.txt")
    )


def test_tools_stand_on_the_very_versions_of_production() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


def test_every_dependency_says_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text().split("[project.optional-dependencies]")[0].splitlines()
    dependencies = [line for line in lines if re.match(r'\s+"[\w-]+(\[[\w,]+\])?>=', line)]
    assert len(dependencies) == len(PROJECT["dependencies"])
    assert [line for line in dependencies if "  # " not in line] == []
