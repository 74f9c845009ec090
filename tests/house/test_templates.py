"""What a strict Content-Security-Policy would silently drop, and what an accent-free template forgot."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# A mail has no style sheet, and no policy; a document that is kept carries its style, which its policy names by hash.
PUBLIC = [path for path in TEMPLATES if not {"mail", "documents"} & set(path.parts)]

INLINE = {
    "a style attribute": re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\b(?:src=|type=\"(?:application/(?:ld\+)?json|importmap)\"))", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"<[^>]+\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "hx-on, which evaluates a string": re.compile(r"\bhx-on\b", re.IGNORECASE),
}


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_holds_nothing_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.DOTALL)
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_compiles(path: Path) -> None:
    from django.template.loader import get_template

    get_template(str(path.relative_to(ROOT / "templates")))


def test_no_third_party_address_is_loaded() -> None:
    loads = re.compile(
        r"(?:src|srcset|href)=\"(?:https?:)?//(?!\{)[^\"]+\.(?:js|css|woff2?|png|jpg|svg)", re.IGNORECASE
    )
    assert [str(path) for path in TEMPLATES if loads.search(path.read_text())] == []
