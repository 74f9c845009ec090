"""Styles inside tags: many mail programs drop a style sheet, and read what stands in the tag.

The letter's template names classes, its style sheet has one plain rule for each; here each class's rule is written into
the tags that bear it. The class stays, for the few rules (dark theme) that only a style sheet can say.
"""

import re
from functools import lru_cache

_RULE = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
_CLASSES = re.compile(r'\bclass="([^"]*)"')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_GAP = re.compile(r"\s*([:;])\s*")


def inlined(html: str, css: str) -> str:
    """``html`` with the rules of ``css`` in its tags. A class without one, as an editor's words may hold, adds none."""
    rules = rules_of(css)
    return _CLASSES.sub(lambda found: _with_style(found, rules), html)


def _with_style(found: re.Match[str], rules: dict[str, str]) -> str:
    style = ";".join(rules[name] for name in found[1].split() if name in rules)
    return f'{found[0]} style="{style}"' if style else found[0]


@lru_cache(maxsize=32)
def rules_of(css: str) -> dict[str, str]:
    """Each class's declarations, on one line, fit to stand between double quotes."""
    found = _RULE.findall(_COMMENT.sub("", css))
    return {
        name: _GAP.sub(r"\1", " ".join(said.split())).strip("; ").replace('"', "'") for name, said in found
    }
