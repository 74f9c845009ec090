"""French says « 0 commerce »: its plurals are in a catalogue, for without one gettext counts as English does."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import ngettext

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
COUNTED = re.compile(
    r"{% blocktranslate(?P<options>[^%]*\bcount\b[^%]*)%}(?P<one>.*?){% plural %}(?P<many>.*?){% endblocktranslate %}",
    re.DOTALL,
)
FLOORS = ("portal", "editorial", "shop", "directory", "home")


def plurals_of_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        for found in COUNTED.finditer(path.read_text()):
            yield _as_message(found["one"]), _as_message(found["many"])


def _as_message(text: str) -> str:
    return re.sub(r"{{ (\w+) }}", r"%(\1)s", text)


def plurals_of_code() -> Iterator[tuple[str, str]]:
    for path in (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"ngettext", "ngettext_lazy"}:
                one, many = (ast.literal_eval(argument) for argument in node.args[:2])
                yield one, many


PLURALS = sorted({*plurals_of_templates(), *plurals_of_code()})


def test_there_are_plurals_to_look_at() -> None:
    assert len(PLURALS) >= 8


@pytest.mark.parametrize(("one", "many"), PLURALS)
def test_every_plural_is_in_the_french_catalogue(one: str, many: str) -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert [catalogue.ngettext(one, many, n) for n in (0, 1, 2)] == [one, one, many]


@pytest.mark.parametrize(("one", "many"), PLURALS)
def test_nothing_is_counted_as_one_thing_in_french(one: str, many: str) -> None:
    with translation.override("fr-ca"):
        assert [ngettext(one, many, n) for n in (0, 1, 2)] == [one, one, many]
