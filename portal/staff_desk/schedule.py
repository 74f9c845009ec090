"""Pages that staff gave an hour: published when it comes, taken down when it comes. In each page's own portal.

Wagtail leaves this to a command that somebody must call every few minutes; here the worker does it.
"""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Page, Revision

from directory.models import MerchantPage
from home.tenancy import across_portals, portal_scope

SECONDS_BETWEEN = 20
MOST_AT_ONCE = 50


def keep_to_the_hours(now: datetime) -> int:
    """A worker's job: how many pages were published or taken down. It looks a few times a minute."""
    return publish_due(now) if cache.add("staff_desk.schedule", 1, SECONDS_BETWEEN) else 0


def publish_due(now: datetime) -> int:
    """What is due now is done, each once, however many workers look."""
    with across_portals():
        revisions = _due(now).order_by("approved_go_live_at", "pk").values_list("pk", "object_id")
        expired = Page.objects.live().filter(expire_at__lte=now).exclude(pk__in=_suspended()).order_by("pk")
        pages = [*revisions[:MOST_AT_ONCE]]
        gone = list(expired.values_list("pk", flat=True)[:MOST_AT_ONCE])
    published = sum(_publish(pk, int(page_pk), now) for pk, page_pk in pages)
    return published + sum(_take_down(pk, now) for pk in gone)


def _due(now: datetime) -> QuerySet[Revision]:
    return Revision.objects.filter(approved_go_live_at__lte=now, base_content_type__model="page")


def _suspended() -> QuerySet[MerchantPage]:
    """Their pages stay as they are until they open again."""
    hidden = Q(merchant__suspended_at__isnull=False) | Q(merchant__removed_at__isnull=False)
    return MerchantPage.objects.filter(hidden).values("pk")


@transaction.atomic
def _publish(revision_pk: int, page_pk: int, now: datetime) -> bool:
    """False when another worker did, when its hour was taken back, or while its merchant is suspended."""
    page = Page.objects.select_for_update().filter(pk=page_pk).first()
    site = page.get_site() if page else None
    if site is None:
        return False
    with portal_scope(site.pk):
        revision = _due(now).filter(pk=revision_pk).first()
        if revision is None or _suspended().filter(pk=page_pk).exists():
            return False
        revision.publish(log_action="wagtail.publish.scheduled")
    return True


@transaction.atomic
def _take_down(page_pk: int, now: datetime) -> bool:
    page = Page.objects.select_for_update().live().filter(pk=page_pk, expire_at__lte=now).first()
    site = page.get_site() if page else None
    if page is None or site is None:
        return False
    with portal_scope(site.pk):
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True
