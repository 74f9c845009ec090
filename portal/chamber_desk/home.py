"""The Chamber's part of the admin's home: today's calls, first sales, who is stuck where, who lets itself be helped."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.components import Component

from directory import callbacks
from directory.models import HelpConsent
from home.dates import date_format
from home.models import PortalRole
from portal.chamber_desk import today, words
from portal.chamber_desk.filters import Filters
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.stages import Place, Stage
from portal.staff_desk.files import file_url
from portal.staff_desk.rights import has_role
from portal.staff_desk.today import MOST_SHOWN, Chore, Line

NEWS_FOR = timedelta(days=14)
"""How long a first sale is told of."""


class ChamberPanel(Component):
    """For the portal's advisers; nothing for anybody else."""

    name = "chamber_today"
    order = 60
    template_name = "portal/admin/chamber_home.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = self.request.user
        if not has_role(user, PortalRole.ADVISER):
            return {"chores": []}
        return {"chores": chores_of(int(user.pk or 0), timezone.now())}


def chores_of(user_pk: int, now: datetime) -> list[Chore]:
    return [_calls(user_pk, now), _callbacks(now), _first_sales(now), _stuck(now), _consents(now)]


def _calls(user_pk: int, now: datetime) -> Chore:
    left = today.calls_of(user_pk, now)
    url = reverse("chamber:calls")
    lines = tuple(Line(call.row.name, call.reason, f"{url}#a{call.row.pk}") for call in left.calls)
    well = (
        gettext_lazy("Les appels du jour sont faits.") if left.made else gettext_lazy("Personne à appeler.")
    )
    return Chore(gettext_lazy("Les appels du jour"), lines, len(lines), well, url)


def _callbacks(now: datetime) -> Chore:
    """Every call that was asked for, whoever follows the merchant; the longest first."""
    shown = list(
        callbacks.waiting()
        .select_related("registration__merchant")
        .annotate(in_all=Window(Count("pk")))[:MOST_SHOWN]
    )
    lines = tuple(_asked(row, now) for row in shown)
    count = shown[0].in_all if shown else 0
    return Chore(gettext_lazy("Rappels demandés"), lines, count, gettext_lazy("Personne en ce moment."))


def _asked(row: Any, now: datetime) -> Line:
    """A shop that is not listed yet has no file: its registration says all there is."""
    merchant = row.merchant or row.registration.merchant
    since = words.since(row.asked_at, now)
    if merchant is None:
        name = row.registration.answers.get("name") or row.registration.email
        return Line(name, since, reverse("joining_desk:registration", args=[row.registration_id]))
    return Line(merchant.name, since, file_url(merchant.pk))


def _first_sales(now: datetime) -> Chore:
    """Never an amount: that somebody sold, and when."""
    rows = PipelineRow.objects.filter(first_sale_at__gt=now - NEWS_FOR).order_by("-first_sale_at", "pk")
    shown = list(
        rows.annotate(in_all=Window(Count("pk"))).values("merchant_id", "name", "first_sale_at", "in_all")[
            :MOST_SHOWN
        ]
    )
    lines = tuple(
        Line(row["name"], _("le %(day)s") % {"day": _day(row["first_sale_at"])}, file_url(row["merchant_id"]))
        for row in shown
    )
    well = gettext_lazy("Aucune depuis deux semaines.")
    return Chore(gettext_lazy("Première vente!"), lines, shown[0]["in_all"] if shown else 0, well)


def _stuck(now: datetime) -> Chore:
    """By place, the most crowded first; each leads to its list."""
    rows = PipelineRow.objects.standing(now).filter(stage__in=[Stage.STUCK, Stage.LEAVING]).order_by()
    found = Counter(dict(rows.values_list("place").annotate(in_all=Count("pk"))))
    lines = tuple(_of_place(Place(place), count) for place, count in found.most_common())
    url = f"{reverse('chamber:index')}?{Filters(stage=Stage.STUCK, sort='depuis').querystring()}"
    return Chore(
        gettext_lazy("Bloqués, ou sur le départ"),
        lines,
        found.total(),
        gettext_lazy("Personne en ce moment."),
        url,
    )


def _of_place(place: Place, count: int) -> Line:
    label, url = str(place.label), reverse("chamber:index")
    shops = ngettext("%(count)s commerce", "%(count)s commerces", count) % {"count": count}
    return Line(
        label[:1].upper() + label[1:], shops, f"{url}?{Filters(place=place, sort='depuis').querystring()}"
    )


def _consents(now: datetime) -> Chore:
    open_now = HelpConsent.objects.filter(ended_at=None, expires_at__gt=now, merchant__suspended_at=None)
    rows = open_now.annotate(in_all=Window(Count("pk"))).order_by("expires_at", "pk")
    shown = list(rows.values("merchant_id", "merchant__name", "expires_at", "in_all")[:MOST_SHOWN])
    lines = tuple(
        Line(
            row["merchant__name"],
            _("jusqu’au %(day)s") % {"day": _day(row["expires_at"])},
            file_url(row["merchant_id"]),
        )
        for row in shown
    )
    return Chore(
        gettext_lazy("Commerces qui acceptent votre aide"),
        lines,
        shown[0]["in_all"] if shown else 0,
        gettext_lazy("Personne en ce moment."),
        reverse("helping:index"),
    )


def _day(moment: datetime | None) -> str:
    return "" if moment is None else date_format(timezone.localtime(moment), "j F")
