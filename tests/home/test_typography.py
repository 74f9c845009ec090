"""Signs that each language sets in its own way, around what is said."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

PAGE = Template("{% load typography_tags %}{{ day }}{% colon %} {{ words|quoted }}")


@pytest.mark.parametrize(
    ("language", "shown"),
    [("fr-ca", "lundi\u00a0: «\u00a0Pain &amp; beurre\u00a0»"), ("en", "lundi: “Pain &amp; beurre”")],
)
def test_colons_and_quotes_are_set_as_the_language_sets_them(language: str, shown: str) -> None:
    with override(language):
        assert PAGE.render(Context({"day": "lundi", "words": "Pain & beurre"})) == shown
