"""Structured data cannot end the script it stands in."""

import json
import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory

TEMPLATE = Template("{% load jsonld_tags %}{% json_ld thing %}")
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*)</script>', re.DOTALL)


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)", "<!--", "]]>", "&amp; &", "\u2028", "Café « L’Écho »"]
)
def test_text_comes_back_whole_and_adds_no_markup(text: str) -> None:
    html = TEMPLATE.render(Context({"thing": {"name": text}}))
    inside = SCRIPT.fullmatch(html).group(1)
    assert json.loads(inside) == {"name": text}
    assert not set("<>&") & set(inside)


def test_object_is_asked_with_the_request() -> None:
    class Thing:
        def json_ld(self, request):
            return {"url": request.build_absolute_uri("/x/")}

    html = TEMPLATE.render(Context({"thing": Thing(), "request": RequestFactory().get("/")}))
    assert json.loads(SCRIPT.fullmatch(html).group(1)) == {"url": "http://testserver/x/"}


def test_nothing_prints_nothing() -> None:
    assert TEMPLATE.render(Context({"thing": None})) == ""
    assert TEMPLATE.render(Context({"thing": {}})) == ""
