"""A letter's links say that they are a letter's, and which: in its words, in its prose, and in its frame."""

import re
from collections.abc import Callable
from typing import Any

from django.core import mail
from django.utils import timezone
from wagtail.models import Site

from directory.counting.credit import read_credit
from directory.enums import Source
from editorial.models import NewsletterPage
from editorial.newsletter.marks import naming
from tests.editorial.newsletter.conftest import confirmed, leave_all
from tests.editorial.newsletter.test_mailings import begin, on_sale, quiet  # noqa: F401 (nothing else is due)

Make = Callable[..., NewsletterPage]
MARKED = "http://localhost/boutique/?v=infolettre"


def test_each_marked_address_names_the_letter_and_nothing_else_does() -> None:
    words: dict[str, Any] = {
        "base": "http://localhost",
        "word": f'<p>« v=infolettre » <a href="{MARKED}">ici</a></p>',
        "products": [{"key": 3, "url": MARKED, "picture": None}],
    }
    assert naming(words, "n1-a.b") == {
        "base": "http://localhost",
        "word": f'<p>« v=infolettre » <a href="{MARKED}&amp;de=n1-a.b">ici</a></p>',
        "products": [{"key": 3, "url": f"{MARKED}&de=n1-a.b", "picture": None}],
    }


def test_every_copy_of_a_letter_names_it_the_same_way(in_levis: Site, make_letter: Make) -> None:
    on_sale("Tarte")
    page = make_letter(word='<p><a href="/boutique/">La boutique</a></p>')
    for name in ("marie", "jean"):
        confirmed(in_levis, f"{name}@exemple.test")
    begin(page)
    leave_all()
    marks = {mark for letter in mail.outbox for mark in re.findall(r"[?&]de=([\w.-]+)", letter.body)}
    assert len(mail.outbox) == 2
    (mark,) = marks
    credit = read_credit(mark, site_id=in_levis.pk, now=timezone.now())
    assert credit
    assert (credit.source, credit.page_id) == (Source.NEWSLETTER, page.pk)
    for letter in mail.outbox:
        assert letter.body.count("v=infolettre") == letter.body.count(f"v=infolettre&de={mark}") == 3
