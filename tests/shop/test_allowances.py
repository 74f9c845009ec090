"""A word that only looks prohibited is allowed for one product, with a reason on record."""

import pytest
from django.utils import timezone

from home.models import AuditEntry
from shop import allowances
from shop.allowances import NotHeld
from shop.enums import ProductStatus
from shop.models import Product
from shop.prohibited import Ban, banned_in
from shop.publication import what_is_missing
from tests.factories import ProductFactory
from tests.shop.conftest import Stall


@pytest.fixture
def product(cheese: Stall) -> Product:
    return ProductFactory(
        merchant=cheese.merchant,
        title="Boîte à cigares en érable",
        description="Aussi pour le tabac de pipe",
        status=ProductStatus.DRAFT,
    )


def allow(product: Product, word: str) -> bool:
    return allowances.allow(product, word, reason="une boîte", actor_id=None, now=timezone.now())


def complaints(product: Product) -> list[str]:
    return [text for text in what_is_missing(product, today=timezone.localdate()) if "fait croire" in text]


def test_words_looked_over_leave_the_others_to_be_found() -> None:
    text = "tabac, cigares et CBD"
    assert banned_in(text, allowed={"tabac"}) == {Ban.TOBACCO: "cigares", Ban.CANNABIS: "cbd"}
    assert banned_in(text, allowed={"tabac", "cigares", "cbd"}) == {}


def test_each_word_is_allowed_by_itself_and_once(product: Product) -> None:
    assert [(item.product, item.word) for item in allowances.held()] == [(product, "cigares")]
    assert [allow(product, "cigares"), allow(product, "cigares")] == [True, False]
    assert "«\u00a0tabac\u00a0»" in complaints(product)[0]
    assert allow(product, "tabac")
    assert (complaints(product), list(allowances.held())) == ([], [])
    traces = AuditEntry.objects.filter(action="product.word_allowed").order_by("pk")
    assert [row.after for row in traces] == [
        {"word": "cigares", "reason": "une boîte"},
        {"word": "tabac", "reason": "une boîte"},
    ]


def test_a_word_that_holds_nothing_is_not_allowed_ahead(product: Product) -> None:
    for word in ("viagra", "érable", ""):
        with pytest.raises(NotHeld):
            allow(product, word)
    assert not product.allowed_words.exists()


def test_another_product_or_another_word_is_looked_at_anew(product: Product, candles: Stall) -> None:
    allow(product, "cigares")
    allow(product, "tabac")
    product.description = "et des cigarillos"
    assert "cigarillos" in complaints(product)[0]
    other = ProductFactory(merchant=candles.merchant, title="Coupe-cigares", status=ProductStatus.DRAFT)
    assert "cigares" in complaints(other)[0]


def test_taken_back_it_holds_again_once(product: Product) -> None:
    allow(product, "cigares")
    row = product.allowed_words.get()
    assert [allowances.forbid(row, actor_id=None), allowances.forbid(row, actor_id=None)] == [True, False]
    assert "cigares" in complaints(product)[0]
    assert AuditEntry.objects.get(action="product.word_forbidden").after == {"word": "cigares"}
