"""What counts: a page's image, and the door through which a merchant's links leave. Neither ever sets a cookie."""

from base64 import b64decode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.counting import tokens
from directory.counting.leaving import ACTS, stored_address
from directory.counting.left_out import is_ahead_of_time
from directory.counting.recording import record, record_of_person
from directory.enums import Act
from directory.models import Merchant
from home.tenancy import current_site_id

IMAGE = b64decode(b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
"""A GIF of one transparent pixel: 43 bytes."""

KEPT = "private, max-age=1800"
"""A browser that asked once does not ask again for half an hour: repeats within it are not counted."""
NOT_KEPT = "no-store"

SEEN = (Act.SEEN, Act.CALL)


@require_safe
def seen(request: HttpRequest, token: str) -> HttpResponse:
    """The image, for somebody with a session: they may be of the house."""
    told = tokens.read(token, site_id=current_site_id(), acts=SEEN)
    if told is None:
        return HttpResponseNotFound()
    if request.method == "GET":
        record_of_person(request, *told, now=timezone.now())
    return image(request)


def seen_by_nobody_known(request: HttpRequest, token: str, *, site_id: int) -> HttpResponse:
    """The image, for who has no session: without a portal in scope, a person, or a query."""
    told = tokens.read(token, site_id=site_id, acts=SEEN)
    if told is None:
        return HttpResponseNotFound()
    record(request, *told, site_id=site_id, now=timezone.now())
    return image(request)


def image(request: HttpRequest) -> HttpResponse:
    kept = NOT_KEPT if is_ahead_of_time(request) else KEPT
    return HttpResponse(IMAGE, content_type="image/gif", headers={"Cache-Control": kept})


@require_safe
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """To the merchant's own address, as it stands in its row now. Raises Http404 for a merchant that is not shown."""
    told = tokens.read(token, site_id=current_site_id(), acts=ACTS)
    if told is None:
        raise Http404("No page of this portal shows such a link")
    act, counted = told
    address = stored_address(_shown(counted.merchant_id), act)
    if not address:
        raise Http404("The merchant has no such link")
    if request.method == "GET":
        record_of_person(request, act, counted, now=timezone.now())
    return _away(request, address)


def _shown(merchant_id: int | None) -> Merchant:
    found: Merchant | None = Merchant.objects.visible().filter(pk=merchant_id).first()
    if found is None:
        raise Http404("No such merchant in this portal")
    return found


def _away(request: HttpRequest, address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = NOT_KEPT if is_ahead_of_time(request) else KEPT
    response["Referrer-Policy"] = "strict-origin"  # the merchant may know that a visit came from here
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
