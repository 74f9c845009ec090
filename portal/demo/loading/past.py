"""The demo's pages appeared when their merchants came and their stories were published, not when they were loaded."""

import datetime as dt

from django.db.models import DateTimeField, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from wagtail.models import Page

from directory.models import MerchantPage
from editorial.models import StoryPage
from home.tenancy import below_roots

BEFORE_ANYBODY = dt.timedelta(days=120)
"""What the town's list brought was there before the first merchant took its page, and before anything was counted."""
IN_THE_MORNING = dt.timedelta(hours=6)


def date_back(*, now: dt.datetime) -> int:
    """Of the portal in scope; how many pages appeared earlier than they were said to. Twice is nothing."""
    moments = {
        MerchantPage: Coalesce(F("merchant__claimed_at"), Value(now - BEFORE_ANYBODY)),
        StoryPage: Cast("published_on", DateTimeField()) + Value(IN_THE_MORNING),
    }
    return sum(_date_back(model, moment, now) for model, moment in moments.items())


def _date_back(model: type[MerchantPage | StoryPage], moment: Combinable, now: dt.datetime) -> int:
    pages = model.objects.filter(below_roots()).annotate(appeared=moment)
    untold = Q(first_published_at=None) | Q(first_published_at__gt=F("appeared"))
    late = pages.filter(untold, appeared__lt=now)
    appeared = model.objects.annotate(appeared=moment).filter(pk=OuterRef("pk")).values("appeared")
    return Page.objects.filter(pk__in=late.values("pk")).update(first_published_at=Subquery(appeared))
