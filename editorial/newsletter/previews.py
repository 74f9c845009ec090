"""The letter before it leaves, in Wagtail: as a mail, as text, and on the web."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from editorial.models import NewsletterPage
from editorial.newsletter import archive, composing, writing
from editorial.newsletter.marks import Words
from home.languages import current


def preview(page: NewsletterPage, mode_name: str) -> HttpResponse | None:
    """None for the mode that shows a page of the web."""
    if mode_name == "web":
        return None
    written = writing.draft(page, language=current(), now=timezone.now())
    if mode_name == "text":
        context: dict[str, Any] = {"subject": written.subject, "text": written.text}
        return render(None, "editorial/newsletter/mail/letter_text.html", context)
    return HttpResponse(written.html)


def words_shown(page: NewsletterPage, request: HttpRequest) -> Words:
    """What was sent; in a preview, what would be."""
    if getattr(request, "is_preview", False):
        return composing.compose(page, now=timezone.now())
    return archive.words_of(page) or {}
