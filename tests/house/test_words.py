"""French as it is set: the no-break space and the apostrophe of the strings that people read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("portal", "editorial", "shop", "directory", "home")
TRANSLATED = re.compile(
    r"\{%\s*(?:translate|trans)\s+\"([^\"]*)\"|\{%\s*blocktranslate[^%]*%\}(.*?)\{%", re.DOTALL
)
IN_CODE = re.compile(r"_|u?n?p?n?gettext(?:_lazy|_noop)?")
"""The functions whose literal arguments are read by people."""
FAULTS = {
    "an ordinary space before : or $ or %": re.compile(r"[\w)»] [:$%](?=\s|$|[.,;!?)])"),
    "a space before ; or ! or ?": re.compile(r"[\w)»][ \u00a0\u202f][;!?]"),
    "an ordinary space inside « »": re.compile(r"« | »|«[^\s]|[^\s]»"),
    "a straight apostrophe": re.compile(r"\w'\w"),
}


def sentences(path: Path) -> list[str]:
    return [first or second for first, second in TRANSLATED.findall(path.read_text())]


def sentences_in_code(path: Path) -> Iterator[tuple[int, str]]:
    """Every literal given to gettext or one of its kin, with its line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and IN_CODE.fullmatch(_name(node.func)):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.lineno, argument.value


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


SENTENCES = [
    *(
        (str(path.relative_to(ROOT)), sentence)
        for path in sorted((ROOT / "templates").rglob("*.*"))
        if path.suffix in {".html", ".txt"}
        for sentence in sentences(path)
    ),
    *(
        (f"{path.relative_to(ROOT)}:{line}", sentence)
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        for line, sentence in sentences_in_code(path)
    ),
]


def test_there_are_sentences_to_read() -> None:
    in_code = [place for place, _sentence in SENTENCES if ".py:" in place]
    assert len(in_code) > 500
    assert len(SENTENCES) - len(in_code) > 200


@pytest.mark.parametrize("fault", FAULTS)
def test_what_people_read_is_set_as_french_is(fault: str) -> None:
    pattern = FAULTS[fault]
    found = [f"{place}: {sentence!r}" for place, sentence in SENTENCES if pattern.search(sentence)]
    assert found == []


@pytest.mark.parametrize(
    ("fault", "wrong"),
    list(zip(FAULTS, ("Voici : un", "Merci !", "Le « mot » juste", "l'heure"), strict=True)),
)
def test_each_fault_would_be_seen(fault: str, wrong: str) -> None:
    assert FAULTS[fault].search(wrong)
