"""The letters that were sent, for everyone to read."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from editorial.models import Mailing, NewsletterIndexPage, NewsletterPage
from editorial.newsletter.forms import SignUpForm
from editorial.newsletter.marks import Words
from home import twins
from home.languages import FRENCH, current
from home.page_lists import public_pages

PER_PAGE = 24


def sent_letters() -> QuerySet[Mailing]:
    """Newest first, of pages that everyone may read; without their words."""
    pages = public_pages(NewsletterPage.objects.all())
    rows: QuerySet[Mailing] = Mailing.objects.filter(frozen_at__isnull=False, page__in=pages)
    return rows.select_related("page").defer("words").order_by("-frozen_at", "-pk")


def words_of(page: NewsletterPage) -> Words | None:
    """What was sent, in the language that is spoken where it was sent in it; None for a letter that never left."""
    mailing: Mailing | None = Mailing.objects.filter(page=page, frozen_at__isnull=False).first()
    return (mailing.words.get(current()) or mailing.words[FRENCH]) if mailing else None


def sign_up_context(request: HttpRequest, form: SignUpForm | None = None) -> dict[str, Any]:
    """What ``editorial/newsletter/sign_up.html`` shows."""
    letters = Paginator(sent_letters(), PER_PAGE).get_page(request.GET.get("page"))
    return {"form": form or SignUpForm(), "letters": letters}


def index_page() -> NewsletterIndexPage | None:
    """The portal's own, for its introduction; a portal without one has a page all the same."""
    found: NewsletterIndexPage | None = public_pages(NewsletterIndexPage.objects.all()).first()
    return twins.speak([found])[0] if found else None
