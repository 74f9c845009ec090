"""« Mon site »: a merchant gives the address of its own site, looks at what was found there, and takes what it wants.

The worker reads; these screens only ask, show, and take over what was ticked.
"""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe
from PIL import Image

from directory import own_site
from directory.enums import ReadingStatus
from directory.models import SiteReading, SiteReadingPicture
from directory.moderation import ChangedMeanwhile
from home.tenancy import site_for
from portal.merchant_space import undo
from portal.merchant_space.access import Desk, desk_or_404
from portal.merchant_space.form_fields import DeskForm, WebField
from portal.merchant_space.hours import form_view
from portal.merchant_space.own_site_rows import proposal_of, read_on
from portal.merchant_space.own_site_taking import Taking, take
from portal.merchant_space.page import page_and_copy
from portal.merchant_space.screens import show
from portal.merchant_space.undo import Undo

PREVIEW_SIDE = 320


class AddressForm(DeskForm):
    url = WebField(
        label=gettext_lazy("L’adresse de votre site"),
        help_text=gettext_lazy(
            "Comme monsite.ca. Celle de votre page d’accueil, ou de votre boutique en ligne."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].required = True
        self.fields["url"].error_messages["required"] = _(
            "Écrivez l’adresse de votre site, comme monsite.ca."
        )


@never_cache
@login_required
@form_view
def index(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Where one asks; while it is read, that; then what was found."""
    desk = desk_or_404(request, merchant_slug)
    reading = own_site.latest(desk.merchant)
    if request.method == "POST":
        return _ask(request, desk, reading)
    return _shown(request, desk, reading, AddressForm(initial={"url": _address_of(desk, reading)}))


def _address_of(desk: Desk, reading: SiteReading | None) -> str:
    return reading.url if reading else desk.merchant.website_url or desk.merchant.shop_url


def _ask(request: HttpRequest, desk: Desk, reading: SiteReading | None) -> HttpResponse:
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            _asked(request, desk, form.cleaned_data["url"])
        except own_site.CannotRead as refusal:
            form.add_error("url", refusal.words)
        else:
            return redirect("merchant:own_site", merchant_slug=desk.merchant.slug)
    return _shown(request, desk, reading, form)


@transaction.atomic
def _asked(request: HttpRequest, desk: Desk, url: str) -> None:
    asked = own_site.ask(site_for(request), url, request.user, desk.merchant, now=timezone.now())
    desk.note("own_site.asked", asked, after={"url": asked.url})


def _shown(
    request: HttpRequest, desk: Desk, reading: SiteReading | None, form: AddressForm
) -> HttpResponse:  # fmt: skip
    status = 422 if form.errors else 200
    more: dict[str, Any] = {"form": form, "reading": reading}
    if own_site.is_under_way(reading) and not form.errors:
        return show(request, desk, "merchant_own_site_wait.html", **more, **_progress(reading))
    if reading is not None and reading.status == ReadingStatus.READ:
        _page, copy = page_and_copy(desk)
        more |= {"proposal": proposal_of(desk.merchant, copy, reading), "read_on": read_on(reading)}
    elif reading is not None:
        more["failure"] = own_site.failure_words(reading)
    return show(request, desk, "merchant_own_site.html", status=status, **more)


def _progress(reading: SiteReading | None) -> dict[str, int]:
    """How many pictures came or never will, of how many."""
    rows = list(reading.pictures.all()) if reading else []
    return {"pictures": len(rows), "pictures_done": sum(not row.is_waiting for row in rows)}


@login_required
@require_POST
def taking(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """What was ticked is written, as long as what stands is still what was shown."""
    desk = desk_or_404(request, merchant_slug)
    reading = own_site.latest(desk.merchant)
    if reading is None or reading.status != ReadingStatus.READ:
        raise Http404
    _page, copy = page_and_copy(desk)
    proposal = proposal_of(desk.merchant, copy, reading)
    chosen = set(request.POST.getlist("prendre"))
    rows = [row for row in proposal.rows if row.name in chosen and row.can_be_taken]
    if request.POST.get("vu") != proposal.digest:
        messages.warning(
            request, _("Quelque chose a changé entre-temps. Regardez de nouveau, puis reprenez.")
        )
    elif not rows:
        messages.info(request, _("Rien n’est coché\u00a0: rien n’a été pris."))
    else:
        return _taken(request, desk, reading, rows, copy)
    return redirect("merchant:own_site", merchant_slug=desk.merchant.slug)


def _taken(request: HttpRequest, desk: Desk, reading: SiteReading, rows: Any, copy: Any) -> HttpResponse:
    try:
        act = take(request, desk, reading, rows, copy)
    except ChangedMeanwhile:
        messages.warning(request, _("Votre page a changé entre-temps. Regardez de nouveau, puis reprenez."))
        return redirect("merchant:own_site", merchant_slug=desk.merchant.slug)
    _tell(request, desk, act)
    return redirect("merchant:own_site", merchant_slug=desk.merchant.slug)


def _tell(request: HttpRequest, desk: Desk, act: Taking) -> None:
    for problem in dict.fromkeys(act.problems):
        messages.warning(request, problem)
    if act.products_made:
        words = _("Produits ajoutés à vos brouillons\u00a0: %s. Comptez-les, puis mettez-les en vente.")
        messages.success(request, words % act.products_made)
    words = _("C’est pris. Ce qui est de votre page reste à envoyer.") if act.has_page else _("C’est pris.")
    if act.before:
        undo.offer(request, desk, Undo("own_site", words, act.before))
    elif act.has_page or not act.products_made:
        messages.success(request, words)


@cache_control(private=True, max_age=3600)
@login_required
@require_safe
def picture(request: HttpRequest, merchant_slug: str, position: int) -> HttpResponse:
    """A picture of the newest reading, small, for its merchant to look at. Nobody else's to see."""
    desk = desk_or_404(request, merchant_slug)
    reading = own_site.latest(desk.merchant)
    row: SiteReadingPicture | None = (
        reading.pictures.exclude(file="").filter(position=position).first()
        if reading and position < 1000
        else None
    )
    if row is None:
        raise Http404
    try:
        with row.file.open("rb") as file:
            return HttpResponse(_small(file.read()), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error


def _small(jpeg: bytes) -> bytes:
    written = BytesIO()
    with Image.open(BytesIO(jpeg), formats=("JPEG",)) as opened:
        opened.draft("RGB", (PREVIEW_SIDE, PREVIEW_SIDE))
        opened.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        opened.save(written, "JPEG", quality=75)
    return written.getvalue()
