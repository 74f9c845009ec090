"""French as it is set: the no-break space and the apostrophe of the strings that people read."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRANSLATED = re.compile(
    r"\{%\s*(?:translate|trans)\s+\"([^\"]*)\"|\{%\s*blocktranslate[^%]*%\}(.*?)\{%", re.DOTALL
)
FAULTS = {
    "an ordinary space before : or $ or %": re.compile(r"\w [:$%](?=\s|$)"),
    "a space before ; or ! or ?": re.compile(r"\w[ \u00a0\u202f][;!?]"),
    "an ordinary space inside « »": re.compile(r"« | »"),
    "a straight apostrophe": re.compile(r"\w'\w"),
}


def sentences(path: Path) -> list[str]:
    return [first or second for first, second in TRANSLATED.findall(path.read_text())]


@pytest.mark.parametrize("fault", FAULTS)
def test_templates_are_set_as_french_is(fault: str) -> None:
    pattern = FAULTS[fault]
    found = [
        f"{path.relative_to(ROOT)}: {sentence!r}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for sentence in sentences(path)
        if pattern.search(sentence)
    ]
    assert found == []
