"""What of the portal has no English yet: a line on the admin's home, and the whole list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET
from wagtail.models import Page

from directory.models import DirectoryPage, MerchantPage
from editorial.models import CampaignIndexPage, CampaignPage, StoryIndexPage, StoryPage
from home.languages import ENGLISH
from home.models import ContentPage, HomePage, PortalSettings
from home.tenancy import current_site_id
from home.untranslated import without_english
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen
from portal.staffing import JOURNAL

TITLE = gettext_lazy("Sans anglais")
MOST_SHOWN = 60
"""Of one kind on the screen: what was changed last comes first, and the rest moves up as it is done."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Pages that are counted together; ``name`` is their place on the screen."""

    name: str
    models: tuple[type[Page], ...]
    said: Callable[[int], str]


def _pages(count: int) -> str:
    return ngettext("%(count)s page sans anglais", "%(count)s pages sans anglais", count) % {"count": count}


def _stories(count: int) -> str:
    return ngettext("%(count)s histoire sans anglais", "%(count)s histoires sans anglais", count) % {
        "count": count
    }


def _campaigns(count: int) -> str:
    return ngettext("%(count)s campagne sans anglais", "%(count)s campagnes sans anglais", count) % {
        "count": count
    }


def _merchants(count: int) -> str:
    return ngettext("%(count)s commerce sans anglais", "%(count)s commerces sans anglais", count) % {
        "count": count
    }


KINDS = (
    Kind("pages", (HomePage, ContentPage, DirectoryPage, StoryIndexPage, CampaignIndexPage), _pages),
    Kind("histoires", (StoryPage,), _stories),
    Kind("campagnes", (CampaignPage,), _campaigns),
    Kind("commerces", (MerchantPage,), _merchants),
)
"""The letters of each week are not among them: nobody reads them again in another language."""


def is_offered() -> bool:
    return bool(PortalSettings.objects.filter(site=current_site_id(), offers_english=True).exists())


def counts() -> dict[str, int]:
    """How many pages of each kind have no English, in one query; kinds without any are left out."""
    types = ContentType.objects.get_for_models(*(model for kind in KINDS for model in kind.models))
    rows = without_english(Page.objects.all()).values_list("content_type").annotate(Count("pk"))
    by_type = dict(rows.values_list("content_type", "pk__count").order_by())
    found = {kind.name: sum(by_type.get(types[model].pk, 0) for model in kind.models) for kind in KINDS}
    return {name: count for name, count in found.items() if count}


@require_GET
@for_roles(*JOURNAL)
def index(request: HttpRequest) -> HttpResponse:
    known = counts()
    groups = [
        {
            "name": kind.name,
            "said": kind.said(known[kind.name]),
            "rows": _rows(kind),
            "count": known[kind.name],
        }
        for kind in KINDS
        if kind.name in known
    ]
    return screen(request, "english", TITLE, groups=groups, is_offered=is_offered())


def _rows(kind: Kind) -> list[dict[str, Any]]:
    pages = without_english(Page.objects.type(*kind.models)).order_by("-last_published_at", "pk")
    return [
        {"title": page.title, "is_begun": bool(page.draft), "url": _url(page)} for page in pages[:MOST_SHOWN]
    ]


def _url(page: Any) -> str:
    """Where its English is written: the draft that somebody began, or the act that begins one."""
    if page.draft:
        return reverse("wagtailadmin_pages:edit", args=[page.draft])
    return f"{reverse('wagtail_localize:submit_page_translation', args=[page.pk])}?select_locale={ENGLISH}"


def urls() -> list[URLPattern]:
    return [path("", index, name="index")]
