"""Every act that leaves a trace is told in plain words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from portal.audit_trail import WORDS

ROOT = Path(__file__).parents[2]
FLOORS = ("portal", "editorial", "shop", "directory", "home")
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
BUILT = {
    "f'order.{row.status}'": {"order.paid", "order.ready", "order.fulfilled"},
    "f'{noun}.add'": {"zone.add", "rate.add"},
    "f'{noun}.change'": {"zone.change", "rate.change"},
    "f'{self.namespace}.kept'": {
        "impact_money.kept",
        "impact_quotes.kept",
        "portal_redirects.kept",
        "search_picks.kept",
        "search_synonyms.kept",
    },
    "f'{self.namespace}.removed'": {
        "impact_money.removed",
        "impact_quotes.removed",
        "portal_redirects.removed",
        "search_picks.removed",
        "search_synonyms.removed",
    },
}
"""Actions put together from a word that the code knows when it runs."""
WRITERS = {"note", "_trace", "_write"}


def actions() -> Iterator[str]:
    """What the calls that write traces call the act."""
    for path in (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _name(call) in WRITERS:
                for argument in call.args:
                    yield from _said(argument)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _said(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant) and ACTION.fullmatch(str(argument.value)):
        yield str(argument.value)
    if isinstance(argument, ast.JoinedStr) and any("." in part for part in _fixed_parts(argument)):
        yield from BUILT[ast.unparse(argument)]


def _fixed_parts(text: ast.JoinedStr) -> Iterator[str]:
    return (str(part.value) for part in text.values if isinstance(part, ast.Constant))


def test_every_act_has_its_words() -> None:
    found = set(actions())
    assert len(found) > 40
    assert sorted(found - set(WORDS)) == []
