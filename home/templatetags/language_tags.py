"""The language of the page in templates (a builtin library: nothing to load)."""

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from home.found import says_where_from
from home.languages import FRENCH, LANGUAGES, TAGS, current, current_tag, in_other_language, is_english
from home.languages import in_language as written

register = template.Library()

IN_FRENCH = mark_safe(' lang="fr-CA"')
IN_ENGLISH = mark_safe(' lang="en-CA"')
NOT_SAID = mark_safe("")


@register.filter
def in_language(path: str) -> str:
    """``{{ '/commerces/'|in_language }}``: ``/en/commerces/`` on an English page. For paths that no view names."""
    return written(path)


@register.simple_tag
def language_tag() -> str:
    """``<html lang="{% language_tag %}">``: fr-CA or en-CA."""
    return current_tag()


@register.simple_tag(name="is_english")
def english_is_spoken() -> bool:
    return is_english()


@register.simple_tag
def og_locale() -> str:
    """fr_CA or en_CA."""
    return current_tag().replace("-", "_")


@register.simple_tag
def french() -> SafeString:
    """``<p{% french %}>``: says, on an English page, that this text is French. For what has no English at all."""
    return IN_FRENCH if is_english() else NOT_SAID


@register.simple_tag
def in_english() -> SafeString:
    """``<aside{% in_english %}>``: says that this part speaks as the page does, where it stands in a French text."""
    return IN_ENGLISH if is_english() else NOT_SAID


@register.simple_tag
def lang_of(page: Any) -> SafeString:
    """``<h1{% lang_of page %}>``: says, on an English page, that this page's own words are still French.

    Nothing where there is no page.
    """
    return IN_FRENCH if is_english() and getattr(page, "language", None) == FRENCH else NOT_SAID


@register.simple_tag
def is_told_in_french(page: Any) -> bool:
    """Whether an English page shows words that are written in French alone: it then says so."""
    return is_english() and getattr(page, "language", None) == FRENCH and page.has_words


def _address_of(request: HttpRequest) -> str:
    """Of the page, with what was asked after « ? »; of the one that a form was sent from, for its answer has none."""
    came = urlsplit(request.headers.get("referer", ""))
    if request.method == "POST" and came.netloc == request.get_host() and came.path:
        return _without_marks(f"{came.path}?{came.query}")
    return _without_marks(request.get_full_path())


def _without_marks(address: str) -> str:
    """The same, saying no more which link led here."""
    path, _mark, query = address.partition("?")
    parts = [part.partition("=") for part in query.split("&")]
    kept = "&".join("".join(part) for part in parts if not says_where_from(part[0], part[2]))
    return f"{path}?{kept}" if kept else path


@register.simple_tag(takes_context=True)
def languages(context: template.Context) -> list[dict[str, str]]:
    """``tag``, ``name`` and ``url`` of this page in each language, French first; without ``url`` the one in use.

    Empty where the portal speaks French alone, where there is no portal, and in the admin.
    """
    request: HttpRequest | None = context.get("request")
    portal = context.get("portal")
    if request is None or not getattr(portal, "offers_english", False) or request.path.startswith("/admin/"):
        return []
    other = in_other_language(_address_of(request))
    return [
        {"tag": TAGS[code], "name": name, "url": "" if code == current() else other}
        for code, name in LANGUAGES
    ]
