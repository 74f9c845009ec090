"""« Partir avec tout »: the owner's file of everything, and the questions before it leaves. Nobody else finds them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import departures
from directory.enums import DepartureReason, Tier
from directory.models import Departure
from home.dates import date_format
from portal.accounts.second_factor import asked_again
from portal.leaving import departing, packages
from portal.leaving.departing import StillOpen, Wish
from portal.leaving.forms import KEEP, LastForm, OwnSiteForm, PageForm, ReasonForm
from portal.leaving.models import Package, PackageStatus
from portal.merchant_space.access import Desk, owner_desk_or_404
from portal.merchant_space.screens import show
from shop.enums import OrderStatus
from shop.models import Order
from shop.plan_facts import subscription_of

ORDERS_NAMED = 20
look_or_post = require_http_methods(["GET", "HEAD", "POST"])


# ------------------------------------------------------------------------------------------------ the file


@never_cache
@login_required
@look_or_post
def take_along(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Ask for it, see how far it is, and fetch it."""
    desk, now = owner_desk_or_404(request, merchant_slug), timezone.now()
    if request.method == "POST":
        return _ask(request, desk)
    rows = packages.of(desk.merchant)
    return show(
        request,
        desk,
        "leaving/take_along.html",
        under_way=next((row for row in rows if row.status in PackageStatus.open()), None),
        ready=[_dated(row) for row in packages.ready(desk.merchant, now=now)],
        has_failed=bool(rows) and rows[0].status == PackageStatus.FAILED,
        past=[row for row in rows if row.status == PackageStatus.GONE or packages.is_over(row, now=now)],
    )


def _ask(request: HttpRequest, desk: Desk) -> HttpResponse:
    try:
        if not packages.ask(desk.merchant, by_id=desk.user_id, now=timezone.now()):
            messages.info(request, _("Votre fichier est déjà en préparation."))
    except packages.TooMany:
        messages.info(
            request,
            _(
                "Vous l’avez demandé plusieurs fois aujourd’hui\u00a0: le dernier est complet. Revenez demain."
            ),
        )
    return redirect("merchant:take_along", merchant_slug=desk.merchant.slug)


def _dated(row: Package) -> Package:
    if row.ready_at is not None:
        day = timezone.localdate(row.ready_at + packages.KEPT)
        row.last_day = date_format(day, "j F Y")  # type: ignore[attr-defined]
    return row


@never_cache
@login_required
@require_safe
def take_along_file(request: HttpRequest, merchant_slug: str, package_pk: int) -> FileResponse:
    """Handed over as a file, to an owner alone; who took it is in the trail. Raises Http404 once its week is past."""
    desk = owner_desk_or_404(request, merchant_slug)
    row = get_object_or_404(packages.ready(desk.merchant, now=timezone.now()), pk=package_pk)
    try:
        file = row.file.open("rb")
    except OSError as error:
        raise Http404 from error
    packages.note_taken(row, by_id=desk.user_id)
    name = f"{desk.merchant.slug}-{timezone.localdate(row.ready_at):%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


