"""The same folding in Python and in PostgreSQL."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.folding import fold, folded_words
from directory.models import Category
from tests.factories import CategoryFactory

LETTERS = st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_characters="\x7fİŉſ")
SIGNS = st.sampled_from("’‘–—‐‑\u00a0\u202fœŒæÆÿŸ\u0301\u0300\u0327")
NAMES = st.text(st.one_of(LETTERS, SIGNS), max_size=80)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lévis", "levis"),
        ("ÉPICERIE", "epicerie"),
        ("Œuvres & Sœurs", "oeuvres & soeurs"),
        ("Saint-Jean-Chrysostome", "saint jean chrysostome"),
        ("L’Échoppe", "l'echoppe"),
        ("Cafe\u0301", "cafe"),  # the accent written apart, as some keyboards do
        ("garçon Noël où", "garcon noel ou"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_without_what_postgresql_refuses() -> None:
    assert folded_words("pain\x00 de\u00a0Mie ") == ["pain", "de", "mie"]


@pytest.fixture
def category(in_levis) -> Category:
    return CategoryFactory()


@given(name=NAMES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_postgresql_folds_as_python_does(category: Category, name: str) -> None:
    Category.objects.filter(pk=category.pk).update(name=name)
    assert Category.objects.values_list("folded_name", flat=True).get(pk=category.pk) == fold(name)
