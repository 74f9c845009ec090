"""Today's five calls: each with its reason and its phone, and what became of it noted in one act."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from directory import callbacks, follow_up, tiers
from directory.models import CallbackRequest, Merchant, Registration
from home import audit
from home.dates import date_format
from home.models import AuditEntry, PortalSettings
from home.tenancy import current_site
from portal.chamber_desk import calls
from portal.chamber_desk.calls import CALLS_A_DAY, Call, Day
from portal.chamber_desk.models import PipelineRow
from portal.chamber_desk.pipeline import WHO, url_of
from portal.staff_desk.rights import for_roles
from portal.staff_desk.screens import screen

TITLE = gettext_lazy("Les appels du jour")
MADE, PUT_OFF = "follow_up.called", "follow_up.put_off"
LATER = {
    "demain": (gettext_lazy("Demain"), 1),
    "trois": (gettext_lazy("Dans trois jours"), 3),
    "semaine": (gettext_lazy("Dans une semaine"), 7),
}


class DoneForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Ce qui s’est dit"),
        max_length=follow_up.LONGEST_NOTE,
        widget=forms.Textarea({"rows": 2}),
        error_messages={
            "required": gettext_lazy("Écrivez en un mot ce qui s’est dit, comme «\u00a0Laissé un message\u00a0»."),
            "max_length": gettext_lazy("Plus court\u00a0: 4\u00a0000 caractères au plus."),
        },
    )  # fmt: skip
    next_act = forms.CharField(
        label=gettext_lazy("Prochain geste"),
        max_length=follow_up.LONGEST_ACT,
        required=False,
        error_messages={"max_length": gettext_lazy("Plus court\u00a0: 160 caractères au plus.")},
    )
    next_act_on = forms.DateField(
        label=gettext_lazy("Le"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Écrivez la date comme 2026-11-30.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("next_act_on") and not cleaned.get("next_act") and "next_act" in cleaned:
            self.add_error("next_act", _("Écrivez ce qu’il y aura à faire ce jour-là."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Today:
    """The calls that are left of today's five, and how many were made."""

    calls: list[Call]
    made: int

    @property
    def is_over(self) -> bool:
        return not self.calls and self.made > 0


def day_of(now: dt.datetime) -> Day:
    """What the rule needs to know of the portal in scope."""
    settings = PortalSettings.for_site(current_site())
    paid = frozenset(str(tier) for tier, cents in tiers.prices().items() if cents)
    return Day(now, settings.free_until, paid)


def calls_of(user_pk: int, now: dt.datetime) -> Today:
    """Of what this person follows, and of what nobody does. One that was made today makes no room for another."""
    day, made = day_of(now), calls_made(user_pk, now)
    theirs = PipelineRow.objects.standing(now).filter(Q(adviser=None) | Q(adviser=user_pk))
    rows = list(calls.worth_a_look(theirs, day))
    return Today(calls.of_the_day(rows, day)[: max(0, CALLS_A_DAY - made)], made)


