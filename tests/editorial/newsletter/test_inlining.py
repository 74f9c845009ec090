"""Styles are written into tags, whatever an editor's words hold."""

import re
from pathlib import Path

from editorial.newsletter.inlining import inlined, rules_of

ROOT = Path(__file__).resolve().parents[3]
MAIL = ROOT / "templates" / "editorial" / "newsletter" / "mail"
CSS = '.big { color: red; font: 1em "A" }\n.wide { width: 100% }'


def test_rules_stand_in_the_tags_that_bear_their_class() -> None:
    told = inlined('<p class="big wide">Oui</p>', CSS)
    assert told == '<p class="big wide" style="color:red;font:1em \'A\';width:100%">Oui</p>'


def test_class_without_a_rule_breaks_nothing() -> None:
    assert inlined('<p class="inconnue big">', CSS).endswith("style=\"color:red;font:1em 'A'\">")
    assert inlined('<p class="richtext-image left">', CSS) == '<p class="richtext-image left">'
    assert inlined('<p class="">', CSS) == '<p class="">'


def test_every_class_of_the_letter_has_a_rule() -> None:
    """A name that was mistyped would go out unstyled."""
    rules = rules_of((MAIL / "letter.css").read_text())
    plain = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
    named = {
        name
        for path in MAIL.glob("*.html")
        for classes in re.findall(r'\bclass="([^"]*)"', path.read_text())
        for name in plain.sub(" ", classes).split()
    }
    assert named - set(rules) == set()
    assert len(named) > 10