# ------------------------------------------------------------------------------------------------ leaving


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far, as it stands in the address; "" for what was not, or says nothing."""

    reason: str = ""
    own_site: str = ""
    page: str = ""

    @property
    def is_graduation(self) -> bool:
        return self.reason == DepartureReason.GRADUATED

    @property
    def kept(self) -> dict[str, str]:
        """As forms carry it along."""
        said = {"raison": self.reason, "site": self.own_site, "page": self.page}
        return {name: value for name, value in said.items() if value}


@never_cache
@login_required
@look_or_post
@asked_again
def leaving(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """What leaving means, one question a page, and the last word. Where it has left: what it can still do here."""
    desk = owner_desk_or_404(request, merchant_slug)
    gone = departures.standing(desk.merchant)
    if gone is not None:
        return _gone(request, desk, gone)
    open_orders = departing.open_orders(desk.merchant)
    if open_orders.exists():
        status = 409 if request.method == "POST" else 200
        return show(request, desk, "leaving/not_yet.html", status=status, orders=_named(open_orders))
    return _asked(request, desk)


def _named(orders: Any) -> list[Order]:
    """Those that can be looked at, and how many are just being paid for."""
    rows = list(orders[:ORDERS_NAMED])
    for row in rows:
        row.is_being_paid = row.status == OrderStatus.PENDING
    return rows


def _asked(request: HttpRequest, desk: Desk) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    reason = ReasonForm(said if "raison" in said else None)
    if not reason.is_valid():
        return _question(request, desk, reason, Answers(), is_first=True)
    answers = Answers(reason.cleaned_data["raison"])
    if answers.is_graduation:
        site = OwnSiteForm(said if "site" in said else None, initial={"site": _own_shop(desk)})
        if not site.is_valid():
            return _question(request, desk, site, answers)
        answers = Answers(answers.reason, site.cleaned_data["site"])
    page = PageForm(said if "page" in said else None)
    if not page.is_valid():
        return _question(request, desk, page, answers)
    return _last_word(request, desk, Answers(answers.reason, answers.own_site, page.cleaned_data["page"]))


def _own_shop(desk: Desk) -> str:
    return desk.merchant.shop_url or desk.merchant.website_url


def _question(
    request: HttpRequest, desk: Desk, form: Any, answers: Answers, *, is_first: bool = False
) -> HttpResponse:  # fmt: skip
    status = 422 if form.errors else 200
    more = {"form": form, "kept": answers.kept, "is_first": is_first}
    return show(request, desk, "leaving/question.html", status=status, **more, **_facts(desk))


def _facts(desk: Desk) -> dict[str, Any]:
    """What leaving would mean for this merchant."""
    row = subscription_of(desk.merchant.pk)
    is_paying = row is not None and not row.is_over
    return {
        "sells": desk.merchant.tier == Tier.TRANSACTIONAL,
        "is_paying": is_paying,
        "paid_until": date_format(timezone.localdate(row.current_period_end), "j F Y")
        if is_paying and row is not None and row.current_period_end
        else "",
        "undo_days": departures.CAN_BE_UNDONE_FOR.days,
    }


def _last_word(request: HttpRequest, desk: Desk, answers: Answers) -> HttpResponse:
    form = LastForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _leave(request, desk, answers, form.cleaned_data["mot"])
    words = {
        "form": form,
        "kept": answers.kept,
        "answers": answers,
        "reason": dict(ReasonForm.base_fields["raison"].choices)[answers.reason],  # type: ignore[attr-defined]
        "keeps_page": answers.page == KEEP,
        "start": f"?{urlencode({'raison': answers.reason})}",
    }
    return show(
        request, desk, "leaving/last_word.html", status=422 if form.errors else 200, **words, **_facts(desk)
    )


def _leave(request: HttpRequest, desk: Desk, answers: Answers, words: str) -> HttpResponse:
    wish = Wish(DepartureReason(answers.reason), answers.own_site, answers.page == KEEP, words)
    try:
        departing.leave(desk.merchant, wish, by_id=desk.user_id, now=timezone.now())
    except StillOpen:
        messages.error(request, _("Une commande vient d’arriver\u00a0: elle passe avant le départ."))
    return redirect("merchant:leaving", merchant_slug=desk.merchant.slug)


def _gone(request: HttpRequest, desk: Desk, gone: Departure) -> HttpResponse:
    done = Order.objects.filter(merchant=desk.merchant, paid_at__isnull=False)
    return show(
        request,
        desk,
        "leaving/gone.html",
        gone=gone,
        last_day=date_format(departures.last_day_to_undo(gone), "j F Y"),
        can_undo=departures.can_be_undone(gone, now=timezone.now()),
        orders=done.exclude(status__in=(OrderStatus.PENDING, OrderStatus.CANCELED))[:ORDERS_NAMED],
    )


@login_required
@require_POST
def leaving_undo(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Everything as it was before; once."""
    desk = owner_desk_or_404(request, merchant_slug)
    if departing.come_back(desk.merchant, by_id=desk.user_id, now=timezone.now()):
        messages.success(request, _("Bon retour! Votre page est comme avant."))
        return redirect("merchant:home", merchant_slug=desk.merchant.slug)
    messages.info(request, _("Il n’y a rien à remettre\u00a0: c’était déjà fait, ou le mois est passé."))
    return redirect("merchant:leaving", merchant_slug=desk.merchant.slug)