def calls_made(user_pk: int, now: dt.datetime) -> int:
    """Merchants that this person called, or put off, since the day began here."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    made = AuditEntry.objects.filter(actor=user_pk, at__gte=midnight, action__in=(MADE, PUT_OFF))
    return made.order_by().values("object_type", "object_id").distinct().count()


@require_safe
@for_roles(*WHO)
def index(request: HttpRequest) -> HttpResponse:
    return _calls_screen(request)


def _calls_screen(request: HttpRequest, wrong: tuple[int, DoneForm] | None = None) -> HttpResponse:
    now = timezone.now()
    today = calls_of(int(request.user.pk or 0), now)
    asked = _asked(today.calls)
    return screen(
        request,
        "chamber_calls",
        TITLE,
        status=422 if wrong else 200,
        today=today,
        lines=[_told(call, asked.get(call.row.pk), wrong) for call in today.calls],
        date=date_format(timezone.localdate(now), "l j F"),
        later=[(value, label) for value, (label, _days) in LATER.items()],
    )


def _told(call: Call, asked: CallbackRequest | None, wrong: tuple[int, DoneForm] | None) -> dict[str, Any]:
    """A call as its template shows it; who asked to be called said at which number."""
    row = call.row
    is_wrong = wrong is not None and wrong[0] == row.pk
    form = wrong[1] if wrong and is_wrong else DoneForm(auto_id=f"id_{row.pk}_%s", label_suffix="")
    return {
        "call": call,
        "row": row,
        "url": url_of(row),
        "phone": asked.phone if asked else row.phone,
        "asked": asked,
        "form": form,
        "is_open": is_wrong,
    }


def _asked(made: list[Call]) -> dict[int, CallbackRequest]:
    """What those who ask for a call said, by the key of their row in the pipeline."""
    rows = [call.row for call in made if call.row.callback_asked_at]
    if not rows:
        return {}
    about = Q(merchant__in=[row.merchant_id for row in rows if row.merchant_id])
    about |= Q(registration__in=[row.registration_id for row in rows if row.registration_id])
    found = CallbackRequest.objects.filter(about, called_at=None).select_related("registration")
    return {_row_key(each): each for each in found.order_by("-asked_at")}


def _row_key(asked: CallbackRequest) -> int:
    registration = asked.registration
    merchant_id = asked.merchant_id or (registration.merchant_id if registration else None)
    return int(merchant_id or -(asked.registration_id or 0))


@require_POST
@for_roles(*WHO)
def done(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    """The call was made: its words are a note of the file, what was asked is answered, what comes next is set."""
    merchant = _merchant_or_404(merchant_pk)
    form = DoneForm(request.POST, auto_id=f"id_{merchant.pk}_%s", label_suffix="")
    if not form.is_valid():
        return _calls_screen(request, (merchant.pk, form))
    _keep(merchant, form, by_id=int(request.user.pk or 0))
    messages.success(request, _("C’est noté au dossier de %(name)s.") % {"name": merchant.name})
    return redirect("chamber:calls")


@transaction.atomic
def _keep(merchant: Merchant, form: DoneForm, *, by_id: int) -> None:
    told, about = form.cleaned_data, Q(merchant=merchant) | Q(registration__merchant=merchant)
    for asked in CallbackRequest.objects.filter(about, called_at=None):
        callbacks.close(asked, by_id=by_id, now=timezone.now())
    follow_up.note(merchant, told["words"], by_id=by_id)
    follow_up.set_next_act(merchant, told["next_act"], on=told["next_act_on"], by_id=by_id)
    audit.note(MADE, merchant, actor_id=by_id, merchant_id=merchant.pk)


@require_POST
@for_roles(*WHO)
def answered(request: HttpRequest, registration_pk: int) -> HttpResponse:
    """Who registers a shop that is not listed yet was called, as they asked: there is no file to note it in."""
    registration = get_object_or_404(Registration, pk=registration_pk, merchant=None)
    by_id = int(request.user.pk or 0)
    with transaction.atomic():
        waiting = CallbackRequest.objects.filter(registration=registration, called_at=None)
        if [callbacks.close(asked, by_id=by_id, now=timezone.now()) for asked in waiting]:
            audit.note(MADE, registration, actor_id=by_id)
            messages.success(request, _("C’est noté : le rappel est fait."))
    return redirect("chamber:calls")


@require_POST
@for_roles(*WHO)
def put_off(request: HttpRequest, merchant_pk: int) -> HttpResponse:
    """Not today: its next act is that call, on a later day. Who asked to be called stays in the list."""
    merchant = _merchant_or_404(merchant_pk)
    _label, days = LATER.get(request.POST.get("quand", ""), LATER["demain"])
    by_id, on = int(request.user.pk or 0), timezone.localdate() + dt.timedelta(days=days)
    with transaction.atomic():
        act = follow_up.of_merchant(merchant).next_act or _("Appeler")
        follow_up.set_next_act(merchant, act, on=on, by_id=by_id)
        audit.note(PUT_OFF, merchant, actor_id=by_id, merchant_id=merchant.pk)
    told = {"name": merchant.name, "day": date_format(on, "j F")}
    messages.success(request, _("%(name)s : remis au %(day)s.") % told)
    return redirect("chamber:calls")


def _merchant_or_404(merchant_pk: int) -> Merchant:
    return get_object_or_404(Merchant, pk=merchant_pk, suspended_at=None, removed_at=None)
