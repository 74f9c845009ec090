"""A merchant gives the file that it sells: taken only if it is what it says, replaced at one place."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from home.tenancy import portal_scope
from shop.enums import ProductKind, ProductStatus
from shop.models import Product
from tests.factories import ProductFactory
from tests.portal.merchant_space.conftest import Screens, acts
from tests.portal.towns import Town

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%a pattern for a tuque"


@pytest.fixture
def product(here: Town, settings, tmp_path: Path) -> Product:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with portal_scope(here.site):
        return ProductFactory(merchant=here.merchant, status=ProductStatus.DRAFT)


def give(desk: Screens, product: Product, name: str, content: bytes) -> int:
    answer = desk.post(f"produits/{product.pk}/fichier/", file=SimpleUploadedFile(name, content))
    return answer.status_code


def test_product_becomes_a_file(here: Town, desk: Screens, product: Product) -> None:
    assert give(desk, product, "Mon Patron (été).PDF", PDF) == 302
    with portal_scope(here.site):
        kept = Product.objects.get(pk=product.pk)
    assert (kept.kind, kept.digital_file.name) == (ProductKind.DIGITAL, "mon-patron-ete.pdf")
    assert Path(kept.digital_file.path).read_bytes() == PDF
    assert acts(here)[-1] == "product.file"


def test_new_file_takes_the_old_ones_place(
    here: Town, desk: Screens, product: Product, django_capture_on_commit_callbacks
) -> None:
    give(desk, product, "un.pdf", PDF)
    with portal_scope(here.site):
        old = Product.objects.get(pk=product.pk).digital_file
    with django_capture_on_commit_callbacks(execute=True):
        assert give(desk, product, "deux.pdf", PDF + b"2") == 302
    assert not old.storage.exists(old.name)
    with portal_scope(here.site):
        kept = Product.objects.get(pk=product.pk).digital_file
    assert Path(kept.path).read_bytes() == PDF + b"2"


def test_file_that_a_copy_still_sells_stays(
    here: Town, desk: Screens, product: Product, django_capture_on_commit_callbacks
) -> None:
    give(desk, product, "un.pdf", PDF)
    with portal_scope(here.site):
        old = Product.objects.get(pk=product.pk).digital_file
        ProductFactory(merchant=here.merchant, kind=ProductKind.DIGITAL, digital_file=old.name)
    with django_capture_on_commit_callbacks(execute=True):
        give(desk, product, "deux.pdf", PDF)
    assert old.storage.exists(old.name)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<script>alert(1)</script>", "Choisissez un fichier PDF"),
        ("patron.pdf", b"<html>", "vrai PDF"),
        ("patron.pdf", b"", "vide"),
        ("patron", PDF, "Choisissez un fichier PDF"),
        ("../../etc/passwd", PDF, "Choisissez un fichier PDF"),
    ],
)
def test_what_is_no_file_to_sell_is_refused(
    here: Town, desk: Screens, product: Product, name: str, content: bytes, words: str
) -> None:
    answer = desk.post(f"produits/{product.pk}/fichier/", file=SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with portal_scope(here.site):
        assert not Product.objects.get(pk=product.pk).digital_file


def test_too_heavy_a_file_is_refused(
    here: Town, desk: Screens, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.files.MOST_BYTES", 10)
    assert give(desk, product, "patron.pdf", PDF) == 422


def test_stranger_gives_no_file(here: Town, stranger: Screens, product: Product) -> None:
    assert give(stranger, product, "patron.pdf", PDF) == 404
