"""« Ma page »: a merchant writes its window, sees it as shoppers will, and sends it to the Journal.

Each screen changes one part of the draft. What shoppers see changes when the Journal approves, or at once for a
merchant it trusts; a change made while a request waits takes that request's place.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import moderation
from directory.models import Merchant, MerchantPage
from directory.models.pages import MerchantPhoto
from directory.moderation import ChangedMeanwhile, NothingToSend, Stage
from home.models import CustomImage
from home.tenancy import site_for
from portal import staffing
from portal.merchant_space.access import Desk, desk_context, desk_or_404
from portal.merchant_space.page_forms import (
    MOST_PHOTOS,
    CoverForm,
    GalleryForm,
    PageForm,
    PersonForm,
    PhotoWordsForm,
    TextForm,
    set_gallery,
)
from portal.staff_desk import letters
from portal.staff_desk.opening import open_staff_desk


@never_cache
@login_required
@require_safe
def index(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Where the page stands, what can be changed, and the way to send it."""
    desk = desk_or_404(request, merchant_slug)
    page, copy = page_and_copy(desk)
    return _screen(request, desk, "merchant_page", page, copy=copy, photo_count=copy.gallery.count())


def page_and_copy(desk: Desk) -> tuple[MerchantPage | None, MerchantPage]:
    """The merchant's page and what it last kept of it; a page to come is not saved by looking at it."""
    page = moderation.window_of(desk.merchant)
    if page is None:
        return None, MerchantPage(merchant=desk.merchant, title=desk.merchant.name)
    copy = moderation.working_copy(page) if page.latest_revision_id else page
    copy.merchant = desk.merchant
    return page, copy


def _screen(
    request: HttpRequest,
    desk: Desk,
    template: str,
    page: MerchantPage | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    standing = moderation.standing(page)
    context = desk_context(
        request,
        desk,
        page_row=page,
        standing=standing,
        days=moderation.days_waiting(standing.since) if standing.since else 0,
        seen=page.latest_revision_id if page else None,
        is_trusted=desk.merchant.trusted_at is not None,
        **more,
    )
    return render(request, f"portal/{template}.html", context, status=status)


# ------------------------------------------------------------------------------------------------ one part, one screen


def _part(form_class: type[PageForm], name: str, title: Any, lead: Any) -> Callable[..., HttpResponse]:
    """A screen that changes one part of the page; right, it goes back to the page's screen."""

    @never_cache
    @login_required
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, merchant_slug: str) -> HttpResponse:
        desk = desk_or_404(request, merchant_slug)
        page, copy = page_and_copy(desk)
        form = _form(request, form_class, page, copy)
        if form.is_valid() and _kept(request, desk, form, name):
            return redirect("merchant:page", merchant_slug=desk.merchant.slug)
        more = {"form": form, "copy": copy, "part": name, "title": title, "lead": lead}
        return _screen(request, desk, "merchant_page_part", page, status=_status(form), **more)

    return view


def _form(
    request: HttpRequest,
    form_class: type[PageForm],
    page: MerchantPage | None,
    copy: MerchantPage,
    **more: Any,
) -> Any:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    seen = page.latest_revision_id if page else None
    shelf = staffing.collection_of(site_for(request)) if request.FILES else None
    return form_class(*posted, copy=copy, shelf=shelf, initial={"seen": seen}, **more)


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


def _kept(request: HttpRequest, desk: Desk, form: Any, part: str) -> bool:
    """The part is in the draft. False, with a sentence on the form, when the page had changed meanwhile."""
    form.apply()
    try:
        replaced = keep(request, desk, form.copy, seen=form.cleaned_data["seen"], part=part)
    except ChangedMeanwhile:
        page = moderation.window_of(desk.merchant)
        form.data = {**form.data.dict(), "seen": page.latest_revision_id if page else ""}
        form.add_error(
            None,
            _(
                "Votre page a changé pendant que vous écriviez. Relisez ce qui est ici, puis enregistrez de nouveau."
            ),
        )
        return False
    _say_kept(request, replaced=replaced)
    return True


@transaction.atomic
def keep(request: HttpRequest, desk: Desk, copy: MerchantPage, *, seen: int | None, part: str) -> bool:
    """Keep the copy, with its trace; True when it took the place of a request that waits. Raises ChangedMeanwhile."""
    if copy.pk is None:
        copy = _opened(request, desk, copy)
    replaced = moderation.keep(copy, user=request.user, seen=seen)
    desk.note(
        "page.edited", copy, after={"part": part, "revision": copy.latest_revision_id, "sent": replaced}
    )
    return replaced


def _opened(request: HttpRequest, desk: Desk, draft: MerchantPage) -> MerchantPage:
    """The merchant's first page, with what the draft says."""
    page = moderation.open_window(desk.merchant, user=request.user)
    for name in ("intro", "body", "cover", "cover_alt", "owner_name", "owner_role", "owner_photo"):
        setattr(page, name, getattr(draft, name))
    set_gallery(page, list(draft.gallery.all()))
    return page


def _say_kept(request: HttpRequest, *, replaced: bool) -> None:
    if replaced:
        messages.success(
            request, _("C’est enregistré. Le Journal regardera ce nouveau texte, et plus l’ancien.")
        )
    else:
        messages.success(
            request, _("C’est enregistré. Personne ne le voit encore\u00a0: il reste à l’envoyer.")
        )


text = _part(
    TextForm, "text", gettext_lazy("Mes textes"),
    gettext_lazy("Écrivez comme vous parlez à quelqu’un qui entre chez vous."),
)  # fmt: skip
cover = _part(
    CoverForm, "cover", gettext_lazy("Ma photo principale"),
    gettext_lazy("C’est la première chose que les gens voient\u00a0: votre vitrine, votre comptoir, votre atelier."),
)  # fmt: skip
person = _part(
    PersonForm, "person", gettext_lazy("La personne"),
    gettext_lazy("Un prénom et un visage\u00a0: les gens aiment savoir chez qui ils vont."),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ the gallery


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def gallery(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The photos in their order, and one more."""
    desk = desk_or_404(request, merchant_slug)
    page, copy = page_and_copy(desk)
    form = _form(request, GalleryForm, page, copy)
    if form.is_valid() and _kept(request, desk, form, "gallery"):
        return redirect("merchant:page_gallery", merchant_slug=desk.merchant.slug)
    more = {
        "form": form,
        "photos": with_pictures(copy),
        "is_full": copy.gallery.count() >= MOST_PHOTOS,
        "undo": _undo_of(request, page),
    }
    return _screen(request, desk, "merchant_page_gallery", page, status=_status(form), **more)


def with_pictures(copy: MerchantPage) -> list[MerchantPhoto]:
    """The photos of the gallery, their pictures and renditions read together."""
    photos = list(copy.gallery.all())
    pictures = CustomImage.objects.prefetch_related("renditions").in_bulk(
        [photo.image_id for photo in photos]
    )
    for photo in photos:
        photo.image = pictures[photo.image_id]
    return photos


def _undo_of(request: HttpRequest, page: MerchantPage | None) -> int | None:
    """The revision to which « remettre » leads, if the page has it."""
    asked = request.GET.get("retiree", "")
    if page is None or not asked.isdecimal() or len(asked) > 9:
        return None
    found = moderation.revision_of(page, int(asked))
    return found.pk if found else None


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def photo(request: HttpRequest, merchant_slug: str, image_pk: int) -> HttpResponse:
    """The words of one photo."""
    desk = desk_or_404(request, merchant_slug)
    page, copy = page_and_copy(desk)
    found = _photo_or_404(with_pictures(copy), image_pk)
    form = _form(request, PhotoWordsForm, page, copy, photo=found)
    if form.is_valid() and _kept(request, desk, form, "gallery"):
        return redirect("merchant:page_gallery", merchant_slug=desk.merchant.slug)
    more = {"form": form, "photo": found, "title": _("Les mots de cette photo"), "part": "photo"}
    return _screen(request, desk, "merchant_page_part", page, status=_status(form), **more)


def _photo_or_404(photos: list[MerchantPhoto], image_pk: int) -> MerchantPhoto:
    for found in photos:
        if found.image_id == image_pk:
            return found
    raise Http404


MOVES = {"haut": -1, "bas": 1}


@login_required
@require_POST
def photo_move(request: HttpRequest, merchant_slug: str, image_pk: int) -> HttpResponse:
    """One place up or down. The first does not go further up."""
    desk = desk_or_404(request, merchant_slug)
    _page, copy = page_and_copy(desk)
    photos = list(copy.gallery.all())
    step = MOVES.get(request.POST.get("sens", ""))
    if step is None:
        raise Http404
    here = photos.index(_photo_or_404(photos, image_pk))
    there = min(max(here + step, 0), len(photos) - 1)
    photos.insert(there, photos.pop(here))
    return _arranged(request, desk, copy, photos) if there != here else _to_gallery(desk)


@login_required
@require_POST
def photo_remove(request: HttpRequest, merchant_slug: str, image_pk: int) -> HttpResponse:
    """Out of the gallery; the next screen offers to put it back."""
    desk = desk_or_404(request, merchant_slug)
    page, copy = page_and_copy(desk)
    photos = list(copy.gallery.all())
    photos.remove(_photo_or_404(photos, image_pk))
    answer = _arranged(request, desk, copy, photos)
    before = moderation.revision_before(page) if page else None
    return redirect(f"{answer.url}?retiree={before}") if before else answer


@login_required
@require_POST
def gallery_undo(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The gallery as it was in an earlier revision of this very page."""
    desk = desk_or_404(request, merchant_slug)
    page, copy = page_and_copy(desk)
    posted = request.POST.get("revision", "")
    revision = (
        moderation.revision_of(page, int(posted))
        if page and posted.isdecimal() and len(posted) < 10
        else None
    )
    if revision is None:
        raise Http404
    return _arranged(request, desk, copy, list(revision.as_object().gallery.all()))


def _arranged(request: HttpRequest, desk: Desk, copy: MerchantPage, photos: list[MerchantPhoto]) -> Any:
    """Keep the gallery in that order. Nothing was written meanwhile that this could undo: it is said if it was."""
    seen = copy.latest_revision_id
    set_gallery(copy, photos)
    try:
        _say_kept(request, replaced=keep(request, desk, copy, seen=seen, part="gallery"))
    except ChangedMeanwhile:
        messages.error(request, _("Votre galerie vient de changer. Regardez-la, puis réessayez."))
    return _to_gallery(desk)


def _to_gallery(desk: Desk) -> HttpResponse:
    return redirect("merchant:page_gallery", merchant_slug=desk.merchant.slug)


# ------------------------------------------------------------------------------------------------ seeing and sending


@never_cache
@login_required
@require_safe
def preview(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """The draft in the very template that shoppers get, marked, with the button that sends it. Nobody else's to see."""
    desk = desk_or_404(request, merchant_slug)
    page, copy = page_and_copy(desk)
    if page is None:
        return redirect("merchant:page", merchant_slug=desk.merchant.slug)
    request.is_preview = True  # type: ignore[attr-defined]
    with_pictures(copy)
    copy.merchant = Merchant.objects.select_related("category", "sector").get(pk=desk.merchant.pk)
    context = {
        **copy.get_context(request),
        "standing": moderation.standing(page),
        "seen": page.latest_revision_id,
    }
    more = desk_context(request, desk, is_trusted=desk.merchant.trusted_at is not None)
    return render(request, "portal/merchant_page_preview.html", {**more, **context})


@login_required
@require_POST
def send(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """To the Journal, or straight to the public for a merchant it trusts."""
    desk = desk_or_404(request, merchant_slug)
    page = moderation.window_of(desk.merchant)
    seen = request.POST.get("seen", "")
    if page is None or not seen.isdecimal() or len(seen) > 9:
        raise Http404
    try:
        stage = _send(request, desk, page, int(seen))
    except ChangedMeanwhile:
        messages.error(
            request, _("Votre page a changé depuis cet aperçu. Regardez-la de nouveau, puis envoyez-la.")
        )
        return redirect("merchant:page_preview", merchant_slug=desk.merchant.slug)
    except NothingToSend:
        messages.info(
            request, _("Il n’y a rien de neuf à envoyer\u00a0: les gens voient déjà votre page ainsi.")
        )
        return redirect("merchant:page", merchant_slug=desk.merchant.slug)
    messages.success(request, SENT[stage])
    return redirect("merchant:page", merchant_slug=desk.merchant.slug)


SENT = {
    Stage.WAITING: gettext_lazy("C’est envoyé. Le Journal regarde, et vous recevrez un courriel."),
    Stage.LIVE: gettext_lazy("C’est en ligne\u00a0: les gens le voient maintenant."),
}


@transaction.atomic
def _send(request: HttpRequest, desk: Desk, page: MerchantPage, seen: int) -> Stage:
    """Sent, traced and told to the Journal, or none of them."""
    before = moderation.standing(page).stage
    live = page.live_revision_id
    open_staff_desk(site_for(request))
    stage = moderation.send(page.pk, user=request.user, seen=seen)
    if stage == Stage.LIVE:
        desk.note("page.published", page, before={"live_revision": live}, after={"revision": seen})
    elif before != Stage.WAITING:
        desk.note("page.sent", page, after={"revision": seen})
        letters.tell_the_journal(desk.merchant, page, revision_pk=seen, now=timezone.now())
    return stage


@login_required
@require_POST
def withdraw(request: HttpRequest, merchant_slug: str) -> HttpResponse:
    """Not to be looked at any more; the text stays a draft."""
    desk = desk_or_404(request, merchant_slug)
    page = moderation.window_of(desk.merchant)
    if page is None:
        raise Http404
    with transaction.atomic():
        withdrawn = moderation.withdraw(page.pk, user=request.user)
        if withdrawn:
            desk.note("page.withdrawn", page, after={"revision": page.latest_revision_id})
    if withdrawn:
        messages.success(request, _("La demande est retirée. Votre texte reste ici, en brouillon."))
    else:
        messages.info(request, _("Le Journal avait déjà répondu."))
    return redirect("merchant:page", merchant_slug=desk.merchant.slug)
